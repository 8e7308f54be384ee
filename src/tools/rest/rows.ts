/** Rows out of what an API answered: exact, and no more of them than anybody reads. Pure. */
import { type JsonValue, query } from "jsonpath-rfc9535";
import type { CatalogueTool, CellValue, ColumnType } from "../../domain/tool.ts";
import { AppError } from "../../errors.ts";

export type Found = {
  columns: { name: string; type: ColumnType }[];
  rows: CellValue[][];
  truncated: boolean;
};
type Told = Pick<CatalogueTool, "columns" | "rowLimit">;

/** Of all values of one result, as of a database. */
const MOST_BYTES = 64 * 1024;
/** Of an object whose columns nobody named. */
const MOST_COLUMNS = 50;

/** @throws AppError VALIDATION for what is no JSONPath, or has a regular expression in it */
export function requireSoundPath(path: string | null): void {
  if (path === null) return;
  // What an API answers would be matched on the thread that serves everybody.
  const problem = /\b(match|search)\s*\(/.test(path)
    ? "Regular expressions are not taken here."
    : syntaxProblem(path);
  if (problem === null) return;
  throw new AppError("VALIDATION", `Check “responsePath”: ${problem}`, {
    details: { fields: { responsePath: problem } },
  });
}

/** Whole numbers that JavaScript cannot hold come as text. @throws AppError TOOL_FAILED for what is no JSON */
export function parseAnswer(shown: string, text: string): JsonValue {
  try {
    return JSON.parse(text, exactly);
  } catch (cause) {
    const isPage = /^\s*</.test(text);
    const what = isPage ? "a web page" : "something that is not JSON";
    throw new AppError("TOOL_FAILED", `${shown} answered with ${what}.`, { cause });
  }
}

/** As `parseAnswer`; undefined for what is no JSON. */
export function exactJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text, exactly);
  } catch {
    return undefined;
  }
}

/** The rows at `responsePath`: an array is many, an object is one. */
export function toRows(told: Told, responsePath: string | null, answer: JsonValue): Found {
  const nodes = responsePath === null ? [answer] : query(answer, responsePath);
  const [only] = nodes;
  const items = nodes.length === 1 && Array.isArray(only) ? only : nodes;
  const shown = items.slice(0, told.rowLimit);
  const names = told.columns.length > 0 ? told.columns.map(({ name }) => name) : namesOf(shown);
  const cells = shown.map((item) => names.map((name) => valueAt(item, name)));
  const columns = names.map((name, index) => ({ name, type: typeOf(cells.map((row) => row[index])) }));
  const { rows, cut } = withinBytes(cells.map((row) => row.map(toCell)));
  return { columns, rows, truncated: cut || items.length > shown.length };
}

type Reviver = (key: string, value: unknown, context?: { source?: string }) => unknown;

declare global {
  interface JSON {
    /** ES2026; not in TypeScript's library yet. */
    rawJSON(text: string): unknown;
  }
}

/** A number that JavaScript would round, or write otherwise, as it was written. Nothing is within it for a path to find. */
class ExactNumber {
  readonly #source: string;

  constructor(source: string) {
    this.#source = source;
  }

  get isWhole(): boolean {
    return /^-?\d+$/.test(this.#source);
  }

  toString(): string {
    return this.#source;
  }

  toJSON(): unknown {
    return JSON.rawJSON(this.#source);
  }
}

/** What JavaScript would round stays what was written. */
const exactly: Reviver = (_, value, context) => {
  const source = context?.source ?? "";
  if (typeof value !== "number" || String(value) === source) return value;
  const isSame = Number.isFinite(value) && /^-?\d{1,15}(\.\d{1,6})?$/.test(source) && source.length <= 15;
  return isSame && Number.isInteger(value) ? value : new ExactNumber(source);
};

function syntaxProblem(path: string): string | null {
  try {
    query(null, path);
    return null;
  } catch {
    return "This is no JSONPath. One looks like $.items, or $.order.lines[*].";
  }
}

/** Of what is no object, there is one column. */
const ONLY = "value";

function namesOf(items: readonly (JsonValue | undefined)[]): string[] {
  const names = new Set<string>();
  for (const item of items) {
    const keys = isObject(item) ? Object.keys(item) : [ONLY];
    for (const key of keys) if (names.size < MOST_COLUMNS) names.add(key);
  }
  return [...names];
}

/** A name with dots that is no key leads into objects: `customer.name`. */
function valueAt(item: JsonValue | undefined, name: string): JsonValue {
  if (!isObject(item)) return name === ONLY ? (item ?? null) : null;
  if (Object.hasOwn(item, name)) return item[name] ?? null;
  const [first = "", ...others] = name.split(".");
  return others.length > 0 && Object.hasOwn(item, first) ? valueAt(item[first], others.join(".")) : null;
}

function isObject(value: JsonValue | undefined): value is { [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !isExact(value);
}

/** The parser puts them where numbers are. */
function isExact(value: unknown): value is ExactNumber {
  return value instanceof ExactNumber;
}

function typeOf(values: readonly (JsonValue | undefined)[]): ColumnType {
  const types = new Set(values.filter((value) => value !== null && value !== undefined).map(cellType));
  if (types.size === 2 && types.has("integer") && types.has("decimal")) return "decimal";
  const [only] = types;
  return types.size === 1 && only !== undefined ? only : "text";
}

function cellType(value: JsonValue | undefined): ColumnType {
  if (typeof value === "boolean") return "boolean";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "decimal";
  if (isExact(value)) return value.isWhole ? "integer" : "decimal";
  return typeof value === "object" ? "json" : "text";
}

/** Decimals are text, so that nobody adds digits to them. */
function toCell(value: JsonValue): CellValue {
  if (typeof value === "number") return Number.isInteger(value) ? value : String(value);
  if (isExact(value)) return value.toString();
  return typeof value === "object" && value !== null ? JSON.stringify(value) : value;
}

function withinBytes(rows: CellValue[][]): { rows: CellValue[][]; cut: boolean } {
  let left = MOST_BYTES;
  const kept: CellValue[][] = [];
  for (const row of rows) {
    const size = row.reduce<number>((sum, cell) => sum + Buffer.byteLength(String(cell ?? "")), 0);
    left -= size;
    if (left < 0) return { rows: kept.length > 0 ? kept : [row.map(shortened)], cut: true };
    kept.push(row);
  }
  return { rows: kept, cut: false };
}

/** Of a row that is too large by itself. */
function shortened(cell: CellValue): CellValue {
  return typeof cell === "string" && cell.length > 1_000 ? `${cell.slice(0, 1_000)}…` : cell;
}
