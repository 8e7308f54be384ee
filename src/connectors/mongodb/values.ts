/** MongoDB's values as Parley answers them. The driver is told to convert none by itself. */
import { Binary, Decimal128, Double, Int32, Long, ObjectId, UUID } from "mongodb";
import type { CellValue, ColumnType } from "../../domain/tool.ts";

type Told = { type: ColumnType; cell: CellValue };

/** A value of a column, and what it is; null for none at all. */
export function told(value: unknown): Told | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "string") return { type: "text", cell: value };
  if (typeof value === "boolean") return { type: "boolean", cell: value };
  if (value instanceof Date) return { type: "datetime", cell: iso(value) };
  if (value instanceof Binary && value.sub_type !== Binary.SUBTYPE_UUID)
    return { type: "bytes", cell: Buffer.from(value.value()).toString("base64") };
  const plain = scalar(value);
  if (plain !== null) return plain;
  return typeof value === "object"
    ? { type: "json", cell: JSON.stringify(plainOf(value)) }
    : { type: "text", cell: String(value) };
}

function scalar(value: unknown): Told | null {
  if (value instanceof Int32 || (typeof value === "number" && Number.isSafeInteger(value)))
    return { type: "integer", cell: Number(value) };
  if (Long.isLong(value) || typeof value === "bigint")
    return { type: "integer", cell: whole(BigInt(value.toString())) };
  if (value instanceof Double || typeof value === "number")
    return { type: "decimal", cell: fraction(Number(value)) };
  if (value instanceof Decimal128) return { type: "decimal", cell: value.toString() };
  if (value instanceof ObjectId) return { type: "text", cell: value.toHexString() };
  if (value instanceof Binary) return { type: "text", cell: new UUID(value.value()).toString() };
  return null;
}

/** Within a list or an object, as JSON can say it. */
function plainOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainOf);
  if (isPlainObject(value))
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plainOf(each)]));
  if (value === null || typeof value !== "object") return value;
  if (value instanceof RegExp) return String(value);
  const known = value instanceof Date || value instanceof Binary ? told(value) : scalar(value);
  // What is rare, such as a timestamp of the server's own, tells itself.
  return known === null ? value : known.cell;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function iso(date: Date): string {
  return Number.isNaN(date.getTime()) ? "Invalid Date" : date.toISOString();
}

function whole(value: bigint): CellValue {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
}

function fraction(value: number): CellValue {
  return Number.isFinite(value) ? value : String(value);
}
