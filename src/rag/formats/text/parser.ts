/** Plain text: paragraphs at blank lines, lists by their marks, headings by their shape. */
import type { ParserInput } from "../format.ts";
import type { BlockWriter } from "../shared/block-writer.ts";
import { decodeDocument } from "../shared/decode.ts";

const LIST_MARK = /^\s*(?:[-*•‣▪–·]|\d{1,3}[.)]|[a-z][.)])\s+\S/;
/** A line at least this long was broken by an editor and not by its author. */
const WRAPPED_LINE = 60;

export async function parsePlainText({ bytes, writer }: ParserInput): Promise<null> {
  writeText(decodeDocument(bytes).text, writer);
  return null;
}

export function writeText(text: string, writer: BlockWriter): void {
  for (const part of text.replace(/\r\n?/g, "\n").split(/\n[ \t]*\n\s*?(?=\S|$)|\f/)) {
    writePart(
      part.split("\n").filter((line) => line.trim() !== ""),
      writer,
    );
  }
}

function writePart(lines: string[], writer: BlockWriter): void {
  const [first, second] = lines;
  if (first === undefined) return;
  const underline = second !== undefined ? /^\s*(=|-|~){3,}\s*$/.exec(second)?.[1] : undefined;
  if (underline) {
    writer.heading(underline === "=" ? 1 : 2, first, null);
    writePart(lines.slice(2), writer);
    return;
  }
  if (lines.length === 1 && isHeading(first)) {
    writer.heading(headingLevel(first), first, null);
    return;
  }
  writeRuns(lines, writer);
}

/** Lines of one paragraph, where a list may follow its introduction without a blank line. */
function writeRuns(lines: string[], writer: BlockWriter): void {
  const start = lines.findIndex((line) => LIST_MARK.test(line));
  if (start === -1) {
    writer.block("paragraph", joinWrapped(lines), null);
    return;
  }
  writer.block("paragraph", joinWrapped(lines.slice(0, start)), null);
  writer.block("list", lines.slice(start).join("\n"), null);
}

/** Undoes an editor's line breaks, keeps an author's. */
export function joinWrapped(lines: readonly string[]): string {
  let text = "";
  let previousLength = 0;
  for (const line of lines) {
    if (text === "") text = line.trim();
    else if (previousLength < WRAPPED_LINE) text += `\n${line.trim()}`;
    else text += ` ${line.trim()}`;
    previousLength = line.trim().length;
  }
  return text;
}

/** A short line of its own, numbered or in capitals, that does not end like a sentence. */
function isHeading(line: string): boolean {
  const text = line.trim();
  if (text.length > 90 || /[.!?:;,]$/.test(text) || !/\p{L}{2}/u.test(text)) return false;
  if (/^\d{1,2}(\.\d{1,2}){0,4}\.?\s+\p{Lu}/u.test(text)) return true;
  return text === text.toUpperCase() && text !== text.toLowerCase() && text.length > 3;
}

function headingLevel(line: string): number {
  const number = /^\s*(\d{1,2}(?:\.\d{1,2})*)/.exec(line)?.[1];
  return number ? 1 + number.split(".").length : 1;
}
