/** The rows of a page in reading order: columns of prose one after another, tables as tables, the rest as lines. */
import { isRightToLeft } from "./direction.ts";
import type { Gutter } from "./gutters.ts";
import { guttersOf, WIDE } from "./gutters.ts";
import { type Line, rowsBetween, toLine } from "./lines.ts";
import { median, middleOf } from "./measures.ts";
import type { Ruling } from "./page-content.ts";
import type { Row, Word } from "./rows.ts";
import { type PdfTable, streamTable } from "./tables.ts";

export type Element = { kind: "line"; line: Line } | { kind: "table"; table: PdfTable };

/** Rows further apart than this many times the type's size are not of one table. */
const TABLE_JUMP = 4;
const LEAST_PROSE_ROWS = 3;

export function arrange(rows: readonly Row[], rulings: readonly Ruling[]): Element[] {
  if (rows.length === 0) return [];
  const gutter = guttersOf(rows).find((each) => partsColumns(rows, each));
  if (!gutter) return stacksOf(rows).flatMap((stack) => stacked(stack, rulings));
  const { from, to } = trimmed(rows, gutter);
  const inside = rows.slice(from, to + 1);
  const middle = middleOf({ x: gutter.left, right: gutter.right });
  const sides = [
    rowsBetween(inside, Number.NEGATIVE_INFINITY, middle),
    rowsBetween(inside, middle, Number.POSITIVE_INFINITY),
  ];
  if (isRightToLeft(inside.flatMap(({ words }) => words))) sides.reverse();
  return [
    ...arrange(rows.slice(0, from), rulings),
    ...sides.flatMap((side) => arrange(side, rulings)),
    ...arrange(rows.slice(to + 1), rulings),
  ];
}

type Sides = { before: Word[][]; behind: Word[][]; shared: number };

function sidesOf(rows: readonly Row[], { from, to, left, right }: Gutter): Sides {
  const sides: Sides = { before: [], behind: [], shared: 0 };
  for (const { words } of rows.slice(from, to + 1)) {
    const before = words.filter((word) => word.right <= left + 0.01);
    const behind = words.filter((word) => word.x >= right - 0.01);
    if (before.length > 0) sides.before.push(before);
    if (behind.length > 0) sides.behind.push(behind);
    if (before.length > 0 && behind.length > 0) sides.shared++;
  }
  return sides;
}

/** Text flows on both sides, or their lines are not the lines of one table. */
function partsColumns(rows: readonly Row[], gutter: Gutter): boolean {
  const { before, behind, shared } = sidesOf(rows, gutter);
  const fewer = Math.min(before.length, behind.length);
  if (fewer < LEAST_PROSE_ROWS) return false;
  if (flows(before) && flows(behind)) return true;
  return shared < fewer * 0.4;
}

/** Whether lines are those of running text: several words that fill the width and go on in the next line. */
function flows(lines: readonly Word[][]): boolean {
  // There may be further columns on this side, whose lines stand beside each other.
  const pieces = lines.flatMap(piecesOf);
  if (pieces.length < LEAST_PROSE_ROWS) return false;
  const widths = pieces.map(widthOf).sort((left, right) => left - right);
  const widest = widths[Math.floor(widths.length * 0.9)] ?? 0;
  if (median(widths) < widest * 0.55 || median(pieces.map(lengthOf)) < 3) return false;
  const words = pieces.flat();
  const numbers = words.filter(({ glyphs }) => !glyphs.some((glyph) => /\p{L}/u.test(glyph))).length;
  if (numbers > words.length * 0.3) return false;
  const cased = pieces.filter((piece) => /^(?:\p{Lu}|\p{Ll}|\p{N})/u.test(piece[0]?.glyphs[0] ?? ""));
  const goingOn = cased.filter((piece) => /^\p{Ll}/u.test(piece[0]?.glyphs[0] ?? ""));
  return goingOn.length >= cased.length * 0.22;
}

function piecesOf(words: readonly Word[]): Word[][] {
  const pieces: Word[][] = [];
  for (const word of words) {
    const last = pieces.at(-1)?.at(-1);
    if (last && word.x - last.right < word.size * WIDE) pieces.at(-1)?.push(word);
    else pieces.push([word]);
  }
  return pieces;
}

function widthOf(words: readonly Word[]): number {
  return (words.at(-1)?.right ?? 0) - (words[0]?.x ?? 0);
}

/** In words; three characters count as one where there are no spaces. */
function lengthOf(words: readonly Word[]): number {
  const text = words.map(({ glyphs }) => glyphs.join("")).join("");
  const isUnspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text);
  return isUnspaced ? text.length / 3 : words.length;
}

/** A heading over both columns, or the last line of what stands above them, is no part of the first. */
function trimmed(rows: readonly Row[], { from, to }: Gutter): { from: number; to: number } {
  const usual = median(rows.map(({ size }) => size));
  let start = from;
  for (; start < to; start++) {
    const [above, row] = [rows[start - 1], rows[start]];
    const follows = above && row && row.y - above.y < row.size * 1.5 && start === from && from > 0;
    if (!row || !(row.size > usual * 1.15 || follows)) break;
  }
  return { from: start, to };
}

function stacksOf(rows: readonly Row[]): Row[][] {
  const stacks: Row[][] = [];
  for (const row of rows) {
    const stack = stacks.at(-1);
    const last = stack?.at(-1);
    const isNear =
      last && row.y - last.y <= Math.max(row.size, last.size) * TABLE_JUMP && !tableOf(row) && !tableOf(last);
    if (stack && isNear) stack.push(row);
    else stacks.push([row]);
  }
  return stacks;
}

function stacked(rows: readonly Row[], rulings: readonly Ruling[]): Element[] {
  const [first] = rows;
  if (!first) return [];
  const ready = tableOf(first);
  if (ready) return [{ kind: "table", table: ready }];
  const gutters = guttersOf(rows)
    .flatMap((gutter) => betweenCells(rows, gutter) ?? [])
    .sort((left, right) => right.to - right.from - (left.to - left.from));
  for (const gutter of gutters) {
    const found = streamTable(rows, gutter, gutters, rulings);
    if (!found) continue;
    return [
      ...stacked(rows.slice(0, found.from), rulings),
      { kind: "table", table: found.table },
      ...stacked(rows.slice(found.to + 1), rulings),
    ];
  }
  return rows.map(({ words }) => ({ kind: "line", line: toLine(words) }));
}

/** From the first to the last row that has something on both sides. */
function betweenCells(rows: readonly Row[], gutter: Gutter): Gutter | null {
  const has = (row: Row | undefined): boolean => {
    const words = row?.words ?? [];
    return (
      words.some((word) => word.right <= gutter.left + 0.01) &&
      words.some((word) => word.x >= gutter.right - 0.01)
    );
  };
  let { from, to } = gutter;
  while (from < to && !has(rows[from])) from++;
  while (to > from && !has(rows[to])) to--;
  return from < to ? { ...gutter, from, to } : null;
}

function tableOf({ words }: Row): PdfTable | null {
  return words[0]?.table ?? null;
}
