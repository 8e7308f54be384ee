import { html } from "htm/preact";
import type { CellView, ColumnView } from "../../../src/protocol/chat-protocol.ts";

type ResultTableProps = { label: string; columns: readonly ColumnView[]; rows: readonly CellView[][] };

/** What a database or an API answered, value by value as it came. */
export function ResultTable({ label, columns, rows }: ResultTableProps) {
  if (rows.length === 0) return html`<p class="hint">No rows</p>`;
  return html`<div class="prose"><div class="table-wrap" role="region" tabindex="0" aria-label=${label}>
    <table class="num">
      <thead><tr>${columns.map((column) => html`<th class=${side(column)} key=${column.name}>${column.label}</th>`)}</tr></thead>
      <tbody>
        ${rows.map((row, at) => html`<tr key=${at}>${row.map((value, index) => html`<td class=${side(columns[index])} dir="auto">${cellText(value, columns[index])}</td>`)}</tr>`)}
      </tbody>
    </table>
  </div></div>`;
}

function side(column: ColumnView | undefined): string {
  return column?.type === "integer" || column?.type === "decimal" ? "r" : "";
}

function cellText(value: CellView, column: ColumnView | undefined): string {
  if (value === null) return "–";
  const text = typeof value === "boolean" ? (value ? "yes" : "no") : String(value);
  return column?.unit ? `${text}\u00a0${column.unit}` : text;
}
