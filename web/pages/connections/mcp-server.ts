import { html } from "htm/preact";
import { Trash2 } from "lucide";
import { useState } from "preact/hooks";
import type { McpServerView } from "../../../src/protocol/admin-api/mcp-servers.ts";
import { type ApiError, asApiError } from "../../api/client.ts";
import { addMcpServer, getMcpServer, type McpServerDraft, updateMcpServer } from "../../api/mcp-servers.ts";
import { Button } from "../../components/button.ts";
import { TextField } from "../../components/field.ts";
import { Page } from "../../components/page.ts";
import { SaveBar } from "../../components/save-bar.ts";
import { BoneText, Failed } from "../../components/states.ts";
import { draftOf, useRefusals } from "../../state/draft.ts";
import { deleteMcpServer, refreshMcpServers } from "../../state/mcp-servers.ts";
import { useResource } from "../../state/resource.ts";
import { navigate } from "../../state/router.ts";
import { tenantId } from "../../state/session.ts";
import { toast } from "../../state/toasts.ts";
import { CredentialPicker } from "../tools/credential-picker.ts";
import { McpTools } from "./mcp-tools.ts";

const CRUMBS = { label: "Connections", page: "connections" };
const NEW: McpServerDraft = { name: "", url: "", credential: null };

export function NewMcpServerPage() {
  return html`<${Page} title="New MCP server" crumbs=${CRUMBS}
    about="A server of the Model Context Protocol that offers tools of its own. None of them is used before you have allowed it."
  ><${Editor} saved=${null} /><//>`;
}

export function McpServerPage({ id }: { id: string }) {
  const { value, error, slow, reload, set } = useResource(id, (abort) => getMcpServer(id, abort));
  return html`<${Page}
    title=${value?.name ?? "MCP server"}
    crumbs=${CRUMBS}
    actions=${value && html`<${Button} icon=${Trash2} kind="danger" onClick=${() => void deleteMcpServer(value)}>Delete<//>`}
  >
    ${error && !value && html`<${Failed} what="The MCP server could not be loaded" error=${error} retry=${reload} />`}
    ${slow && html`<${BoneText} lines=${8} />`}
    ${
      value &&
      html`<${McpTools} key=${value.updatedAt} server=${value} onAnswer=${reload} />
      <${Editor} saved=${value} onSaved=${(saved: McpServerView) => set(() => saved)} />`
    }
  <//>`;
}

type EditorProps = { saved: McpServerView | null; onSaved?: (saved: McpServerView) => void };

function Editor({ saved, onSaved }: EditorProps) {
  const base = saved === null ? NEW : { name: saved.name, url: saved.url, credential: saved.credential };
  const draft = draftOf<McpServerDraft>(`mcp-server/${tenantId.value}/${saved?.id ?? "new"}`, base);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const refused = useRefusals(error, draft.changes);
  const save = async () => {
    setBusy(true);
    setError(null);
    try {
      const stored = await (saved === null
        ? addMcpServer(draft.value)
        : updateMcpServer(saved.id, draft.changes));
      draft.undo();
      toast(saved === null ? "Added. Now see what it has." : "Saved.");
      if (saved === null) navigate("connections", stored.id);
      else onSaved?.(stored);
      await refreshMcpServers();
    } catch (thrown) {
      setError(asApiError(thrown));
    }
    setBusy(false);
  };
  const { value, set } = draft;
  const isWhole = value.name.trim() !== "" && value.url.trim() !== "";
  return html`<div class="stack editor">
    <section class="form-section">
      ${saved !== null && html`<h2>The server</h2>`}
      <${TextField} label="Name" value=${value.name} maxLength=${100} placeholder="Warehouse" error=${refused("name")} insist onInput=${(text: string) => set("name", text)} />
      <${TextField} label="Address" mono value=${value.url} maxLength=${2_000} placeholder="https://tools.example.org/mcp" error=${refused("url")} insist
        help="Where it speaks streamable HTTP. An operator lists its host and port under Egress, or Parley does not dial it."
        onInput=${(text: string) => set("url", text.trim())} />
      <${CredentialPicker} value=${value.credential} error=${refused("credential")} onChange=${(credential: string | null) => set("credential", credential)} />
    </section>
  </div>
  <${SaveBar}
    changed=${draft.changed}
    busy=${busy}
    blocked=${isWhole ? null : "Name and address are needed."}
    error=${error}
    save=${() => void save()}
    undo=${() => {
      draft.undo();
      setError(null);
    }}
  />`;
}
