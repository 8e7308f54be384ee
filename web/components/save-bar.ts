import { html } from "htm/preact";
import type { ApiError } from "../api/client.ts";
import { count } from "../format.ts";
import { Button } from "./button.ts";
import { CopyId } from "./copy.ts";

type SaveBarProps = {
  changed: number;
  busy: boolean;
  /** Why it cannot be saved yet. */
  blocked?: string | null;
  error: ApiError | null;
  save: () => void;
  undo: () => void;
};

/** Counts what is not saved yet, and saves or forgets it. Absent while there is nothing. */
export function SaveBar({ changed, busy, blocked, error, save, undo }: SaveBarProps) {
  if (changed === 0) return null;
  return html`<div class="savebar" role="region" aria-label="Unsaved changes">
    <span class="strong" aria-live="polite">${count(changed, "unsaved change")}</span>
    ${
      (error || blocked) &&
      html`<span class="field-error">${error?.message ?? blocked}</span>
      ${error?.requestId && html`<${CopyId} id=${error.requestId} />`}`
    }
    <span class="push row">
      <${Button} kind="quiet" onClick=${undo} disabled=${busy}>Undo<//>
      <${Button} kind="primary" onClick=${save} busy=${busy} disabled=${Boolean(blocked)}>Save<//>
    </span>
  </div>`;
}
