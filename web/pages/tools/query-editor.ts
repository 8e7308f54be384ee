import { html } from "htm/preact";
import { useEffect } from "preact/hooks";
import type { ToolView } from "../../../src/protocol/admin-api/tools.ts";
import type { QueryDraft, QueryTool } from "../../api/tools.ts";
import { ChoiceCards, TextField } from "../../components/field.ts";
import { Note } from "../../components/note.ts";
import { connections } from "../../state/connections.ts";
import { href } from "../../state/router.ts";
import { tenantId } from "../../state/session.ts";
import { missingOfAny, NEW_QUERY, type SectionProps } from "./draft-kinds.ts";
import { ToolEditor } from "./editor.ts";
import { QueryField } from "./query-field.ts";
import { parametersIn } from "./query-tokens.ts";

type QueryEditorProps = { saved: QueryTool | null; onSaved?: (saved: ToolView) => void };

/** A query over one of the tenant's databases. */
export function QueryEditor({ saved, onSaved }: QueryEditorProps) {
  const tenant = tenantId.value;
  useEffect(() => connections.open(tenant), [tenant]);
  return html`<${ToolEditor}
    id=${saved?.id ?? null}
    base=${saved === null ? NEW_QUERY : draftFrom(saved)}
    onSaved=${onSaved}
    Asks=${Query}
    found=${found}
    missing=${missing}
  />`;
}

function Query({ draft: { value, set }, refused }: SectionProps<QueryDraft>) {
  const items = connections.items.value ?? [];
  if (connections.items.value?.length === 0)
    return html`<${Note} tone="warn">There is no connection yet. <a href=${href("connections", "new")}>Add one</a> first.<//>`;
  return html`<section class="form-section">
    <${ChoiceCards}
      label="Connection"
      value=${value.connection}
      choices=${items.map(({ id, name, host, state }) => ({ value: id, label: name, hint: state === "ready" ? host : `${host}, not ready` }))}
      onChange=${(connection: string) => set("connection", connection)}
    />
    <${QueryField}
      connection=${items.find(({ id }) => id === value.connection) ?? null}
      value=${value.query}
      error=${refused("query")}
      parameters=${value.parameters.map(({ name }) => name).filter((name) => name !== "")}
      onInput=${(query: string) => set("query", query)}
    />
    <${TextField} label="Rows at most" type="number" min=${1} max=${200} value=${String(value.rowLimit)} error=${refused("rowLimit")} insist onInput=${(rows: string) => set("rowLimit", Number(rows))} />
  </section>`;
}

function found({ connection, query }: QueryDraft) {
  const type = connections.items.value?.find(({ id }) => id === connection)?.type;
  return parametersIn(query, type ?? "postgres").map((name) => ({ name, in: null }));
}

function missing(value: QueryDraft): string | null {
  const lacks = missingOfAny(value);
  if (lacks !== null) return lacks;
  if (value.connection === "") return "Choose a connection.";
  return value.query.trim() === "" ? "Write the query." : null;
}

function draftFrom({ id: _id, createdAt: _created, updatedAt: _updated, ...tool }: QueryTool): QueryDraft {
  return tool;
}
