import { html } from "htm/preact";
import type { ToolDraft } from "../../api/tools.ts";
import { AudienceField } from "../../components/audience.ts";
import { EntryList } from "../../components/entry-list.ts";
import { Segmented, TextField } from "../../components/field.ts";
import type { SectionProps } from "./draft-kinds.ts";

const MOST_EXAMPLES = 20;

/** What it is called, and when it is the right thing to look up. */
export function What({ draft: { value, set }, refused, isNew }: SectionProps & { isNew: boolean }) {
  const named = (label: string) => {
    // Until somebody names it, the label does.
    if (isNew && value.name === nameFor(value.label)) set("name", nameFor(label));
    set("label", label);
  };
  return html`<section class="form-section">
    <${TextField} label="What it looks up" value=${value.label} maxLength=${100} placeholder="Stock in a city" error=${refused("label")} insist onInput=${named} />
    <${TextField} label="Name for models" mono value=${value.name} maxLength=${63} error=${refused("name")} insist help="Small letters, digits and underscores." onInput=${(name: string) => set("name", name)} />
    <${TextField} label="Description" rows=${3} value=${value.description} maxLength=${2_000} error=${refused("description")} insist
      help="When it is the right thing to look up, in a sentence or two. Models and look-ups without a model go by it."
      onInput=${(description: string) => set("description", description)} />
    <${EntryList}
      label="Example questions"
      action="Add question"
      placeholder="How many laptops are in stock in Berlin?"
      max=${MOST_EXAMPLES}
      entries=${value.exampleQuestions}
      problem=${() => null}
      onChange=${(questions: string[]) => set("exampleQuestions", questions)}
      help="As people ask. Without a model they decide what is looked up, so write a few, in the languages people use."
    />
  </section>`;
}

/** What people are told of the rows. */
export function Answer({ draft: { value, set }, refused }: SectionProps) {
  return html`<section class="form-section">
    <h2>How it is answered</h2>
    <${TextField} label="Sentence for one row" value=${value.answerTemplate ?? ""} error=${refused("answerTemplate")} insist
      placeholder="There are {pieces} pieces of {product} in {city}."
      help="{names} are columns first, then parameters. Several rows are shown as a table."
      onInput=${(text: string) => set("answerTemplate", text === "" ? null : text)} />
    <${TextField} label="Sentence for no row" value=${value.emptyTemplate ?? ""} error=${refused("emptyTemplate")} insist
      placeholder="There is no {product} in {city}."
      onInput=${(text: string) => set("emptyTemplate", text === "" ? null : text)} />
  </section>`;
}

/** Who may use it, and whether anybody may. */
export function Who({ draft: { value, set } }: SectionProps) {
  return html`<section class="form-section">
    <h2>Who may use it</h2>
    <${AudienceField} audience=${value.audience} onChange=${(next: typeof value.audience) => set("audience", next)} />
    <${Programs} value=${value} onChange=${(shared: boolean) => set("sharedOverMcp", shared)} />
    <${Segmented}
      label="State"
      value=${value.enabled ? "on" : "off"}
      choices=${[{ value: "on", label: "On" }, { value: "off", label: "Off" }]}
      onChange=${(next: string) => set("enabled", next === "on")}
    />
  </section>`;
}

/** A program is nobody's browser: what depends on who asks, or is to be confirmed, is nothing for it. */
function Programs({ value, onChange }: { value: ToolDraft; onChange: (shared: boolean) => void }) {
  const { effect, audience, parameters, sharedOverMcp } = value;
  const isForVisitors =
    effect === "write" || audience !== "everyone" || parameters.some(({ boundTo }) => boundTo !== null);
  if (isForVisitors && !sharedOverMcp)
    return html`<p class="soft">Programs at /mcp are not offered what changes something, or what depends on who asks.</p>`;
  return html`<${Segmented}
    label="Programs at /mcp"
    value=${sharedOverMcp ? "shared" : "kept"}
    choices=${[{ value: "kept", label: "Not" }, { value: "shared", label: "May use it" }]}
    help=${isForVisitors ? "It changes something, or depends on who asks, so they are not offered it all the same." : "Other assistants of the organisation, each with an API key of its own."}
    onChange=${(next: string) => onChange(next === "shared")}
  />`;
}

function nameFor(label: string): string {
  const plain = label
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_");
  return plain.replace(/^[^a-z]+|_+$/g, "").slice(0, 63);
}
