/** Rows as a model reads them. */
import type { ToolTable } from "../domain/tool.ts";

/** Lines of JSON, which say what is text, what a number and what nothing at all. */
export function tableText({ columns, rows, truncated }: ToolTable): string {
  if (rows.length === 0)
    return truncated ? "The first row is too large to be shown." : "No rows: there is nothing of the kind.";
  const names = columns.map(({ label, unit }) => (unit === null ? label : `${label} (${unit})`));
  const lines = [names, ...rows].map((row) => JSON.stringify(row));
  const more = truncated ? ["There are more rows than these. Say so, or ask for less."] : [];
  return [...lines, ...more].join("\n");
}
