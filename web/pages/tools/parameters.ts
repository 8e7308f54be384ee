import { html } from "htm/preact";
import { Plus, X } from "lucide";
import type { ToolDraft } from "../../api/tools.ts";
import { Button, IconButton } from "../../components/button.ts";
import { TextField } from "../../components/field.ts";

type Parameter = ToolDraft["parameters"][number];

const TYPES: Record<Parameter["type"], string> = {
  ...{ text: "Text", integer: "Whole number", decimal: "Number", date: "Day", datetime: "Time" },
  ...{ boolean: "Yes or no", enum: "One of a list" },
};
const BINDINGS = {
  "": "What the visitor says",
  "visitor.email": "The visitor's e-mail address",
  "visitor.id": "The visitor's id",
  "visitor.groups": "The visitor's groups",
};
const NEW: Parameter = {
  ...{
    name: "",
    type: "text",
    description: "",
    required: true,
    default: null,
    values: [],
    valuesQuery: null,
  },
  ...{ min: null, max: null, pattern: null, example: null, boundTo: null, in: null },
};

/** What a query asks for: filled in from the question, asked for, or taken from who the visitor is. */
export function Parameters({
  parameters,
  onChange,
}: {
  parameters: Parameter[];
  onChange: (next: Parameter[]) => void;
}) {
  return html`<section class="form-section">
    <h2>Parameters</h2>
    ${parameters.length === 0 && html`<p class="soft">None yet. Each <code>:name</code> of the query is one.</p>`}
    ${parameters.map(
      (parameter, at) => html`<${ParameterFields}
        key=${at}
        parameter=${parameter}
        onChange=${(changes: Partial<Parameter>) => onChange(parameters.with(at, { ...parameter, ...changes }))}
        onRemove=${() => onChange(parameters.toSpliced(at, 1))}
      />`,
    )}
    <div class="row"><${Button} icon=${Plus} onClick=${() => onChange([...parameters, NEW])}>Add parameter<//></div>
  </section>`;
}

type ParameterProps = {
  parameter: Parameter;
  onChange: (changes: Partial<Parameter>) => void;
  onRemove: () => void;
};

function ParameterFields({ parameter, onChange, onRemove }: ParameterProps) {
  const { name, type, description, required, values, valuesQuery, pattern, example, boundTo } = parameter;
  const orNull = (text: string) => (text === "" ? null : text);
  return html`<fieldset class="parameter">
    <legend class="row"><span class="mono">:${name || "name"}</span><${IconButton} icon=${X} label=${`Remove ${name || "the parameter"}`} onClick=${onRemove} /></legend>
    <${TextField} label="Name" mono value=${name} maxLength=${63} onInput=${(text: string) => onChange({ name: text.trim() })} />
    <${Choice} label="Kind" value=${type} choices=${TYPES} onChange=${(next: Parameter["type"]) => onChange({ type: next })} />
    <${TextField} label="What it is, in words" value=${description} placeholder="City" onInput=${(text: string) => onChange({ description: text })} />
    <${Choice} label="Comes from" value=${boundTo ?? ""} choices=${BINDINGS} onChange=${(next: string) => onChange({ boundTo: next === "" ? null : (next as Parameter["boundTo"]) })} />
    ${
      type === "enum" &&
      html`<${TextField} label="Values" value=${values.join(", ")} placeholder="Berlin, Hamburg"
        help="Just as they are in the database, set apart by commas; or a query that gives them."
        onInput=${(text: string) => onChange({ values: listOf(text) })} />
      <${TextField} label="Query for the values" mono value=${valuesQuery ?? ""} placeholder="select distinct city from stock order by 1"
        onInput=${(text: string) => onChange({ valuesQuery: orNull(text) })} />`
    }
    ${
      type === "text" &&
      html`<${TextField} label="Pattern" mono value=${pattern ?? ""} placeholder=${String.raw`INC-\d{5}`}
      help="A regular expression that a value fits as a whole. An identifier with one is found in the question by itself."
      onInput=${(text: string) => onChange({ pattern: orNull(text) })} />`
    }
    <${TextField} label="Example" value=${example === null ? "" : String(example)} onInput=${(text: string) => onChange({ example: orNull(text) })} />
    <label class="check"><input type="checkbox" checked=${required} onChange=${() => onChange({ required: !required })} /> Required</label>
  </fieldset>`;
}

type ChoiceProps = {
  label: string;
  value: string;
  choices: Record<string, string>;
  onChange: (value: string) => void;
};

function Choice({ label, value, choices, onChange }: ChoiceProps) {
  return html`<div class="field"><label>
    <span class="label">${label}</span>
    <select class="input" value=${value} onChange=${(event: Event) => onChange((event.currentTarget as HTMLSelectElement).value)}>
      ${Object.entries(choices).map(([key, shown]) => html`<option key=${key} value=${key} selected=${key === value}>${shown}</option>`)}
    </select>
  </label></div>`;
}

/** While one types, the comma at the end is the beginning of the next. */
function listOf(text: string): string[] {
  return text.split(",").map((value, at) => (at === 0 ? value.trimStart() : value.replace(/^ /, "")));
}
