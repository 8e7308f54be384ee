import { html } from "htm/preact";
import { Check } from "lucide";
import { useState } from "preact/hooks";
import type { ToolView } from "../../../src/protocol/admin-api/tools.ts";
import { asApiError } from "../../api/client.ts";
import { type RemoteTool, updateTool } from "../../api/tools.ts";
import { Button } from "../../components/button.ts";
import { Note } from "../../components/note.ts";
import { toast } from "../../state/toasts.ts";
import { refreshTools } from "../../state/tools.ts";

type ChangedProps = { tool: RemoteTool; onSaved: (saved: ToolView) => void };

/** What an admin allowed beside what the server says now; nothing is used until somebody has looked. */
export function ChangedTool({ tool, onSaved }: ChangedProps) {
  const { allowed, found } = tool;
  if (tool.state === "missing")
    return html`<${Note} tone="warn">Its server does not have this tool at the moment. It comes back with it.<//>`;
  if (found === null) return null;
  return html`<section class="form-section changed-tool" aria-label="Changed by its server">
    <${Note} tone="warn"><p class="strong">Changed: look again</p><p>Its server says something else of it than what was allowed, so it is off. Read what it says now, and allow it only if you still want it.</p><//>
    <${Beside} label="Description" before=${allowed.description} now=${found.description} />
    <${Beside} label="Arguments" mono before=${pretty(allowed.inputSchema)} now=${pretty(found.inputSchema)} />
    <${Beside} label="What it says of itself" before=${hintsOf(allowed)} now=${hintsOf(found)} />
    <${Allow} tool=${tool} fingerprint=${found.fingerprint} onSaved=${onSaved} />
  </section>`;
}

function Allow({ tool, fingerprint, onSaved }: ChangedProps & { fingerprint: string }) {
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const allow = async () => {
    setBusy(true);
    setRefused(null);
    try {
      onSaved(await updateTool(tool.id, { enabled: true, fingerprint }));
      toast("Allowed as it is now, and on again.");
      await refreshTools();
    } catch (thrown) {
      setRefused(asApiError(thrown).message);
    }
    setBusy(false);
  };
  return html`${refused && html`<${Note} tone="bad">${refused}<//>`}
    <div class="row"><${Button} icon=${Check} busy=${busy} onClick=${() => void allow()}>Allow what it says now<//></div>`;
}

type BesideProps = { label: string; before: string; now: string; mono?: boolean };

function Beside({ label, before, now, mono = false }: BesideProps) {
  if (before === now) return null;
  const text = (of: string) =>
    mono ? html`<pre class="mono">${of}</pre>` : html`<p class="told">${of || "–"}</p>`;
  return html`<div class="beside" role="group" aria-label=${label}>
    <div><h3>${label}, as it was allowed</h3>${text(before)}</div>
    <div><h3>${label}, as it is now</h3>${text(now)}</div>
  </div>`;
}

const pretty = (schema: object): string => JSON.stringify(schema, null, 2);

function hintsOf({ readOnly, destructive }: RemoteTool["allowed"]): string {
  if (readOnly === true) return "It only reads.";
  if (destructive === true) return "It may destroy something.";
  return readOnly === false ? "It changes something." : "Nothing.";
}
