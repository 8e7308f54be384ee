/** What was found as people are told of it: columns by their labels, and nothing of what is masked. */
import type { CatalogueTool, CellValue, ColumnType, ResultColumn, ToolTable } from "../domain/tool.ts";

/** What stands for a value that nobody may see. */
export const MASK = "•••";

type Found = {
  columns: readonly { name: string; type: ColumnType }[];
  rows: CellValue[][];
  truncated: boolean;
};
type Told = Pick<CatalogueTool, "columns">;

export function tableOf(told: Told, { columns, rows, truncated }: Found): ToolTable {
  const isMasked = columns.map(({ name }) => columnOf(told, name)?.mask === true);
  return {
    columns: resultColumns(told, columns),
    rows: rows.map((row) => row.map((cell, index) => (isMasked[index] && cell !== null ? MASK : cell))),
    rowCount: rows.length,
    truncated,
  };
}

export function resultColumns(told: Told, columns: Found["columns"]): ResultColumn[] {
  return columns.map(({ name, type }) => {
    const { label = null, unit = null, mask = false } = columnOf(told, name) ?? {};
    return { name, label: label ?? name, type: mask ? "text" : type, unit };
  });
}

function columnOf({ columns }: Told, name: string) {
  return columns.find((column) => column.name === name);
}
