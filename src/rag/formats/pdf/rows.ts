/** Glyphs to words and rows: what stands on one baseline, across all columns of the page. */
import { isRightToLeftGlyph } from "./direction.ts";
import type { FramedGlyph } from "./frames.ts";
import type { PdfTable } from "./tables.ts";

/** Its `glyphs` are in the order of their places, as they are seen. */
export type Word = {
  glyphs: string[];
  /** Where each of them begins. */
  places: number[];
  x: number;
  right: number;
  y: number;
  size: number;
  isBold: boolean;
  /** Stands for a whole table where it was. */
  table?: PdfTable;
};
export type Row = { y: number; size: number; words: Word[] };

/** All as parts of the type's size. Baselines of one row differ by less than this. */
const SAME_BASELINE = 0.3;
/** The same character again at less than this is drawn twice, to look bold or to throw a shadow. */
const DRAWN_TWICE = 0.13;
/** A gap as wide as this parts words. */
const WORD_GAP = 0.1;
/** Where a space is written, almost any gap does. */
const SPACE_GAP = 0.02;
/** A smaller letter than this part of its neighbour may be raised or lowered. */
const SCRIPT_SIZE = 0.82;

/** Letters that are drawn as one, and those that Unicode has once more for old character sets. */
const PRESENTATION = /[\ufb00-\ufb4f\ufb50-\ufdff\ufe70-\ufefc]/;

/** Rows from top to bottom, their words from left to right. */
export function toRows(glyphs: readonly FramedGlyph[]): Row[] {
  const rows: FramedGlyph[][] = [];
  for (const glyph of withMarks(glyphs).sort((left, right) => left.y - right.y)) {
    const row = rows.at(-1);
    const first = row?.[0];
    const isSame = first && glyph.y - first.y <= SAME_BASELINE * Math.min(first.size, glyph.size);
    if (row && isSame) row.push(glyph);
    else rows.push([glyph]);
  }
  return withScripts(rows.flatMap((row) => toRow(row) ?? []));
}

/** Accents that are written after their letter stay with it, wherever the line is turned. */
function withMarks(glyphs: readonly FramedGlyph[]): FramedGlyph[] {
  const kept: FramedGlyph[] = [];
  for (const glyph of glyphs) {
    const base = kept.at(-1);
    const isMark = base && glyph.text > "\u02ff" && /^\p{M}+$/u.test(glyph.text);
    if (isMark && Math.abs(glyph.x - base.right) < base.size) base.text += glyph.text;
    else kept.push(glyph);
    if (PRESENTATION.test(glyph.text)) glyph.text = glyph.text.normalize("NFKC");
  }
  return kept;
}

function toRow(glyphs: readonly FramedGlyph[]): Row | null {
  const sorted = [...glyphs].sort((left, right) => left.x - right.x);
  const gapOf = wordGap(sorted);
  const words: Word[] = [];
  let isParted = false;
  for (const glyph of sorted) {
    if (glyph.text.trim() === "") {
      isParted = true;
      continue;
    }
    const word = words.at(-1);
    if (word && isDrawnTwice(word, glyph)) continue;
    const gap = word ? glyph.x - word.right : 0;
    const isNear = gap <= glyph.size * (isParted ? SPACE_GAP : gapOf);
    if (word && isNear && !changesScript(word.glyphs.at(-1) ?? "", glyph.text)) {
      word.glyphs.push(glyph.text);
      word.places.push(glyph.x);
      word.right = Math.max(word.right, glyph.right);
      word.size = Math.max(word.size, glyph.size);
    } else {
      const { text, x, right, y, size, isBold } = glyph;
      words.push({ glyphs: [text], places: [x], x, right, y, size, isBold });
    }
    isParted = false;
  }
  const [first] = words;
  if (!first) return null;
  return { y: first.y, size: Math.max(...words.map(({ size }) => size)), words };
}

/** Where letters are spaced out and no space is written, a word's gap is one wider than theirs. */
function wordGap(sorted: readonly FramedGlyph[]): number {
  if (sorted.some(({ text }) => text.trim() === "")) return WORD_GAP;
  const gaps = sorted
    .slice(1)
    .map((glyph, index) => (glyph.x - (sorted[index]?.right ?? glyph.x)) / glyph.size)
    .sort((left, right) => left - right);
  const median = gaps[Math.floor(gaps.length / 2)] ?? 0;
  return gaps.length >= 6 && median > WORD_GAP / 2 && median < 0.4 ? median * 1.5 + WORD_GAP / 2 : WORD_GAP;
}

/** Fonts of two scripts often claim more room than they take. */
function changesScript(before: string, after: string): boolean {
  const [isBefore, isAfter] = [isRightToLeftGlyph(before), isRightToLeftGlyph(after)];
  return (isBefore && /\p{Script=Latin}/u.test(after)) || (isAfter && /\p{Script=Latin}/u.test(before));
}

function isDrawnTwice(word: Word, { text, x, size }: FramedGlyph): boolean {
  for (let i = word.glyphs.length - 1; i >= 0 && i >= word.glyphs.length - 4; i--) {
    if (word.glyphs[i] === text && Math.abs((word.places[i] ?? 0) - x) < size * DRAWN_TWICE) return true;
  }
  return false;
}

/** Raised and lowered letters go to the word that they stand at: "m²", "CO2", "10³". */
function withScripts(rows: readonly Row[]): Row[] {
  for (const [index, row] of rows.entries()) {
    for (const near of [rows[index + 1], rows[index - 1]]) {
      if (!near || Math.abs(near.y - row.y) > Math.max(near.size, row.size) * 0.6) continue;
      row.words = row.words.filter((word) => !attach(word, near.words));
    }
  }
  return rows.filter(({ words }) => words.length > 0).map(compact);
}

const NOWHERE: number[] = [];

/** Only where text runs from right to left does it matter what one glyph shows. */
function compact(row: Row): Row {
  // Symbol fonts keep their bullets where Unicode has no characters.
  const [first] = row.words;
  if (first && /^[\uf000-\uf0ff]/.test(first.glyphs[0] ?? "")) first.glyphs[0] = "•";
  for (const word of row.words) {
    word.places = NOWHERE;
    if (!word.glyphs.some(isRightToLeftGlyph)) word.glyphs = [word.glyphs.join("")];
  }
  return row;
}

function attach(script: Word, words: Word[]): boolean {
  const base = words.find(
    ({ right, x, size }) =>
      script.size < size * SCRIPT_SIZE &&
      script.x - right > -0.2 * size &&
      script.x - right < 0.25 * size &&
      script.x > x,
  );
  if (!base) return false;
  const isRaised = script.y < base.y;
  base.glyphs.push(...script.glyphs.map((glyph) => (isRaised ? raised(glyph) : glyph)));
  base.places.push(...script.places);
  base.right = Math.max(base.right, script.right);
  return true;
}

const RAISED_DIGITS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** 10 to the third is not 103. */
function raised(glyph: string): string {
  return /^\d$/.test(glyph) ? (RAISED_DIGITS[Number(glyph)] ?? glyph) : glyph;
}
