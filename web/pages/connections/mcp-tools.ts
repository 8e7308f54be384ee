import { html } from "htm/preact";
import { Check, RotateCw } from "lucide";
import { useState } from "preact/hooks";
import type { McpServerTools, McpServerView } from "../../../src/protocol/admin-api/mcp-servers.ts";
import { asApiError } from "../../api/client.ts";
import { toolsOfServer } from "../../api/mcp-servers.ts";
import { addTool } from "../../api/tools.ts";
import { Button } from "../../components/button.ts";
import { Note } from "../../components/note.ts";
import { BoneText, Failed } from "../../components/states.ts";
import { count } from "../../format.ts";
import { useResource } from "../../state/resource.ts";
import { href } from "../../state/router.ts";
import { toast } from "../../state/toasts.ts";
import { refreshTools } from "../../state/tools.ts";

type Offered = McpServerTools["items"][number];

/** What the server has now: every word of it is looked at before any of it is used. */
export function McpTools({ server, onAnswer }: { server: McpServerView; onAnswer: () => void }) {
  const { value, error, slow, reload } = useResource(`${server.id}/tools`, (abort) =>
    toolsOfServer(server.id, abort),
  );
  const again = () => {
    reload();
    onAnswer();
  };
  return html`<section class="stack remote-tools" aria-label="Tools of the server">
    <div class="row">
      <h2>What it has</h2>
      <span class="push"><${Button} small icon=${RotateCw} onClick=${again}>Ask again<//></span>
    </div>
    ${slow && html`<${BoneText} lines=${6} />`}
    ${error && html`<${Failed} what="The server did not say what it has" error=${error} retry=${again} />`}
    ${value && html`<${Listed} offered=${value} onAllowed=${reload} />`}
  </section>`;
}

function Listed({ offered, onAllowed }: { offered: McpServerTools; onAllowed: () => void }) {
  const { serverVersion, items, truncated } = offered;
  return html`<p class="standing soft">${serverVersion && html`<bdi>${serverVersion}</bdi>, `}${count(items.length, "tool")}${truncated && ", and it has more than are read here"}</p>
    ${items.length === 0 && html`<p class="soft">It has no tools for Parley.</p>`}
    ${items.map((tool) => html`<${OfferedTool} key=${tool.name} tool=${tool} onAllowed=${onAllowed} />`)}`;
}

function OfferedTool({ tool, onAllowed }: { tool: Offered; onAllowed: () => void }) {
  const { name, title, description, warnings, problem } = tool;
  return html`<article class="remote-tool" aria-label=${title ?? name}>
    <div class="row">
      <h3><bdi>${title ?? name}</bdi></h3>
      <span class="push row"><${Standing} tool=${tool} onAllowed=${onAllowed} /></span>
    </div>
    <p class="soft"><span class="mono breaks">${name}</span> · ${claimOf(tool)}</p>
    <p class="told">${description || html`<span class="soft">It does not say what it does.</span>`}</p>
    <${Arguments} tool=${tool} />
    ${warnings.map((warning) => html`<${Note} key=${warning} tone="warn">${warning}<//>`)}
    ${problem && html`<${Note} tone="bad">It cannot be allowed. ${problem}<//>`}
  </article>`;
}

function Standing({ tool, onAllowed }: { tool: Offered; onAllowed: () => void }) {
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const allow = async () => {
    setBusy(true);
    setRefused(null);
    try {
      await addTool(tool.draft);
      toast("Allowed. It counts from the next question on.");
      await refreshTools();
      onAllowed();
    } catch (thrown) {
      setRefused(asApiError(thrown).message);
    }
    setBusy(false);
  };
  if (tool.tool !== null) {
    const { id, state, enabled } = tool.tool;
    const [tone, word] =
      state === "changed" ? ["warn", "Changed: look again"] : enabled ? ["good", "Allowed"] : ["", "Off"];
    return html`<span class="state"><span class=${`dot ${tone}`}></span><span>${word}</span></span><${Button} small href=${href("tools", id)}>${state === "changed" ? "Look at it" : "Open"}<//>`;
  }
  return html`${refused && html`<span class="field-error" role="alert">${refused}</span>`}
    <${Button} small icon=${Check} busy=${busy} disabled=${tool.problem !== null} onClick=${() => void allow()}>Allow<//>`;
}

/** What the server says of itself is no more than that. */
function claimOf({ readOnly, destructive }: Offered): string {
  if (readOnly === true) return "says that it only reads";
  if (destructive === true) return "says that it may destroy something";
  return readOnly === false ? "says that it changes something" : "does not say whether it changes something";
}

function Arguments({ tool: { arguments: given, inputSchema } }: { tool: Offered }) {
  if (given.length === 0) return html`<p class="soft">No arguments.</p>`;
  return html`<ul>
      ${given.map(
        ({ name, type, required, description, values }) => html`<li key=${name}>
          <span class="mono breaks">${name}</span> <span class="soft">${type}${!required && ", optional"}</span> ${description}
          ${values.length > 0 && html` <span class="soft breaks">(${values.slice(0, 20).join(", ")})</span>`}
        </li>`,
      )}
    </ul>
    <details class="outline"><summary>The schema of the arguments</summary><pre class="mono breaks">${JSON.stringify(inputSchema, null, 2)}</pre></details>`;
}
