import { describe, expect, test } from "bun:test";
import { explanation, mayAbbreviate } from "../../src/lexical/abbreviations.ts";
import { rank, toCorpus } from "../bench/question-sets.ts";

const wordsOf = (text: string) => text.split(" ");

describe("what an abbreviation stands for", () => {
  test("is read from the words before it or behind it, small ones counted or not", () => {
    expect(explanation("pto", wordsOf("take paid time off pto early"))).toEqual(["paid", "time", "off"]);
    expect(explanation("pto", wordsOf("take pto paid time off early"))).toEqual(["paid", "time", "off"]);
    expect(explanation("coe", wordsOf("the center of excellence coe"))).toEqual([
      "center",
      "of",
      "excellence",
    ]);
    expect(explanation("dof", wordsOf("ask the department of finance dof"))).toEqual([
      ...["department", "of", "finance"],
    ]);
  });

  test("is nothing where the words beside it are others", () => {
    expect(explanation("pto", wordsOf("pto is counted in hours"))).toBeNull();
    expect(explanation("pto", wordsOf("pto"))).toBeNull();
    expect(explanation("pto", [])).toBeNull();
  });

  test("is not looked for behind long words, numbers and pairs of letters", () => {
    expect(mayAbbreviate("pto")).toBe(true);
    for (const word of ["it", "holiday", "a38", ""]) expect(mayAbbreviate(word)).toBe(false);
  });

  test("finds the passages that say it in full, which another document explains", () => {
    const pieces = [
      "The accountable data steward (ADS) is named by the board.",
      "Whoever is ill tells the reception before nine.",
      "An accountable data steward signs off every export of customer records.",
    ].map((content, n) => ({ document: String(n), ordinal: 0, title: "", headingPath: [], content }));

    const found = rank(toCorpus(pieces), "what does the ADS sign off").map(({ hit }) => hit.chunk.content);

    expect(found[0]).toBe(pieces[2]?.content as string);
  });

  test("is forgotten with the document that explained it", () => {
    const corpus = toCorpus(
      ["The accountable data steward (ADS) signs.", "An accountable data steward signs.", "ADS is new."].map(
        (content, n) => ({ document: String(n), ordinal: 0, title: "", headingPath: [], content }),
      ),
    );
    const query = { words: [["ads"]] };
    expect([...corpus.index.search(query, 10).rows].sort()).toEqual([0, 1, 2]);
    corpus.index.remove([0]);
    expect([...corpus.index.search(query, 10).rows]).toEqual([2]);
  });
});
