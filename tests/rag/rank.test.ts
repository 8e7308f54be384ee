import { describe, expect, test } from "bun:test";
import { ABSTAIN_BELOW, joinNeighbours, selectPassages } from "../../src/rag/select.ts";
import { rank as rankIn, toCorpus } from "../bench/question-sets.ts";

/** Texts without a source of their own are sources by themselves. */
type Text = { source?: string; title?: string; headingPath?: string[]; text: string };

function rank(question: string, ...texts: Text[]) {
  const ordinals = new Map<string, number>();
  const pieces = texts.map(({ source, title = "", headingPath = [], text }, n) => {
    const document = source ?? String(n);
    const ordinal = ordinals.get(document) ?? 0;
    ordinals.set(document, ordinal + 1);
    return { document, ordinal, title, headingPath, content: text };
  });
  return rankIn(toCorpus(pieces), question);
}

const LEAVE = { text: "Parental leave is 26 weeks at full pay for each parent." };
const HOTELS = { text: "The hotel limit in Zurich is 190 euros a night, with breakfast." };
const FILLER: Text[] = Array.from({ length: 60 }, (_, n) => ({
  text: `Paragraph ${n} of the handbook is about the weather and other small talk, with pay and weeks in it.`,
}));

describe("relevance", () => {
  test("a corpus of one chunk answers what it holds and nothing else", () => {
    expect(rank("How long is parental leave?", LEAVE)[0]?.relevance).toBeGreaterThan(ABSTAIN_BELOW);
    expect(rank("How long is the flight to Mars?", LEAVE)).toEqual([]);
    expect(rank("Who pays for the trip of the football club?", LEAVE)[0]?.relevance ?? 0).toBeLessThan(
      ABSTAIN_BELOW,
    );
  });

  test("hardly changes when the corpus grows by what does not matter", () => {
    const alone = rank("How long is parental leave?", LEAVE)[0]?.relevance ?? 0;
    const among = rank("How long is parental leave?", LEAVE, ...FILLER)[0]?.relevance ?? 0;
    expect(Math.abs(alone - among)).toBeLessThan(0.05);
  });

  test("lies between 0 and 1", () => {
    for (const { relevance } of rank("weather pay weeks", ...FILLER, LEAVE)) {
      expect(relevance).toBeGreaterThanOrEqual(0);
      expect(relevance).toBeLessThanOrEqual(1);
    }
  });
});

describe("ranking", () => {
  test("puts a word as the question writes it before another form of it", () => {
    const [first] = rank("pumps", { text: "The pump is old." }, { text: "The pumps are old." });
    expect(first?.hit.chunk.content).toBe("The pumps are old.");
  });

  test("counts parts of a compound, and says that they are another form", () => {
    const [first] = rank(
      "Wie lautet das Passwort der Urlaubsplanung?",
      { text: "Das Passwort der Anlage steht im Schrank." },
      { text: "Das Passwort der Urlaubsplanungssoftware steht im Schrank." },
    );
    expect(first?.hit.chunk.content).toContain("Urlaubsplanungssoftware");
    expect(first?.reason).toContain("in another form");
  });

  test("says which word it took for a slip", () => {
    const [first] = rank("labtop lost", { text: "What to do when a laptop is lost." }, ...FILLER);
    expect(first?.hit.chunk.content).toContain("laptop");
    expect(first?.reason).toContain("“laptop” for “labtop”");
  });

  test("does not take one part number for another", () => {
    const best = rank("What is error E4471?", { text: "Error E4472 is a leak." }, ...FILLER)[0];
    expect(best?.relevance ?? 0).toBeLessThan(ABSTAIN_BELOW);
  });

  test("puts words that stand together before the same words apart", () => {
    const apart = {
      text: "The hotel by the lake was built long ago and is loved by many guests from abroad who come each summer for the music. Speed has its limit on the road to Zurich as well.",
    };
    const [first] = rank("hotel limit Zurich", apart, HOTELS);
    expect(first?.hit.chunk.content).toBe(HOTELS.text);
  });

  test("counts what the headings say", () => {
    const section = { headingPath: ["Parental leave"], text: "It is 26 weeks for each parent." };
    const [first] = rank("parental leave", { text: "Ask whether leave was granted." }, section);
    expect(first?.hit.chunk.content).toBe(section.text);
    expect(first?.relevance).toBeGreaterThan(ABSTAIN_BELOW);
  });
});

describe("the passages for a prompt", () => {
  const budget = { maxPassages: 2, tokenBudget: 1_000 };
  const reasons = (selected: { reason: string }[]): string[] => selected.map(({ reason }) => reason);

  test("are the best, once each, and every other candidate says why not", () => {
    const ranked = rank(
      "hotel limit Zurich",
      HOTELS,
      HOTELS,
      { text: "The hotel limit in Zurich was raised." },
      { text: "No hotel limit is known outside Zurich as yet." },
      { text: "A hotel." },
    );

    const { kept, dropped } = selectPassages(ranked, { maxPassages: 3, tokenBudget: 1_000 });
    const fewer = selectPassages(ranked, { maxPassages: 1, tokenBudget: 1_000 });

    expect(new Set(kept.map(({ candidate }) => candidate.hit.chunk.content)).size).toBe(3);
    expect(reasons(kept)[0]).toBe("kept: 3 of 3 words of the question");
    expect(reasons(dropped).sort()).toEqual(["below the threshold", "nearly the same text"]);
    expect(reasons(fewer.dropped)).toContain("enough better passages");
  });

  test("come from more than one source where another has something to say", () => {
    const long = Array.from({ length: 4 }, (_, n) => ({
      source: "long",
      text: `Hotel limit in Zurich, case ${n}: ${["single", "double", "family", "group"][n]} rooms.`,
    }));
    const ranked = rank("hotel limit Zurich", ...long, {
      text: "Other words about the hotel limit in Zurich city.",
    });

    const { kept, dropped } = selectPassages(ranked, { maxPassages: 4, tokenBudget: 1_000 });
    const alone = selectPassages(rank("hotel limit Zurich", ...long), { maxPassages: 4, tokenBudget: 1_000 });

    expect(kept.filter(({ candidate }) => candidate.hit.chunk.sourceId !== ("long" as never))).toHaveLength(
      1,
    );
    expect(reasons(dropped)).toEqual(["enough better passages"]);
    expect(alone.kept).toHaveLength(4);
  });

  test("that follow each other in one section are one, without what the second repeats", () => {
    const section = { source: "handbook", headingPath: ["Hotels"] };
    const ranked = rank(
      "hotel limit Zurich",
      { ...section, text: "The hotel limit in Zurich is 190 euros. Breakfast is included." },
      { ...section, text: "Breakfast is included. The hotel limit in Zurich rises in May." },
      { ...section, text: "Yearly rises of the hotel limit in Zurich are told by mail." },
      { ...section, headingPath: ["Trains"], text: "No hotel limit in Zurich holds for trains." },
    );

    const joined = joinNeighbours(ranked);

    expect(joined.map(({ text }) => text).sort()).toEqual([
      "No hotel limit in Zurich holds for trains.",
      "The hotel limit in Zurich is 190 euros. Breakfast is included. The hotel limit in Zurich rises in May.\nYearly rises of the hotel limit in Zurich are told by mail.",
    ]);
  });

  test("are none when even the best does not bear on the question", () => {
    const { kept, dropped } = selectPassages(
      rank("hotel with swimming pool and sauna in Rome", HOTELS),
      budget,
    );
    expect(kept).toEqual([]);
    expect(reasons(dropped)).toEqual(["below the threshold"]);
  });

  test("fit the token budget, but the best is there in any case", () => {
    const ranked = rank("hotel limit Zurich", HOTELS, { text: "In Zurich the limit of a hotel is high." });
    const { kept, dropped } = selectPassages(ranked, { maxPassages: 5, tokenBudget: 5 });
    expect(kept).toHaveLength(1);
    expect(reasons(dropped)).toEqual(["does not fit the token budget"]);
  });
});
