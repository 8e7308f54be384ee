import { html } from "htm/preact";
import { Trash2 } from "lucide";
import { useState } from "preact/hooks";
import type { ToolView } from "../../../src/protocol/admin-api/tools.ts";
import { getTool } from "../../api/tools.ts";
import { Button } from "../../components/button.ts";
import { Page } from "../../components/page.ts";
import { BoneText, Failed } from "../../components/states.ts";
import { NO_ROOM_BESIDE, useMedia } from "../../state/media.ts";
import { useResource } from "../../state/resource.ts";
import { deleteTool } from "../../state/tools.ts";
import { AskTool, AskToolSheet } from "./ask-tool.ts";
import { CallEditor } from "./call-editor.ts";
import { ImportApiPage } from "./import-api.ts";
import { QueryEditor } from "./query-editor.ts";
import { ToolUse } from "./tool-use.ts";

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
  const [round, setRound] = useState(0);
  const isBeside = !useMedia(NO_ROOM_BESIDE);
  const asking = { tool: value, onAsked: () => setRound((before) => before + 1) };
  return html`<${Page}
    title=${value?.label ?? "Tool"}
    crumbs=${CRUMBS}
    actions=${
      value &&
      html`${!isBeside && html`<${AskToolSheet} ...${asking} />`}
      <${Button} icon=${Trash2} kind="danger" onClick=${() => void deleteTool(value)}>Delete<//>`
    }
  >
    ${error && !value && html`<${Failed} what="The tool could not be loaded" error=${error} retry=${reload} />`}
    ${slow && html`<${BoneText} lines=${8} />`}
    ${
      value &&
      html`<div class="tool-page">
      <div>
        <${ToolUse} id=${value.id} round=${round} />
        ${value.type === "db_query" && html`<${QueryEditor} saved=${value} onSaved=${onSaved} />`}
        ${value.type === "rest_api" && html`<${CallEditor} saved=${value} onSaved=${onSaved} />`}
      </div>
      ${isBeside && html`<${AskTool} ...${asking} />`}
    </div>`
    }
  <//>`;
}
