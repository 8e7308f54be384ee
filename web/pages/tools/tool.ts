import { html } from "htm/preact";
import { Trash2 } from "lucide";
import { useEffect, useState } from "preact/hooks";
import type { ToolView } from "../../../src/protocol/admin-api/tools.ts";
import { type ApiError, asApiError } from "../../api/client.ts";
import { addTool, getTool, type ToolDraft, updateTool } from "../../api/tools.ts";
import { Button } from "../../components/button.ts";
import { EntryList } from "../../components/entry-list.ts";
import { ChoiceCards, Segmented, TextField } from "../../components/field.ts";
import { Note } from "../../components/note.ts";
import { Page } from "../../components/page.ts";
import { SaveBar } from "../../components/save-bar.ts";
import { BoneText, Failed } from "../../components/states.ts";
import { connections } from "../../state/connections.ts";
import { type Draft, draftOf, type Refusals, useRefusals } from "../../state/draft.ts";
import { useResource } from "../../state/resource.ts";
import { href, navigate } from "../../state/router.ts";
import { tenantId } from "../../state/session.ts";
import { toast } from "../../state/toasts.ts";
import { deleteTool, refreshTools } from "../../state/tools.ts";
import { Parameters } from "./parameters.ts";
import { RunPanel } from "./run-panel.ts";

const NEW: ToolDraft = {
  ...{
    type: "db_query",
    name: "",
    label: "",
    description: "",
    connection: "",
    query: "",
    parameters: [],
    columns: [],
  },
  ...{ rowLimit: 50, answerTemplate: null, emptyTemplate: null, exampleQuestions: [], audience: "everyone" },
  ...{ effect: "read", sharedOverMcp: false, enabled: true },
};
const CRUMBS = { label: "Tools", page: "tools" };
const MOST_EXAMPLES = 20;

export function ToolPage({ id }: { id: string }) {
  if (id === "new") return html`<${Page} title="New query" crumbs=${CRUMBS}><${Editor} saved=${null} /><//>`;
  return html`<${SavedTool} id=${id} />`;
}

function SavedTool({ id }: { id: string }) {
  const { value, error, slow, reload, set } = useResource(id, (abort) => getTool(id, abort));
  return html`<${Page}
    title=${value?.label ?? "Tool"}
    crumbs=${CRUMBS}
    actions=${value && html`<${Button} icon=${Trash2} kind="danger" onClick=${() => void deleteTool(value)}>Delete<//>`}
  >
    ${error && !value && html`<${Failed} what="The tool could not be loaded" error=${error} retry=${reload} />`}
    ${slow && html`<${BoneText} lines=${8} />`}
    ${value?.type === "db_query" && html`<${Editor} saved=${value} onSaved=${(saved: ToolView) => set(() => saved)} />`}
    ${value?.type === "rest_api" && html`<${ApiCall} tool=${value} />`}
  <//>`;
}

/** Made over the API; what it calls is shown, and it can be deleted here. */
function ApiCall({ tool }: { tool: Extract<ToolView, { type: "rest_api" }> }) {
  return html`<section class="form-section">
    <p><span class="mono strong">${tool.method}</span>${" "}<span class="mono">${tool.url}</span></p>
    <p class="soft">${tool.description}</p>
  </section>`;
}

type QueryTool = Extract<ToolView, { type: "db_query" }>;

function Editor({ saved, onSaved }: { saved: QueryTool | null; onSaved?: (saved: ToolView) => void }) {
  const tenant = tenantId.value;
  useEffect(() => connections.open(tenant), [tenant]);
  const draft = draftOf<ToolDraft>(
    `tool/${tenant}/${saved?.id ?? "new"}`,
    saved === null ? NEW : draftFrom(saved),
  );
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const refused = useRefusals(error, draft.changes);
  const save = async () => {
    setBusy(true);
    setError(null);
    try {
      const stored = await (saved === null ? addTool(draft.value) : updateTool(saved.id, draft.changes));
      draft.undo();
      toast("Saved. It counts from the next question on.");
      if (saved === null) navigate("tools", stored.id);
      else onSaved?.(stored);
      await refreshTools();
    } catch (thrown) {
      setError(asApiError(thrown));
    }
    setBusy(false);
  };
  const blocked = missing(draft.value);
  return html`<div class="stack editor">
    <${What} draft=${draft} refused=${refused} isNew=${saved === null} />
    <${Query} draft=${draft} refused=${refused} />
    <${Parameters} parameters=${draft.value.parameters} onChange=${(next: ToolDraft["parameters"]) => draft.set("parameters", next)} />
    <${Answer} draft=${draft} refused=${refused} />
    <${RunPanel} tool=${draft.value} disabled=${blocked !== null} />
    <${Who} draft=${draft} />
  </div>
  <${SaveBar}
    changed=${draft.changed}
    busy=${busy}
    blocked=${blocked}
    error=${error}
    save=${() => void save()}
    undo=${() => {
      draft.undo();
      setError(null);
    }}
  />`;
}

type SectionProps = { draft: Draft<ToolDraft>; refused: Refusals };

function What({ draft: { value, set }, refused, isNew }: SectionProps & { isNew: boolean }) {
  const named = (label: string) => {
    // Until somebody names it, the label does.
    if (isNew && value.name === nameFor(value.label)) set("name", nameFor(label));
    set("label", label);
  };
  return html`<section class="form-section">
    <${TextField} label="What it looks up" value=${value.label} maxLength=${100} placeholder="Stock in a city" error=${refused("label")} insist onInput=${named} />
    <${TextField} label="Name for models" mono value=${value.name} maxLength=${63} error=${refused("name")} insist help="Small letters, digits and underscores." onInput=${(name: string) => set("name", name)} />
    <${TextField} label="Description" rows=${3} value=${value.description} maxLength=${2_000} error=${refused("description")} insist
      help="When it is the right thing to look up, in a sentence or two. Models and look-ups without a model go by it."
      onInput=${(description: string) => set("description", description)} />
    <${EntryList}
      label="Example questions"
      action="Add question"
      placeholder="How many laptops are in stock in Berlin?"
      max=${MOST_EXAMPLES}
      entries=${value.exampleQuestions}
      problem=${() => null}
      onChange=${(questions: string[]) => set("exampleQuestions", questions)}
      help="As people ask. Without a model they decide what is looked up, so write a few, in the languages people use."
    />
  </section>`;
}

function Query({ draft: { value, set }, refused }: SectionProps) {
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
    <${TextField} label="Query" mono rows=${8} value=${value.query} error=${refused("query")} insist
      placeholder="select pieces from stock where product = :product and city = :city"
      help="One statement that only reads, with :parameters where people choose. For MongoDB a find or an aggregate as JSON."
      onInput=${(query: string) => set("query", query)} />
    <${TextField} label="Rows at most" type="number" min=${1} max=${200} value=${String(value.rowLimit)} error=${refused("rowLimit")} insist onInput=${(rows: string) => set("rowLimit", Number(rows))} />
  </section>`;
}

function Answer({ draft: { value, set }, refused }: SectionProps) {
  return html`<section class="form-section">
    <h2>How it is answered</h2>
    <${TextField} label="Sentence for one row" value=${value.answerTemplate ?? ""} error=${refused("answerTemplate")} insist
      placeholder="There are {pieces} pieces of {product} in {city}."
      help="{names} are columns first, then parameters. Several rows are shown as a table."
      onInput=${(text: string) => set("answerTemplate", text === "" ? null : text)} />
    <${TextField} label="Sentence for no row" value=${value.emptyTemplate ?? ""} error=${refused("emptyTemplate")} insist
      placeholder="There is no {product} in {city}."
      onInput=${(text: string) => set("emptyTemplate", text === "" ? null : text)} />
  </section>`;
}

function Who({ draft: { value, set } }: Pick<SectionProps, "draft">) {
  const kind = typeof value.audience === "string" ? value.audience : "tags";
  return html`<section class="form-section">
    <h2>Who may use it</h2>
    <${Segmented}
      label="Visitors"
      value=${kind}
      choices=${[
        { value: "everyone", label: "Everyone" },
        { value: "verified", label: "Verified" },
        { value: "tags", label: "Groups" },
      ]}
      help="Verified visitors are those whose page signs who they are. Groups are the ones that it names."
      onChange=${(next: string) => set("audience", next === "tags" ? { tags: [""] } : next === "verified" ? "verified" : "everyone")}
    />
    ${
      typeof value.audience !== "string" &&
      html`<${TextField} label="Groups" value=${value.audience.tags.join(", ")} placeholder="warehouse, purchasing"
      onInput=${(tags: string) => set("audience", { tags: tags.split(",").map((tag) => tag.trim()) })} />`
    }
    <${Segmented}
      label="State"
      value=${value.enabled ? "on" : "off"}
      choices=${[{ value: "on", label: "On" }, { value: "off", label: "Off" }]}
      onChange=${(next: string) => set("enabled", next === "on")}
    />
  </section>`;
}

function missing({ label, name, description, connection, query }: ToolDraft): string | null {
  if (label.trim() === "" || name === "") return "Say what it looks up.";
  if (description.trim() === "") return "Describe when it is to be used.";
  if (connection === "") return "Choose a connection.";
  return query.trim() === "" ? "Write the query." : null;
}

function nameFor(label: string): string {
  const plain = label
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_");
  return plain.replace(/^[^a-z]+|_+$/g, "").slice(0, 63);
}

function draftFrom({ id: _id, createdAt: _created, updatedAt: _updated, ...tool }: QueryTool): ToolDraft {
  return tool;
}
