import { html } from "htm/preact";
import { X } from "lucide";
import { useState } from "preact/hooks";
import { type CreatedApiKey, createApiKey } from "../../api/api-keys.ts";
import { type ApiError, asApiError, fieldProblem } from "../../api/client.ts";
import { Button, IconButton } from "../../components/button.ts";
import { CopyBlock } from "../../components/copy.ts";
import { Segmented, TextField } from "../../components/field.ts";
import { Modal } from "../../components/modal.ts";
import { Note } from "../../components/note.ts";
import { Connect } from "./connect.ts";
import { SCOPES, type Scope } from "./scopes.ts";

const DAY_MS = 86_400_000;
const LIVES = [
  { value: "90", label: "90 days" },
  { value: "365", label: "A year" },
  { value: "", label: "Until revoked" },
];
const ALL = Object.keys(SCOPES) as Scope[];

type PanelProps = { onMade: (made: CreatedApiKey) => void; close: () => void };

/** Makes a key, and shows it once. */
export function NewKeyPanel({ onMade, close }: PanelProps) {
  const [made, setMade] = useState<CreatedApiKey | null>(null);
  return html`<${Modal} className="drawer" label="Add key" onClose=${close}>
    <header>
      <h2>Add key</h2>
      <span class="push"><${IconButton} icon=${X} label="Close" onClick=${close} /></span>
    </header>
    ${
      made === null
        ? html`<${NewKey}
            close=${close}
            onMade=${(key: CreatedApiKey) => {
              setMade(key);
              onMade(key);
            }}
          />`
        : html`<${Made} made=${made} close=${close} />`
    }
  <//>`;
}

function NewKey({ onMade, close }: PanelProps) {
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<Scope[]>(ALL.slice(0, 1));
  const [days, setDays] = useState("365");
  const [insist, setInsist] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  const refused = fieldProblem(error, "name");
  const submit = async (event: Event) => {
    event.preventDefault();
    setInsist(true);
    if (busy || name.trim() === "" || scopes.length === 0) return;
    setBusy(true);
    setError(null);
    try {
      const expiresAt = days === "" ? null : new Date(Date.now() + Number(days) * DAY_MS).toISOString();
      onMade(await createApiKey({ name: name.trim(), scopes, expiresAt }));
    } catch (thrown) {
      setError(asApiError(thrown));
      setBusy(false);
    }
  };
  return html`<form class="drawer-body question" onSubmit=${submit}>
    <${TextField}
      label="Name"
      help="What will use it: it is how you tell keys apart."
      placeholder="Desk assistant of sales"
      maxLength=${80}
      autofocus
      insist=${insist}
      error=${name.trim() === "" ? "Say what will use the key." : refused}
      value=${name}
      onInput=${setName}
    />
    <${Scopes} scopes=${scopes} onChange=${setScopes} />
    <${Segmented} label="Works for" value=${days} choices=${LIVES} onChange=${setDays} help="Afterwards it is refused. A key can be revoked at any time." />
    ${error && !refused && html`<${Note} tone="bad">${error.message}<//>`}
    <div class="buttons">
      <${Button} onClick=${close}>Cancel<//>
      <${Button} type="submit" kind="primary" busy=${busy}>Make the key<//>
    </div>
  </form>`;
}

function Scopes({ scopes, onChange }: { scopes: Scope[]; onChange: (next: Scope[]) => void }) {
  const toggle = (scope: Scope) =>
    onChange(scopes.includes(scope) ? scopes.filter((each) => each !== scope) : [...scopes, scope]);
  return html`<div class="field" role="group" aria-label="Opens">
    <span class="label">Opens</span>
    <div class="choices">
      ${ALL.map(
        (scope) => html`<label class="choice" key=${scope}>
          <input type="checkbox" checked=${scopes.includes(scope)} onChange=${() => toggle(scope)} />
          <span class="strong">${SCOPES[scope].label}</span>
          <span class="hint">${SCOPES[scope].hint}</span>
        </label>`,
      )}
    </div>
    ${scopes.length === 0 && html`<p class="field-error">Choose what the key opens.</p>`}
  </div>`;
}

function Made({ made, close }: { made: CreatedApiKey; close: () => void }) {
  return html`<div class="drawer-body">
    <${Note} tone="warn">This is the only time that the key is shown. Copy it to where it is needed now.<//>
    <${CopyBlock} text=${made.key} label=${`Key of ${made.name}`} rows=${2} />
    <${Connect} apiKey=${made.key} scopes=${made.scopes} />
    <div class="row"><${Button} kind="primary" onClick=${close}>I have copied it<//></div>
  </div>`;
}
