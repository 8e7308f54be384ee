import { html } from "htm/preact";
import { useId, useState } from "preact/hooks";
import { address } from "../../api/client.ts";
import { CopyBlock } from "../../components/copy.ts";
import { me } from "../../state/session.ts";
import { originsFor } from "../widget/snippet-address.ts";

/** Stands where a key belongs. */
const ANY_KEY = "prl_…";

/** How a program that speaks the Model Context Protocol is told of Parley. */
export function Connect({ apiKey = ANY_KEY }: { apiKey?: string }) {
  const origins = originsFor(location.origin, me.value?.instance.origins ?? []);
  const [origin, setOrigin] = useState(origins[0] ?? location.origin);
  const url = new URL(address("/mcp"), origin).href;
  return html`<section class="form-section editor" aria-label="Connect a program">
    <div>
      <h2>Connect a program</h2>
      <p class="hint">
        Over the Model Context Protocol (streamable HTTP). It gets <code>search_knowledge</code>, <code>fetch_passage</code>${" "}
        and each look-up that is shared with programs.
      </p>
    </div>
    ${origins.length > 1 && html`<${Origins} origins=${origins} origin=${origin} onChange=${setOrigin} />`}
    <${CopyBlock} text=${url} label="Address" rows=${1} />
    <p class="hint">As most programs want it in their file of MCP servers${apiKey === ANY_KEY && ", with a key in its place"}:</p>
    <${CopyBlock} text=${configOf(url, apiKey)} label="Configuration" rows=${9} />
  </section>`;
}

type OriginsProps = { origins: readonly string[]; origin: string; onChange: (origin: string) => void };

function Origins({ origins, origin, onChange }: OriginsProps) {
  const id = useId();
  const choose = (event: Event) => onChange((event.currentTarget as HTMLSelectElement).value);
  return html`<div class="field">
    <label for=${id}>Where the program finds Parley</label>
    <select id=${id} class="input" value=${origin} onChange=${choose}>
      ${origins.map((each) => html`<option key=${each} value=${each}>${each}</option>`)}
    </select>
  </div>`;
}

export function configOf(url: string, apiKey: string): string {
  const parley = { type: "http", url, headers: { Authorization: `Bearer ${apiKey}` } };
  return JSON.stringify({ mcpServers: { parley } }, null, 2);
}
