import { html } from "htm/preact";
import { Plus, X } from "lucide";
import type { ToolDraft, ToolParameter } from "../../api/tools.ts";
import { Button, IconButton } from "../../components/button.ts";
import { TextField } from "../../components/field.ts";
import { Note } from "../../components/note.ts";
import type { Refusals } from "../../state/draft.ts";
import type { SectionProps } from "./draft-kinds.ts";
import { textOfValues, valuesOf } from "./enum-values.ts";
import { Select } from "./select.ts";

type Found = Pick<ToolParameter, "name" | "in">;

const TYPES: Record<ToolParameter["type"], string> = {
  ...{ text: "Text", integer: "Whole number", decimal: "Number", date: "Day", datetime: "Time" },
  ...{ boolean: "Yes or no", enum: "One of a list" },
};
export const BINDINGS = {
  "": "What the visitor says",
  "visitor.email": "The visitor's e-mail address",
  "visitor.id": "The visitor's id",
  "visitor.groups": "The visitor's groups",
};
const PLACES = { path: "The path", query: "Behind the ?", header: "A header", body: "The body, as JSON" };
const NEW: ToolParameter = {
  ...{ name: "", type: "text", description: "", required: true, default: null, values: [] },
  ...{ valuesQuery: null, min: null, max: null, pattern: null, example: null, boundTo: null, in: null },
};
const MOST_PARAMETERS = 30;
/** Of these there is a smallest and a largest; of a text, it is its length. */
const LIMITED: ReadonlySet<ToolParameter["type"]> = new Set(["text", "integer", "decimal"]);

/** What a tool asks for: filled in from the question, asked for, or taken from who the visitor is. */
export function Parameters({
  draft: { value, set },
  refused,
  found,
}: SectionProps & { found: readonly Found[] }) {
  const { parameters } = value;
  const change = (next: ToolParameter[]) => set("parameters", next);
  const add = (all: readonly Found[]) =>
    change([...parameters, ...all.map((each) => ({ ...NEW, ...each }))].slice(0, MOST_PARAMETERS));
  const missing = found.filter(
    ({ name }, at) =>
      found.findIndex((each) => each.name === name) === at &&
      !parameters.some((parameter) => parameter.name === name),
  );
  return html`<section class="form-section">
    <h2>Parameters</h2>
    ${parameters.length === 0 && missing.length === 0 && html`<p class="soft">None yet. ${hint(value)}</p>`}
    ${parameters.map(
      (parameter, at) => html`<${ParameterFields}
        key=${at}
        parameter=${parameter}
        tool=${value}
        refused=${(field: string) => refused(`parameters.${at}.${field}`)}
        onChange=${(changes: Partial<ToolParameter>) => change(parameters.with(at, { ...parameter, ...changes }))}
        onRemove=${() => change(parameters.toSpliced(at, 1))}
      />`,
    )}
    ${missing.length > 0 && html`<${Offered} names=${missing.map(({ name }) => shownName(value, name))} add=${() => add(missing)} />`}
    ${parameters.length < MOST_PARAMETERS && html`<div class="row"><${Button} icon=${Plus} onClick=${() => add([{ name: "", in: usualPlace(value) }])}>Add parameter<//></div>`}
  </section>`;
}

function Offered({ names, add }: { names: string[]; add: () => void }) {
  return html`<${Note} tone="info">
    <p>Found and not described yet: <span class="mono">${names.join(", ")}</span>. Nothing is filled in before it is.</p>
    <div class="row"><${Button} small onClick=${add}>${names.length === 1 ? `Add ${names[0]}` : "Add all of them"}<//></div>
  <//>`;
}

function hint({ type }: ToolDraft) {
  return type === "db_query"
    ? html`Each <code>:name</code> of the query is one.`
    : html`Each <code>${"{name}"}</code> of the address is one; others go behind the ?, into a header or into the body.`;
}

function shownName({ type }: ToolDraft, name: string): string {
  return type === "db_query" ? `:${name}` : `{${name}}`;
}

/** Where a call's own parameters go when nobody said. */
function usualPlace(value: ToolDraft): ToolParameter["in"] {
  if (value.type !== "rest_api") return null;
  return ["GET", "HEAD", "DELETE"].includes(value.method) ? "query" : "body";
}

type ParameterProps = {
  parameter: ToolParameter;
  tool: ToolDraft;
  refused: Refusals;
  onChange: (changes: Partial<ToolParameter>) => void;
  onRemove: () => void;
};

function ParameterFields({ parameter, tool, refused, onChange, onRemove }: ParameterProps) {
  const { name, type, description, required, boundTo } = parameter;
  const bind = (to: string) =>
    onChange({ ...UNBOUND, boundTo: to === "" ? null : (to as ToolParameter["boundTo"]) });
  const retype = (next: ToolParameter["type"]) => onChange({ ...UNTYPED, type: next });
  return html`<fieldset class="parameter">
    <legend class="row"><span class="mono">${shownName(tool, name || "name")}</span><${IconButton} icon=${X} label=${`Remove ${name || "the parameter"}`} onClick=${onRemove} /></legend>
    <${TextField} label="Name" mono value=${name} maxLength=${63} error=${refused("name")} insist onInput=${(text: string) => onChange({ name: text.trim() })} />
    <${TextField} label="What it is, in words" value=${description} placeholder="City" error=${refused("description")} insist onInput=${(text: string) => onChange({ description: text })} />
    ${
      tool.type === "rest_api" &&
      html`<${Select} label="Goes into" value=${parameter.in ?? usualPlace(tool)} choices=${PLACES} error=${refused("in")} onChange=${(place: ToolParameter["in"]) => onChange({ in: place })} />`
    }
    <${Select} label="Comes from" value=${boundTo ?? ""} choices=${BINDINGS} error=${refused("boundTo")} onChange=${bind} />
    <${Select} label="Kind" value=${type} choices=${TYPES} error=${refused("type")} onChange=${retype} />
    ${boundTo === null && html`<${Values} parameter=${parameter} tool=${tool} refused=${refused} onChange=${onChange} />`}
    <label class="check"><input type="checkbox" checked=${required} onChange=${() => onChange({ required: !required })} /> Required</label>
    ${refused("required") && html`<p class="field-error">${refused("required")}</p>`}
  </fieldset>`;
}

/** What a kind has alone does not outlive it. */
const UNTYPED = { values: [], valuesQuery: null, min: null, max: null, pattern: null, default: null };
const UNBOUND = { ...UNTYPED, type: "text", example: null } as const;

function Values({ parameter, tool, refused, onChange }: Omit<ParameterProps, "onRemove">) {
  const { type, values, valuesQuery, pattern, example, required } = parameter;
  return html`
    ${
      type === "enum" &&
      html`<${TextField} label="Values" value=${textOfValues(values)} placeholder="Berlin, Hamburg" error=${refused("values")} insist
        help=${tool.type === "db_query" ? "Just as they are in the database, set apart by commas; or a query that gives them. What people say instead stands behind a sign: 110 = Berlin." : "Just as the API takes them, set apart by commas. What people say instead stands behind a sign: 110 = Berlin."}
        onInput=${(text: string) => onChange({ values: valuesOf(text) })} />`
    }
    ${
      type === "enum" &&
      tool.type === "db_query" &&
      html`<${TextField} label="Query for the values" mono value=${valuesQuery ?? ""} placeholder="select distinct city from stock order by 1" error=${refused("valuesQuery")} insist
        onInput=${(text: string) => onChange({ valuesQuery: orNull(text) })} />`
    }
    ${
      type === "text" &&
      html`<${TextField} label="Pattern" mono value=${pattern ?? ""} placeholder=${String.raw`INC-\d{5}`} error=${refused("pattern")} insist
      help="A regular expression that a value fits as a whole. An identifier with one is found in the question by itself."
      onInput=${(text: string) => onChange({ pattern: orNull(text) })} />`
    }
    ${LIMITED.has(type) && html`<${Limits} parameter=${parameter} refused=${refused} onChange=${onChange} />`}
    <${TextField} label="Example" value=${example ?? ""} onInput=${(text: string) => onChange({ example: orNull(text) })} />
    ${
      !required &&
      html`<${TextField} label="Taken where none is given" value=${parameter.default === null ? "" : String(parameter.default)} error=${refused("default")} insist
        onInput=${(text: string) => onChange({ default: defaultOf(type, text) })} />`
    }`;
}

type LimitsProps = Pick<ParameterProps, "parameter" | "refused" | "onChange">;

function Limits({ parameter: { type, min, max }, refused, onChange }: LimitsProps) {
  const [least, most] =
    type === "text" ? ["Characters at least", "Characters at most"] : ["Smallest", "Largest"];
  const limit = (text: string) => (text.trim() === "" ? null : Number(text));
  return html`
    <${TextField} label=${least} type="number" value=${min ?? ""} error=${refused("min")} insist onInput=${(text: string) => onChange({ min: limit(text) })} />
    <${TextField} label=${most} type="number" value=${max ?? ""} error=${refused("max")} insist onInput=${(text: string) => onChange({ max: limit(text) })} />`;
}

function orNull(text: string): string | null {
  return text === "" ? null : text;
}

/** Numbers go as they are written; nothing but true is true. */
function defaultOf(type: ToolParameter["type"], text: string): ToolParameter["default"] {
  if (text === "") return null;
  return type === "boolean" && /^(true|false)$/.test(text) ? text === "true" : text;
}
