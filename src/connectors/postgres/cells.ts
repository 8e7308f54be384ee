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

export function postgresColumn(name: string, oid: number, isList: boolean): PostgresColumn {
  return { name, ...(isList ? LIST : (KINDS[oid] ?? TEXT)) };
}

/** Whether the number of a type is known to be no list, so that nobody has to be asked. */
export function isKnownType(oid: number): boolean {
  return oid in KINDS || [18, 19, 25, 1042, 1043, 790, 869, 650, 1186, 142].includes(oid);
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
