import { describe, expect, test } from "bun:test";
import { contentsLast } from "../../src/rag/contents-lists.ts";

type Candidate = Parameters<typeof contentsLast>[0][number];

const passage = (score: number, heading: string, content: string, relevance = 0.9): Candidate => ({
  ...{ score, relevance, reason: "all words" },
  hit: { chunk: { content, headingPath: heading === "" ? [] : [heading], documentTitle: "Handbook" } },
});
const order = (...candidates: Candidate[]) =>
  contentsLast(candidates, 0.5).map(({ hit: { chunk } }) => chunk.content.split("\n")[0]);

const LEAVE = passage(2, "Parental leave", "Parental leave is 26 weeks at full pay.");

describe("tables of contents rank last", () => {
  test.each([
    [
      "with dots and pages",
      "",
      "1 Notice ........ 3\n2 Parental leave ........ 7\n3 Sick leave ........ 9\n4 Hotels .... 12",
    ],
    [
      "with dots on one line",
      "",
      "Notice . . . . . . 3 Parental leave . . . . . . 7 Sick leave . . . . . . 9 Hotels . . . . 12",
    ],
    ["under a heading that says so", "Inhaltsverzeichnis", "Kündigung\nElternzeit\nKrankheit\nHotels"],
    ["under a line that says so", "", "目录\n年假\n育儿假\n病假\n酒店"],
    ["of links beside a page", "Related links", "- Notice\n- Parental leave\n- Sick leave\n- Hotels"],
    ["in Arabic", "المحتويات", "إشعار\nإجازة الوالدين\nإجازة مرضية\nفنادق"],
    ["in Russian", "Содержание", "Увольнение\nОтпуск по уходу\nБольничный\nГостиницы"],
  ])("%s", (_, heading, content) => {
    const contents = passage(5, heading, content, 0.99);
    const ranked = contentsLast([contents, LEAVE], 0.5);
    expect(ranked[0]).toBe(LEAVE);
    expect(ranked[1]?.relevance).toBeLessThan(0.5);
    expect(ranked[1]?.reason).toContain("a table of contents");
  });

  test("by their pages, where they name several passages that were found", () => {
    const contents = passage(5, "", "Notice 3\nParental leave 7\nSick leave 9\nHotels 12");
    const sick = passage(1, "Sick leave", "Call before nine.");
    expect(order(contents, LEAVE, sick)).toEqual([LEAVE.hit.chunk.content, "Call before nine.", "Notice 3"]);
  });
});

describe("a list of headings stands behind the passage that it names", () => {
  const list = passage(5, "Benefits", "- Parental leave\n- Bicycle\n- Canteen\n- Gym");

  test("where that bears on the question", () => {
    expect(order(list, LEAVE)).toEqual([LEAVE.hit.chunk.content, "- Parental leave"]);
  });

  test("and before it where that does not, as for what benefits there are", () => {
    expect(order(list, { ...LEAVE, relevance: 0.2 })).toEqual(["- Parental leave", LEAVE.hit.chunk.content]);
  });
});

describe("what answers is left where it is", () => {
  test.each([
    ["a list of things to bring", "What to bring", "- Laptop\n- Badge\n- Passport\n- Parking card"],
    ["a price list in order", "Prices", "Small 10\nMedium 20\nLarge 30\nHuge 40"],
    ["steps", "How to apply", "1. Open the form.\n2. Fill in the dates.\n3. Ask your manager.\n4. Send it."],
    ["a short list", "Contents", "Parental leave\nHotels"],
    [
      "prose that names a heading",
      "Leave",
      "See below.\nParental leave\nIt is granted to everybody who asks for it in time and in writing.",
    ],
    [
      "a row of a table",
      "Limits",
      "City: Zurich; Limit: 190\nCity: Bern; Limit: 170\nCity: Rome; Limit: 150\nCity: Oslo; Limit: 200",
    ],
  ])("%s", (_, heading, content) => {
    const answer = passage(5, heading, content);
    const others = [LEAVE, passage(1, "Prices", "They are with tax.")];
    expect(contentsLast([answer, ...others], 0.5)).toEqual([answer, ...others]);
  });
});
