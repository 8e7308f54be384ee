/** What stands behind the sentences of a model's answer. */
import { describe, expect, test } from "bun:test";
import type { ChunkId, SourceId } from "../../src/domain/ids.ts";
import type { Passage } from "../../src/providers/provider.ts";
import { claimsTheDocuments } from "../../src/rag/claims.ts";
import { supportOf, withMeanings } from "../../src/rag/support.ts";

function aPassage(n: number, text: string): Passage {
  const ids = { chunk: `chk_${n}` as ChunkId, source: `src_${n}` as SourceId };
  return { n, ...ids, title: "Leave", headingPath: [], page: null, text, relevance: 1 };
}

const PASSAGES = [
  aPassage(1, "Employees travel in second class. Hotels in Zurich cost at most 1,190 francs a month."),
  aPassage(2, "Parental leave is 26 weeks at full pay. It must be requested eight weeks in advance."),
];

const verdicts = (answer: string) => supportOf(answer, PASSAGES).map(({ verdict, n }) => [verdict, n]);

describe("a sentence of an answer", () => {
  test("is supported by the passage that holds its words and its numbers", () => {
    expect(verdicts("Parental leave lasts 26 weeks with full pay [2].")).toEqual([["supported", 2]]);
    expect(verdicts("In Zurich hotels may cost 1190 francs per month [1].")).toEqual([["supported", 1]]);
  });

  test("is not, with a number that stands in no passage, however alike the words are", () => {
    expect(verdicts("Parental leave is 36 weeks at full pay [2].")).toEqual([["unsupported", null]]);
  });

  test("is not, when it says something else", () => {
    expect(verdicts("The canteen serves vegetarian meals on Fridays [1].")).toEqual([["unsupported", null]]);
  });

  test("that claims nothing is not looked at", () => {
    expect(verdicts("Yes. Here it is:\n\nDo you want to know more about the canteen?")).toEqual([]);
  });

  test("each is looked at for itself, without bullets and numbers of lists", () => {
    expect(
      verdicts("1. Request the leave eight weeks in advance [2].\n2. Bring a signed pony certificate."),
    ).toEqual([
      ["supported", 2],
      ["unsupported", null],
    ]);
  });

  test("that says it is from the documents must name one", () => {
    expect(verdicts("According to the handbook, parental leave is 26 weeks.")).toEqual([["uncited", 2]]);
    expect(verdicts("According to the handbook, parental leave is 26 weeks [2].")).toEqual([
      ["supported", 2],
    ]);
  });

  test("in another language than the passages is left open, until a model compares them", () => {
    const answer = "Die Elternzeit dauert bei vollem Gehalt 26 Wochen und wird vorher beantragt [2].";
    const support = supportOf(answer, PASSAGES);
    expect(support).toMatchObject([{ verdict: "unclear", n: null, meaning: null }]);

    expect(withMeanings(support, PASSAGES, [[0.1, 0.9]])).toMatchObject([
      { verdict: "supported", n: 2, meaning: 0.9 },
    ]);
    expect(withMeanings(support, PASSAGES, [[0.1, 0.2]])).toMatchObject([
      { verdict: "unsupported", meaning: 0.2 },
    ]);
    expect(withMeanings(support, PASSAGES, [null])).toEqual(support);
  });

  test("with a wrong number is not supported by any likeness of meaning", () => {
    const support = supportOf("Parental leave is 36 weeks at full pay [2].", PASSAGES);
    expect(withMeanings(support, PASSAGES, [[0.1, 0.99]])).toMatchObject([{ verdict: "unsupported" }]);
  });
});

test.each([
  "According to the documents, it is 26 weeks.",
  "The policy states that it is 26 weeks.",
  "Laut den Unterlagen sind es 26 Wochen.",
  "In den Dokumenten steht, dass es 26 Wochen sind.",
  "Selon les documents, c’est 26 semaines.",
  "Según el manual, son 26 semanas.",
  "Secondo i documenti sono 26 settimane.",
  "De acordo com os documentos, são 26 semanas.",
  "Volgens de documenten zijn het 26 weken.",
  "Согласно документам, это 26 недель.",
  "وفقًا للوثائق، المدة 26 أسبوعًا.",
  "根据文件，产假为26周。",
  "資料によると、26週間です。",
])("says that it is from the documents: %s", (sentence) => {
  expect(claimsTheDocuments(sentence)).toBe(true);
});

test.each([
  "Parental leave is 26 weeks.",
  "Send the documents to payroll.",
  "Bringen Sie die Unterlagen mit.",
  "Les documents sont à signer avant lundi.",
])("says nothing of where it is from: %s", (sentence) => {
  expect(claimsTheDocuments(sentence)).toBe(false);
});
