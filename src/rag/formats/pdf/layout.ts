/** Positioned bits of text to lines, and lines to paragraphs, headings, lists and tables. Pure. */
import type { BlockWriter } from "../shared/block-writer.ts";

/** What pdf.js says of a bit of text; `transform` is [a, b, c, d, x, y] with y upwards. */
export type PdfItem = { str: string; transform: number[]; width: number; height: number; hasEOL: boolean };

/** `isApart`: a gap before it that only a column makes. */
type Cell = { x: number; right: number; text: string; isApart: boolean };
/** One line of a page. `cells` are its parts where wide gaps part it; `y` grows upwards. */
export type PdfLine = { text: string; cells: Cell[]; x: number; right: number; y: number; height: number };

const LIST_MARK = /^(?:[•‣▪◦●○■–·*-]|\d{1,2}[.)]|[a-z]\))\s+\S/;
/** Times the body's size at which a line reads as a heading. */
const HEADING_SIZE = 1.12;
const LONGEST_HEADING = 160;
/** Times the type size: a gap as wide as this may be a column's, */
const CELL_GAP = 0.38;
/** and one as wide as this cannot be a word's. */
const COLUMN_GAP = 1.2;
/** Points by which cells of one column may differ. */
const COLUMN_TOLERANCE = 3;

/** Bits of text in the order of the page's content to lines. */
export function toLines(items: readonly PdfItem[]): PdfLine[] {
  const lines: PdfLine[] = [];
  let open: PdfItem[] = [];
  const close = (): void => {
    const line = toLine(open);
    if (line) lines.push(line);
    open = [];
  };
  for (const item of items) {
    const last = open.at(-1);
    if (last && !isSameLine(last, item)) close();
    if (item.str !== "") open.push(item);
  }
  close();
  return mergeRows(lines);
}

function isSameLine(last: PdfItem, item: PdfItem): boolean {
  if (item.str === "") return true;
  const size = Math.max(sizeOf(last), sizeOf(item), 1);
  const isLevel = Math.abs(yOf(last) - yOf(item)) < size * 0.5;
  return isLevel && xOf(item) > xOf(last) - size;
}

function toLine(items: readonly PdfItem[]): PdfLine | null {
  const cells: Cell[] = [];
  let height = 0;
  for (const item of items) {
    const cell = cells.at(-1);
    const gap = cell ? xOf(item) - cell.right : 0;
    const size = sizeOf(item);
    // Blanks are gaps that the writer of the file filled in.
    if (item.str.trim() === "") continue;
    height = Math.max(height, size);
    const right = xOf(item) + item.width;
    if (!cell || gap > size * CELL_GAP) {
      cells.push({ x: xOf(item), right, text: item.str, isApart: gap > size * COLUMN_GAP });
    } else {
      const needsSpace = gap > size * 0.15 && !cell.text.endsWith(" ") && !item.str.startsWith(" ");
      cell.text += (needsSpace ? " " : "") + item.str;
      cell.right = right;
    }
  }
  const [first] = cells;
  const last = cells.at(-1);
  const item = items[0];
  // Symbol fonts keep their bullets where Unicode has no characters.
  if (first) first.text = first.text.replace(/^[\uf000-\uf0ff]/, "•");
  if (!first || !last || !item) return null;
  for (const cell of cells) cell.text = cell.text.replace(/\s+/g, " ").trim();
  const text = cells.map((cell) => cell.text).join(" ");
  return { text, cells, x: first.x, right: last.right, y: yOf(item), height };
}

/** Cells of one table row are often written as lines of their own, at the same height. */
function mergeRows(lines: readonly PdfLine[]): PdfLine[] {
  const merged: PdfLine[] = [];
  for (const line of lines) {
    const last = merged.at(-1);
    const isSameRow =
      last && Math.abs(last.y - line.y) < Math.min(last.height, line.height) * 0.4 && line.x > last.right;
    if (!isSameRow) {
      merged.push({ ...line, cells: [...line.cells] });
      continue;
    }
    last.cells.push(...line.cells.map((cell) => ({ ...cell, isApart: true })));
    last.text += ` ${line.text}`;
    last.right = line.right;
    last.height = Math.max(last.height, line.height);
  }
  return merged;
}

/** Writes the pages' lines as blocks. Running heads and feet are left out. */
export function writeLines(pages: readonly PdfLine[][], writer: BlockWriter): void {
  const isRunning = runningLines(pages);
  const body = bodySize(pages);
  const levels = headingLevels(pages, body);
  for (const [index, lines] of pages.entries()) {
    const kept = lines.filter((line) => !isRunning(line));
    for (const group of groupLines(kept, body)) writeGroup(group, body, levels, index + 1, writer);
  }
}

/** Lines that stand at the same height on most pages, but for their numbers, belong to the paper. */
function runningLines(pages: readonly PdfLine[][]): (line: PdfLine) => boolean {
  const pagesWith = new Map<string, number>();
  const keyOf = (line: PdfLine): string => `${Math.round(line.y / 4)} ${line.text.replace(/\d+/g, "#")}`;
  for (const lines of pages) {
    for (const key of new Set(lines.map(keyOf))) pagesWith.set(key, (pagesWith.get(key) ?? 0) + 1);
  }
  const enough = Math.max(3, pages.length * 0.6);
  return (line) => (pagesWith.get(keyOf(line)) ?? 0) >= enough;
}

/** The type size of most characters. */
function bodySize(pages: readonly PdfLine[][]): number {
  const characters = new Map<number, number>();
  for (const { height, text } of pages.flat()) {
    const size = Math.round(height * 2) / 2;
    characters.set(size, (characters.get(size) ?? 0) + text.length);
  }
  return [...characters].sort(([, left], [, right]) => right - left)[0]?.[0] ?? 10;
}

/** Larger type, higher heading. */
function headingLevels(pages: readonly PdfLine[][], body: number): Map<number, number> {
  const sizes = pages
    .flat()
    .filter((line) => isHeading(line, body))
    .map(({ height }) => Math.round(height));
  const distinct = [...new Set(sizes)].sort((left, right) => right - left);
  return new Map(distinct.map((size, index) => [size, Math.min(index + 1, 6)]));
}

function isHeading({ text, height }: PdfLine, body: number): boolean {
  return height >= body * HEADING_SIZE && text.length <= LONGEST_HEADING && /\p{L}{2}/u.test(text);
}

type Kind = "heading" | "table" | "list" | "paragraph";
type Group = { kind: Kind; lines: PdfLine[] };

function groupLines(lines: readonly PdfLine[], body: number): Group[] {
  const groups: Group[] = [];
  const kinds = lineKinds(lines, body);
  const usualGap = medianGap(lines);
  for (const [index, line] of lines.entries()) {
    const kind = kinds[index] ?? "paragraph";
    const group = groups.at(-1);
    const previous = lines[index - 1];
    if (group && previous && continues(group, previous, line, kind, usualGap)) group.lines.push(line);
    else groups.push({ kind, lines: [line] });
  }
  return groups;
}

/** A line in several cells is a table's when a neighbour has cells in the same places. */
function lineKinds(lines: readonly PdfLine[], body: number): Kind[] {
  const kinds = lines.map((line, index): Kind => {
    if (isHeading(line, body)) return "heading";
    if (LIST_MARK.test(line.text)) return "list";
    const isRow = [lines[index - 1], lines[index + 1]].some((other) => other && sharesColumns(line, other));
    return isRow ? "table" : "paragraph";
  });
  return kinds.map((kind, index) => {
    const [line, next] = [lines[index], lines[index + 1]];
    const isHeader =
      kind === "paragraph" && kinds[index + 1] === "table" && line && next && isTableHead(line, next);
    return isHeader ? "table" : kind;
  });
}

/** Column names are often centred over cells that are not. */
function isTableHead(line: PdfLine, next: PdfLine): boolean {
  const isNear = line.y - next.y < line.height * 4;
  return isNear && line.cells.length > 1 && line.cells.length === next.cells.length;
}

function sharesColumns(line: PdfLine, other: PdfLine): boolean {
  if (line.cells.length < 2 || other.cells.length < 2) return false;
  const isNear = Math.abs(line.y - other.y) < Math.max(line.height, other.height) * 4;
  return (
    isNear &&
    line.cells.slice(1).some((cell) => other.cells.slice(1).some((each) => isSameColumn(cell, each)))
  );
}

/** Words of two justified lines end at the same place too, so that counts only across wide gaps. */
function isSameColumn(left: Cell, right: Cell): boolean {
  if (Math.abs(left.x - right.x) < COLUMN_TOLERANCE) return true;
  if (!left.isApart || !right.isApart) return false;
  const centres = Math.abs(left.x + left.right - right.x - right.right) / 2;
  return Math.abs(left.right - right.right) < COLUMN_TOLERANCE || centres < COLUMN_TOLERANCE;
}

function continues(group: Group, previous: PdfLine, line: PdfLine, kind: Kind, usualGap: number): boolean {
  const gap = previous.y - line.y;
  const isSameSize = Math.abs(previous.height - line.height) < previous.height * 0.12;
  if (group.kind === "table") return kind === "table" && gap > 0;
  if (group.kind === "heading") return kind === "heading" && isSameSize && gap > 0 && gap < line.height * 1.9;
  const isClose = gap > 0 && gap <= usualGap * 1.35;
  if (group.kind === "list") {
    // An item's further lines are indented below its mark.
    return (
      (kind === "list" && gap > 0) ||
      (kind === "paragraph" && isClose && line.x > (group.lines[0]?.x ?? 0) + 2)
    );
  }
  return kind === "paragraph" && isClose && isSameSize;
}

/** The usual distance of two lines of the same paragraph. */
function medianGap(lines: readonly PdfLine[]): number {
  const gaps = lines
    .map((line, index) => (lines[index - 1]?.y ?? line.y) - line.y)
    .filter((gap) => gap > 0)
    .sort((left, right) => left - right);
  // Paragraph gaps are wider and fewer, unless every paragraph is a line: the lower third is safe for both.
  return gaps[Math.floor(gaps.length / 3)] ?? 12;
}

function writeGroup(
  { kind, lines }: Group,
  body: number,
  levels: Map<number, number>,
  page: number,
  writer: BlockWriter,
): void {
  const height = lines[0]?.height ?? body;
  if (kind === "heading") {
    writer.heading(levels.get(Math.round(height)) ?? 6, joinLines(lines), page);
    return;
  }
  if (kind === "table") {
    const rows = toGrid(lines).map((row) => ({ cells: row.map((text) => ({ text })) }));
    writer.table({ rows, habit: "unknown" }, page);
    return;
  }
  if (kind === "list") {
    writer.block("list", listText(lines), page);
    return;
  }
  writer.block("paragraph", joinLines(lines), page);
}

/** Cells under the column of the row that has most cells. */
function toGrid(lines: readonly PdfLine[]): string[][] {
  const widest = lines.reduce((best, line) => (line.cells.length > best.cells.length ? line : best));
  const columns = widest.cells;
  return lines.map((line) => {
    const row = columns.map(() => "");
    for (const cell of line.cells) {
      const column = nearestColumn(columns, cell);
      row[column] = row[column] ? `${row[column]} ${cell.text}` : cell.text;
    }
    return row;
  });
}

function nearestColumn(columns: readonly Cell[], cell: Cell): number {
  let best = { column: 0, distance: Number.POSITIVE_INFINITY };
  for (const [column, each] of columns.entries()) {
    const distance = Math.min(Math.abs(each.x - cell.x), Math.abs(each.right - cell.right));
    if (distance < best.distance) best = { column, distance };
  }
  return best.column;
}

function listText(lines: readonly PdfLine[]): string {
  let text = "";
  for (const line of lines) {
    const shown = line.text.replace(/^[•‣▪◦●○■·]\s*/, "- ");
    text += text === "" ? shown : LIST_MARK.test(line.text) ? `\n${shown}` : ` ${shown}`;
  }
  return text;
}

/** Undoes the line breaks of a paragraph, and the hyphens they made. */
function joinLines(lines: readonly PdfLine[]): string {
  return lines.reduce((text, line) => {
    if (text === "") return line.text;
    if (/\p{L}[-\u2010]$/u.test(text) && /^\p{Ll}/u.test(line.text)) return text.slice(0, -1) + line.text;
    // Chinese and Japanese put no space between lines.
    return /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}。、]$/u.test(text)
      ? text + line.text
      : `${text} ${line.text}`;
  }, "");
}

function xOf(item: PdfItem): number {
  return item.transform[4] ?? 0;
}
function yOf(item: PdfItem): number {
  return item.transform[5] ?? 0;
}
/** The type size; `height` is 0 for blanks. */
function sizeOf(item: PdfItem): number {
  return item.height || Math.hypot(item.transform[2] ?? 0, item.transform[3] ?? 0) || 10;
}
