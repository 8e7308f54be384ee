import { html } from "htm/preact";
import { useId, useState } from "preact/hooks";
import { address } from "../../api/client.ts";
import { CopyBlock } from "../../components/copy.ts";
import { me, tenant } from "../../state/session.ts";
import { originsFor } from "../widget/snippet-address.ts";
import { SCOPES, type Scope } from "./scopes.ts";

/** Stands where a key belongs. */
const ANY_KEY = "prl_…";

type ConnectProps = { apiKey?: string; scopes?: readonly Scope[] };

/** How a program is told of Parley, by what its key opens. */
export function Connect({ apiKey = ANY_KEY, scopes = ["mcp", "chat"] }: ConnectProps) {
  const origins = originsFor(location.origin, me.value?.instance.origins ?? []);
  const [origin, setOrigin] = useState(origins[0] ?? location.origin);
  return html`<section class="form-section editor" aria-label="Connect a program">
    <h2>Connect a program</h2>
    ${origins.length > 1 && html`<${Origins} origins=${origins} origin=${origin} onChange=${setOrigin} />`}
    ${scopes.includes("mcp") && html`<${AsMcpServer} url=${new URL(address("/mcp"), origin).href} apiKey=${apiKey} />`}
    ${scopes.includes("chat") && html`<${AsModel} url=${new URL(address("/v1"), origin).href} />`}
  </section>`;
}

function AsMcpServer({ url, apiKey }: { url: string; apiKey: string }) {
  return html`<div>
      <h3>${SCOPES.mcp.label}</h3>
      <p class="hint">
        Over the Model Context Protocol (streamable HTTP). It gets <code>search_knowledge</code>, <code>fetch_passage</code>${" "}
        and each look-up that is shared with programs.
      </p>
    </div>
    <${CopyBlock} text=${url} label="Address" rows=${1} />
    <p class="hint">As most programs want it in their file of MCP servers${apiKey === ANY_KEY && ", with a key in its place"}:</p>
    <${CopyBlock} text=${configOf(url, apiKey)} label="Configuration" rows=${9} />`;
}

function AsModel({ url }: { url: string }) {
  return html`<div>
      <h3>${SCOPES.chat.label}</h3>
      <p class="hint">
        Where a program asks for an OpenAI-compatible server: this address, the key, and the model below. It answers like the
        chat, from this tenant's knowledge.
      </p>
    </div>
    <${CopyBlock} text=${url} label="Base address" rows=${1} />
    <${CopyBlock} text=${tenant.value?.slug ?? ""} label="Model" rows=${1} />`;
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
