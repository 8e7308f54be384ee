import { html } from "htm/preact";
import { Search, X } from "lucide";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { IconButton } from "./button.ts";
import { Icon } from "./icon.ts";

const SETTLE_MS = 200;

/** Search over a list. `onSearch` is called once the typing has settled. */
export function SearchBox(props: { label: string; value: string; onSearch: (text: string) => void }) {
  const [text, setText] = useState(props.value);
  const field = useRef<HTMLInputElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  // A filter cleared elsewhere clears the field too.
  useLayoutEffect(() => setText(props.value), [props.value]);
  // Who is gone from the page searches no more.
  useEffect(() => () => clearTimeout(timer.current), []);
  const change = (value: string, afterMs: number) => {
    setText(value);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => props.onSearch(value), afterMs);
  };
  const clear = () => {
    change("", 0);
    field.current?.focus();
  };
  return html`<div class="input-box">
    <${Icon} of=${Search} />
    <input
      ref=${field}
      type="search"
      data-search
      aria-label=${props.label}
      placeholder=${props.label}
      value=${text}
      onInput=${(event: InputEvent) => change((event.currentTarget as HTMLInputElement).value, SETTLE_MS)}
      onKeyDown=${(event: KeyboardEvent) => {
        if (event.key === "Escape") (event.currentTarget as HTMLElement).blur();
      }}
    />
    ${
      text
        ? html`<${IconButton} icon=${X} label="Clear the search" onClick=${clear} />`
        : html`<span class="kbd" aria-hidden="true">/</span>`
    }
  </div>`;
}

/** One filter that is on or off, with how many it would leave. */
export function FilterChip(props: {
  label: string;
  total?: string | null;
  on: boolean;
  onClick: () => void;
}) {
  return html`<button class="chip" type="button" aria-pressed=${props.on} onClick=${props.onClick}>
    ${props.label}${props.total && html`<span class="num">${props.total}</span>`}
  </button>`;
}
