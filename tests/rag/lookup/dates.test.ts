import { describe, expect, test } from "bun:test";
import { dateMentions } from "../../../src/rag/lookup/dates.ts";
import { numberMentions } from "../../../src/rag/lookup/literals.ts";

/** A Friday. */
const TODAY = "2026-11-27";
const days = (text: string, language: string | null = "eng") =>
  dateMentions(text, TODAY, language).map(({ from, to }) => (from === to ? from : `${from}/${to}`));

describe("dates as people write them", () => {
  test.each([
    ["on 2026-03-01", ["2026-03-01"]],
    ["am 1.3.2026", ["2026-03-01"]],
    ["on 3 March 2026", ["2026-03-03"]],
    ["on March 3rd, 2026", ["2026-03-03"]],
    ["am 3. März 2026", ["2026-03-03"]],
    ["le 3 mars 2026", ["2026-03-03"]],
    ["el 3 de marzo de 2026", ["2026-03-03"]],
    ["3 марта 2026", ["2026-03-03"]],
    ["2026年3月3日", ["2026-03-03"]],
    ["in March 2026", ["2026-03-01/2026-03-31"]],
    ["im Februar 2024", ["2024-02-01/2024-02-29"]],
    ["yesterday", ["2026-11-26"]],
    ["vorgestern", ["2026-11-25"]],
    ["aujourd’hui", ["2026-11-27"]],
    ["昨天", ["2026-11-26"]],
    ["last month", ["2026-10-01/2026-10-31"]],
    ["diese Woche", ["2026-11-23/2026-11-29"]],
    ["from 1 March 2026 to 31 March 2026", ["2026-03-01", "2026-03-31"]],
  ])("%s", (text, expected) => {
    expect(days(text)).toEqual(expected);
  });

  test.each([
    "on 31 February 2026",
    "2026-13-01",
    "on 3 March",
    "order 20260301",
    "3/4/2026",
    "version 1.2.2026.4",
  ])("%s is none, or could be two", (text) => {
    expect(days(text)).toEqual([]);
  });

  test("slashes are read as the language writes them", () => {
    expect(days("le 3/4/2026", "fra")).toEqual(["2026-04-03"]);
    expect(days("on 12/31/2026")).toEqual(["2026-12-31"]);
  });
});

describe("numbers as people write them", () => {
  const numbers = (text: string, language: string | null) =>
    numberMentions(text, language).map(({ value }) => value);

  test.each([
    ["1,234", "eng", ["1234"]],
    ["1.234", "deu", ["1234"]],
    ["1.234,50", "deu", ["1234.50"]],
    ["1,234.50", null, ["1234.50"]],
    ["12,5", "fra", ["12.5"]],
    ["-7", "eng", ["-7"]],
    ["1.234", null, []],
    ["1.2.3.4", "eng", []],
    ["INC-2041", "eng", []],
  ])("%s in %s", (text, language, expected) => {
    expect(numbers(text, language)).toEqual(expected);
  });
});
