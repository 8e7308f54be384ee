/** From letters as they are seen, left to right, to letters as they are read. */
import type { Word } from "./rows.ts";

const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
const LEFT_TO_RIGHT = /[\p{L}\p{N}]/u;
const ARABIC_DIGITS = /[\u0660-\u0669\u06f0-\u06f9]/;
const MIRRORED: Record<string, string> = {
  "(": ")",
  ")": "(",
  "[": "]",
  "]": "[",
  "{": "}",
  "}": "{",
  "<": ">",
  ">": "<",
  "«": "»",
  "»": "«",
};

type Direction = "left" | "right" | null;

/** The words of one line, in any script. */
export function textOf(words: readonly Word[]): string {
  const isReversed = words.some(({ glyphs }) => glyphs.some(isRightToLeftGlyph));
  if (!isReversed) return words.map(({ glyphs }) => glyphs.join("")).join(" ");
  return logical(
    words.flatMap(({ glyphs }, index) => [...(index === 0 ? [] : [" "]), ...glyphs.flatMap(characters)]),
  );
}

export function isRightToLeftGlyph(glyph: string): boolean {
  return RIGHT_TO_LEFT.test(glyph);
}

/** A glyph may stand for several letters, which are in the order in which they are read. */
function characters(glyph: string): string[] {
  return isRightToLeftGlyph(glyph) ? [glyph] : [...glyph];
}

/** Whether most of the text is written from right to left. */
export function isRightToLeft(words: readonly Word[]): boolean {
  let balance = 0;
  for (const { glyphs } of words) {
    for (const glyph of glyphs) {
      const direction = directionOf(glyph);
      if (direction === "right") balance++;
      else if (direction === "left") balance--;
    }
  }
  return balance > 0;
}

function logical(seen: readonly string[]): string {
  const directions = seen.map(directionOf);
  const base: Direction =
    directions.filter((each) => each === "right").length * 2 >=
    directions.filter((each) => each !== null).length
      ? "right"
      : "left";
  const runs: { direction: Direction; glyphs: string[] }[] = [];
  for (const [index, glyph] of seen.entries()) {
    const direction = directions[index] ?? neutral(directions, index, base);
    const run = runs.at(-1);
    if (run?.direction === direction) run.glyphs.push(glyph);
    else runs.push({ direction, glyphs: [glyph] });
  }
  if (base === "right") runs.reverse();
  return runs
    .map(({ direction, glyphs }) => (direction === "right" ? backwards(glyphs) : glyphs.join("")))
    .join("");
}

/** What has no direction goes with its neighbours where they agree, else with the line. */
function neutral(directions: readonly Direction[], index: number, base: Direction): Direction {
  const before = directions.slice(0, index).findLast((each) => each !== null) ?? base;
  const behind = directions.slice(index + 1).find((each) => each !== null) ?? base;
  return before === behind ? before : base;
}

function directionOf(glyph: string): Direction {
  if (ARABIC_DIGITS.test(glyph)) return "left";
  if (RIGHT_TO_LEFT.test(glyph)) return "right";
  return LEFT_TO_RIGHT.test(glyph) ? "left" : null;
}

/** Brackets are drawn as they look: what opens on the left of what is read from the right closes it. */
function backwards(seen: readonly string[]): string {
  const open = seen.findIndex((glyph) => /[([{«<]/.test(glyph));
  const close = seen.findIndex((glyph) => /[)\]}»>]/.test(glyph));
  const areDrawn = open >= 0 && (close < 0 || open < close);
  return seen
    .toReversed()
    .map((glyph) => (areDrawn ? (MIRRORED[glyph] ?? glyph) : glyph))
    .join("");
}
