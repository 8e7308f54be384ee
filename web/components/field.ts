import { html } from "htm/preact";
import { CircleAlert } from "lucide";
import type { ComponentChildren, VNode } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { Icon } from "./icon.ts";

type FieldProps = {
  label: string;
  help?: ComponentChildren;
  /** How to fix what is wrong. Shown once the field was left, or at once with `insist`. */
  error?: string | null;
  insist?: boolean;
};

type TextFieldProps = FieldProps & {
  value: string;
  onInput: (value: string) => void;
  type?: "text" | "email" | "password" | "url" | "number";
  unit?: string;
  placeholder?: string;
  autocomplete?: string;
  autofocus?: boolean;
  mono?: boolean;
  rows?: number;
  list?: string;
  min?: number;
  max?: number;
  maxLength?: number;
  disabled?: boolean;
  name?: string;
};

/** Label above, help below, the error in its place. One line, or a text area with `rows`. */
export function TextField(props: TextFieldProps) {
  const id = useId();
  const [left, setLeft] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  // The attribute works only while a page is parsed, and a page of this application never is.
  useEffect(() => {
    if (props.autofocus) input.current?.focus();
  }, []);
  const error = (left || props.insist) && props.error ? props.error : null;
  const shared = {
    id,
    name: props.name,
    ref: input,
    value: props.value,
    placeholder: props.placeholder,
    disabled: props.disabled,
    maxLength: props.maxLength,
    autofocus: props.autofocus,
    "aria-invalid": error ? "true" : undefined,
    "aria-describedby": `${id}-help`,
    onInput: (event: InputEvent) => props.onInput((event.currentTarget as HTMLInputElement).value),
    onBlur: () => setLeft(true),
  };
  return html`<div class="field">
    <label for=${id}>${props.label}</label>
    ${control(props, shared, error !== null)}
    <${Below} id=${`${id}-help`} help=${props.help} error=${error} />
  </div>`;
}

function control(props: TextFieldProps, shared: Record<string, unknown>, invalid: boolean): VNode {
  const mono = props.mono ? "mono" : "";
  if (props.rows) return html`<textarea class=${`input ${mono}`} rows=${props.rows} ...${shared}></textarea>`;
  const line = {
    ...shared,
    type: props.type ?? "text",
    list: props.list,
    min: props.min,
    max: props.max,
    autocomplete: props.autocomplete ?? "off",
    spellcheck: props.type === undefined && !props.mono,
  };
  if (!props.unit) return html`<input class=${`input ${mono}`} ...${line} />`;
  return html`<div class=${`input-box ${invalid ? "invalid" : ""}`}><input ...${line} /><span>${props.unit}</span></div>`;
}

/** Help text, and the error in front of it. Announced when it appears. */
export function Below({ id, help, error }: { id?: string; help?: ComponentChildren; error?: string | null }) {
  return html`<div id=${id} aria-live="polite">
    ${error && html`<p class="field-error"><${Icon} of=${CircleAlert} size=${16} /><span>${error}</span></p>`}
    ${help && !error && html`<div class="hint">${help}</div>`}
  </div>`;
}

export type Choice<Value extends string> = { value: Value; label: string; hint?: string };

type ChoiceProps<Value extends string> = FieldProps & {
  value: Value;
  choices: Choice<Value>[];
  onChange: (value: Value) => void;
};

/** One of a few, each explained: a card per choice. */
export function ChoiceCards<Value extends string>(props: ChoiceProps<Value>) {
  const name = useId();
  return html`<div class="field" role="radiogroup" aria-label=${props.label}>
    <span class="label">${props.label}</span>
    <div class="choices">
      ${props.choices.map(
        (choice) => html`<label class="choice" key=${choice.value}>
          <input
            type="radio"
            name=${name}
            checked=${choice.value === props.value}
            onChange=${() => props.onChange(choice.value)}
          />
          <span class="strong">${choice.label}</span>
          ${choice.hint && html`<span class="hint">${choice.hint}</span>`}
        </label>`,
      )}
    </div>
    <${Below} help=${props.help} error=${props.error} />
  </div>`;
}

/** One of two or three words, side by side. */
export function Segmented<Value extends string>(props: ChoiceProps<Value>) {
  const name = useId();
  return html`<div class="field" role="radiogroup" aria-label=${props.label}>
    <span class="label">${props.label}</span>
    <div class="segmented">
      ${props.choices.map(
        (choice) => html`<label key=${choice.value}>
          <input
            type="radio"
            name=${name}
            checked=${choice.value === props.value}
            onChange=${() => props.onChange(choice.value)}
          />${choice.label}
        </label>`,
      )}
    </div>
    <${Below} help=${props.help} />
  </div>`;
}
