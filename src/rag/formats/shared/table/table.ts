/** Tables as text in which every row can stand alone: "City: Zurich; Hotel limit: 190 euros". Every format's go through here. */
export type { TableCell, TableRow } from "./grid.ts";

import { type Cell, distinctCells, type GridRow, isSpanned, type TableRow, toGrid } from "./grid.ts";
import { columnNames, type Habit, headerRows, isSameRow, namesRows } from "./header.ts";

export type TableSource = {
  rows: readonly TableRow[];
  /**
   * "usual" where a table of this format names its columns unless something speaks against it, "unknown" where
   * something must speak for it.
   */
  habit: Habit;
  /** What the document calls the table. */
  title?: string;
};

/** What a reader sees: what it is called, its rows in sections, and what stands below it. */
export type TableText = { titles: string[]; sections: Section[]; notes: string[] };
/** Rows under a row that spans all columns; the first section may have none. */
export type Section = { title: string | null; rows: { text: string; page: number | null }[] };

/** A text in a cell over several columns belongs to each of them, unless it is as long as this: then it says more. */
const LONGEST_SHARED = 40;
/** A row over all columns that is longer is no title but a note. */
const LONGEST_TITLE = 120;

export function tableText({ rows, habit, title }: TableSource): TableText {
  const grid = toGrid(rows);
  const from = titleRows(grid);
  const titles = [title ?? "", ...grid.slice(0, from).map(({ cells }) => titleLine(cells))];
  const until = noteRows(grid, from);
  const table = grid.slice(from, until);
  const header = table.slice(0, headerRows(table, habit));
  const body = table.slice(header.length).filter((row) => !header.some((each) => isSameRow(each, row)));
  return {
    titles: titles.filter((text) => text !== ""),
    sections: sectionsOf(body, toLine(columnNames(header), body)),
    notes: grid.slice(until).map(({ cells }) =>
      distinctCells(cells)
        .map(({ text }) => text)
        .join(" "),
    ),
  };
}

function named(name: string, text: string): string {
  if (text === "") return "";
  return name === "" || name === text ? text : `${name}: ${text}`;
}

/** A table in a cell: its rows one after the other, in a form that is not taken for columns of the outer one. */
export function inlineTable({ rows }: TableSource): string {
  const lines = toGrid(rows).map(({ cells }) => distinctCells(cells).map(({ text }) => text));
  const isList = lines.every(({ length }) => length === 1);
  return isList ? inlineItems(lines.flat()) : lines.map((cells) => cells.join(", ")).join(" / ");
}

/** Items in a cell; those that are sentences need nothing between them. */
export function inlineItems(items: readonly string[]): string {
  return items
    .filter((item) => item !== "")
    .map((item, place, all) => (place === all.length - 1 || /[.!?;:,。]$/.test(item) ? item : `${item},`))
    .join(" ");
}

/** Rows on top that say one thing, where the others say several, or that an empty row parts from a wider table. */
function titleRows(grid: readonly GridRow[]): number {
  const isAlone = (row: GridRow) => distinctCells(row.cells).length === 1 && row.cells[0]?.text !== "";
  const alone = grid.findIndex((row) => !isAlone(row));
  const count = Math.max(alone, partedRows(grid));
  return count === -1 || count * 2 > grid.length || (grid[0]?.cells.length ?? 0) < 2 ? 0 : count;
}

/** More of them are a table of their own. */
const MOST_PARTED = 15;

function partedRows(grid: readonly GridRow[]): number {
  const sizes = grid.slice(0, MOST_PARTED + 1).map(({ cells }) => distinctCells(cells).length);
  return sizes.findLastIndex(
    (size, place) => grid[place]?.isAfterBlank === true && sizes.slice(0, place).every((each) => each < size),
  );
}

/** "Printed on: 3 May", where two cells stand there. */
function titleLine(cells: readonly Cell[]): string {
  const texts = distinctCells(cells).map(({ text }) => text.replace(/\s*[:：]$/, ""));
  return texts.length === 1 ? (cells.find(({ text }) => text !== "")?.text ?? "") : texts.join(": ");
}

/** Where the rows end and what was written below them begins. */
function noteRows(grid: readonly GridRow[], from: number): number {
  let until = grid.length;
  for (let row = grid[until - 1]; row && until > from + 2 && isNote(row); row = grid[until - 1]) until--;
  return until;
}

/** A sentence, or a line like "Source: harbour office"; a single word is a row of which the rest is missing. */
const SAYS_MORE = /[.!?:]$|: |^[*†]/;
const MOST_WORDS = 2;

function isNote({ cells, written }: GridRow): boolean {
  const text = cells[0]?.text ?? "";
  return (
    isSpanned(cells) ||
    (written === 1 &&
      cells.length > 2 &&
      (SAYS_MORE.test(text) || text.split(" ", MOST_WORDS + 1).length > MOST_WORDS))
  );
}

type ToLine = (row: GridRow) => string;

function toLine(names: string[] | null, body: readonly GridRow[]): ToLine {
  if (names) return ({ cells }) => namedLine(names, cells);
  if (namesRows(body)) return ({ cells }) => pairsLine(cells, (_, column) => column === 0);
  const isDeclared = (row: GridRow) =>
    row.cells[0]?.isHeader === true && row.cells.some(({ isHeader }) => !isHeader);
  if (body.every(isDeclared)) return ({ cells }) => pairsLine(cells, ({ isHeader }) => isHeader);
  const calls = ({ text }: Cell) => /[:：]$/.test(text);
  if (body.every(({ cells }) => calls(cells[0] as Cell))) return ({ cells }) => pairsLine(cells, calls);
  return ({ cells }) =>
    distinctCells(cells)
      .map(({ text }) => text)
      .join(" | ");
}

function namedLine(names: readonly string[], cells: readonly Cell[]): string {
  const parts = cells.map((cell, column) => {
    const isFirst = column === 0 || cells[column - 1] !== cell;
    if (cell.columnSpan === 1 || cell.text.length <= LONGEST_SHARED)
      return named(names[column] ?? "", cell.text);
    return isFirst ? cell.text : "";
  });
  return [...new Set(parts)].filter((part) => part !== "").join("; ");
}

/** "Manager: Jane Roe; Phone: 4711", where cells call what comes after them. */
function pairsLine(cells: readonly Cell[], calls: (cell: Cell, column: number) => boolean): string {
  let line = "";
  let isCalled = false;
  for (const [column, cell] of cells.entries()) {
    if (cell.text === "" || cells[column - 1] === cell) continue;
    const text = calls(cell, column) ? cell.text.replace(/\s*[:：]$/, "") : cell.text;
    line += line === "" ? text : `${isCalled ? ": " : "; "}${text}`;
    isCalled = calls(cell, column);
  }
  return line;
}

function sectionsOf(body: readonly GridRow[], line: ToLine): Section[] {
  const sections: Section[] = [{ title: null, rows: [] }];
  for (const row of body) {
    const text = row.cells[0]?.text ?? "";
    if (isSpanned(row.cells) && text.length <= LONGEST_TITLE) sections.push({ title: text, rows: [] });
    else sections.at(-1)?.rows.push({ text: line(row), page: row.page });
  }
  return sections.filter(({ title, rows }) => title !== null || rows.length > 0);
}
