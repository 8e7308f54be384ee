import { expect, test } from "bun:test";
import { textOfValues, valuesOf } from "../../web/pages/tools/enum-values.ts";

test("values are set apart by commas, each with its label behind a sign", () => {
  expect(valuesOf("110 = Berlin Mitte, 120 = Hamburg, other")).toEqual([
    { value: "110", label: "Berlin Mitte" },
    { value: "120", label: "Hamburg" },
    "other",
  ]);
});

test.each([
  "",
  "Berlin",
  "Berlin, ",
  "Berlin, H",
  "110",
  "110 ",
  "110 =",
  "110 = ",
  "110 = B",
  "110 = Berlin ",
  "110 = Berlin, ",
  "a = b = c",
  "a=b",
])("“%s” stays what was typed", (text) => {
  expect(textOfValues(valuesOf(text))).toBe(text);
});
