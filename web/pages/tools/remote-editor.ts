import { html } from "htm/preact";
import type { ToolView } from "../../../src/protocol/admin-api/tools.ts";
import type { RemoteDraft, RemoteTool, ToolParameter } from "../../api/tools.ts";
import { Segmented, TextField } from "../../components/field.ts";
import type { Refusals } from "../../state/draft.ts";
import { href } from "../../state/router.ts";
import { ChangedTool } from "./changed-tool.ts";
import { missingOfAny, type SectionProps } from "./draft-kinds.ts";
import { ToolEditor } from "./editor.ts";
import { BINDINGS } from "./parameters.ts";
import { Select } from "./select.ts";

type RemoteEditorProps = { saved: RemoteTool; onSaved: (saved: ToolView) => void };

/** A tool of an MCP server: what it takes is the server's to say, how it is told and who may use it is not. */
export function RemoteEditor({ saved, onSaved }: RemoteEditorProps) {
  return html`<${ChangedTool} key=${saved.updatedAt} tool=${saved} onSaved=${onSaved} />
    <${ToolEditor}
      id=${saved.id}
      base=${draftFrom(saved)}
      onSaved=${onSaved}
      Asks=${Remote}
      found=${() => []}
      missing=${missingOfAny}
    />`;
}

function Remote({ draft: { value, set }, refused }: SectionProps<RemoteDraft>) {
  return html`<section class="form-section">
      <h2>What is called</h2>
      <p><span class="mono breaks">${value.remoteName}</span> of <a href=${href("connections", value.server)}>its MCP server</a></p>
      <${TextField} label="Rows at most" type="number" min=${1} max=${200} value=${String(value.rowLimit)} error=${refused("rowLimit")} insist onInput=${(rows: string) => set("rowLimit", Number(rows))} />
      <${Segmented}
        label="What it does"
        value=${value.effect}
        choices=${[{ value: "read", label: "Only reads" }, { value: "write", label: "Changes something" }]}
        error=${refused("effect")}
        help="What changes something waits until the visitor has confirmed the exact values, and is never sent twice."
        onChange=${(effect: RemoteDraft["effect"]) => set("effect", effect)}
      />
    </section>
    <section class="form-section">
      <h2>Parameters</h2>
      ${value.parameters.length === 0 && html`<p class="soft">It takes none.</p>`}
      ${value.parameters.map(
        (parameter, at) => html`<${Parameter}
          key=${parameter.name}
          parameter=${parameter}
          refused=${(field: string) => refused(`parameters.${at}.${field}`)}
          onChange=${(changes: Partial<ToolParameter>) => set("parameters", value.parameters.with(at, { ...parameter, ...changes }))}
        />`,
      )}
    </section>`;
}

type ParameterProps = {
  parameter: RemoteDraft["parameters"][number];
  refused: Refusals;
  onChange: (changes: Partial<ToolParameter>) => void;
};

function Parameter({ parameter, refused, onChange }: ParameterProps) {
  const { name, type, description, required, boundTo, example, schema, values } = parameter;
  const kind = schema === undefined ? type : "JSON";
  const bind = (to: string) =>
    onChange({ boundTo: to === "" ? null : (to as ToolParameter["boundTo"]), default: null });
  return html`<fieldset class="parameter">
    <legend class="row"><span class="mono breaks">${name}</span> <span class="soft">${kind}${!required && ", optional"}</span></legend>
    ${values.length > 0 && html`<p class="hint breaks">One of ${values.slice(0, 20).join(", ")}</p>`}
    <${TextField} label="What it is, in words" value=${description} maxLength=${1_000} error=${refused("description")} insist onInput=${(text: string) => onChange({ description: text })} />
    <${Select} label="Comes from" value=${boundTo ?? ""} choices=${BINDINGS} error=${refused("boundTo")} onChange=${bind} />
    ${boundTo === null && html`<${TextField} label="Example" value=${example ?? ""} maxLength=${200} onInput=${(text: string) => onChange({ example: text === "" ? null : text })} />`}
  </fieldset>`;
}

function draftFrom(tool: RemoteTool): RemoteDraft {
  const {
    id: _id,
    createdAt: _created,
    updatedAt: _updated,
    statistics: _statistics,
    state: _state,
    allowed: _allowed,
    found: _found,
    ...draft
  } = tool;
  return draft;
}
