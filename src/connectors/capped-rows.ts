import type { CellValue } from "../domain/tool.ts";
import type { QueryLimits } from "./connector.ts";

export type CappedRows = {
  readonly rows: CellValue[][];
  readonly truncated: boolean;
  /** Takes one more row; false when it, or no further one, is let through. */
  add(row: CellValue[]): boolean;
  /** More was on its way than will be looked at. */
  cut(): void;
};

/** Rows up to the limits. A row is taken whole or not at all: half a row would be a wrong answer. */
export function cappedRows({
  rows: maxRows,
  bytes: maxBytes,
}: Pick<QueryLimits, "rows" | "bytes">): CappedRows {
  const rows: CellValue[][] = [];
  let bytes = 0;
  let truncated = false;
  return {
    rows,
    get truncated() {
      return truncated;
    },
    add(row) {
      if (truncated) return false;
      bytes += row.reduce<number>((sum, cell) => sum + sizeOf(cell), 0);
      truncated = rows.length >= maxRows || bytes > maxBytes;
      if (!truncated) rows.push(row);
      return !truncated;
    },
    cut() {
      truncated = true;
    },
  };
}

function sizeOf(cell: CellValue): number {
  return typeof cell === "string" ? Buffer.byteLength(cell) : String(cell).length;
}
