/** Tables without lines of their own: rows whose words keep clear of the same upright strips. */
import type { Gutter } from "./gutters.ts";
import { joined } from "./hyphens.ts";
import { toLine } from "./lines.ts";
import { median, middleOf } from "./measures.ts";
import type { Ruling } from "./page-content.ts";
import type { Row, Word } from "./rows.ts";

export type PdfCell = { text: string; columns: number; rows: number; isBold: boolean };
export type PdfTable = {
  /** Row by row; a cell over several columns or rows stands where it begins. Each with the column it begins in. */
  rows: (PdfCell & { column: number })[][];
  columns: number;
  /** Where its columns begin, and its last one ends. */
  edges: number[];
  y: number;
};

type Cell = PdfTable["rows"][number][number];
type PhysicalRow = { y: number; size: number; cells: Cell[] };

/** Of the rows, how many a strip must pass to be between two columns. */
const COLUMN_SHARE = 0.6;
/** In rows that belong to one: a wrapped line is nearer to the one above than the next row is. */
const WRAPPED = 1.3;
/** Times the type's size, between the names of two columns. */
const NAME_GAP = 0.35;

/** The table that `gutter` is a strip of, with the rows it takes. Null where these are no table. */
export function streamTable(
  rows: readonly Row[],
  gutter: Gutter,
  gutters: readonly Gutter[],
  rulings: readonly Ruling[],
): { from: number; to: number; table: PdfTable } | null {
  const strips = stripsOf(gutter, gutters);
  const borders = strips.map(({ left, right }) => middleOf({ x: left, right }));
  let { from, to } = gutter;
  const physical = rows.slice(from, to + 1).map((row) => physicalRow(row, borders));
  while (physical.length > 0 && isAlone(physical[0])) {
    physical.shift();
    from++;
  }
  while (physical.length > 0 && isAlone(physical.at(-1)) && !goesOn(physical)) {
    physical.pop();
    to--;
  }
  while (isWrapBelow(rows[to + 1], physical, borders)) physical.push(physicalRow(rows[++to] as Row, borders));
  while (isHeadAbove(rows[from - 1], rows[from])) physical.unshift(physicalRow(rows[--from] as Row, borders));
  if (physical.filter(({ cells }) => cells.length > 1).length < 2) return null;
  const words = rows.slice(from, to + 1).flatMap((row) => row.words);
  const left = Math.min(...words.map(({ x }) => x));
  const right = Math.max(...words.map((word) => word.right));
  const merged = mergeWrapped(physical, separators(rulings, left, right), borders.length + 1);
  const table = {
    rows: merged.map(({ cells }) => cells),
    columns: borders.length + 1,
    edges: [left, ...borders, right],
    y: physical[0]?.y ?? 0,
  };
  return table.rows.length < 2 ? null : { from, to, table };
}

/** The strips beside `gutter` that pass most of its rows, from left to right, each as narrow as all of them are. */
function stripsOf(gutter: Gutter, gutters: readonly Gutter[]): Gutter[] {
  const rows = gutter.to - gutter.from + 1;
  const strips: Gutter[] = [];
  for (const each of gutters) {
    const shared = Math.min(each.to, gutter.to) - Math.max(each.from, gutter.from) + 1;
    if (shared < Math.max(2, rows * COLUMN_SHARE)) continue;
    const same = strips.find(({ left, right }) => left < each.right && each.left < right);
    if (!same) strips.push({ ...each });
    else {
      same.left = Math.max(same.left, each.left);
      same.right = Math.min(same.right, each.right);
    }
  }
  return strips.sort((left, right) => left.left - right.left);
}

function physicalRow(row: Row, borders: readonly number[]): PhysicalRow {
  const parts: Word[][] = [];
  const usual = usualGap(row);
  for (const word of row.words) {
    const part = parts.at(-1);
    const last = part?.at(-1);
    const isParted = last && borders.some((border) => isBetween(last, word, border, row.size, usual));
    if (part && !isParted) part.push(word);
    else parts.push([word]);
  }
  return { y: row.y, size: row.size, cells: parts.map((part) => toCell(part, borders)) };
}

/** Between words of one cell: the smaller ones of a row. */
function usualGap({ words }: Row): number {
  const gaps = words.slice(1).map((word, index) => word.x - (words[index]?.right ?? 0));
  return gaps.sort((left, right) => left - right)[Math.floor(gaps.length / 3)] ?? 0;
}

/** A name that is wider than what stands below it may reach over the border, if a gap shows where the next begins. */
function isBetween(last: Word, next: Word, border: number, size: number, usualGap: number): boolean {
  if (border >= last.right && border <= next.x) return true;
  const gap = next.x - last.right;
  const isGap = gap > size * NAME_GAP && gap > usualGap * 1.4;
  return isGap && border > middleOf(last) && border < middleOf(next);
}

function toCell(words: readonly Word[], borders: readonly number[]): Cell {
  const { text, isBold } = toLine(words);
  const [first, end] = [words[0] as Word, words.at(-1) as Word];
  // By middles at both ends: an edge may reach over a border.
  const column = borders.filter((border) => border <= Math.min(middleOf(first), first.x + first.size)).length;
  const last = Math.max(column, borders.filter((border) => border < middleOf(end)).length);
  return { text, column, columns: last - column + 1, rows: 1, isBold };
}

/** A title, or the end of what stands around the table. */
function isAlone(row: PhysicalRow | undefined): boolean {
  return row !== undefined && row.cells.length < 2;
}

/** Whether the last row is what did not fit into the one before. */
function goesOn(rows: readonly PhysicalRow[]): boolean {
  const [before, last] = rows.slice(-2);
  if (!before || !last) return false;
  const [cell] = last.cells;
  return cell !== undefined && cell.column > 0 && last.y - before.y < last.size * WRAPPED;
}

function isWrapBelow(
  row: Row | undefined,
  above: readonly PhysicalRow[],
  borders: readonly number[],
): boolean {
  if (!row || above.length === 0) return false;
  const below = physicalRow(row, borders);
  return isAlone(below) && below.cells[0]?.columns === 1 && goesOn([...above, below]);
}

/** Names over several columns cross the strips between them. */
function isHeadAbove(row: Row | undefined, below: Row | undefined): boolean {
  if (!row || !below || below.y - row.y > row.size * 2.2) return false;
  const gaps = row.words.slice(1).map((word, index) => word.x - (row.words[index]?.right ?? 0));
  return gaps.filter((gap) => gap > row.size * 1.5).length > 0;
}

/** Heights at which a line crosses most of the table. */
function separators(rulings: readonly Ruling[], left: number, right: number): number[] {
  const heights = new Map<number, number>();
  for (const { x1, x2, y1, y2 } of rulings) {
    if (Math.abs(y1 - y2) > 1) continue;
    const length = Math.min(x2, right) - Math.max(x1, left);
    const height = Math.round(y1 / 2);
    if (length > 0) heights.set(height, (heights.get(height) ?? 0) + length);
  }
  return [...heights].filter(([, length]) => length > (right - left) * 0.6).map(([height]) => height * 2);
}

/** Rows of paper to rows of the table. */
function mergeWrapped(rows: PhysicalRow[], lines: readonly number[], columns: number): PhysicalRow[] {
  return mergedByLines(rows, lines) ?? mergedByDistance(rows, columns);
}

function mergedByLines(rows: readonly PhysicalRow[], lines: readonly number[]): PhysicalRow[] | null {
  const groups: PhysicalRow[][] = [];
  for (const row of rows) {
    const last = groups.at(-1)?.at(-1);
    const isParted =
      last && lines.some((line) => line > last.y - last.size * 0.3 && line < row.y - row.size * 0.2);
    if (!last || isParted) groups.push([row]);
    else groups.at(-1)?.push(row);
  }
  const isRuled = groups.length >= 3 && groups.length >= rows.length * 0.2 && groups.length < rows.length;
  if (!isRuled || groups.some(isSeveral)) return groups.length === rows.length ? [...rows] : null;
  return groups.map((group) => group.reduce(mergedRow));
}

/** Lines between groups of rows are no lines between rows. */
function isSeveral(group: readonly PhysicalRow[]): boolean {
  if (group.length < 2) return false;
  const filled = group.map(({ cells }) => cells.map(({ column }) => column).join());
  return filled.every((each) => each === filled[0]) && (group[0]?.cells.length ?? 0) > 1;
}

function mergedByDistance(rows: readonly PhysicalRow[], columns: number): PhysicalRow[] {
  const steps = rows.slice(1).map((row, index) => (row.y - (rows[index]?.y ?? 0)) / row.size);
  const [least, most] = [Math.min(...steps), Math.max(...steps)];
  const isTwofold = most >= least * WRAPPED && least < 1.5;
  const merged: PhysicalRow[] = [];
  for (const [index, row] of rows.entries()) {
    const last = merged.at(-1);
    const step = steps[index - 1] ?? most;
    const isNear = isTwofold ? step < (least + Math.min(most, median(steps) * 2)) / 2 : step < 1.6;
    const isWhole = row.cells.length === columns || row.cells.some(({ column }) => column === 0);
    const isWrap =
      last !== undefined &&
      isNear &&
      (isTwofold ? row.cells.length < columns : !isWhole && continuesAll(last, row));
    if (last && isWrap) merged[merged.length - 1] = mergedRow(last, row);
    else merged.push(row);
  }
  return merged;
}

function continuesAll(last: PhysicalRow, row: PhysicalRow): boolean {
  return row.cells.every(
    ({ column, text }) => /\p{L}/u.test(text) && last.cells.some((cell) => cell.column === column),
  );
}

function mergedRow(above: PhysicalRow, below: PhysicalRow): PhysicalRow {
  const cells = above.cells.map((cell) => ({ ...cell }));
  for (const cell of below.cells) {
    const same = cells.find(({ column }) => column === cell.column);
    if (same) same.text = joined(same.text, cell.text);
    else cells.push(cell);
  }
  return { y: below.y, size: above.size, cells: cells.sort((left, right) => left.column - right.column) };
}
