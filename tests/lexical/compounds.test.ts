import { expect, test } from "bun:test";
import { compoundParts } from "../../src/lexical/compounds.ts";

const WORDS = ["urlaub", "planung", "urlaubs", "laptop", "tasche", "rück", "gabe"];
const parts = (word: string) =>
  compoundParts(word, (part) => {
    const found = WORDS.indexOf(part);
    return found < 0 ? null : found;
  })?.map((place) => WORDS[place]);

test.each([
  ["urlaubsplanung", ["urlaubs", "planung"]],
  ["planungsurlaub", ["planung", "urlaub"]],
  ["laptoptasche", ["laptop", "tasche"]],
  ["rückgabe", ["rück", "gabe"]],
  ["laptopentasche", ["laptop", "tasche"]],
])("%s is taken apart", (word, expected) => {
  expect(parts(word)).toEqual(expected);
});

test.each(["urlaub", "urlaubspost", "planungs", "laptop42tasche", "", "xxxx"])("%s is not", (word) => {
  expect(parts(word)).toBeUndefined();
});
