import { html } from "htm/preact";
import { useEffect, useState } from "preact/hooks";
import type { EgressView } from "../../../src/protocol/admin-api/egress.ts";
import { type ApiError, asApiError } from "../../api/client.ts";
import { getEgress, saveAllowed } from "../../api/egress.ts";
import { EntryList } from "../../components/entry-list.ts";
import { Note } from "../../components/note.ts";
import { Page } from "../../components/page.ts";
import { SaveBar } from "../../components/save-bar.ts";
import { BoneText, Failed } from "../../components/states.ts";
import { type Draft, draftOf } from "../../state/draft.ts";
import { ledger } from "../../state/egress.ts";
import { useResource } from "../../state/resource.ts";
import { toast } from "../../state/toasts.ts";
import { LedgerTable } from "./ledger-table.ts";

type Form = Pick<EgressView, "allow">;

/** As the server has it; what is wrong in other ways it says itself. */
const ENTRY = /^(\*\.)?(\[[^\]\s]+\]|[^\s:=*[\]/@]+):\d{1,5}(=\S+)?$/;
const MOST_ENTRIES = 1_000;

/** What Parley may call, and where it has called. */
export function EgressPage() {
  const { value, error, slow, reload, set } = useResource("egress", getEgress);
  useEffect(() => ledger.open("instance"), []);
  return html`<${Page}
    title="Egress"
    about="What Parley may call, for every tenant, and where it has called."
  >
    ${error && !value && html`<${Failed} what="The list could not be loaded" error=${error} retry=${reload} />`}
    ${slow && html`<${BoneText} lines=${8} />`}
    ${value && html`<${Egress} saved=${value} onSaved=${(saved: EgressView) => set(() => saved)} />`}
  <//>`;
}

function Egress({ saved, onSaved }: { saved: EgressView; onSaved: (saved: EgressView) => void }) {
  const draft = draftOf<Form>("egress", { allow: saved.allow });
  const { busy, error, save, forget } = useSaving(draft, onSaved);
  const { allow } = draft.value;
  const allowed = (entry: string) => {
    if (allow.includes(entry)) return toast(`${entry} is in the list already`);
    draft.set("allow", [...allow, entry]);
    toast(`${entry} is in the list. Save it to let Parley call there.`);
  };
  return html`<div class="stack egress">
    <section class="form-section egress-list">
      <${Modes} ...${saved} />
      ${
        saved.proxy !== null &&
        html`<${Note}>Calls over HTTP go through the proxy <span class="mono">${saved.proxy}</span>. Databases are called straight.<//>`
      }
      <${EntryList}
        label="Parley may call"
        action="Add entry"
        placeholder="db.example.org:5432"
        mono
        max=${MOST_ENTRIES}
        entries=${allow}
        problem=${(entry: string) => (ENTRY.test(entry.trim()) ? null : "Write host:port, *.host:port or host:port=NETWORK.")}
        onChange=${(entries: string[]) => draft.set("allow", entries)}
        help=${html`Databases, APIs and MCP servers are called only if they are listed:${" "}
          <code>crm.corp:443</code>,${" "}<code>*.corp:443</code> for every host below it,${" "}
          <code>db.corp:5432=10.1.0.0/16</code> to hold a name to its network. This machine is called only where an
          entry says so:${" "}<code>127.0.0.1:5432</code>. What is refused sends no packet.`}
      />
      <${FromSettings} entries=${saved.fromSettings} />
    </section>
    <${LedgerTable} onAllow=${allowed} listed=${[...allow, ...saved.fromSettings]} />
  </div>
  <${SaveBar}
    changed=${draft.changed}
    busy=${busy}
    blocked=${allow.some((entry) => !ENTRY.test(entry.trim())) ? "An entry is no host and port yet." : null}
    error=${error}
    save=${() => void save()}
    undo=${forget}
  />`;
}

function useSaving(draft: Draft<Form>, onSaved: (saved: EgressView) => void) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const save = async () => {
    setBusy(true);
    setError(null);
    try {
      onSaved(await saveAllowed(draft.value.allow));
      draft.undo();
      toast("Saved. It counts from the next call on.");
    } catch (thrown) {
      setError(asApiError(thrown));
    }
    setBusy(false);
  };
  const forget = () => {
    draft.undo();
    setError(null);
  };
  return { busy, error, save, forget };
}

function Modes({ offline, restricted }: EgressView) {
  if (offline)
    return html`<${Note}>Parley runs offline: language models and vendors, too, are called only if they are listed here or an operator saved them.<//>`;
  if (restricted)
    return html`<${Note}>Model servers that admins of tenants enter are called only if they are listed here.<//>`;
  return null;
}

function FromSettings({ entries }: { entries: string[] }) {
  if (entries.length === 0) return null;
  return html`<div class="field">
    <span class="label">From the settings</span>
    <ul class="entries fixed">${entries.map((entry) => html`<li key=${entry} class="mono">${entry}</li>`)}</ul>
    <div class="hint">Given by <code>--egress-allow</code>, <code>PARLEY_EGRESS_ALLOW</code> or <code>parley.toml</code>, and changed there.</div>
  </div>`;
}
