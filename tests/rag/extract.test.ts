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

  test.each([
    [
      "Can I lend my badge?",
      "At the gate",
      "You must not:\n- lend your badge\n- prop doors open",
      "lend your badge",
    ],
    [
      "Darf ich meinen Ausweis verleihen?",
      "Am Tor",
      "Nicht erlaubt:\n- den Ausweis verleihen\n- Türen aufhalten",
      "den Ausweis verleihen",
    ],
    [
      "¿Puedo prestar mi tarjeta?",
      "En la puerta",
      "Está prohibido:\n- prestar la tarjeta\n- bloquear puertas",
      "prestar la tarjeta",
    ],
  ])("of a permission is the item that a lead-in forbids: %s", (question, heading, list, item) => {
    const told = `${question.replace(/[¿?]/g, "")} – ${heading}.`;
    const answer = extractAnswer(question, passages({ text: list, headingPath: [heading] }, told));
    expect(answer.split("[1]")[0]).toContain(item);
  });

  test("is one row of a table when one row answers", () => {
    const answer = extractAnswer(
      "What is the hotel limit in Zurich?",
      passages("City: Zurich; Hotel limit: 190 euros\nCity: London; Hotel limit: 185 euros"),
    );
    expect(answer).toBe("| City | Hotel limit |\n| --- | --- |\n| Zurich | 190 euros [1] |");
  });

  test("shows of a wide table the columns that were asked for, in at most 60 words", () => {
    const long = "Written in many words that nobody asked for and that fill the cell to its very end today";
    const answer = extractAnswer(
      "Who approves the hotel in Zurich?",
      passages(
        ["Zurich", "London"]
          .map((city) => `City: ${city}; History: ${long}; Remarks: ${long}; Hotel approved by: Ms ${city}`)
          .join("\n"),
      ),
    );
    expect(answer).toContain("Ms Zurich [1]");
    expect(answer.split(/\s+/).length).toBeLessThan(60);
    expect(answer).not.toContain("History");
  });

  test("of a cell that is a page shows the sentences that were asked for", () => {
    const filler = "Nobody needs to read what stands here about the history of the thing and its many uses. ";
    const row = (device: string) =>
      `Device: ${device}; Notes: ${filler.repeat(3)}A ${device} is thrown into the blue bin. ${filler.repeat(3)}`;
    const answer = extractAnswer("which bin for a battery?", passages(`${row("battery")}\n${row("lamp")}`));
    expect(answer).toContain("A battery is thrown into the blue bin.");
    expect(answer.split(/\s+/).length).toBeLessThan(60);
  });

  test("adds nothing that is about something else, however short it is", () => {
    const answer = extractAnswer(
      "how many bicycles fit into the yard?",
      passages(
        "The yard has room for many bicycles.",
        "The canteen has 80 seats.",
        "Lunch takes 2 rounds.",
        "The yard holds 30 bicycles.",
      ),
    );
    expect(answer).toContain("The yard holds 30 bicycles. [4]");
    expect(answer).not.toMatch(/canteen|Lunch/);
  });

  test("quotes a line that a sentence announces, though it ends without a full stop", () => {
    const answer = extractAnswer(
      "how do i lock my computer?",
      passages("A quick way to lock your computer is:\n\nPress the Windows key and L together"),
    );
    expect(answer).toContain("Press the Windows key and L together [1]");
  });

  test("leaves room for a short sentence beside a long one", () => {
    const long = `The mail room of the old building, ${"which many of you will remember from earlier years, ".repeat(5)}handles parcels.`;
    const answer = extractAnswer(
      "who handles parcels?",
      passages(`${long} Since May parcels are handled by Mr Osei at the gate.`),
    );
    expect(answer).toContain("Since May parcels are handled by Mr Osei at the gate.");
  });

  test("knows what else a thing may be called", () => {
    const answer = extractAnswer(
      "how much pto do i get?",
      passages("Everybody gets a locker with 2 keys. Everybody gets 27 days of annual leave."),
    );
    expect(answer).toStartWith("Everybody gets 27 days of annual leave.");
  });

  test("is what follows a question that is like the one asked, not that question", () => {
    const text =
      "Do I get a badge on my first day?\n\nNo, it is printed in the second week.\n\nDo I get a key?\n\nYes, from the gate.";
    expect(extractAnswer("do i get a badge on day one", passages(text))).toStartWith(
      "No, it is printed in the second week. [1]",
    );
  });

  test("is about the heading that it stands under, though it repeats no word of it", () => {
    const answer = extractAnswer(
      "who pays for roaming?",
      passages(
        { headingPath: ["Roaming"], text: "It is switched off at first. Your department bears the charges." },
        "Roaming was invented long ago. It is said to be dear.",
      ),
    );
    expect(answer).toContain("Your department bears the charges. [1]");
  });

  test("quotes sentences whole that were broken into lines", () => {
    const text =
      "Personal laptops cannot be connected directly to the network of\nany of our offices, not even for an hour.";
    expect(extractAnswer("can i connect my laptop to the network", passages(text))).toBe(
      "Personal laptops cannot be connected directly to the network of any of our offices, not even for an hour. [1]",
    );
  });

  test("quotes an item under the words that introduce it", () => {
    const text =
      "Without asking you may use:\n- the small meeting room, for up to an hour\n- the terrace, in summer and when the weather is fine and nobody else has booked it before you\n- the library, from eight in the morning until the last colleague goes home and locks the door behind the rest of us, which is rarely before seven\n- the car park, but only on Sundays and only for bicycles, prams and other things without an engine";
    const answer = extractAnswer("how long may i use the small meeting room", passages(text));
    expect(answer).toStartWith("Without asking you may use:\n- the small meeting room, for up to an hour");
  });

  test("gives both sides of a difference", () => {
    const answer = extractAnswer(
      "What is the difference between a heat plant and a power plant?",
      passages(
        "A heat plant makes nothing but heat. It has one chimney.",
        "The canteen is closed. A power plant makes electricity.",
      ),
    );
    expect(answer).toContain("A heat plant makes nothing but heat.");
    expect(answer).toContain("A power plant makes electricity.");
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
