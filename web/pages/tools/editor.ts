import { html } from "htm/preact";
import type { ComponentType } from "preact";
import { useState } from "preact/hooks";
import type { ToolView } from "../../../src/protocol/admin-api/tools.ts";
import { type ApiError, asApiError } from "../../api/client.ts";
import { addTool, type ToolColumn, type ToolDraft, type ToolParameter, updateTool } from "../../api/tools.ts";
import { SaveBar } from "../../components/save-bar.ts";
import { draftOf, useRefusals } from "../../state/draft.ts";
import { navigate } from "../../state/router.ts";
import { tenantId } from "../../state/session.ts";
import { toast } from "../../state/toasts.ts";
import { refreshTools } from "../../state/tools.ts";
import { Columns } from "./columns.ts";
import type { SectionProps } from "./draft-kinds.ts";
import { Parameters } from "./parameters.ts";
import { RunPanel } from "./run-panel.ts";
import { Answer, What, Who } from "./sections.ts";

export type ToolEditorProps<Own extends ToolDraft> = {
  /** Null for a new one, which begins as `draft`. */
  id: string | null;
  base: Own;
  onSaved?: (saved: ToolView) => void;
  /** What is asked, by kind. */
  Asks: ComponentType<SectionProps<Own>>;
  /** Names of parameters that stand in what is asked, and where each goes. */
  found: (value: Own) => Pick<ToolParameter, "name" | "in">[];
  /** What keeps it from being saved, in a sentence. */
  missing: (value: Own) => string | null;
};

/** What tools of every kind have, around what is asked. */
export function ToolEditor<Own extends ToolDraft>(props: ToolEditorProps<Own>) {
  const { id, base, onSaved, Asks, found, missing } = props;
  const draft = draftOf<Own>(`tool/${tenantId.value}/${id ?? `new/${base.type}`}`, base);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const refused = useRefusals(error, draft.changes);
  const save = async () => {
    setBusy(true);
    setError(null);
    try {
      const stored = await (id === null ? addTool(draft.value) : updateTool(id, draft.changes));
      draft.undo();
      toast("Saved. It counts from the next question on.");
      if (id === null) navigate("tools", stored.id);
      else onSaved?.(stored);
      await refreshTools();
    } catch (thrown) {
      setError(asApiError(thrown));
    }
    setBusy(false);
  };
  const { value } = draft;
  const section = { draft, refused };
  const blocked = missing(value);
  const setColumns = (columns: ToolColumn[]) => draft.set("columns", columns);
  return html`<div class="stack editor">
    <${What} ...${section} isNew=${id === null} />
    <${Asks} ...${section} />
    ${value.type !== "mcp" && html`<${Parameters} ...${section} found=${found(value)} />`}
    <${Columns} ...${section} />
    <${Answer} ...${section} />
    <${RunPanel} tool=${value} disabled=${blocked !== null} onRefused=${setError} onColumns=${setColumns} />
    <${Who} ...${section} />
  </div>
  <${SaveBar}
    changed=${draft.changed}
    busy=${busy}
    blocked=${blocked}
    error=${error}
    save=${() => void save()}
    undo=${() => {
      draft.undo();
      setError(null);
    }}
  />`;
}
