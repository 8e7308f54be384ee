import { html } from "htm/preact";
import { Trash2 } from "lucide";
import type { ToolView } from "../../../src/protocol/admin-api/tools.ts";
import { getTool } from "../../api/tools.ts";
import { Button } from "../../components/button.ts";
import { Page } from "../../components/page.ts";
import { BoneText, Failed } from "../../components/states.ts";
import { useResource } from "../../state/resource.ts";
import { deleteTool } from "../../state/tools.ts";
import { CallEditor } from "./call-editor.ts";
import { ImportApiPage } from "./import-api.ts";
import { QueryEditor } from "./query-editor.ts";

const CRUMBS = { label: "Tools", page: "tools" };

export function ToolPage({ id }: { id: string }) {
  if (id === "new")
    return html`<${Page} title="New query" crumbs=${CRUMBS}><${QueryEditor} saved=${null} /><//>`;
  if (id === "new-call")
    return html`<${Page} title="New API call" crumbs=${CRUMBS}><${CallEditor} saved=${null} /><//>`;
  if (id === "import") return html`<${ImportApiPage} />`;
  return html`<${SavedTool} id=${id} />`;
}

function SavedTool({ id }: { id: string }) {
  const { value, error, slow, reload, set } = useResource(id, (abort) => getTool(id, abort));
  const onSaved = (saved: ToolView) => set(() => saved);
  return html`<${Page}
    title=${value?.label ?? "Tool"}
    crumbs=${CRUMBS}
    actions=${value && html`<${Button} icon=${Trash2} kind="danger" onClick=${() => void deleteTool(value)}>Delete<//>`}
  >
    ${error && !value && html`<${Failed} what="The tool could not be loaded" error=${error} retry=${reload} />`}
    ${slow && html`<${BoneText} lines=${8} />`}
    ${value?.type === "db_query" && html`<${QueryEditor} saved=${value} onSaved=${onSaved} />`}
    ${value?.type === "rest_api" && html`<${CallEditor} saved=${value} onSaved=${onSaved} />`}
  <//>`;
}
