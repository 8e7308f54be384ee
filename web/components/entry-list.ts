import { html } from "htm/preact";
import { Plus, X } from "lucide";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Button, IconButton } from "./button.ts";
import { Below } from "./field.ts";

type EntryListProps = {
  label: string;
  help: ComponentChildren;
  placeholder: string;
  action: string;
  entries: string[];
  max: number;
  mono?: boolean;
  /** What is wrong with the entry at a place, from 0, and how to fix it; null when nothing is. */
  problem: (entry: string, at: number) => string | null;
  onChange: (entries: string[]) => void;
};

/** A few short texts in an order: typed in below, changed in place, taken away at the end of the line. */
export function EntryList(props: EntryListProps) {
  const { label, entries, max, problem, onChange } = props;
  const [text, setText] = useState("");
  const [refused, setRefused] = useState<string | null>(null);
  const add = () => {
    const entry = text.trim();
    if (!entry) return;
    const wrong = entries.includes(entry) ? "It is in the list already." : problem(entry, entries.length);
    setRefused(wrong);
    if (wrong) return;
    onChange([...entries, entry]);
    setText("");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    add();
  };
  return html`<div class="field" role="group" aria-label=${label}>
    <span class="label">${label}</span>
    <ul class="entries">
      ${entries.map((entry, at) => {
        const wrong = problem(entry, at);
        return html`<li key=${at}>
          <input
            class=${`input ${props.mono ? "mono" : ""}`}
            aria-label=${`${label}, ${at + 1}`}
            aria-invalid=${wrong ? "true" : undefined}
            value=${entry}
            onInput=${(event: InputEvent) => onChange(entries.with(at, (event.currentTarget as HTMLInputElement).value))}
          />
          <${IconButton} icon=${X} label=${`Remove ${entry}`} onClick=${() => onChange(entries.toSpliced(at, 1))} />
          ${wrong && html`<${Below} error=${wrong} />`}
        </li>`;
      })}
      ${
        entries.length < max &&
        html`<li>
          <input
            class=${`input ${props.mono ? "mono" : ""}`}
            aria-label=${props.action}
            placeholder=${props.placeholder}
            value=${text}
            onKeyDown=${onKeyDown}
            onInput=${(event: InputEvent) => {
              setText((event.currentTarget as HTMLInputElement).value);
              setRefused(null);
            }}
          />
          <${Button} icon=${Plus} onClick=${add} disabled=${!text.trim()}>${props.action}<//>
        </li>`
      }
    </ul>
    <${Below} help=${props.help} error=${refused} />
  </div>`;
}
