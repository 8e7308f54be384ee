import { describe, expect, test } from "bun:test";
import type { DocumentBlock, ParsedDocument } from "../../src/domain/knowledge.ts";
import { chunkDocument } from "../../src/rag/chunk.ts";
import { sentencesOf } from "../../src/rag/sentences.ts";
import { estimateTokens } from "../../src/rag/tokens.ts";

function aDocument(...blocks: Partial<DocumentBlock>[]): ParsedDocument {
  const whole = blocks.map(
    (block): DocumentBlock => ({
      kind: "paragraph",
      text: "",
      headingPath: [],
      page: null,
      ...block,
    }),
  );
  return { format: "text", blocks: whole, pageCount: null, warnings: [] };
}

const sentences = (count: number, what = "Sentence"): string =>
  Array.from({ length: count }, (_, n) => `${what} number ${n} says something of its own.`).join(" ");

describe("chunks", () => {
  test("small blocks under one heading share a chunk; another heading or page starts the next", () => {
    const chunks = chunkDocument(
      aDocument(
        { kind: "heading", text: "A" },
        { text: "One.", headingPath: ["A"], page: 1 },
        { text: "Two.", headingPath: ["A"], page: 1 },
        { text: "Three.", headingPath: ["A"], page: 2 },
        { text: "Four.", headingPath: ["A", "B"], page: 2 },
      ),
    );

    expect(
      chunks.map(({ ordinal, content, headingPath, page }) => [ordinal, content, headingPath, page]),
    ).toEqual([
      [0, "One.\n\nTwo.", ["A"], 1],
      [1, "Three.", ["A"], 2],
      [2, "Four.", ["A", "B"], 2],
    ]);
  });

  test("are no longer than the limit and never cut a sentence", () => {
    const text = sentences(100);
    const chunks = chunkDocument(aDocument({ text }), { maxTokens: 64, overlapTokens: 0 });

    expect(chunks.length).toBeGreaterThan(5);
    for (const { content, tokenCount } of chunks) {
      expect(tokenCount).toBeLessThanOrEqual(64);
      expect(content).toMatch(/^Sentence .*own\.$/s);
    }
    expect(chunks.map(({ content }) => content).join(" ")).toBe(text);
  });

  test("running text repeats its last sentence in the next chunk", () => {
    const [first, second] = chunkDocument(aDocument({ text: sentences(20) }), {
      maxTokens: 64,
      overlapTokens: 20,
    });
    const last = sentencesOf(first?.content ?? "").at(-1) ?? "";

    expect(last).not.toBe("");
    expect(second?.content.startsWith(last)).toBe(true);
  });

  test("a table is cut between rows and no row is repeated", () => {
    const rows = Array.from({ length: 60 }, (_, n) => `City: Town ${n}; Limit: ${n} euros`);
    const chunks = chunkDocument(aDocument({ kind: "table", text: rows.join("\n") }), { maxTokens: 64 });

    expect(chunks.length).toBeGreaterThan(5);
    expect(chunks.flatMap(({ content }) => content.split("\n"))).toEqual(rows);
  });

  test("a list stays whole, with the sentence that announces it", () => {
    const list = "- one thing\n- another thing\n- a third thing";
    const chunks = chunkDocument(
      aDocument({ text: `${sentences(5)} You need:` }, { kind: "list", text: list }),
      { maxTokens: 70 },
    );

    expect(chunks.at(-1)?.content).toBe(`You need:\n\n${list}`);
  });

  test("a sentence that is longer than a chunk is cut at words", () => {
    const words = Array.from({ length: 500 }, (_, n) => `word${n}`);
    const chunks = chunkDocument(aDocument({ text: words.join(" ") }), { maxTokens: 50, overlapTokens: 0 });

    expect(chunks.flatMap(({ content }) => content.split(/\s+/))).toEqual(words);
    for (const { tokenCount } of chunks) expect(tokenCount).toBeLessThanOrEqual(50);
  });

  test("characters outside the basic plane are not cut in two", () => {
    for (const { content } of chunkDocument(aDocument({ text: "😀".repeat(500) }), { maxTokens: 33 })) {
      expect(content.isWellFormed()).toBe(true);
    }
  });

  test("megabytes on one line become chunks or a refusal, not a hang", () => {
    const few = chunkDocument(aDocument({ text: "x".repeat(1_000_000) }));
    expect(few.map(({ content }) => content).join("")).toHaveLength(1_000_000);
    expect(() => chunkDocument(aDocument({ text: "word ".repeat(6_000_000) }))).toThrow("20,000 passages");
  });

  test("a heading with nothing under it is in a passage, with those beside it", () => {
    const chunks = chunkDocument(
      aDocument(
        { kind: "heading", text: "Visitors" },
        { text: "Sign in at the desk.", headingPath: ["Visitors"] },
        { kind: "heading", text: "The desk opens at 07:30", headingPath: ["Visitors"] },
        { kind: "heading", text: "Cars are left on level P2", headingPath: ["Visitors"] },
        { kind: "heading", text: "Rules" },
        { kind: "heading", text: "Nobody smokes", headingPath: ["Rules"] },
      ),
    );

    expect(chunks.map(({ headingPath, content }) => [headingPath, content])).toEqual([
      [["Visitors"], "Sign in at the desk.\n\nThe desk opens at 07:30\n\nCars are left on level P2"],
      [["Rules"], "Nobody smokes"],
    ]);
  });

  test("a row is whole in its chunk though it is longer than others may be", () => {
    const row = `Name: Ada; ${Array.from({ length: 60 }, (_, n) => `Field ${n}: some value`).join("; ")}`;
    const chunks = chunkDocument(aDocument({ kind: "table", text: `Name: Bo; Field 0: none\n${row}` }), {
      maxTokens: 128,
    });
    expect(chunks.map(({ content }) => content)).toEqual(["Name: Bo; Field 0: none", row]);
  });

  test("a piece of code is whole", () => {
    const code = Array.from({ length: 40 }, (_, n) => `set value ${n} of the crane's display`).join("\n");
    const chunks = chunkDocument(aDocument({ text: "Type this:" }, { kind: "code", text: code }), {
      maxTokens: 128,
    });
    expect(chunks.map(({ content }) => content)).toContain(code);
  });

  test("a document of nothing but headings still says them", () => {
    const chunks = chunkDocument(aDocument({ kind: "heading", text: "Closed on Mondays" }));
    expect(chunks.map(({ content }) => content)).toEqual(["Closed on Mondays"]);
  });
});

describe("sentences", () => {
  test.each([
    ["Call Dr. Weber at 5 p.m. on Pier 4. She helps.", ["Call Dr. Weber at 5 p.m. on Pier 4.", "She helps."]],
    ["It costs 3.20 euros, e.g. on Mondays. Really?", ["It costs 3.20 euros, e.g. on Mondays.", "Really?"]],
    ["Am 3. Mai ist z.B. frei. Sonst nicht!", ["Am 3. Mai ist z.B. frei.", "Sonst nicht!"]],
    ["住宿费每晚不超过800元。餐费另计。", ["住宿费每晚不超过800元。", "餐费另计。"]],
    ["هل هذا صحيح؟ نعم هو كذلك.", ["هل هذا صحيح؟", "نعم هو كذلك."]],
    ["He said “stop.” Then he left.", ["He said “stop.”", "Then he left."]],
    ["One line\nanother line", ["One line", "another line"]],
  ])("of %p", (text, expected) => {
    expect(sentencesOf(text)).toEqual(expected);
  });
});

describe("estimated tokens", () => {
  test("grow with the text, faster where a character says more", () => {
    expect(estimateTokens("")).toBe(0);
    const english = estimateTokens("Parental leave is 26 weeks at full pay.");
    expect(english).toBeGreaterThan(8);
    expect(english).toBeLessThan(16);
    expect(estimateTokens("育儿假为二十六周")).toBeGreaterThan(5);
  });
});
