import { html } from "htm/preact";
import type { RefObject } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Below } from "../../components/field.ts";
import { count } from "../../format.ts";
import type { Suggestion, Suggestions } from "./query-suggestions.ts";

type CodeFieldProps = {
  label: string;
  value: string;
  placeholder: string;
  help: string;
  error: string | null;
  /** All texts joined are the value. */
  tokens: readonly { kind: string; text: string }[];
  /** @param isAskedFor by a key, and not just by typing */
  suggest: (text: string, caret: number, isAskedFor: boolean) => Suggestions | null;
  onInput: (value: string) => void;
};
const STAYS_OPEN: ReadonlySet<string> = new Set(["Backspace", "Shift", "Control", "Alt", "Meta"]);
/** `chosen` is -1 until an arrow key points at one: Enter begins a new line until then. */
type Open = Suggestions & { chosen: number };

/** A text area whose text is painted under it, in colours, and which completes what is typed. */
export function CodeField(props: CodeFieldProps) {
  const { label, value, placeholder, help, error, tokens, onInput } = props;
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const paint = useRef<HTMLPreElement>(null);
  const { open, ...completion } = useCompletion(props, area);
  return html`<div class="field">
    <label for=${id}>${label}</label>
    <div class="code-field" dir="ltr">
      <pre class="code-paint mono" ref=${paint} aria-hidden="true">${tokens.map(({ kind, text }, at) => html`<span key=${at} class=${`tk-${kind}`}>${text}</span>`)}${"\n"}</pre>
      <textarea
        class="input mono"
        id=${id}
        ref=${area}
        value=${value}
        placeholder=${placeholder}
        spellcheck=${false}
        autocomplete="off"
        autocapitalize="off"
        aria-invalid=${error ? "true" : undefined}
        aria-describedby=${`${id}-help`}
        aria-autocomplete="list"
        aria-controls=${open ? `${id}-list` : undefined}
        aria-activedescendant=${open && open.chosen >= 0 ? `${id}-${open.chosen}` : undefined}
        onInput=${(event: InputEvent) => {
          onInput((event.currentTarget as HTMLTextAreaElement).value);
          completion.look(false);
        }}
        onKeyDown=${completion.onKeyDown}
        onBlur=${completion.close}
      ></textarea>
      ${open && html`<${SuggestionList} id=${id} open=${open} paint=${paint} accept=${completion.accept} />`}
    </div>
    <span class="visually-hidden" role="status">${open && `${count(open.options.length, "suggestion")}. Arrow keys choose, Enter takes.`}</span>
    <${Below} id=${`${id}-help`} help=${help} error=${error} />
  </div>`;
}

function useCompletion({ suggest, onInput }: CodeFieldProps, area: RefObject<HTMLTextAreaElement | null>) {
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const look = (isAskedFor: boolean) => {
    const field = area.current;
    if (!field || field.selectionStart !== field.selectionEnd) return close();
    const found = suggest(field.value, field.selectionStart, isAskedFor);
    setOpen(found && { ...found, chosen: isAskedFor ? 0 : -1 });
  };
  const accept = ({ insert }: Suggestion) => {
    const field = area.current;
    if (!field || !open) return;
    field.setSelectionRange(open.from, field.selectionStart);
    field.setRangeText(insert, open.from, field.selectionEnd, "end");
    onInput(field.value);
    field.focus();
    close();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === " " && event.ctrlKey) {
      event.preventDefault();
      look(true);
    } else if (open) handleOpen(event, open);
  };
  const handleOpen = (event: KeyboardEvent, shown: Open) => {
    const { options, chosen } = shown;
    const to = { ArrowDown: chosen + 1, ArrowUp: chosen < 0 ? options.length - 1 : chosen - 1 }[event.key];
    const taken = options[chosen];
    if (to !== undefined) setOpen({ ...shown, chosen: (to + options.length) % options.length });
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && taken) accept(taken);
    else {
      // Typing looks anew by itself; wherever else the caret goes, these are no longer for it.
      if (event.key.length > 1 && !STAYS_OPEN.has(event.key)) close();
      return;
    }
    event.preventDefault();
  };
  return { open, close, look, accept, onKeyDown };
}

type ListProps = {
  id: string;
  open: Open;
  paint: RefObject<HTMLPreElement | null>;
  accept: (suggestion: Suggestion) => void;
};

function SuggestionList({ id, open, paint, accept }: ListProps) {
  const list = useRef<HTMLUListElement>(null);
  useLayoutEffect(() => {
    const { x, y } = placeOf(paint.current, open.from);
    const widest = (paint.current?.clientWidth ?? 0) - (list.current?.offsetWidth ?? 0);
    list.current?.style.setProperty("left", `${Math.max(0, Math.min(x, widest))}px`);
    list.current?.style.setProperty("top", `${y + 4}px`);
    const chosen = list.current?.querySelector("[aria-selected=true]");
    (chosen ?? list.current)?.scrollIntoView({ block: "nearest" });
  });
  return html`<ul class="menu suggestions" id=${`${id}-list`} ref=${list} role="listbox" aria-label="Suggestions">
    ${open.options.map(
      (option, at) => html`<li
        key=${option.label}
        id=${`${id}-${at}`}
        role="option"
        aria-selected=${at === open.chosen}
        onPointerDown=${(event: PointerEvent) => {
          event.preventDefault();
          accept(option);
        }}
      ><span class="mono">${option.label}</span><span class="hint clip">${option.hint}</span></li>`,
    )}
  </ul>`;
}

/** Below the letter at `offset`, seen from the box that holds the painted text. */
function placeOf(paint: HTMLElement | null, offset: number): { x: number; y: number } {
  if (!paint) return { x: 0, y: 0 };
  const box = paint.getBoundingClientRect();
  const walker = document.createTreeWalker(paint, NodeFilter.SHOW_TEXT);
  let left = offset;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const length = node.textContent?.length ?? 0;
    if (left < length) {
      const range = document.createRange();
      range.setStart(node, left);
      range.setEnd(node, left + 1);
      const letter = range.getClientRects()[0] ?? box;
      return { x: letter.left - box.left, y: letter.bottom - box.top };
    }
    left -= length;
  }
  return { x: 0, y: box.height };
}
