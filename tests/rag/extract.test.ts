import { describe, expect, test } from "bun:test";
import type { ChunkId, SourceId } from "../../src/domain/ids.ts";
import type { Passage } from "../../src/providers/provider.ts";
import { abstentionText, detectLanguage, extractAnswer } from "../../src/rag/extract.ts";

function passages(...texts: (string | Partial<Passage>)[]): Passage[] {
  return texts.map((each, index) => ({
    n: index + 1,
    chunk: `chk_${index}` as ChunkId,
    source: `src_${index}` as SourceId,
    title: "Handbook",
    headingPath: [],
    page: null,
    relevance: 0.9,
    text: typeof each === "string" ? each : "",
    ...(typeof each === "string" ? {} : each),
  }));
}

describe("an answer by quoting", () => {
  test("is the sentence that says what was asked, word for word, with its number", () => {
    const answer = extractAnswer(
      "How long is parental leave?",
      passages(
        "Bicycles are kept in the yard. Keys are at the gate.",
        "This page is for everybody. Parental leave is 26 weeks at full pay. Lunch is at noon.",
      ),
    );
    expect(answer).toBe("Parental leave is 26 weeks at full pay. [2]");
  });

  test("is one row of a table when one row answers", () => {
    const answer = extractAnswer(
      "What is the hotel limit in Zurich?",
      passages("City: Zurich; Hotel limit: 190 euros\nCity: London; Hotel limit: 185 euros"),
    );
    expect(answer).toBe("City: Zurich; Hotel limit: 190 euros [1]");
  });

  test("is the whole list when the steps are asked for", () => {
    const list = "1. Photograph the receipt.\n2. Open a claim.\n3. Submit it.";
    const answer = extractAnswer(
      "How do I claim expenses?",
      passages({ headingPath: ["How to claim expenses"], text: list }),
    );
    expect(answer).toBe(`${list} [1]`);
  });

  test("brings the list that a sentence announces", () => {
    const text = "For the security check you need:\n- a badge\n- an identity card\n\nThe gate is blue.";
    expect(extractAnswer("What do I need for the security check?", passages(text))).toBe(
      "For the security check you need:\n- a badge\n- an identity card [1]",
    );
  });

  test("brings the sentence before one that only points back", () => {
    const text =
      "The depot is in Port Linden. It was opened in 1987 by the mayor, who cut the ribbon. Coffee is free.";
    expect(extractAnswer("When was it opened by the mayor?", passages(text))).toStartWith(
      "The depot is in Port Linden. [1] It was opened in 1987",
    );
  });

  test("is never more than three sentences nor a whole long passage", () => {
    const text = Array.from(
      { length: 30 },
      (_, n) => `The crane limit of dock ${n} is ${n} tonnes for each crane.`,
    ).join(" ");
    const answer = extractAnswer("What is the crane limit?", passages(text, text));
    const count = answer.match(/\[\d\]/g)?.length ?? 0;
    expect(count).toBeGreaterThanOrEqual(1);
    expect(count).toBeLessThanOrEqual(3);
    expect(answer.length).toBeLessThan(300);
  });

  test("works without spaces between words", () => {
    expect(
      extractAnswer("住宿费标准是多少？", passages("餐费另计。住宿费标准为每晚800元。出发前请申请。")),
    ).toContain("住宿费标准为每晚800元。 [1]");
  });

  test("is empty without passages", () => {
    expect(extractAnswer("Anything?", [])).toBe("");
  });
});

describe("an abstention", () => {
  test("is in the language of the question", () => {
    const texts = ["eng", "deu", "fra", "spa", "arb"].map(abstentionText);
    expect(new Set(texts).size).toBe(5);
    expect(texts.slice(0, 4).map(detectLanguage)).toEqual(["eng", "deu", "fra", "spa"]);
    expect(abstentionText("arb")).toMatch(/\p{Script=Arabic}/u);
  });

  test("is in English for a language that Parley has no sentence in", () => {
    expect(abstentionText("und")).toBe(abstentionText("eng"));
  });
});
