import { html } from "htm/preact";
import { FileText, Search, X } from "lucide";
import { useEffect, useId, useState } from "preact/hooks";
import type { SourceView } from "../../../src/protocol/admin-api/knowledge.ts";
import { asApiError, isAbort } from "../../api/client.ts";
import { listSources } from "../../api/knowledge.ts";
import { IconButton } from "../../components/button.ts";
import { Below } from "../../components/field.ts";
import { Icon } from "../../components/icon.ts";
import type { QuestionDraft } from "../../state/dialogs.ts";

type Expected = QuestionDraft["expected"];
type PickerProps = { chosen: Expected; onChange: (chosen: Expected) => void; error?: string | null };

const SUGGESTED = 6;
const SETTLE_MS = 150;
const LONGEST_PASSAGE = 300;

/** Sources found by name as one types, and those chosen below, each with the words that its passage must hold. */
export function SourcePicker({ chosen, onChange, error }: PickerProps) {
  const add = ({ id, title }: SourceView) =>
    onChange([...chosen, { source: id, title, passage: null, gone: false }]);
  const change = (source: string, passage: string) =>
    onChange(chosen.map((each) => (each.source === source ? { ...each, passage: passage || null } : each)));
  return html`<div class="field picker">
    <${SourceSearch} taken=${chosen.map(({ source }) => source)} onPick=${add} />
    <${Below} error=${error} help=${chosen.length === 0 ? "One is enough; more when several answer it." : undefined} />
    <ul class="picked">
      ${chosen.map(
        (each) => html`<li key=${each.source}>
          <div class="row">
            <${Icon} of=${FileText} />
            <span class="strong clip">${each.title}</span>
            ${each.gone && html`<span class="state"><span class="dot warn"></span>deleted</span>`}
            <span class="push">
              <${IconButton} icon=${X} label=${`Remove ${each.title}`} onClick=${() => onChange(chosen.filter((other) => other !== each))} />
            </span>
          </div>
          <input
            class="input"
            aria-label=${`Words that the passage of ${each.title} must hold`}
            placeholder="Words that the passage must hold (optional)"
            maxlength=${LONGEST_PASSAGE}
            value=${each.passage ?? ""}
            onInput=${(event: InputEvent) => change(each.source, (event.currentTarget as HTMLInputElement).value)}
          />
        </li>`,
      )}
    </ul>
  </div>`;
}

function SourceSearch({ taken, onPick }: { taken: string[]; onPick: (source: SourceView) => void }) {
  const id = useId();
  const [text, setText] = useState("");
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);
  const { found, problem } = useSuggestions(open ? text : null);
  const offered = found?.filter((source) => !taken.includes(source.id)).slice(0, SUGGESTED) ?? null;
  const chosen = Math.min(at, (offered?.length ?? 0) - 1);

  const pick = (source: SourceView | undefined) => {
    if (!source) return;
    onPick(source);
    setText("");
    setOpen(false);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const total = offered?.length ?? 0;
    if (event.key === "Enter") pick(offered?.[chosen]);
    else if (event.key === "Escape" && open) setOpen(false);
    else if (event.key === "ArrowDown" && total > 0) setAt((chosen + 1) % total);
    else if (event.key === "ArrowUp" && total > 0) setAt((chosen - 1 + total) % total);
    else return;
    event.preventDefault();
  };

  return html`<div class="anchor">
    <div class="input-box">
      <${Icon} of=${Search} />
      <input
        role="combobox"
        aria-label="Add a source"
        aria-expanded=${open && offered !== null}
        aria-controls=${id}
        aria-activedescendant=${open && offered && chosen >= 0 ? `${id}-${chosen}` : undefined}
        placeholder="Find a source by name"
        autocomplete="off"
        value=${text}
        onFocus=${() => setOpen(true)}
        onBlur=${() => setOpen(false)}
        onInput=${(event: InputEvent) => {
          setText((event.currentTarget as HTMLInputElement).value);
          setAt(0);
          setOpen(true);
        }}
        onKeyDown=${onKeyDown}
      />
    </div>
    ${open && offered && html`<${Suggestions} id=${id} offered=${offered} chosen=${chosen} text=${text} point=${setAt} pick=${pick} />`}
    ${problem && html`<p class="hint" role="alert">${problem}</p>`}
  </div>`;
}

type SuggestionsProps = {
  id: string;
  offered: SourceView[];
  chosen: number;
  /** What was typed, for when nothing is called that. */
  text: string;
  point: (index: number) => void;
  pick: (source: SourceView) => void;
};

function Suggestions({ id, offered, chosen, text, point, pick }: SuggestionsProps) {
  return html`<div class="menu suggestions" id=${id} role="listbox" aria-label="Sources" onPointerDown=${keepFocus}>
    ${offered.map(
      (source, index) => html`<div
        key=${source.id}
        id=${`${id}-${index}`}
        role="option"
        aria-selected=${index === chosen}
        onPointerMove=${() => point(index)}
        onClick=${() => pick(source)}
      >
        <span class="clip">${source.title}</span><span class="hint clip push">${source.filename}</span>
      </div>`,
    )}
    ${offered.length === 0 && html`<p class="hint">${text ? `No source is called “${text}”.` : "There is no other source."}</p>`}
  </div>`;
}

/** Pressing on a suggestion must not take the focus out of the field, which would close them. */
function keepFocus(event: Event): void {
  event.preventDefault();
}

/** Sources whose name holds `text`, once the typing has settled; null for nothing to look for. */
function useSuggestions(text: string | null): { found: SourceView[] | null; problem: string | null } {
  const [held, setHeld] = useState<{ found: SourceView[] | null; problem: string | null }>({
    found: null,
    problem: null,
  });
  useEffect(() => {
    if (text === null) return;
    const controller = new AbortController();
    const timer = setTimeout(() => {
      // More than are shown, because those that are chosen already are left out.
      listSources({ q: text.trim(), limit: 30, sort: "title" }, null, controller.signal).then(
        ({ items }) => setHeld({ found: items, problem: null }),
        (thrown) => !isAbort(thrown) && setHeld({ found: null, problem: asApiError(thrown).message }),
      );
    }, SETTLE_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [text]);
  return held;
}
