/** Parameters as PostgreSQL takes them: `$1` in the text, every value as text beside it. */
import type { ArgumentValue, ParameterType } from "../../domain/tool.ts";
import type { BoundParameter, CatalogueQuery } from "../connector.ts";
import { placeParameters, type SqlPiece, splitSql } from "../sql-pieces.ts";

/** How the parameters of a query are placed in it. */
export type Placing = {
  /** A place of its own for each time that a parameter stands there, since the server infers one type for a place. */
  separate: boolean;
  /** By the number of a place, the type that the server is told. */
  casts: ReadonlyMap<number, string>;
};

/** `parameters[0]` is `$1`. */
export type PlacedQuery = { text: string; parameters: BoundParameter[] };

/** Where nothing is cast the server infers the type, so that a text fits an enum of its own, a uuid or a number. */
export function placed(query: CatalogueQuery, { separate, casts }: Placing): PlacedQuery {
  const places: BoundParameter[] = [];
  const text = placeParameters(
    withoutEnd(splitSql(query.text, "postgres")),
    query.parameters,
    (parameter) => {
      const known = separate ? -1 : places.indexOf(parameter);
      const number = known >= 0 ? known + 1 : places.push(parameter);
      const cast = casts.get(number);
      return cast === undefined ? `$${number}` : `$${number}::${cast}`;
    },
  );
  return { text, parameters: places };
}

/** What a parameter is cast to. A date takes away whole numbers of four bytes only, and a function may want those, too. */
export function castOf({ type, value }: BoundParameter, isNarrow: boolean): string {
  const name = type === "integer" && isNarrow ? "int4" : TYPE_NAMES[type];
  return `pg_catalog.${name}${Array.isArray(value) ? "[]" : ""}`;
}

const TYPE_NAMES: Record<ParameterType, string> = {
  text: "text",
  enum: "text",
  integer: "int8",
  decimal: "numeric",
  date: "date",
  datetime: "timestamptz",
  boolean: "bool",
};

export function toText(value: ArgumentValue): string | null {
  if (value === null) return null;
  if (typeof value !== "object") return String(value);
  const quoted = value.map((each) => `"${each.replace(/["\\]/g, "\\$&")}"`);
  return `{${quoted.join(",")}}`;
}

const NUMBERS: ReadonlySet<number> = new Set([20, 21, 23, 26, 700, 701, 790, 1700]);
const TIMES: ReadonlySet<number> = new Set([1082, 1083, 1114, 1184, 1186, 1266]);
const [BOOLEAN, TIME] = [16, 1083];

/** Whether a value of this type is no value of the type that the server has inferred, as in `:day - 7`. */
export function isMistaken({ type }: BoundParameter, inferred: number): boolean {
  if (type === "date" || type === "datetime")
    return NUMBERS.has(inferred) || inferred === BOOLEAN || inferred === TIME;
  if (type === "integer" || type === "decimal") return TIMES.has(inferred) || inferred === BOOLEAN;
  return type === "boolean" && (NUMBERS.has(inferred) || TIMES.has(inferred));
}

/** Without the semicolon that many write at the end of a statement. */
function withoutEnd(pieces: readonly SqlPiece[]): SqlPiece[] {
  const kept = [...pieces];
  for (let at = kept.length - 1; at >= 0; at--) {
    const piece = kept[at];
    if (piece === undefined || piece.kind === "comment") continue;
    if (piece.kind !== "code") break;
    const text = piece.text.replace(/[;\s]+$/, "");
    kept[at] = { ...piece, text };
    if (text !== "") break;
  }
  return kept;
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
