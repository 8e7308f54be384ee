/** Which rows of a table name its columns, and whether its first column names its rows: found, not assumed. */
import {
  callsFields,
  canName,
  columnOf,
  isHeaderSequence,
  isLikeBelow,
  isOfOneKind,
  shareOfFields,
  standsOverExplanations,
  standsOverNumbers,
  textsOf,
} from "./evidence.ts";
import { type Cell, distinctCells, type GridRow } from "./grid.ts";
import { hasDigit, kindOf } from "./kinds.ts";

/** How often tables of a format name their columns where nothing in the table itself tells: see `TableSource`. */
export type Habit = "usual" | "unknown";

/** More rows of names than this are none. */
const MOST_HEADER_ROWS = 3;

/** How many rows on top name the columns: none where nothing shows that they do. */
export function headerRows(rows: readonly GridRow[], habit: Habit): number {
  const declared = declaredRows(rows);
  const [first, ...below] = rows;
  if (!first || below.length === 0) return 0;
  if (declared > 0) return Math.min(rows.length - 1, Math.max(declared, groupedRows(rows)));
  const grouped = groupedRows(rows);
  if (grouped > 0) return grouped;
  return namesColumns(first, withoutRepeats(first, below), habit) ? 1 : 0;
}

/** The names of the columns, from what stands above each, outermost first; null for no header. */
export function columnNames(header: readonly GridRow[]): string[] | null {
  const [first] = header;
  if (!first) return null;
  return first.cells.map((_, column) => {
    const above = header.map((row, place) => nameAt(row, column, place < header.length - 1));
    return [...new Set(above.filter((text) => text !== ""))].join(" ").replace(/\s*[:：]$/, "");
  });
}

/** A group's name stands over its first column only where the format has no spans. */
function nameAt({ cells }: GridRow, column: number, isGroup: boolean): string {
  const own = cells[column]?.text ?? "";
  if (own !== "" || !isGroup) return own;
  const hasSpans = cells.some(({ columnSpan }) => columnSpan > 1);
  return hasSpans ? "" : (cells.slice(0, column).findLast(({ text }) => text !== "")?.text ?? "");
}

export function isSameRow(left: GridRow, right: GridRow): boolean {
  return left.cells.every(({ text }, column) => text === right.cells[column]?.text);
}

function withoutRepeats(first: GridRow, rows: readonly GridRow[]): GridRow[] {
  return rows.filter((row) => !isSameRow(row, first));
}

/** Rows on top that the document itself marks as names. A table that marks everything marks nothing. */
function declaredRows(rows: readonly GridRow[]): number {
  const isDeclared = (row: GridRow) => {
    const given = distinctCells(row.cells);
    return given.length > 0 && given.every(({ isHeader }) => isHeader) && given[0] !== onlyFirst(row);
  };
  const count = rows.findIndex((row) => !isDeclared(row));
  return count === -1 ? 0 : count;
}

/** A row of which only the first place is filled names no columns. */
function onlyFirst({ cells }: GridRow): Cell | null {
  const isAlone = cells.length > 1 && cells.slice(1).every(({ text }) => text === "");
  return isAlone ? (cells[0] ?? null) : null;
}

/** Rows of names under names of groups: 0 where the first row groups nothing. */
function groupedRows(rows: readonly GridRow[]): number {
  const [first, second] = rows;
  if (!first || !second || rows.length < 3) return 0;
  const spans = first.cells.filter(({ columnSpan }) => columnSpan > 1 && columnSpan < first.cells.length);
  if (spans.length === 0) return hasGaps(first) && isUnderGroups(second, rows.slice(2)) ? 2 : 0;
  const height = Math.max(2, ...first.cells.map(({ rowSpan }) => rowSpan));
  if (height > MOST_HEADER_ROWS || rows.length <= height) return 0;
  return rows.slice(1, height).every((row) => isUnderGroups(row, rows.slice(height))) ? height : 0;
}

/** Names of groups, as a file without spans has them: each over the first of its columns, the others empty. */
function hasGaps({ cells }: GridRow): boolean {
  const from = cells.findIndex(({ text }, column) => column > 0 && text !== "");
  const gaps = cells.slice(from).filter(({ text }) => text === "").length;
  const names = cells.slice(1).filter(({ text }) => text !== "").length;
  return from > 0 && names >= 2 && gaps >= names - 1 && cells.at(from + 1)?.text === "";
}

/** Names under a group are short, and differ in kind from what stands below them. */
function isUnderGroups(row: GridRow, below: readonly GridRow[]): boolean {
  const own = row.cells.filter(({ text }) => text !== "");
  const places = row.cells.keys().toArray();
  return (
    own.length * 2 >= row.cells.length &&
    own.every(({ text }) => text.length <= 40) &&
    (places.some((column) => standsOverNumbers(row, below, column)) ||
      row.cells.some(
        ({ text }, column) =>
          hasDigit(text) &&
          kindOf(text) !== "number" &&
          columnOf(below, column).every((each) => kindOf(each) === "number"),
      ) ||
      callsFields(row, below)) &&
    !isLikeBelow(row, below)
  );
}

function namesColumns(first: GridRow, below: readonly GridRow[], habit: Habit): boolean {
  if (below.length === 0 || first.cells.length < 2) return false;
  if (isHeaderSequence(first, below)) return true;
  if (!canName(first, habit === "usual")) return false;
  if (isSetApart(first, below)) return true;
  if (isLikeBelow(first, below)) return false;
  return first.cells.length === 2 ? namesTwoColumns(first, below, habit) : namesMany(first, below, habit);
}

/** In bold, over rows that are not. */
function isSetApart(first: GridRow, below: readonly GridRow[]): boolean {
  const isBold = (row: GridRow) => distinctCells(row.cells).every((cell) => cell.isBold);
  return isBold(first) && below.filter(isBold).length * 2 < below.length;
}

function namesMany(first: GridRow, below: readonly GridRow[], habit: Habit): boolean {
  const places = [...first.cells.keys()];
  return (
    places.some((column) => standsOverNumbers(first, below, column)) ||
    places.some((column) => standsOverExplanations(first, below, column)) ||
    callsFields(first, below) ||
    habit === "usual"
  );
}

/** Two columns may be names and what they stand for, and then the first row is one of them. */
function namesTwoColumns(first: GridRow, below: readonly GridRow[], habit: Habit): boolean {
  if (shareOfFields(textsOf(first)) === 1) return true;
  if (namesRows([first, ...below])) return false;
  if (!isOfOneKind(below, 1)) return false;
  const isOver = below.length > 1 && standsOverNumbers(first, below, 1);
  return isOver || standsOverExplanations(first, below, 1) || habit === "usual";
}

/** Whether the first of two columns calls what stands in the second: "Deputy | Tom Li". */
export function namesRows(rows: readonly GridRow[]): boolean {
  const given = rows.filter(
    ({ cells }) => cells.length === 2 && cells[0]?.text !== "" && cells[0] !== cells[1],
  );
  if (given.length === 0) return false;
  const most = (is: (row: GridRow) => boolean) => given.filter(is).length * 2 >= given.length;
  const all = (is: (row: GridRow) => boolean) => given.every(is);
  return (
    all(({ cells: [name, value] }) => name?.isHeader === true && value?.isHeader !== true) ||
    all(({ cells: [name, value] }) => name?.isBold === true && value?.isBold !== true) ||
    most(({ cells: [name] }) => /[:：]$/.test(name?.text ?? "")) ||
    (given.length >= 2 && shareOfFields(given.map(({ cells: [name] }) => name?.text ?? "")) >= 0.5)
  );
}
