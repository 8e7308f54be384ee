import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type { DatabaseSchemaView, TableRowsView } from "../../../src/protocol/admin-api/connections.ts";
import { type ApiError, asApiError } from "../../api/client.ts";
import { firstRows, getSchema } from "../../api/connections.ts";
import { Button } from "../../components/button.ts";
import { Note } from "../../components/note.ts";
import { BoneText, Failed } from "../../components/states.ts";
import { number } from "../../format.ts";
import { useResource } from "../../state/resource.ts";
import { ResultTable } from "../conversations/result-table.ts";

type Table = DatabaseSchemaView["schemas"][number]["tables"][number];

/** What the role may read: tables, their columns, and the first rows of each. */
export function SchemaBrowser({ id }: { id: string }) {
  const { value, error, slow, reload } = useResource(`schema/${id}`, (abort) => getSchema(id, abort));
  return html`<section class="form-section schema" aria-label="What this role can read">
    <h2>What this role can read</h2>
    ${error && !value && html`<${Failed} what="The tables could not be listed" error=${error} retry=${reload} />`}
    ${slow && html`<${BoneText} lines=${5} />`}
    ${value?.schemas.every(({ tables }) => tables.length === 0) && html`<p class="soft">No table. Grant the role SELECT on those that may be asked.</p>`}
    ${value?.schemas.map(
      ({ name, tables }) => html`<div key=${name}>
        ${value.schemas.length > 1 && html`<h3 class="mono">${name}</h3>`}
        ${tables.map((table) => html`<${TableOutline} key=${table.name} id=${id} schema=${name} table=${table} />`)}
      </div>`,
    )}
  </section>`;
}

function TableOutline({ id, schema, table }: { id: string; schema: string; table: Table }) {
  const { name, comment, rowEstimate, columns } = table;
  return html`<details class="outline">
    <summary><span class="mono strong">${name}</span>${rowEstimate !== null && html` <span class="hint">about ${number(rowEstimate)} rows</span>`}${comment && html` <span class="hint">${comment}</span>`}</summary>
    <ul class="rows">
      ${columns.map((column) => html`<li key=${column.name}><span><span class="mono">${column.name}</span> <span class="hint">${column.type}${column.comment && ` · ${column.comment}`}</span></span></li>`)}
    </ul>
    <${FirstRows} id=${id} schema=${schema} table=${name} />
  </details>`;
}

function FirstRows({ id, schema, table }: { id: string; schema: string; table: string }) {
  const [busy, setBusy] = useState(false);
  const [rows, setRows] = useState<TableRowsView | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const show = async () => {
    setBusy(true);
    setError(null);
    try {
      setRows(await firstRows(id, schema, table));
    } catch (thrown) {
      setError(asApiError(thrown));
    }
    setBusy(false);
  };
  if (error) return html`<${Note} tone="bad">${error.message}<//>`;
  if (rows === null)
    return html`<${Button} small busy=${busy} onClick=${() => void show()}>Show the first rows<//>`;
  const columns = rows.columns.map((column) => ({
    name: column.name,
    label: column.name,
    type: "text" as const,
  }));
  return html`<${ResultTable} label=${`First rows of ${table}`} columns=${columns} rows=${rows.rows} />`;
}
