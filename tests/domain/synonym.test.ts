import { describe, expect, test } from "bun:test";
import {
  readSynonymLines,
  ruleKey,
  ruleLine,
  type SynonymRule,
  synonymProblem,
} from "../../src/domain/synonym.ts";

const first = (text: string) => readSynonymLines(text).rules[0];

describe("lines of synonyms", () => {
  test.each([
    ["PTO = paid time off", ["PTO"], ["paid time off"], true],
    ["PTO, leave = paid time off; annual  leave", ["PTO", "leave"], ["paid time off", "annual leave"], true],
    ["PTO > paid time off", ["PTO"], ["paid time off"], false],
    ["PTO => paid time off", ["PTO"], ["paid time off"], false],
    ["PTO -> paid time off", ["PTO"], ["paid time off"], false],
    ["PTO → paid time off", ["PTO"], ["paid time off"], false],
    ["a = b = c", ["a"], ["b", "c"], true],
    ["年假＝带薪休假，假期", ["年假"], ["带薪休假", "假期"], true],
    ["إجازة = عطلة، راحة", ["إجازة"], ["عطلة", "راحة"], true],
    ["e-Gov = E-Government", ["e-Gov"], ["E-Government"], true],
  ])("%s", (line, asked, written, bothWays) => {
    expect(first(line)).toEqual({ line: 1, asked, written, bothWays });
  });

  test("empty ones and remarks are left out, and lines are counted as they stand", () => {
    const { rules, problems } = readSynonymLines("# ours\r\n\r\nPTO = leave\r\nnonsense\r\n");
    expect(rules.map(({ line }) => line)).toEqual([3]);
    expect(problems.map(({ line }) => line)).toEqual([4]);
  });

  test.each([
    ["PTO", "Write what people say"],
    ["= leave", "Write what people say"],
    ["PTO =", "Write what people say"],
    ["PTO = leave > holiday", "sign"],
    ["a > b > c", "Write one >"],
    ["PTO = pto", "there twice"],
    ["PTO = …", "no letter"],
    [`PTO = ${"x".repeat(81)}`, "80 characters"],
    [`PTO = ${Array.from({ length: 11 }, (_, at) => `w${at}`).join(",")}`, "more than 10 words"],
  ])("%s is refused with a sentence", (line, sentence) => {
    const { rules, problems } = readSynonymLines(line);
    expect(rules).toEqual([]);
    expect(problems[0]?.message).toContain(sentence);
  });

  test("what is written is read again as the same", () => {
    const rules: SynonymRule[] = [
      { asked: ["PTO", "C#-Tag"], written: ["paid time off"], bothWays: true },
      { asked: ["KVP"], written: ["Verbesserung", "Vorschlag"], bothWays: false },
    ];
    const read = readSynonymLines(rules.map(ruleLine).join("\n")).rules;
    expect(read.map(ruleKey)).toEqual(rules.map(ruleKey));
  });

  test("a word that a line could not hold is refused wherever it is entered", () => {
    for (const word of ["a, b", "a = b", "a > b", "#a", "--", "年假，假期"])
      expect(synonymProblem(word)).not.toBeNull();
    for (const word of ["C#", "R&D", "e-Gov", "年假", "§ 5"]) expect(synonymProblem(word)).toBeNull();
  });
});
