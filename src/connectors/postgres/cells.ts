/** PostgreSQL's types, and its values as Parley answers them. The server writes all of them as text. */
import type { CellValue, ColumnType } from "../../domain/tool.ts";

export type PostgresColumn = {
  name: string;
  type: ColumnType;
  /** How a value is asked for, so that no single one fills the memory. */
  form: "plain" | "text" | "bytes" | "list";
  read(text: string): CellValue;
};

type Kind = Omit<PostgresColumn, "name">;

const plain = (type: ColumnType, read: Kind["read"]): Kind => ({ type, form: "plain", read });
const asText = (text: string): CellValue => text;
const TEXT: Kind = { type: "text", form: "text", read: asText };
const INTEGER = plain("integer", wholeNumber);
/** A binary fraction is the number that JavaScript has; infinity and NaN are words. */
const FLOAT = plain("decimal", (text) => (Number.isFinite(Number(text)) ? Number(text) : text));
const JSON_TEXT: Kind = { type: "json", form: "text", read: asText };
const LIST: Kind = { type: "json", form: "list", read: asText };

/** By the numbers of src/include/catalog/pg_type.dat, which never change. What is not here is text. */
const KINDS: Readonly<Record<number, Kind>> = {
  16: plain("boolean", (text) => text === "t"),
  17: { type: "bytes", form: "bytes", read: (text) => text.replaceAll("\n", "") },
  20: INTEGER,
  21: INTEGER,
  23: INTEGER,
  26: INTEGER,
  114: JSON_TEXT,
  3802: JSON_TEXT,
  700: FLOAT,
  701: FLOAT,
  1082: plain("date", asText),
  1083: plain("time", asText),
  1114: plain("datetime", (text) => text.replace(" ", "T")),
  1184: plain("datetime", (text) => text.replace(" ", "T").replace(/\+00(?= BC$|$)/, "Z")),
  1266: plain("time", (text) => text.replace(/([+-]\d\d)$/, "$1:00")),
  1700: { type: "decimal", form: "text", read: asText },
  // Void, which a function gives that gives nothing.
  2278: plain("text", asText),
  2950: plain("text", asText),
};

/** Types that are shown as text, and arrays of what is common. Of any other type the server is asked what it is. */
const TEXTS: ReadonlySet<number> = new Set([18, 19, 25, 142, 650, 790, 869, 1042, 1043, 1186]);
const LISTS: ReadonlySet<number> = new Set([
  ...[199, 1000, 1001, 1005, 1007, 1009, 1014, 1015, 1016, 1021, 1022, 1115, 1182, 1185, 1231, 2951, 3807],
]);

export function postgresColumn(name: string, oid: number, isList: boolean): PostgresColumn {
  return { name, ...(isList || LISTS.has(oid) ? LIST : (KINDS[oid] ?? TEXT)) };
}

export function isKnownType(oid: number): boolean {
  return oid in KINDS || TEXTS.has(oid) || LISTS.has(oid);
}

/**
 * The expression that gives a column as text, cut to `most` characters. An array becomes JSON, which says what is null
 * and what is text.
 */
export function cellExpression({ form }: PostgresColumn, reference: string, most: number): string {
  switch (form) {
    case "plain":
      return reference;
    case "text":
      return `pg_catalog.left(${reference}::text, ${most})`;
    case "bytes":
      return `pg_catalog.encode(pg_catalog.substr(${reference}, 1, ${most}), 'base64')`;
    case "list":
      return `pg_catalog.left(pg_catalog.to_json(${reference})::text, ${most})`;
  }
}

function wholeNumber(text: string): CellValue {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : text;
}
