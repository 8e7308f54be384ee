import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type { ApiDescription } from "../../../src/protocol/admin-api/tools.ts";
import { asApiError } from "../../api/client.ts";
import { addTool } from "../../api/tools.ts";
import { Button } from "../../components/button.ts";
import { FilterChip, SearchBox } from "../../components/search-box.ts";
import { count } from "../../format.ts";
import { navigate } from "../../state/router.ts";
import { toast } from "../../state/toasts.ts";
import { refreshTools } from "../../state/tools.ts";
import { CredentialPicker } from "./credential-picker.ts";

type Operation = ApiDescription["operations"][number];
type Effect = "read" | "write";
type Filter = { text: string; effect: Effect | null };

/** What the API can be asked, to pick from: those that change something say so. */
export function PickOperations({ api, again }: { api: ApiDescription; again: () => void }) {
  const { operations } = api;
  const [filter, setFilter] = useState<Filter>({ text: "", effect: null });
  const [picked, setPicked] = useState<ReadonlySet<Operation>>(new Set());
  const [credential, setCredential] = useState<string | null>(null);
  const { busy, failed, add } = useAdding(credential);
  const shown = operations.filter((operation) => matches(operation, filter));
  const pick = (chosen: readonly Operation[], on: boolean) => {
    const next = new Set(picked);
    for (const operation of chosen) on ? next.add(operation) : next.delete(operation);
    setPicked(next);
  };
  return html`<div class="stack">
    <p class="standing"><span class="strong breaks">${api.title}</span> <span class="soft">${api.version}</span>, ${count(operations.length, "operation")}. <${Button} small kind="quiet" onClick=${again}>Read another<//></p>
    <${Filters} operations=${operations} filter=${filter} onChange=${setFilter} />
    ${shown.length === 0 ? html`<p class="soft">No operation matches.</p>` : html`<${OperationTable} operations=${shown} picked=${picked} failed=${failed} pick=${pick} />`}
    ${
      picked.size > 0 &&
      html`<div class="savebar" role="region" aria-label="Picked operations">
        <span class="strong" aria-live="polite">${count(picked.size, "operation")} picked</span>
        <div class="picked-credential"><${CredentialPicker} label="Credential for all of them" bare value=${credential} error=${null} onChange=${setCredential} /></div>
        <span class="push row">
          <${Button} kind="primary" busy=${busy} onClick=${() => void add([...picked], (done) => pick([done], false))}>${picked.size === 1 ? "Add the tool" : `Add ${picked.size} tools`}<//>
        </span>
      </div>`
    }
  </div>`;
}

/** One after the other, so that what is refused is said where it stands and the others are there. */
function useAdding(credential: string | null) {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<ReadonlyMap<Operation, string>>(new Map());
  const add = async (operations: readonly Operation[], onAdded: (operation: Operation) => void) => {
    setBusy(true);
    const refused = new Map<Operation, string>();
    for (const operation of operations) {
      try {
        await addTool({ ...operation.tool, credential, enabled: false });
        onAdded(operation);
      } catch (thrown) {
        refused.set(operation, asApiError(thrown).message);
      }
    }
    setFailed(refused);
    setBusy(false);
    await refreshTools();
    const added = operations.length - refused.size;
    if (added > 0)
      toast(`Added ${count(added, "tool")}, off for now. Look at each, try it, and switch it on.`);
    if (refused.size === 0) navigate("tools");
  };
  return { busy, failed, add };
}

type FiltersProps = {
  operations: readonly Operation[];
  filter: Filter;
  onChange: (filter: Filter) => void;
};

function Filters({ operations, filter, onChange }: FiltersProps) {
  const chip = (effect: Effect | null, label: string) => {
    const total = operations.filter((each) => effect === null || each.tool.effect === effect).length;
    return html`<${FilterChip} label=${label} total=${String(total)} on=${filter.effect === effect} onClick=${() => onChange({ ...filter, effect })} />`;
  };
  return html`<div class="tools" role="search">
    <${SearchBox} label="Search operations" value=${filter.text} onSearch=${(text: string) => onChange({ ...filter, text })} />
    ${chip(null, "All")} ${chip("read", "Only read")} ${chip("write", "Change something")}
  </div>`;
}

type TableProps = {
  operations: readonly Operation[];
  picked: ReadonlySet<Operation>;
  failed: ReadonlyMap<Operation, string>;
  pick: (operations: readonly Operation[], on: boolean) => void;
};

function OperationTable({ operations, picked, failed, pick }: TableProps) {
  const possible = operations.filter(({ problem }) => problem === null);
  const isAll = possible.length > 0 && possible.every((operation) => picked.has(operation));
  return html`<table class="list tall">
    <thead><tr>
      <th class="narrow-col"><input type="checkbox" aria-label="Pick all that are shown" checked=${isAll} disabled=${possible.length === 0} onChange=${() => pick(possible, !isAll)} /></th>
      <th class="main-col">Operation</th><th>Call</th><th class="r">What it does</th>
    </tr></thead>
    <tbody>
      ${operations.map(
        (operation) => html`<${Row}
          key=${`${operation.method} ${operation.path}`}
          operation=${operation}
          isPicked=${picked.has(operation)}
          failed=${failed.get(operation) ?? null}
          onPick=${(on: boolean) => pick([operation], on)}
        />`,
      )}
    </tbody>
  </table>`;
}

type RowProps = {
  operation: Operation;
  isPicked: boolean;
  failed: string | null;
  onPick: (on: boolean) => void;
};

function Row({ operation, isPicked, failed, onPick }: RowProps) {
  const { method, path, summary, problem, tool } = operation;
  const why = failed ?? problem;
  return html`<tr class=${isPicked ? "sel" : ""}>
    <td class="narrow-col p-check"><input type="checkbox" aria-label=${`Pick ${summary}, ${method} ${path}`} checked=${isPicked} disabled=${problem !== null} onChange=${() => onPick(!isPicked)} /></td>
    <td class="p-main"><bdi class="strong breaks">${summary}</bdi>${why !== null && html`<p class=${failed ? "field-error" : "hint"} role=${failed ? "alert" : undefined}>${failed ?? `Cannot be a tool yet: ${problem}`}</p>`}</td>
    <td class="p-under soft mono breaks">${method} ${path}</td>
    <td class="r nowrap p-side">${tool.effect === "write" ? html`<span class="state"><span class="dot warn"></span><span>Changes something</span></span>` : html`<span class="soft">Only reads</span>`}</td>
  </tr>`;
}

function matches({ method, path, summary, tool }: Operation, { text, effect }: Filter): boolean {
  if (effect !== null && tool.effect !== effect) return false;
  return `${method} ${path} ${summary}`.toLowerCase().includes(text.trim().toLowerCase());
}
