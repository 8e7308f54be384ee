/** Small things that every noun's queries share. */
import { AppError } from "../../errors.ts";

/** The row, or the miss that is the same for an unknown id and for another tenant's. */
export function required<Row>(row: Row | null | undefined, thing: string): Row {
  if (row === null || row === undefined) throw notFound(thing);
  return row;
}

export function notFound(thing: string): AppError {
  return new AppError("NOT_FOUND", `There is no such ${thing}. It may have been deleted.`);
}

/** `row` without `columns`, which the domain does not know. */
export function without<Row extends object, Column extends keyof Row>(
  row: Row,
  ...columns: Column[]
): Omit<Row, Column> {
  const kept = { ...row };
  for (const column of columns) delete kept[column];
  return kept;
}
