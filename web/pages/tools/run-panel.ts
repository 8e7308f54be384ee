import { html } from "htm/preact";
import { Play } from "lucide";
import { useState } from "preact/hooks";
import type { PreviewToolAnswer } from "../../../src/protocol/admin-api/tools.ts";
import { type ApiError, asApiError } from "../../api/client.ts";
import { previewTool, type ToolDraft } from "../../api/tools.ts";
import { Button } from "../../components/button.ts";
import { TextField } from "../../components/field.ts";
import { Note } from "../../components/note.ts";
import { count } from "../../format.ts";
import { ResultTable } from "../conversations/result-table.ts";

/** Tries what is in the editor with sample values, before it is saved. */
export function RunPanel({ tool, disabled }: { tool: ToolDraft; disabled: boolean }) {
  const [values, setValues] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<PreviewToolAnswer | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const open = tool.parameters.filter(({ boundTo, name }) => boundTo === null && name !== "");
  const run = async () => {
    setBusy(true);
    setError(null);
    try {
      const given = open.flatMap(({ name }) => (values[name] ? [[name, values[name]] as const] : []));
      setAnswer(await previewTool(tool, Object.fromEntries(given)));
    } catch (thrown) {
      setAnswer(null);
      setError(asApiError(thrown));
    }
    setBusy(false);
  };
  return html`<section class="form-section" aria-label="Try it">
    <h2>Try it</h2>
    ${open.map(
      ({ name, description, example }) => html`<${TextField}
        key=${name}
        label=${description || name}
        value=${values[name] ?? ""}
        placeholder=${example === null ? "" : String(example)}
        onInput=${(text: string) => setValues({ ...values, [name]: text })}
      />`,
    )}
    <div class="row"><${Button} icon=${Play} busy=${busy} disabled=${disabled} onClick=${() => void run()}>Run<//></div>
    <div aria-live="polite">
      ${error && html`<${Note} tone="bad">${error.message}<//>`}
      ${answer && html`<${Result} answer=${answer} />`}
    </div>
  </section>`;
}

function Result({ answer: { columns, rows, rowCount, truncated, ms, plan } }: { answer: PreviewToolAnswer }) {
  const shown = columns.map(({ unit, ...column }) => ({ ...column, ...(unit !== undefined && { unit }) }));
  return html`<p class="hint">${count(rowCount, "row")}${truncated && ", and there are more"} in ${ms} ms</p>
    <${ResultTable} label="Rows" columns=${shown} rows=${rows} />
    ${plan && html`<details class="outline"><summary>How the database goes about it</summary><pre class="mono">${plan}</pre></details>`}`;
}
