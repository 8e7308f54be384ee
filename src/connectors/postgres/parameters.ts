/** Parameters as PostgreSQL takes them: `$1` in the text, every value as text beside it. */
import type { ArgumentValue, ParameterType } from "../../domain/tool.ts";
import type { BoundParameter, CatalogueQuery } from "../connector.ts";
import { placeParameters, type SqlPiece, splitSql } from "../sql-pieces.ts";

/** Names of parameters whose type the server is told, because it would take them for another one. */
export type Casts = ReadonlySet<string>;
export const NO_CASTS: Casts = new Set();

export type PlacedQuery = { text: string; parameters: BoundParameter[] };

const TYPE_NAMES: Record<ParameterType, string> = {
  text: "text",
  enum: "text",
  integer: "bigint",
  decimal: "numeric",
  date: "date",
  datetime: "timestamptz",
  boolean: "boolean",
};

/**
 * The query with `$1`, `$2` …, and the parameters in that order. Without a cast the server infers what each is compared
 * with, so that a text fits an enum of its own, a uuid or a whole number.
 */
export function placed(query: CatalogueQuery, casts: Casts): PlacedQuery {
  const used: BoundParameter[] = [];
  const pieces = withoutEnd(splitSql(query.text, "postgres"));
  const text = placeParameters(pieces, query.parameters, (parameter) => {
    if (!used.includes(parameter)) used.push(parameter);
    const place = `$${used.indexOf(parameter) + 1}`;
    if (!casts.has(parameter.name)) return place;
    const list = Array.isArray(parameter.value) ? "[]" : "";
    return `${place}::pg_catalog.${CATALOG_NAMES[TYPE_NAMES[parameter.type]] ?? TYPE_NAMES[parameter.type]}${list}`;
  });
  return { text, parameters: used };
}

/** What the standard calls otherwise. */
const CATALOG_NAMES: Readonly<Record<string, string>> = { bigint: "int8", boolean: "bool" };

export function toText(value: ArgumentValue): string | null {
  if (value === null) return null;
  if (typeof value !== "object") return String(value);
  const quoted = value.map((each) => `"${each.replace(/["\\]/g, "\\$&")}"`);
  return `{${quoted.join(",")}}`;
}

const NUMBERS: ReadonlySet<number> = new Set([20, 21, 23, 26, 700, 701, 790, 1700]);
const TIMES: ReadonlySet<number> = new Set([1082, 1083, 1114, 1184, 1186, 1266]);
const BOOLEAN = 16;

/** Whether a value of this type is no value of the type that the server has inferred, as in `:day - 7`. */
export function isMistaken(type: ParameterType, inferred: number): boolean {
  if (type === "date" || type === "datetime")
    return NUMBERS.has(inferred) || inferred === BOOLEAN || inferred === 1083;
  if (type === "integer" || type === "decimal") return TIMES.has(inferred) || inferred === BOOLEAN;
  return type === "boolean" && (NUMBERS.has(inferred) || TIMES.has(inferred));
}

/** Without the semicolon that many write at the end of a statement. */
function withoutEnd(pieces: readonly SqlPiece[]): SqlPiece[] {
  const at = pieces.findLastIndex(({ kind, text }) => kind !== "comment" && text.trim() !== "");
  const last = pieces[at];
  if (last?.kind !== "code" || !last.text.trimEnd().endsWith(";")) return [...pieces];
  return [
    ...pieces.slice(0, at),
    { kind: "code", text: last.text.trimEnd().replace(/[;\s]+$/, "") },
    ...pieces.slice(at + 1),
  ];
}

/** Words with which a statement that only reads begins. */
const READS = /^[\s(]*(select|with|values|table)\b/i;

/**
 * What speaks against a query as far as its text shows, for a sentence that helps. The boundary is the server: it takes
 * one statement, as the source of a cursor, in a transaction that cannot write.
 */
export function problemOf(text: string): string | null {
  const code = splitSql(text, "postgres").filter(({ kind }) => kind !== "comment");
  const pieces = withoutEnd(code);
  if (pieces.some(({ kind, text: part }) => kind === "code" && part.includes(";")))
    return "There is more than one statement in it. Keep the one that answers the question.";
  const beginning = pieces.map((piece) => piece.text).join("");
  if (beginning.trim() === "") return "There is no statement in it.";
  return READS.test(beginning) ? null : "It has to be one SELECT: a query of the catalogue only reads.";
}
