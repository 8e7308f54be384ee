/** What is kept from the visitor while a model's answer streams. */
import { describe, expect, test } from "bun:test";
import type { TextFilter } from "../../src/domain/text-filter.ts";
import { withGivenCitations } from "../../src/rag/given-citations.ts";
import { REFUSAL, withoutRefusal } from "../../src/rag/refusal.ts";

/** What comes out when the text arrives so many characters at a time. */
function filtered(filter: TextFilter, text: string, size: number): string {
  let shown = "";
  for (let at = 0; at < text.length; at += size) shown += filter.push(text.slice(at, at + size));
  return shown + filter.end();
}

const SIZES = [1, 2, 3, 7, 1000];

describe("the sentence by which a model refuses", () => {
  test.each([
    REFUSAL,
    `"${REFUSAL}"`,
    `**${REFUSAL}**`,
    "  No answer in the documents",
    "NO ANSWER\nIN THE DOCUMENTS.",
    `${REFUSAL} However, as a rule it is 20 days.`,
  ])("is recognised and nothing of it is shown: %j", (text) => {
    for (const size of SIZES) {
      const filter = withoutRefusal();
      expect(filtered(filter, text, size)).toBe("");
      expect(filter.isRefusal()).toBe(true);
    }
  });

  test.each([
    "No, you may not [1].",
    "No answer is needed before Friday [1].",
    "NO",
    "There is no answer in the documents of 2024, but in those of 2025 [1].",
    "N O N S E N S E",
    "> quoted [1]",
    '"'.repeat(10_000),
  ])("is not taken for an answer that only begins or sounds like it: %j", (text) => {
    for (const size of SIZES) {
      const filter = withoutRefusal();
      expect(filtered(filter, text, size)).toBe(text);
      expect(filter.isRefusal()).toBe(false);
    }
  });

  test("is cut out of an answer to a part of the question", () => {
    for (const size of SIZES) {
      const filter = withoutRefusal();
      expect(filtered(filter, `Leave is 26 weeks [1]. ${REFUSAL} Not more.`, size)).toBe(
        "Leave is 26 weeks [1].  Not more.",
      );
      expect(filter.isRefusal()).toBe(false);
    }
  });

  test("holds an answer back only while it may still be that sentence", () => {
    const filter = withoutRefusal();
    expect(filter.push("No")).toBe("");
    expect(filter.push(", you")).toBe("No, you");
    expect(filter.push(" may not")).toBe(" may not");
  });
});

describe("citations of passages that were not given", () => {
  const cases: [text: string, shown: string][] = [
    ["26 weeks [1].", "26 weeks [1]."],
    ["26 weeks [9].", "26 weeks."],
    ["26 weeks [1][9], at full pay [9][2].", "26 weeks [1], at full pay[2]."],
    ["26 weeks [1, 9; 2].", "26 weeks [1, 2]."],
    ["26 weeks [ 9 ]", "26 weeks"],
    ["[9](https://acme.example) and [page](x)", "[9](https://acme.example) and [page](x)"],
    ["`list[9]` and `` a[`9]` `` [9]!", "`list[9]` and `` a[`9]` ``!"],
    ["```\nlist[9]\n```\n[9]", "```\nlist[9]\n```\n"],
    ["an `open end\n[9] ends", "an `open end\n ends"],
    ["[2025] is a year", "[2025] is a year"],
    ["[", "["],
    ["[1", "[1"],
    ["Section [x] stays", "Section [x] stays"],
  ];
  test.each(cases)("never reach the visitor: %j", (text, shown) => {
    expect(filtered(withGivenCitations(new Set([1, 2])), text, 1000)).toBe(shown);
    // A blank that was shown before its mark came stays.
    const withoutBlanks = (line: string) => line.replaceAll(" ", "");
    for (const size of SIZES) {
      const seen = filtered(withGivenCitations(new Set([1, 2])), text, size);
      expect([size, withoutBlanks(seen)]).toEqual([size, withoutBlanks(shown)]);
    }
  });

  test("hold nothing back but what may become one", () => {
    const filter = withGivenCitations(new Set([1]));
    expect(filter.push("26 weeks ")).toBe("26 weeks ");
    expect(filter.push("[1")).toBe("");
    expect(filter.push("]. In")).toBe("[1]. In");
  });
});
