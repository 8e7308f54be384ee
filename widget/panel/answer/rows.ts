/** Rows that a look-up gave, as a table. What it needs of Preact is given to it, as in answer-text.ts. */
import type { html as Html } from "htm/preact";
import type { VNode } from "preact";
import type { CellView, ColumnView, ToolCitationView } from "../../../src/protocol/chat-protocol.ts";
import type { Texts } from "../i18n/en.ts";
import type { fill as Fill } from "../i18n/texts.ts";

type Rows = { html: typeof Html; fill: typeof Fill; texts: Texts; citation: ToolCitationView };

export function rowsTable({ html, fill, texts, citation }: Rows): VNode {
  const { label, columns, rows, truncated } = citation;
  const cell = (value: CellView, column: ColumnView | undefined) =>
    html`<td class=${column && NUMBERS.has(column.type) ? "r" : null} dir="auto">${cellText(value, column, texts)}</td>`;
  const table = html`<table>
    <thead><tr>${columns.map((column) => html`<th scope="col" class=${NUMBERS.has(column.type) ? "r" : null} dir="auto">${column.label}</th>`)}</tr></thead>
    <tbody>${rows.map((row) => html`<tr>${row.map((value, index) => cell(value, columns[index]))}</tr>`)}</tbody>
  </table>`;
  return html`<div class="wide" tabindex="0" role="region" aria-label=${label}>${table}</div>
    ${truncated && html`<div class="hint">${fill(texts.firstRows, { count: rows.length })}</div>`}
    ${rows.length === 0 && html`<div class="hint">${texts.noRows}</div>`}` as VNode;
}

const NUMBERS = new Set(["integer", "decimal"]);

function cellText(value: CellView, column: ColumnView | undefined, texts: Texts): string {
  if (value === null) return "–";
  if (typeof value === "boolean") return value ? texts.yes : texts.no;
  const text = column?.type === "datetime" ? readableTime(String(value)) : String(value);
  return column?.unit ? `${text}\u00a0${column.unit}` : text;
}

/** `2026-11-27T09:30:00Z` → `2026-11-27 09:30 UTC`: in every language, and in no other zone than it was given in. */
function readableTime(value: string): string {
  return value
    .replace("T", " ")
    .replace(/(:\d\d):00(?=Z|[+-]|$)/, "$1")
    .replace("Z", " UTC");
}
