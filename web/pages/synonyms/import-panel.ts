import { signal } from "@preact/signals";
import { html } from "htm/preact";
import { X } from "lucide";
import { useState } from "preact/hooks";
import { type ApiError, asApiError, fieldProblem } from "../../api/client.ts";
import { exportSynonyms, importSynonyms } from "../../api/synonyms.ts";
import { Button, IconButton } from "../../components/button.ts";
import { TextField } from "../../components/field.ts";
import { Modal } from "../../components/modal.ts";
import { Note } from "../../components/note.ts";
import { count, number } from "../../format.ts";
import { refreshSynonyms } from "../../state/synonyms.ts";
import { toast, toastError } from "../../state/toasts.ts";

/** Whether the form for many at once is open. */
export const pasting = signal(false);

export function stopPasting(): void {
  pasting.value = false;
}

/** Synonyms as text, one a line: pasted from a spreadsheet, another tenant or an older export. */
export function ImportPanel() {
  if (!pasting.value) return null;
  return html`<${Modal} className="drawer" label="Paste synonyms" onClose=${stopPasting}>
    <header>
      <h2>Paste synonyms</h2>
      <span class="push"><${IconButton} icon=${X} label="Close" onClick=${stopPasting} /></span>
    </header>
    <${ImportForm} />
  <//>`;
}

function ImportForm() {
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      const { added, unchanged } = await importSynonyms(text);
      stopPasting();
      const there = unchanged > 0 ? `, ${number(unchanged)} were there already` : "";
      toast(`Added ${count(added, "synonym")}${there}`);
      await refreshSynonyms();
    } catch (thrown) {
      setError(asApiError(thrown));
      setBusy(false);
    }
  };
  const help = html`One a line: what people say, then <code>=</code>, then what the documents say, each with commas
    between several. <code>></code> in place of <code>=</code> is one way. Lines that begin with <code>#</code> are left out.`;
  return html`<form class="drawer-body question" onSubmit=${submit}>
    <${TextField}
      label="Synonyms"
      help=${help}
      placeholder=${"PTO = paid time off, annual leave\nKVP > continuous improvement"}
      rows=${12}
      mono
      autofocus
      insist
      error=${fieldProblem(error, "text")}
      value=${text}
      onInput=${(typed: string) => {
        setText(typed);
        setError(null);
      }}
    />
    ${error && fieldProblem(error, "text") === null && html`<${Refused} error=${error} />`}
    <div class="buttons">
      <${Button} onClick=${stopPasting}>Cancel<//>
      <${Button} type="submit" kind="primary" busy=${busy} disabled=${text.trim() === ""}>Add all<//>
    </div>
  </form>`;
}

function Refused({ error }: { error: ApiError }) {
  const { lines = [] } = (error.details ?? {}) as { lines?: { line: number; message: string }[] };
  if (lines.length === 0) return html`<${Note} tone="bad">${error.message}<//>`;
  return html`<${Note} tone="bad">
    <p>Nothing was added. Correct these lines and add them again.</p>
    <ul class="lines">
      ${lines.map(({ line, message }) => html`<li key=${line}><span class="num strong">Line ${line}:</span> ${message}</li>`)}
    </ul>
  <//>`;
}

/** Saved by a link of its own, because a plain one would not say for which tenant. */
export async function saveExport(): Promise<void> {
  try {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([await exportSynonyms()], { type: "text/plain" }));
    link.download = "synonyms.txt";
    link.click();
    URL.revokeObjectURL(link.href);
  } catch (thrown) {
    toastError(thrown);
  }
}
