import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { Button } from "./button.ts";
import { Below, TextField } from "./field.ts";

type SecretFieldProps = {
  label: string;
  help: string;
  saved: { set: boolean; last4: string | null };
  /** What was newly typed; null while the saved one stays; "" to remove it. */
  value: string | null;
  error: string | null;
  /** Why the saved one cannot be used. */
  problem?: string | null;
  /** There is always one: it is replaced, never removed. */
  needed?: boolean;
  onChange: (value: string | null) => void;
};

/** A secret that is stored: `•••• 1234`, to replace or remove, never to read. */
export function SecretField({
  label,
  help,
  saved,
  value,
  error,
  problem,
  needed,
  onChange,
}: SecretFieldProps) {
  const [replacing, setReplacing] = useState(value !== null && value !== "");
  const keep = () => {
    setReplacing(false);
    onChange(null);
  };
  if (replacing || !saved.set || error) {
    return html`<div class="row secret">
      <div class="grow">
        <${TextField}
          label=${label}
          type="password"
          autocomplete="off"
          mono
          help=${help}
          error=${error}
          insist
          value=${value ?? ""}
          onInput=${(text: string) => onChange(text || null)}
        />
      </div>
      ${saved.set && html`<${Button} kind="quiet" onClick=${keep}>Keep the saved one<//>`}
    </div>`;
  }
  const removed = value === "";
  const shown = problem ? "••••" : `•••• ${saved.last4 ?? ""}`;
  return html`<div class="field">
    <span class="label">${label}</span>
    <div class="row">
      <span class="mono">${removed ? "Will be removed when you save" : shown}</span>
      <${Button} small onClick=${() => setReplacing(true)}>Replace<//>
      ${
        removed
          ? html`<${Button} small kind="quiet" onClick=${keep}>Keep it<//>`
          : !needed && html`<${Button} small kind="quiet" onClick=${() => onChange("")}>Remove<//>`
      }
    </div>
    <${Below} help=${help} error=${removed ? null : problem} />
  </div>`;
}
