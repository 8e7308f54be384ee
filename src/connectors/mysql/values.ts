/** Values on their way to a MySQL server and back, so that neither side rounds or reinterprets one. */
import { type FieldPacket, TypedParameter, type TypedParameterInput, Types } from "mysql2";
import type { CellValue, ColumnType } from "../../domain/tool.ts";
import type { BoundParameter } from "../connector.ts";

/** As `execute` takes it. */
export type WireValue = string | null | ReturnType<typeof TypedParameter.NEWDECIMAL>;

const MAX_BIGINT = 2n ** 63n - 1n;
const MAX_UNSIGNED_BIGINT = 2n ** 64n - 1n;

/** Numbers go with their type: compared as text or as a float, large ones would match their neighbours. */
export function toWire({ type, value }: Pick<BoundParameter, "type" | "value">): WireValue {
  if (value === null) return null;
  if (type === "integer") return wholeNumber(BigInt(String(value)));
  if (type === "decimal") return TypedParameter.NEWDECIMAL(String(value));
  if (type === "boolean") return TypedParameter.TINY(value === true);
  return type === "datetime" ? toServerTime(String(value)) : String(value);
}

function wholeNumber(value: bigint): WireValue {
  if (value >= -MAX_BIGINT - 1n && value <= MAX_BIGINT) return TypedParameter.LONGLONG(value);
  if (value > 0n && value <= MAX_UNSIGNED_BIGINT) return TypedParameter.LONGLONG.unsigned(value);
  return TypedParameter.NEWDECIMAL(value.toString() satisfies TypedParameterInput);
}

/** Sessions run in UTC, so a time with a zone is told in it; one without is told as it is. */
function toServerTime(iso: string): string {
  const found = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(:\d{2})?(\.\d+)?(Z|[+-]\d{2}:?\d{2})?$/i.exec(iso);
  if (!found) return iso;
  const [, date, minutes, seconds = ":00", fraction = "", zone] = found;
  const local = `${date} ${minutes}${seconds}`;
  if (zone === undefined) return local + fraction;
  const utc = new Date(`${date}T${minutes}${seconds}${zone}`).toISOString();
  return utc.slice(0, 19).replace("T", " ") + fraction;
}

type Field = Pick<FieldPacket, "columnType" | "columnLength" | "extendedFormat"> & { characterSet?: number };

/** Of a column that holds bytes and no text. */
const BINARY_CHARSET = 63;

export function columnTypeOf(field: Field): ColumnType {
  if (field.extendedFormat === "json") return "json";
  const known = COLUMN_TYPES[field.columnType ?? Types.VAR_STRING];
  if (field.columnType === Types.BIT) return field.columnLength === 1 ? "boolean" : "integer";
  return known ?? (field.characterSet === BINARY_CHARSET ? "bytes" : "text");
}

const COLUMN_TYPES: Readonly<Record<number, ColumnType>> = {
  [Types.TINY]: "integer",
  [Types.SHORT]: "integer",
  [Types.LONG]: "integer",
  [Types.INT24]: "integer",
  [Types.LONGLONG]: "integer",
  [Types.YEAR]: "integer",
  [Types.FLOAT]: "decimal",
  [Types.DOUBLE]: "decimal",
  [Types.DECIMAL]: "decimal",
  [Types.NEWDECIMAL]: "decimal",
  [Types.DATE]: "date",
  [Types.NEWDATE]: "date",
  [Types.DATETIME]: "datetime",
  [Types.TIMESTAMP]: "datetime",
  [Types.TIME]: "time",
  [Types.JSON]: "json",
  [Types.GEOMETRY]: "json",
  [Types.VECTOR]: "json",
  [Types.NULL]: "text",
};

/** A value as the driver gives it, with big numbers and dates as text. */
export function toCell(value: unknown, field: Field): CellValue {
  if (value === null || value === undefined) return null;
  if (field.columnType === Types.BIT && Buffer.isBuffer(value)) return fromBits(value, field);
  if (Buffer.isBuffer(value)) return value.toString("base64");
  if (field.columnType === Types.FLOAT && typeof value === "number") return shortestSingle(value);
  if (field.columnType === Types.DATETIME) return String(value).replace(" ", "T");
  if (field.columnType === Types.TIMESTAMP) return `${String(value).replace(" ", "T")}Z`;
  if (typeof value === "number" || typeof value === "string") return value;
  return JSON.stringify(value);
}

function fromBits(bits: Buffer, field: Field): CellValue {
  const number = BigInt(`0x${bits.toString("hex") || "0"}`);
  if (field.columnLength === 1) return number === 1n;
  return number <= Number.MAX_SAFE_INTEGER ? Number(number) : number.toString();
}

/** A single-precision number as people write it: 1.1, and not the 1.10000002384 that it is in double precision. */
function shortestSingle(value: number): number {
  for (const digits of [6, 7, 8]) {
    const shorter = Number(value.toPrecision(digits));
    if (Math.fround(shorter) === value) return shorter;
  }
  return value;
}
