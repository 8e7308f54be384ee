/** Rows that a look-up gave, as a table. What it needs of Preact is given to it, as in answer-text.ts. */
import type { html as Html } from "htm/preact";
import type { VNode } from "preact";
import type { CellView, ColumnView, ToolCitationView } from "../../../src/protocol/chat-protocol.ts";
import type { fill as Fill } from "../i18n/texts.ts";
import { type CardWords, cardWords } from "./words.ts";

type Rows = { html: typeof Html; fill: typeof Fill; language: string; citation: ToolCitationView };

export function rowsTable({ html, fill, language, citation }: Rows): VNode {
  const words = cardWords(language);
  const { label, statement, columns, rows, truncated } = citation;
  const cell = (value: CellView, column: ColumnView | undefined) =>
    html`<td class=${sideOf(column)} dir="auto">${cellText(value, column, words)}</td>`;
  const table = html`<table>
    <thead><tr>${columns.map((column) => html`<th scope="col" class=${sideOf(column)} dir="auto">${column.label}</th>`)}</tr></thead>
    <tbody>${rows.map((row) => html`<tr>${row.map((value, index) => cell(value, columns[index]))}</tr>`)}</tbody>
  </table>`;
  return html`<div class="wide" tabindex="0" role="region" aria-label=${label}>${table}</div>
    ${truncated && html`<div class="hint">${fill(words.firstRows, { count: rows.length })}</div>`}
    ${rows.length === 0 && html`<div class="hint">${words.noRows}</div>`}
    ${statement !== undefined && html`<div class="hint" dir="ltr"><code>${statement}</code></div>`}` as VNode;
}

/** Only text may break: half a number or half a date is another one. */
function sideOf(column: ColumnView | undefined): string | null {
  if (column === undefined || column.type === "text" || column.type === "json") return null;
  return column.type === "integer" || column.type === "decimal" ? "r whole" : "whole";
}

function cellText(value: CellView, column: ColumnView | undefined, words: CardWords): string {
  if (value === null) return "–";
  if (typeof value === "boolean") return value ? words.yes : words.no;
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
