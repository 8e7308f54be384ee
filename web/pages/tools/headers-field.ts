import { html } from "htm/preact";
import { useState } from "preact/hooks";
import { TextField } from "../../components/field.ts";

type Headers = Record<string, string>;
type HeadersProps = { headers: Headers; error: string | null; onChange: (headers: Headers) => void };

/** One header a line. What is typed stays as it was typed for as long as it means what is in the draft. */
export function HeadersField({ headers, error, onChange }: HeadersProps) {
  const [typed, setTyped] = useState(() => linesOf(headers));
  const text = isSame(headersIn(typed), headers) ? typed : linesOf(headers);
  return html`<${TextField}
    label="Headers"
    mono
    rows=${2}
    value=${text}
    error=${error ?? twiceIn(text)}
    insist
    placeholder="Accept-Language: {language}"
    help="One a line, as Name: value, and only those that the API asks for. {Braces} are parameters here, too."
    onInput=${(next: string) => {
      setTyped(next);
      onChange(headersIn(next));
    }}
  />`;
}

function headersIn(text: string): Headers {
  return Object.fromEntries(pairsIn(text));
}

function pairsIn(text: string): [name: string, value: string][] {
  return text
    .split("\n")
    .map((line): [string, string] => {
      const at = line.indexOf(":");
      return at < 0 ? [line.trim(), ""] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    })
    .filter(([name]) => name !== "");
}

function linesOf(headers: Headers): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");
}

function twiceIn(text: string): string | null {
  const names = pairsIn(text).map(([name]) => name.toLowerCase());
  const twice = names.find((name, at) => names.indexOf(name) < at);
  return twice === undefined ? null : `${twice} stands there twice: only the last one counts.`;
}

function isSame(one: Headers, other: Headers): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
