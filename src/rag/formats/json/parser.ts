/** JSON as a person would write it down: names of objects become headings, lists become rows that name their fields. */
import type { ParserInput } from "../format.ts";
import type { BlockWriter } from "../shared/block-writer.ts";
import { decodeDocument } from "../shared/encoding/decode.ts";
import { MOST_ROWS } from "../shared/limits.ts";
import { oneLine } from "../shared/table/grid.ts";
import type { TableSource } from "../shared/table/table.ts";
import { writeText } from "../text/parser.ts";

type Json = null | boolean | number | string | Json[] | JsonObject;
type JsonObject = { [name: string]: Json };

/** Deeper than anything that was meant to be read; below it the value stands as it is written. */
const DEEPEST = 20;
/** What an entry is called by, in this order, where it is too deep for a row. */
const NAMING_FIELDS = ["title", "name", "label", "id", "key"];

export async function parseJson({ bytes, filename, writer }: ParserInput): Promise<null> {
  const { text } = decodeDocument(bytes);
  const value = /\.(jsonl|ndjson)$/i.test(filename.trim()) ? readLines(text) : readValue(text);
  if (value === undefined) {
    writer.warn("The file is not valid JSON, so it was read as plain text.");
    writeText(text, writer);
  } else writeValue(value, 1, writer);
  return null;
}

function readValue(text: string): Json | undefined {
  try {
    return JSON.parse(text.replace(/^\ufeff/, "")) as Json;
  } catch {
    // Settings with comments and logs of many values are called .json too: their words can be searched all the same.
    return undefined;
  }
}

/** JSON Lines: a value a line. */
function readLines(text: string): Json[] | undefined {
  const values = text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .map(readValue);
  return values.every((value) => value !== undefined) ? values : undefined;
}

/** `level` is that of the headings below this value. */
function writeValue(value: Json, level: number, writer: BlockWriter): void {
  if (level > DEEPEST) writer.block("code", JSON.stringify(value), null);
  else if (Array.isArray(value)) writeList(value, level, writer);
  else if (isObject(value)) writeObject(value, level, writer);
  else writer.block("paragraph", cellOf(value), null);
}

/** First what stands in it directly, then every part under its own name. */
function writeObject(object: JsonObject, level: number, writer: BlockWriter): void {
  const fields = Object.entries(object);
  const lines = fields
    .filter(([, value]) => isCell(value) && cellOf(value) !== "")
    .map(([name, value]) => `${name}: ${cellOf(value)}`);
  writer.block("table", lines.join("\n"), null);
  for (const [name, value] of fields) {
    if (isCell(value)) continue;
    writer.heading(level, name, null);
    writeValue(value, level + 1, writer);
  }
}

function writeList(list: readonly Json[], level: number, writer: BlockWriter): void {
  const read = list.slice(0, MOST_ROWS);
  if (list.length > read.length) {
    writer.warn(`Only the first ${MOST_ROWS.toLocaleString("en")} entries of a list are searchable.`);
  }
  if (read.every(isCell)) writer.block("list", read.map((cell) => `- ${cellOf(cell)}`).join("\n"), null);
  else if (read.every(isRow)) writer.table(tableOf(read), null);
  else writeEntries(read, level, writer);
}

/** Entries that do not fit a row each, under what they are called. */
function writeEntries(entries: readonly Json[], level: number, writer: BlockWriter): void {
  for (const [index, entry] of entries.entries()) {
    writer.heading(level, nameOf(entry) ?? String(index + 1), null);
    writeValue(entry, level + 1, writer);
  }
}

function nameOf(entry: Json): string | null {
  if (!isObject(entry)) return null;
  const field = NAMING_FIELDS.find(
    (name) => isCell(entry[name] ?? null) && cellOf(entry[name] ?? null) !== "",
  );
  return field === undefined ? null : cellOf(entry[field] ?? null);
}

/** A column for each field that any of them has, in the order in which they come. */
function tableOf(rows: readonly JsonObject[]): TableSource {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const header = { cells: names.map((text) => ({ text, isHeader: true })) };
  const body = rows.map((row) => ({ cells: names.map((name) => ({ text: cellOf(row[name] ?? null) })) }));
  return { rows: [header, ...body], habit: "usual" };
}

function isRow(value: Json): value is JsonObject {
  return isObject(value) && Object.values(value).every(isCell);
}

/** What fits into a cell: one value, or a few of the simplest kind. */
function isCell(value: Json): boolean {
  return !isObject(value) && (!Array.isArray(value) || (value.length <= 20 && value.every(isScalar)));
}

function cellOf(value: Json): string {
  if (value === null) return "";
  return oneLine(Array.isArray(value) ? value.map(String).join(", ") : String(value));
}

function isScalar(value: Json): boolean {
  return typeof value !== "object";
}

function isObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
