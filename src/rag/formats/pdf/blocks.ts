/** Lines and tables in reading order to headings, paragraphs, lists and tables of the document. */
import type { BlockWriter } from "../shared/block-writer.ts";
import type { Element } from "./columns.ts";
import { Hyphens, joined, withoutBroken } from "./hyphens.ts";
import type { LaidPage } from "./layout.ts";
import type { Line } from "./lines.ts";
import type { PdfTable } from "./tables.ts";
import { TablesOverPages } from "./tables-over-pages.ts";

const LIST_MARK = /^(?:[•‣▪◦●○■–·*-]|\d{1,2}[.)]|[a-z]\))\s+\S/;
/** Times the body's size at which a line reads as a heading. */
const HEADING_SIZE = 1.12;
const LONGEST_HEADING = 160;
/** Times the type's size: lines further apart are of no paragraph. */
const FARTHEST_LINE = 2.6;
/** Of a label and of a figure that belong together. */
const LONGEST_LABEL = 60;
const LONGEST_FIGURE = 32;

type Kind = "heading" | "figure" | "list" | "paragraph";
type Group = { kind: Kind; lines: Line[] } | { kind: "table"; table: PdfTable };

export function writePages(pages: readonly LaidPage[], writer: BlockWriter): void {
  const lines = pages.flatMap(({ elements }) =>
    elements.flatMap((each) => (each.kind === "line" ? [each.line] : [])),
  );
  const body = bodySize(pages);
  const levels = headingLevels(lines, body);
  const hyphens = new Hyphens();
  for (const text of wholeWords(pages)) hyphens.learn(text);
  const tables = new TablesOverPages(writer, (text) => hyphens.settle(text));
  for (const [index, { elements, comments }] of pages.entries()) {
    const page = index + 1;
    for (const [place, group] of groupLines(elements, body).entries()) {
      if (group.kind === "table") tables.take(group.table, page, place === 0);
      else {
        tables.end();
        writeGroup(group, body, levels, page, writer, hyphens);
      }
    }
    if (comments.length > 0) tables.end();
    for (const comment of comments) writer.block("paragraph", comment, page);
  }
  tables.end();
}

/** All text but the halves of words that a line's end parts. */
function* wholeWords(pages: readonly LaidPage[]): Generator<string> {
  let isBroken = false;
  for (const element of pages.flatMap(({ elements }) => elements)) {
    if (element.kind === "table") {
      for (const { text } of element.table.rows.flat()) yield withoutBroken(text);
      continue;
    }
    const { text } = element.line;
    const whole = isBroken ? text.replace(/^\S+/, "") : text;
    isBroken = /\p{L}[-\u2010]$/u.test(text);
    yield isBroken ? whole.replace(/\S+$/, "") : whole;
  }
}

/** The type size of most characters. */
function bodySize(pages: readonly LaidPage[]): number {
  const characters = new Map<number, number>();
  for (const { elements } of pages) {
    for (const element of elements) {
      if (element.kind !== "line") continue;
      const size = Math.round(element.line.size * 2) / 2;
      characters.set(size, (characters.get(size) ?? 0) + element.line.text.length);
    }
  }
  return [...characters].sort(([, left], [, right]) => right - left)[0]?.[0] ?? 10;
}

/** Larger type, higher heading. */
function headingLevels(lines: readonly Line[], body: number): Map<number, number> {
  const sizes = lines.filter((line) => isHeading(line, body)).map(({ size }) => Math.round(size));
  const distinct = [...new Set(sizes)].sort((left, right) => right - left);
  return new Map(distinct.map((size, index) => [size, Math.min(index + 1, 6)]));
}

function isHeading({ text, size }: Line, body: number): boolean {
  return size >= body * HEADING_SIZE && text.length <= LONGEST_HEADING && /\p{L}{2}/u.test(text);
}

function groupLines(elements: readonly Element[], body: number): Group[] {
  const groups: Group[] = [];
  const lines = elements.flatMap((each) => (each.kind === "line" ? [each.line] : []));
  const usualGap = lowerGap(lines);
  for (let index = 0; index < elements.length; index++) {
    const element = elements[index];
    if (element?.kind === "table") groups.push({ kind: "table", table: element.table });
    if (element?.kind !== "line") continue;
    const { line } = element;
    const figure = figureAt(elements, index);
    if (figure) {
      groups.push({ kind: "figure", lines: figure });
      index += figure.length - 1;
      continue;
    }
    const kind = kindOf(line, body);
    const group = groups.at(-1);
    const previous = elements[index - 1];
    const follows = group && group.kind !== "table" && previous?.kind === "line";
    if (follows && continues(group, previous.line, line, kind, usualGap)) group.lines.push(line);
    else groups.push({ kind, lines: [line] });
  }
  return groups;
}

function kindOf(line: Line, body: number): Kind {
  if (isHeading(line, body)) return "heading";
  return LIST_MARK.test(line.text) ? "list" : "paragraph";
}

/** A big number with its label, which is the nearer one of the short lines above and below it. */
function figureAt(elements: readonly Element[], index: number): Line[] | null {
  const [line, next, behind] = [0, 1, 2].map((step) => lineAt(elements, index + step));
  if (!line || !next) return null;
  const after = behind ? behind.y - next.y : Number.POSITIVE_INFINITY;
  const gap = next.y - line.y;
  if (gap <= 0) return null;
  if (isFigure(next) && isLabel(line, next)) {
    return gap < (after > 0 ? after : Number.POSITIVE_INFINITY) ? [line, next] : null;
  }
  const before = lineAt(elements, index - 1);
  const above = before && line.y > before.y ? line.y - before.y : Number.POSITIVE_INFINITY;
  const isOver = isFigure(line) && isLabel(next, line) && gap < above;
  const standsAlone = after <= 0 || after > gap * 1.2;
  return isOver && standsAlone ? [line, next] : null;
}

function lineAt(elements: readonly Element[], index: number): Line | undefined {
  const element = elements[index];
  return element?.kind === "line" ? element.line : undefined;
}

function isFigure({ text }: Line): boolean {
  return (
    text.length <= LONGEST_FIGURE &&
    /^(?:[^\p{L}\p{N}]*|[A-Z]{2,3}\s*)\d/u.test(text) &&
    !/^\d{1,2}(?:\.\d{1,2})*\.?\s+\p{Lu}/u.test(text)
  );
}

function isLabel({ text, size }: Line, figure: Line): boolean {
  return size <= figure.size / HEADING_SIZE && text.length <= LONGEST_LABEL && !/[.!?]$/.test(text);
}

function continues(
  group: { kind: Kind; lines: Line[] },
  previous: Line,
  line: Line,
  kind: Kind,
  usualGap: number,
): boolean {
  const gap = line.y - previous.y;
  const isSameSize = Math.abs(previous.size - line.size) < previous.size * 0.12;
  if (group.kind === "figure") return false;
  if (group.kind === "heading") return kind === "heading" && isSameSize && gap > 0 && gap < line.size * 1.9;
  const isClose = gap > 0 && gap <= usualGap * 1.35 && gap <= line.size * FARTHEST_LINE;
  if (group.kind === "list") {
    // An item's further lines are indented below its mark, or go on in the middle of a sentence.
    const isIndented = line.x > (group.lines[0]?.x ?? 0) + 2;
    const isSentence = /^\p{Ll}/u.test(line.text) && !/[.!?:;]$/.test(previous.text);
    return (kind === "list" && gap > 0) || (kind === "paragraph" && isClose && (isIndented || isSentence));
  }
  // A sentence goes on at the top of the next column.
  const goesOn = gap < 0 && !/[.!?:。]$/.test(previous.text) && /^\p{Ll}/u.test(line.text);
  const isEntry = / … \S{1,8}$/.test(previous.text);
  return kind === "paragraph" && (isClose || goesOn) && isSameSize && !isEntry;
}

/** The usual distance of two lines of the same paragraph. */
function lowerGap(lines: readonly Line[]): number {
  const gaps = lines
    .map((line, index) => line.y - (lines[index - 1]?.y ?? line.y))
    .filter((gap) => gap > 0)
    .sort((left, right) => left - right);
  // Paragraph gaps are wider and fewer, unless every paragraph is a line: the lower third is safe for both.
  return gaps[Math.floor(gaps.length / 3)] ?? 12;
}

function writeGroup(
  { kind, lines }: { kind: Kind; lines: Line[] },
  body: number,
  levels: ReadonlyMap<number, number>,
  page: number,
  writer: BlockWriter,
  hyphens: Hyphens,
): void {
  const text = hyphens.settle(textOfGroup(kind, lines));
  if (kind === "heading") writer.heading(levels.get(Math.round(lines[0]?.size ?? body)) ?? 6, text, page);
  else writer.block(kind === "list" ? "list" : "paragraph", text, page);
}

function textOfGroup(kind: Kind, lines: readonly Line[]): string {
  if (kind === "list") return listText(lines);
  if (kind === "figure") return figureText(lines);
  if (kind === "heading") return lines.reduce((text, line) => joined(text, line.text), "");
  return paragraphText(lines);
}

/** Lines that end early though the next word had room are lines of their own: addresses, opening hours, fields. */
function paragraphText(lines: readonly Line[]): string {
  const width = Math.max(...lines.map(({ right }) => right));
  return lines.reduce((text, line, index) => {
    const previous = lines[index - 1];
    if (!previous) return line.text;
    return isEarlyEnd(previous, line, width) ? `${text}\n${line.text}` : joined(text, line.text);
  }, "");
}

function isEarlyEnd(previous: Line, line: Line, width: number): boolean {
  if (/[-\u00ad\u2010]$/.test(previous.text)) return false;
  // Right-aligned and right-to-left lines end where they begin.
  if (Math.abs(previous.right - line.right) < 2 && Math.abs(previous.x - line.x) > 2) return false;
  if (/^\p{Ll}/u.test(line.text) && !/[.:;!?]$/.test(previous.text)) return false;
  return previous.right + previous.size * 0.3 + line.firstWidth < width - previous.size * 0.5;
}

function figureText([first, second]: readonly Line[]): string {
  if (!first || !second) return first?.text ?? "";
  const [label, figure] = first.size < second.size ? [first, second] : [second, first];
  return `${label.text.replace(/\s*:$/, "")}: ${figure.text}`;
}

function listText(lines: readonly Line[]): string {
  let text = "";
  for (const line of lines) {
    const shown = line.text.replace(/^[•‣▪◦●○■·]\s*/, "- ");
    text = text === "" ? shown : LIST_MARK.test(line.text) ? `${text}\n${shown}` : joined(text, shown);
  }
  return text;
}
