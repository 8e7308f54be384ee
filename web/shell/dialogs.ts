import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { type ApiError, asApiError, fieldProblems } from "../api/client.ts";
import { Button } from "../components/button.ts";
import { CopyBlock } from "../components/copy.ts";
import { TextField } from "../components/field.ts";
import { Modal } from "../components/modal.ts";
import { Note } from "../components/note.ts";
import { type DialogRequest, dialog } from "../state/dialogs.ts";

const close = () => {
  dialog.value = null;
};

/** Shows whatever state/dialogs.ts asks for. */
export function DialogHost() {
  const request = dialog.value;
  if (!request) return null;
  return html`<${Modal} className="dialog" label=${request.title} onClose=${close}>
    ${
      request.kind === "tell"
        ? html`<${Told} told=${request} />`
        : html`<${Question} key=${request.title} request=${request} />`
    }
  <//>`;
}

function Told({ told }: { told: Extract<DialogRequest, { kind: "tell" }> }) {
  return html`<div class="dialog-body">
    <h2>${told.title}</h2>
    <p class="soft">${told.text}</p>
    <${CopyBlock} text=${told.command} label="Command" rows=${1} />
    <p class="soft">${told.after}</p>
    <div class="buttons"><${Button} kind="primary" onClick=${close}>Close<//></div>
  </div>`;
}

function Question({ request }: { request: Exclude<DialogRequest, { kind: "tell" }> }) {
  const [value, setValue] = useState(request.kind === "prompt" ? request.value : "");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const confirms = request.kind === "confirm";
  const allowed = confirms ? value.trim() === request.typed : value.trim() !== "";

  // There is one field: whatever the server found wrong with the body is about it.
  const complaint = Object.values(fieldProblems(error))[0] ?? null;

  const submit = async (event: Event) => {
    event.preventDefault();
    if (!allowed || busy) return;
    setBusy(true);
    try {
      await (confirms ? request.run() : request.run(value.trim()));
      close();
    } catch (thrown) {
      setError(asApiError(thrown));
      setBusy(false);
    }
  };

  return html`<form onSubmit=${submit}>
    <h2>${request.title}</h2>
    ${confirms && html`<p class="soft">${request.text}</p>`}
    <${TextField}
      label=${confirms ? `Type “${request.typed}” to confirm` : request.label}
      help=${confirms ? undefined : request.help}
      error=${complaint}
      insist
      value=${value}
      onInput=${(text: string) => {
        setValue(text);
        setError(null);
      }}
      autofocus
    />
    ${error && !complaint && html`<${Note} tone="bad">${error.message}<//>`}
    <div class="buttons">
      <${Button} onClick=${close}>Cancel<//>
      <${Button} type="submit" kind=${confirms ? "danger primary" : "primary"} disabled=${!allowed} busy=${busy}>
        ${request.action}
      <//>
    </div>
  </form>`;
}
