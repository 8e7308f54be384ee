/** Questions in another language than the documents: told apart, put into theirs, believed less, and said. */
import { describe, expect, test } from "bun:test";
import { InvertedIndex } from "../../src/lexical/inverted-index.ts";
import type { Passage } from "../../src/providers/provider.ts";
import { relevanceElsewhere } from "../../src/rag/calibration.ts";
import { answerByQuoting } from "../../src/rag/language-note.ts";
import { rankMatches } from "../../src/rag/rank.ts";
import { analyzeChunk, analyzeQuestion, elsewhereOf } from "../../src/rag/text.ts";
import { EMPLOYMENT } from "../../src/rag/vocabulary/across/employment.ts";
import { OFFICE } from "../../src/rag/vocabulary/across/office.ts";
import { TECHNOLOGY } from "../../src/rag/vocabulary/across/technology.ts";

const HANDBOOKS = {
  eng: [
    "Lost or stolen laptops must be reported to the police within a day.",
    "Visitors can park in front of the main gate.",
    "Your salary is paid on the last working day of the month.",
    "Annual leave is thirty days a year for every employee.",
  ],
  fra: [
    "Un ordinateur portable volé doit être signalé à la police dans la journée.",
    "Les visiteurs peuvent se garer sur le parking devant l’entrée.",
    "Le salaire est versé le dernier jour ouvré du mois.",
    "Les congés annuels sont de trente jours par an pour chaque salarié.",
  ],
};
/** Place of the passage that answers, in either handbook. */
const QUESTIONS: [language: string, question: string, answer: number][] = [
  ["deu", "Was mache ich, wenn mein Laptop gestohlen wurde?", 0],
  ["deu", "Wo ist der Parkplatz für Besucher?", 1],
  ["deu", "Wie viele Urlaubstage habe ich im Jahr?", 3],
  ["spa", "¿Cuándo pagan el salario?", 2],
  ["spa", "¿Cuántos días de vacaciones tengo al año?", 3],
  ["ita", "Quando viene pagato lo stipendio?", 2],
  ["por", "Quantos dias de férias tenho por ano?", 3],
  ["nld", "Waar kunnen bezoekers parkeren?", 1],
  ["rus", "Что делать, если украли ноутбук?", 0],
  ["arb", "أين يمكن للزوار العثور على موقف السيارات؟", 1],
  ["cmn", "笔记本电脑被盗怎么办？", 0],
];

describe("a question in another language", () => {
  test.each(QUESTIONS)("in %s is told from the documents' language: %s", (language, question) => {
    for (const main of Object.keys(HANDBOOKS))
      expect(elsewhereOf(question, [main, "und"])).toEqual({ from: language, to: [main] });
    expect(elsewhereOf(question, [language])).toBeNull();
    expect(analyzeQuestion(question, [language]).askedIn).toBeNull();
  });

  test.each(QUESTIONS)("in %s finds the passage by everyday words: %s", (_language, question, answer) => {
    for (const language of Object.keys(HANDBOOKS) as (keyof typeof HANDBOOKS)[])
      expect(found(question, language)).toBe(answer);
  });

  test("of a few words is placed by the words that only its language has", () => {
    expect(elsewhereOf("password length", ["fra"])).toEqual({ from: "eng", to: ["fra"] });
    expect(elsewhereOf("password length", ["eng"])).toBeNull();
    expect(elsewhereOf("WhatsApp", ["eng"])).toBeNull();
    expect(elsewhereOf("childcare subsidy amount per month", ["eng"])).toBeNull();
    expect(elsewhereOf("哪些IT部门", ["cmn"])).toBeNull();
  });

  test("that no document's language is known of is none", () => {
    expect(elsewhereOf("Wo ist die Kantine?", [])).toBeNull();
    expect(elsewhereOf("Wo ist die Kantine?", ["und"])).toBeNull();
    expect(elsewhereOf("", ["eng"])).toBeNull();
  });
});

describe("meaning, across languages", () => {
  const scale = { related: 0.45, unrelated: 0.45, background: 0.1, deviation: 0.12 };

  test("is believed of a cosine that would be none within one language, and not of a low one", () => {
    expect(relevanceElsewhere(0.4, scale)).toBeGreaterThan(0.6);
    expect(relevanceElsewhere(0.25, scale)).toBeLessThan(0.2);
  });

  test("is not believed of a model that knows next to nothing", () => {
    expect(relevanceElsewhere(1, { ...scale, related: 0.2 })).toBe(0);
  });
});

describe("an answer in another language than its question", () => {
  test("says so first, in the question's, and is quoted as it stands", () => {
    const answer = (question: string) => answerByQuoting(question, [aPassage(HANDBOOKS.fra[2] as string)]);

    expect(answer("Wann wird das Gehalt bezahlt?")).toBe(
      `Die Dokumente sagen das in einer anderen Sprache (Französisch):\n\n${HANDBOOKS.fra[2]} [1]`,
    );
    expect(answer("When is my salary paid?")).toStartWith(
      "The documents say this in another language (French):\n\n",
    );
    expect(answer("¿Cuándo pagan el salario?")).toStartWith(
      "Los documentos lo dicen en otro idioma (francés):",
    );
    expect(answer("متى يتم دفع الراتب؟")).toStartWith("تذكر المستندات ذلك بلغة أخرى (الفرنسية):");
    expect(answer("Quand le salaire est-il versé ?")).toBe(`${HANDBOOKS.fra[2]} [1]`);
  });

  test("says so in every language of the widget, and of abstentions", () => {
    const notes = QUESTIONS.map(
      ([, question]) => answerByQuoting(question, [aPassage(HANDBOOKS.eng[2] as string)]).split("\n")[0],
    );
    expect(new Set(notes).size).toBe(new Set(QUESTIONS.map(([language]) => language)).size);
    for (const note of notes) expect(note).toMatch(/[:：]$/);
  });
});

test("the words across languages have each thing in all ten languages", () => {
  for (const line of [EMPLOYMENT, TECHNOLOGY, OFFICE].flatMap((table) => table.trim().split("\n"))) {
    const cells = line.split("|").map((cell) => cell.trim());
    expect([line, cells.length]).toEqual([line, 10]);
    expect([line, cells.filter((cell) => cell === "")]).toEqual([line, []]);
  }
});

function found(question: string, language: keyof typeof HANDBOOKS): number | undefined {
  const index = new InvertedIndex();
  for (const [number, content] of HANDBOOKS[language].entries()) {
    const { contentTerms } = analyzeChunk({ title: "", headingPath: [], content });
    index.add({ number, title: [], headings: [], content: contentTerms.split(" ") });
  }
  const asked = analyzeQuestion(question, [language]);
  return rankMatches(asked, index.search(asked.query, 10))[0]?.row;
}

function aPassage(text: string): Passage {
  return {
    ...{ n: 1, chunk: "chunk_1" as Passage["chunk"], source: "source_1" as Passage["source"], title: "" },
    ...{ headingPath: [], page: null, text, relevance: 1 },
  };
}
