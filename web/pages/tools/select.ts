import { html } from "htm/preact";
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { Below } from "../../components/field.ts";

type SelectProps<Value extends string> = {
  label: string;
  value: Value;
  /** What each is called. */
  choices: Record<Value, string>;
  help?: ComponentChildren;
  error?: string | null;
  onChange: (value: Value) => void;
};

/** One of several words, with the browser's own list. */
export function Select<Value extends string>(props: SelectProps<Value>) {
  const { label, value, choices, help, error, onChange } = props;
  const id = useId();
  return html`<div class="field">
    <label for=${id}>${label}</label>
    <select
      class="input"
      id=${id}
      value=${value}
      aria-invalid=${error ? "true" : undefined}
      aria-describedby=${`${id}-help`}
      onChange=${(event: Event) => onChange((event.currentTarget as HTMLSelectElement).value as Value)}
    >
      ${Object.entries<string>(choices).map(([key, shown]) => html`<option key=${key} value=${key} selected=${key === value}>${shown}</option>`)}
    </select>
    <${Below} id=${`${id}-help`} help=${help} error=${error} />
  </div>`;
}
