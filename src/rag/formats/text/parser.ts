/** Plain text: paragraphs at blank lines, lists by their marks, headings by their shape and by what follows them. */
import type { ParserInput } from "../format.ts";
import type { BlockWriter } from "../shared/block-writer.ts";
import { decodeDocument } from "../shared/encoding/decode.ts";
import { joinWrapped } from "../shared/wrapped.ts";
import { headingLevel, isCapitals, isNumbered, isShortLine, isStep, numberOf } from "./lines.ts";

const LIST_MARK = /^\s*(?:[-*•‣▪–·]|\d{1,3}[.)]|[a-z][.)])\s+\S/;
/** More lines in capitals under each other are a poster. */
const MOST_HEADINGS = 3;

export async function parsePlainText({ bytes, writer }: ParserInput): Promise<null> {
  writeText(decodeDocument(bytes).text, writer);
  return null;
}

/** Lines without a blank one between them. */
type Part = readonly string[];

export function writeText(text: string, writer: BlockWriter): void {
  const parts = text
    .replace(/\r\n?/g, "\n")
    .split(/\n[ \t]*\n\s*?(?=\S|$)|\f/)
    .map((part) => part.split("\n").filter((line) => line.trim() !== ""))
    .filter((lines) => lines.length > 0);
  for (let place = 0; place < parts.length; ) place += writeFrom(parts, place, writer);
}

/** Writes what begins at `place`, and says how many parts that was. */
function writeFrom(parts: readonly Part[], place: number, writer: BlockWriter): number {
  const steps = stepsFrom(parts, place);
  if (steps.length > 1) {
    writer.block("list", steps.join("\n"), null);
    return steps.length;
  }
  const headings = headingsFrom(parts, place);
  if (headings.length > 0) {
    for (const [depth, line] of headings.entries()) {
      // A title like that of a book is above all that is told apart by numbers or capitals.
      writer.heading(looksLikeHeading(line) ? headingLevel(line) + depth : 0, line, null);
    }
    return headings.length;
  }
  writePart(parts[place] ?? [], writer);
  return 1;
}

/** Numbered lines, each alone between blank lines, that count on: steps, though they look like headings. */
function stepsFrom(parts: readonly Part[], place: number): string[] {
  const steps: string[] = [];
  for (
    let part = parts[place];
    part?.length === 1 && isStep(part[0] ?? "");
    part = parts[place + steps.length]
  ) {
    const line = part[0] ?? "";
    if (steps.length > 0 && numberOf(line) !== numberOf(steps.at(-1) ?? "") + 1) break;
    steps.push(line.trim());
  }
  return steps;
}

/** Lines that look like headings and have something under them; one under the other, each is below the one before. */
function headingsFrom(parts: readonly Part[], place: number): string[] {
  const lines: string[] = [];
  const isTitle = place === 0 && isShortLine(lineOf(parts[0]));
  for (let line = lineOf(parts[place]); looksLikeHeading(line) || (isTitle && lines.length === 0); ) {
    lines.push(line);
    line = lineOf(parts[place + lines.length]);
  }
  const isFollowed = parts[place + lines.length] !== undefined;
  return isFollowed && lines.length <= MOST_HEADINGS ? lines : [];
}

/** The only line of a part. */
function lineOf(part: Part | undefined): string {
  return part?.length === 1 ? (part[0] ?? "") : "";
}

function looksLikeHeading(line: string): boolean {
  return isNumbered(line) || isCapitals(line);
}

function writePart(lines: Part, writer: BlockWriter): void {
  const [first, second] = lines;
  if (first === undefined) return;
  const underline = second !== undefined ? /^\s*(=|-|~){3,}\s*$/.exec(second)?.[1] : undefined;
  if (underline) {
    writer.heading(underline === "=" ? 1 : 2, first, null);
    writePart(lines.slice(2), writer);
    return;
  }
  if (!writeColumns(lines, writer)) writeRuns(lines, writer);
}

/** Lines with as many gaps each are a table, as programs print it. */
function writeColumns(lines: Part, writer: BlockWriter): boolean {
  const rows = lines
    .filter((line) => !/^[\s|+=_-]+$/.test(line))
    .map((line) => line.trim().split(/\t+| {3,}/));
  const columns = rows[0]?.length ?? 0;
  const isTable = rows.length > 1 && columns > 1 && rows.every(({ length }) => length === columns);
  if (!isTable || lines.some((line) => LIST_MARK.test(line))) return false;
  writer.table(
    { rows: rows.map((row) => ({ cells: row.map((text) => ({ text })) })), habit: "unknown" },
    null,
  );
  return true;
}

/** Lines of one paragraph, where a list may follow its introduction without a blank line. */
function writeRuns(lines: Part, writer: BlockWriter): void {
  const start = lines.findIndex((line) => LIST_MARK.test(line));
  writer.block("paragraph", joinWrapped(start === -1 ? lines : lines.slice(0, start)), null);
  if (start !== -1) writer.block("list", listText(lines.slice(start)), null);
}

/** Each item in one line, with the lines that go on with it. */
function listText(lines: Part): string {
  const items: string[][] = [];
  for (const line of lines) {
    if (LIST_MARK.test(line) || items.length === 0) items.push([line]);
    else items.at(-1)?.push(line);
  }
  return items.map((item) => indentOf(item[0] ?? "") + itemText(item)).join("\n");
}

/** What is indented below the mark is of the item; what is not is only if the line before is full. */
function itemText(lines: readonly string[]): string {
  const isIndented = lines.slice(1).every((line) => /^\s{2}/.test(line));
  return isIndented ? lines.map((line) => line.trim()).join(" ") : joinWrapped(lines);
}

function indentOf(line: string): string {
  return /^\s*/.exec(line)?.[0] ?? "";
}
