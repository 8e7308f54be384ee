/** Signs that a row names the columns below it, and signs that it does not. */
import { callsAField } from "./field-words.ts";
import type { Cell, GridRow } from "./grid.ts";
import { hasDigit, isCalendar, isSequence, type Kind, kindOf } from "./kinds.ts";

/** A longer text says something. */
const LONGEST_NAME = 80;
/** Words of a cell that explains, and the most of a name above it. */
const EXPLAINS_FROM = 5;
const NAMES_UP_TO = 3;
const SHAPED: ReadonlySet<Kind> = new Set(["number", "date", "time", "address"]);

export function textsOf({ cells }: GridRow): string[] {
  return cells.map(({ text }) => text);
}

/** Whether all of it could be names: short, no sentences, few places empty, none twice. */
export function canName(row: GridRow, mayRepeat: boolean): boolean {
  const given = [...new Set(row.cells)].filter(({ text }) => text !== "").map(({ text }) => text);
  const empty = row.cells.slice(1).filter(({ text }) => text === "").length;
  return (
    given.length >= 2 &&
    empty * 3 <= row.cells.length &&
    given.every(isNameLike) &&
    (mayRepeat || new Set(given.map((text) => text.toLowerCase())).size === given.length)
  );
}

function isNameLike(text: string): boolean {
  return (
    text.length <= LONGEST_NAME && (!/[.!?;]$/.test(text) || text.length <= 8) && kindOf(text) !== "none"
  );
}

/** Its numbers are years, quarters and the like, or it is a row of months or days; the row below it is not. */
export function isHeaderSequence(row: GridRow, below: readonly GridRow[]): boolean {
  const isOne = (each: GridRow | undefined) => each !== undefined && sequenceIn(each);
  return isOne(row) && !isOne(below[0]);
}

function sequenceIn({ cells }: GridRow): boolean {
  const texts = [...new Set(cells.slice(1))].map(({ text }) => text).filter((text) => text !== "");
  const numbered = texts.filter(hasDigit);
  const others = texts.filter((text) => !hasDigit(text));
  if (numbered.length >= 2) return isSequence(numbered) && others.every(isNameLike);
  return isCalendar(texts);
}

/** It says what the rows below say: a number over numbers, a value that comes again, the first of seven days. */
export function isLikeBelow(row: GridRow, below: readonly GridRow[]): boolean {
  const isCounted = isCalendar([row, ...below].map(({ cells }) => cells[0]?.text ?? ""));
  return (
    isCounted ||
    row.cells.some(
      (cell, column) => recurs(cell, column, below) || isShapedLike(cell.text, columnOf(below, column)),
    )
  );
}

/** The same value again, in the same column of a row below. */
function recurs(cell: Cell, column: number, below: readonly GridRow[]): boolean {
  if (kindOf(cell.text) === "none") return false;
  return below.some(({ cells }) => cells[column] !== cell && cells[column]?.text === cell.text);
}

function isShapedLike(text: string, under: readonly string[]): boolean {
  const shape = shapeOf(text);
  const same = under.filter((each) => shapeOf(each) === shape).length;
  return shape !== null && same > 0 && same >= under.length * 0.6;
}

/** What values of a column have in common; codes only with their letters, since names of columns may be codes too. */
function shapeOf(text: string): string | null {
  const kind = kindOf(text);
  if (kind === "code") return text.replace(/\p{N}+/gu, "#");
  return SHAPED.has(kind) ? kind : null;
}

/** No digit in the name, and digits in all that stands below it. */
export function standsOverNumbers(row: GridRow, below: readonly GridRow[], column: number): boolean {
  const name = row.cells[column]?.text ?? "";
  const under = columnOf(below, column);
  const numbered = under.filter(hasDigit).length;
  return name !== "" && !hasDigit(name) && numbered > 0 && numbered >= under.length * 0.8;
}

/** All that stands in the column is of one kind. */
export function isOfOneKind(below: readonly GridRow[], column: number): boolean {
  const kinds = columnOf(below, column).map(kindOf);
  return kinds.length > 0 && kinds.every((kind) => kind === kinds[0]);
}

/** A few words over explanations. */
export function standsOverExplanations(row: GridRow, below: readonly GridRow[], column: number): boolean {
  const under = columnOf(below, column);
  const name = row.cells[column]?.text ?? "";
  return (
    under.length >= 2 &&
    name !== "" &&
    wordsOf(name) <= NAMES_UP_TO &&
    under.every((text) => wordsOf(text) >= EXPLAINS_FROM)
  );
}

/** Called by words that call things, unlike the rows below. */
export function callsFields(row: GridRow, below: readonly GridRow[]): boolean {
  return shareOfFields(textsOf(row)) >= 0.5 && shareOfFields(below.flatMap(textsOf)) < 0.25;
}

export function shareOfFields(texts: readonly string[]): number {
  const given = texts.filter((text) => text !== "");
  return given.length === 0 ? 0 : given.filter(callsAField).length / given.length;
}

/** What stands in a column, without the places that say that there is nothing. */
export function columnOf(rows: readonly GridRow[], column: number): string[] {
  return rows.map(({ cells }) => cells[column]?.text ?? "").filter((text) => kindOf(text) !== "none");
}

function wordsOf(text: string): number {
  return text.split(/\s+/).length;
}
