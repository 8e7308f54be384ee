import { describe, expect, test } from "bun:test";
import { containsText, progressOf, type Verdict, verdictOf } from "../../src/domain/evaluation.ts";
import { newId } from "../../src/domain/ids.ts";
import { aGoldenQuestion, anOutcome } from "../helpers/builders.ts";

const CASES: [string, Verdict, Parameters<typeof verdictOf>[0]][] = [
  ["found at the top", "first", { answerable: true, left: true, refused: false, ranks: [1, 4] }],
  ["found further down", "lower", { answerable: true, left: true, refused: false, ranks: [4] }],
  ["not found", "missed", { answerable: true, left: true, refused: false, ranks: [] }],
  ["found and refused all the same", "refused", { answerable: true, left: true, refused: true, ranks: [1] }],
  ["without its sources", "skipped", { answerable: true, left: false, refused: true, ranks: [] }],
  ["rightly refused", "rightly-refused", { answerable: false, left: false, refused: true, ranks: [] }],
  ["answered by mistake", "wrongly-answered", { answerable: false, left: false, refused: false, ranks: [] }],
];

describe("a golden question", () => {
  test.each(CASES)("%s is %s", (_what, verdict, asked) => {
    expect(verdictOf(asked)).toBe(verdict);
  });

  const question = aGoldenQuestion({ tenantId: newId("tenant") });
  const run = { id: newId("evaluation-run") };
  const at = (verdict: Verdict, ...ranks: number[]) => anOutcome(run, question, { verdict, ranks });

  test.each([
    ["from the third place to the first", at("lower", 3), at("first", 1), 1],
    ["from the first place to none", at("first", 1), at("missed"), -1],
    ["from found to refused", at("first", 1), at("refused", 1), -1],
    ["from refused to missed", at("refused", 2), at("missed"), 0],
    ["to rightly refused", at("wrongly-answered"), at("rightly-refused"), 1],
    ["to skipped", at("first", 1), at("skipped"), 0],
  ])("%s got better, worse or neither", (_what, before, after, way) => {
    expect(Math.sign(progressOf(before, after))).toBe(way);
  });

  test("that was changed between two runs got neither better nor worse", () => {
    const changed = { ...at("missed"), revision: question.updatedAt + 1 };

    expect(progressOf(at("first", 1), changed)).toBe(0);
  });

  test("finds its passage whatever the line breaks and capitals", () => {
    expect(containsText("Parental   leave\nis 26 WEEKS.", "leave is 26 weeks")).toBe(true);
    expect(containsText("Parental leave is 12 weeks.", "26 weeks")).toBe(false);
  });
});
