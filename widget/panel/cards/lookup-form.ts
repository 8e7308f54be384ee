/** A look-up that lacks values: a small form, filled in where a value is known, with the browser's own checks. */
import type { html as Html } from "htm/preact";
import type { LookupParameterView, LookupView } from "../../../src/protocol/chat-protocol.ts";
import { type CardWords, cardWords } from "./words.ts";

export type LookupFormProps = {
  html: typeof Html;
  language: string;
  lookup: LookupView;
  send: (lookup: LookupView, values: LookupView["values"], text: string) => void;
};

/** A component is made by whoever has hooks; this is a function of what it is given, so that the chunk needs none. */
export function lookupForm({ html, language, lookup, send }: LookupFormProps) {
  const words = cardWords(language);
  const submit = (event: Event) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    const filled = lookup.parameters.flatMap((parameter) => {
      const value = typedValue(parameter, String(given.get(parameter.name) ?? "").trim());
      return value === null ? [] : [{ parameter, value }];
    });
    const values = Object.fromEntries(filled.map(({ parameter, value }) => [parameter.name, value]));
    // As the server tells it, too.
    const told = filled.map(({ parameter, value }) => wordsOf(parameter, String(value))).join(", ");
    send(lookup, values, told === "" ? lookup.label : `${lookup.label}: ${told}`);
  };
  return html`<form class="form" onSubmit=${submit} aria-label=${lookup.label}>
    ${lookup.parameters.map((parameter) => {
      const label = parameter.description || parameter.name.replace(/_/g, " ");
      return html`<label key=${parameter.name}><span dir="auto">${label}</span>${field(html, words, parameter, lookup.values[parameter.name])}</label>`;
    })}
    <button type="submit" class="ask">${words.lookUp}</button>
  </form>`;
}

function wordsOf({ labels = {} }: LookupParameterView, value: string): string | undefined {
  return Object.hasOwn(labels, value) ? labels[value] : value;
}

function field(
  html: typeof Html,
  words: CardWords,
  parameter: LookupParameterView,
  value: string | number | boolean | undefined,
) {
  const { name, type, required, values, min, max, pattern, example } = parameter;
  const known = value === undefined ? "" : String(value);
  if (type === "enum" || type === "boolean") {
    const choices =
      type === "enum"
        ? values.map((each) => [each, wordsOf(parameter, each)])
        : [
            ["true", words.yes],
            ["false", words.no],
          ];
    return html`<select name=${name} required=${required} dir="auto">
      <option value="" selected=${known === ""}>–</option>
      ${choices.map(([each, shown]) => html`<option value=${each} selected=${known === each}>${shown}</option>`)}
    </select>`;
  }
  const isNumber = type === "integer" || type === "decimal";
  const kinds = { date: "date", datetime: "datetime-local" } as Record<string, string>;
  return html`<input name=${name} required=${required} value=${known} dir="auto" placeholder=${example ?? ""}
    type=${isNumber ? "number" : (kinds[type] ?? "text")} step=${isNumber ? (type === "integer" ? 1 : "any") : undefined}
    ...${isNumber ? { min: min ?? undefined, max: max ?? undefined } : { minLength: min ?? undefined, maxLength: max ?? 200, pattern: pattern ?? undefined }} />`;
}

/** As the tool takes it; null for a field that was left empty. */
function typedValue({ type }: LookupParameterView, text: string): string | number | boolean | null {
  if (text === "") return null;
  if (type === "boolean") return text === "true";
  if (type === "datetime") return new Date(text).toISOString();
  return type === "integer" && Number.isSafeInteger(Number(text)) ? Number(text) : text;
}
