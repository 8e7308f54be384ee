/** Cursors: where the last page ended, as an opaque text that a client cannot make anything else of. */
import { AppError } from "../../errors.ts";

/** The sort key of the last row and its id, which breaks ties. */
export type Position = [key: string | number, id: string | number];

export function toCursor(position: Position): string {
  return Buffer.from(JSON.stringify(position)).toString("base64url");
}

/** @throws VALIDATION for anything that `toCursor` did not make */
export function fromCursor(cursor: string): Position {
  try {
    const position: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString());
    if (isPosition(position)) return position;
  } catch (thrown) {
    throw invalidCursor(thrown);
  }
  throw invalidCursor(undefined);
}

/** Cuts what was read with one row too many into a page. */
export function toPage<Row>(rows: Row[], limit: number, positionOf: (row: Row) => Position) {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  const nextCursor = rows.length > limit && last !== undefined ? toCursor(positionOf(last)) : null;
  return { items, nextCursor };
}

function isPosition(value: unknown): value is Position {
  const isKey = (part: unknown) => typeof part === "string" || typeof part === "number";
  return Array.isArray(value) && value.length === 2 && value.every(isKey);
}

function invalidCursor(cause: unknown): AppError {
  return new AppError("VALIDATION", "That cursor is not one of this list. Start from the first page.", {
    cause,
  });
}
