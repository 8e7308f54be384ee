/** Tables drawn with lines: what the lines enclose is a cell, however many columns and rows it takes. */
import { joined } from "./hyphens.ts";
import { rowsBetween, toLine } from "./lines.ts";
import { middleOf } from "./measures.ts";
import type { Ruling } from "./page-content.ts";
import type { Row, Word } from "./rows.ts";
import type { PdfTable } from "./tables.ts";

/** Along an axis: a line at `at` from `from` to `to`. */
type Line = { at: number; from: number; to: number };
type Box = { top: number; left: number; bottom: number; right: number };

/** Points by which ends and crossings may miss each other. */
const SNAP = 3;
const SHORTEST = 5;
const MOST_LINES = 1_500;
/** A box with more rows of text is a frame of the page's layout. */
const MOST_ROWS_IN_CELL = 25;

/** The rows with what the lines enclose taken out; in its place stands a word that is the table. */
export function withLattices(rows: readonly Row[], rulings: readonly Ruling[]): Row[] {
  const level = lined(rulings.map(({ x1, y1, x2, y2 }) => ({ at: y1, from: x1, to: x2, skew: y2 - y1 })));
  const upright = lined(rulings.map(({ x1, y1, x2, y2 }) => ({ at: x1, from: y1, to: y2, skew: x2 - x1 })));
  if (level.length > MOST_LINES || upright.length > MOST_LINES) return [...rows];
  let left = [...rows];
  for (const group of connected(level, upright)) left = takeTable(left, group);
  return left;
}

/** Lines of one axis, pieces of the same one put together. */
function lined(pieces: readonly (Line & { skew: number })[]): Line[] {
  const straight = pieces
    .filter(({ from, to, skew }) => Math.abs(skew) <= 1 && to - from > 1)
    .sort((left, right) => left.at - right.at || left.from - right.from);
  const lines: Line[] = [];
  for (const { at, from, to } of straight) {
    const same = lines.findLast(
      (line) => Math.abs(line.at - at) < SNAP / 2 && from <= line.to + SNAP && to >= line.from - SNAP,
    );
    if (same && at - (lines.at(-1)?.at ?? at) < SNAP) {
      same.from = Math.min(same.from, from);
      same.to = Math.max(same.to, to);
    } else lines.push({ at, from, to });
  }
  return lines.filter(({ from, to }) => to - from >= SHORTEST);
}

type Group = { level: Line[]; upright: Line[] };

/** Lines that meet are of one table. */
function connected(level: readonly Line[], upright: readonly Line[]): Group[] {
  const parents = [...level, ...upright].map((_, index) => index);
  const rootOf = (index: number): number => {
    let root = index;
    while (parents[root] !== root) root = parents[root] ?? root;
    parents[index] = root;
    return root;
  };
  for (const [i, across] of level.entries()) {
    for (const [j, down] of upright.entries()) {
      if (meets(across, down)) parents[rootOf(i)] = rootOf(level.length + j);
    }
  }
  const groups = new Map<number, Group>();
  const groupOf = (index: number): Group => {
    const root = rootOf(index);
    const group = groups.get(root) ?? { level: [], upright: [] };
    groups.set(root, group);
    return group;
  };
  for (const [i, line] of level.entries()) groupOf(i).level.push(line);
  for (const [j, line] of upright.entries()) groupOf(level.length + j).upright.push(line);
  return [...groups.values()].filter((group) => group.level.length >= 2 && group.upright.length >= 1);
}

function meets(across: Line, down: Line): boolean {
  return (
    down.at >= across.from - SNAP &&
    down.at <= across.to + SNAP &&
    across.at >= down.from - SNAP &&
    across.at <= down.to + SNAP
  );
}

function takeTable(rows: Row[], { level, upright }: Group): Row[] {
  const ys = snapped([...level.map(({ at }) => at), ...ends(upright)]);
  const xs = snapped([...upright.map(({ at }) => at), ...ends(level)]);
  if (xs.length < 3 || ys.length < 3) return rows;
  const box = { top: ys[0] ?? 0, bottom: ys.at(-1) ?? 0, left: xs[0] ?? 0, right: xs.at(-1) ?? 0 };
  const inside = rows.flatMap((row) => {
    const words = row.words.filter((word) => isWithin(word, box));
    return words.length > 0 ? [{ ...row, words }] : [];
  });
  const table = toTable(inside, xs, ys, cellBoxes(xs, ys, level, upright));
  return table ? replaced(rows, box, table) : rows;
}

/** Where the outermost lines of the other axis end: tables are often open at their sides. */
function ends(lines: readonly Line[]): number[] {
  return lines.length === 0
    ? []
    : [Math.min(...lines.map(({ from }) => from)), Math.max(...lines.map(({ to }) => to))];
}

function snapped(values: readonly number[]): number[] {
  const distinct: number[] = [];
  for (const value of [...values].sort((left, right) => left - right)) {
    if (value - (distinct.at(-1) ?? Number.NEGATIVE_INFINITY) > SNAP * 1.5) distinct.push(value);
  }
  return distinct;
}

function isWithin({ x, right, y, size }: Word, box: Box): boolean {
  const middle = middleOf({ x, right });
  const height = y - size * 0.3;
  return middle >= box.left && middle <= box.right && height >= box.top && height <= box.bottom;
}

/** Columns and rows that a cell takes: `left` and `top` are in it, `right` and `bottom` behind it. */
function cellBoxes(
  xs: readonly number[],
  ys: readonly number[],
  level: readonly Line[],
  upright: readonly Line[],
): Box[] {
  const columns = xs.length - 1;
  const taken = new Set<number>();
  const boxes: Box[] = [];
  const isParted = (lines: readonly Line[], at: number, middle: number): boolean =>
    lines.some((line) => Math.abs(line.at - at) <= SNAP * 1.5 && line.from <= middle && line.to >= middle);
  const middle = (values: readonly number[], index: number): number =>
    ((values[index] ?? 0) + (values[index + 1] ?? 0)) / 2;
  for (let top = 0; top < ys.length - 1; top++) {
    for (let left = 0; left < columns; left++) {
      if (taken.has(top * columns + left)) continue;
      let right = left + 1;
      while (right < columns && !isParted(upright, xs[right] ?? 0, middle(ys, top))) right++;
      let bottom = top + 1;
      while (bottom < ys.length - 1 && !isParted(level, ys[bottom] ?? 0, middle(xs, left))) bottom++;
      for (let row = top; row < bottom; row++) {
        for (let column = left; column < right; column++) taken.add(row * columns + column);
      }
      boxes.push({ top, left, bottom, right });
    }
  }
  return boxes;
}

function toTable(
  rows: readonly Row[],
  xs: readonly number[],
  ys: readonly number[],
  boxes: readonly Box[],
): PdfTable | null {
  const table: PdfTable = {
    rows: ys.slice(1).map(() => []),
    columns: xs.length - 1,
    edges: [...xs],
    y: ys[0] ?? 0,
  };
  let filled = 0;
  for (const box of boxes) {
    const place = {
      left: xs[box.left] ?? 0,
      right: xs[box.right] ?? 0,
      top: ys[box.top] ?? 0,
      bottom: ys[box.bottom] ?? 0,
    };
    const inside = rowsBetween(rows, place.left, place.right).filter((row) =>
      row.words.some((word) => isWithin(word, place)),
    );
    if (inside.length > MOST_ROWS_IN_CELL) return null;
    const lines = inside.map(({ words }) => toLine(words));
    const text = lines.reduce((all, line) => joined(all, line.text), "");
    if (text !== "") filled++;
    table.rows[box.top]?.push({
      ...{ text, column: box.left, columns: box.right - box.left, rows: box.bottom - box.top },
      isBold: lines.length > 0 && lines.every(({ isBold }) => isBold),
    });
  }
  const full = table.rows.filter((row) => row.filter(({ text }) => text !== "").length >= 2).length;
  return full >= 2 && filled >= boxes.length * 0.3 ? table : null;
}

function replaced(rows: readonly Row[], box: Box, table: PdfTable): Row[] {
  const word: Word = {
    ...{ glyphs: [], places: [], x: box.left, right: box.right, y: box.top, size: 1, isBold: false },
    table,
  };
  const around = rows.flatMap((row) => {
    const words = row.words.filter((each) => !isWithin(each, box));
    return words.length > 0 ? [{ ...row, words }] : [];
  });
  return [...around, { y: box.top, size: 1, words: [word] }].sort((left, right) => left.y - right.y);
}
