import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type { CitationView } from "../../../src/protocol/chat-protocol.ts";
import { useCell } from "../cell.ts";
import type { Texts } from "../i18n/en.ts";
import { fill } from "../i18n/texts.ts";
import { Icon } from "../views/icons.ts";
import { useView } from "../views/view.ts";

/** Sources shown before "more". */
const SHOWN = 3;

/** The passage or the rows that an answer rests on, opened where it was asked for. Escape closes it. */
export function Passage({ citation, onClose }: { citation: CitationView; onClose: () => void }) {
  const { texts, language, answers } = useView();
  const cards = useCell(answers.cards);
  const isTool = citation.kind === "tool";
  const title = titleOf(citation);
  const text = isTool ? title : citation.text;
  const href = !isTool && /^https?:/i.test(citation.url ?? "") && citation.url;
  // Whoever opened it with the keyboard is back where they were.
  const close = ({ currentTarget }: Event) => {
    const answer = (currentTarget as Element).closest(".assistant");
    answer?.querySelector<HTMLElement>("[aria-expanded=true]")?.focus();
    onClose();
  };
  return html`<div class="passage" role="region" dir=${answers.tools.value?.directionOf(text)} aria-label=${title} onKeyDown=${closeOnEscape(close)}>
    <div class="head"><span><b dir="auto">${title}</b>${" "}<span dir="auto">${place(citation, texts, language, " › ")}</span></span>
      <button type="button" class="icon" aria-label=${texts.closePassage} onClick=${close}><${Icon} name="close" /></button></div>
    ${isTool ? cards?.rowsTable({ html, fill, language, citation }) : html`<div class="text" tabindex="0">${text}</div>`}
    ${href && html`<a href=${href} target="_blank" rel="noopener noreferrer">${texts.openDocument}</a>`}
  </div>`;
}

/** A handler that takes Escape for itself, so that it does not close the panel as well. */
export function closeOnEscape(close: ((event: KeyboardEvent) => void) | null) {
  return (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !close) return;
    event.stopPropagation();
    close(event);
  };
}

type SourceListProps = { title: string | null; citations: CitationView[] };

/** Documents under an answer; a row opens its passage beneath itself. */
export function SourceList({ title, citations }: SourceListProps) {
  const { texts, language } = useView();
  const [all, setAll] = useState(false);
  const [open, setOpen] = useState<number | null>(null);
  const shown = all ? citations : citations.slice(0, SHOWN);
  const hidden = citations.length - shown.length;
  return html`<div class="sources" role="group" onKeyDown=${closeOnEscape(open === null ? null : () => setOpen(null))} aria-label=${title ?? texts.sources}>
    ${title && html`<h4>${title}</h4>`}
    ${shown.map(
      (citation) => html`<div key=${citation.n}>
        <button type="button" class="src" aria-expanded=${String(open === citation.n)} onClick=${() => setOpen(open === citation.n ? null : citation.n)}>
          <span class="n">${citation.n}</span><span><b dir="auto">${titleOf(citation)}</b>${" "}<span class="hint" dir="auto">${place(citation, texts, language)}</span></span>
        </button>
        ${open === citation.n && html`<${Passage} citation=${citation} onClose=${() => setOpen(null)} />`}
      </div>`,
    )}
    ${hidden > 0 && html`<button type="button" class="morelink" onClick=${() => setAll(true)}>${fill(texts.more, { count: hidden })}</button>`}
  </div>`;
}

function titleOf(citation: CitationView): string {
  return citation.kind === "tool" ? citation.label : citation.title;
}

/** "Hotels · p. 6": the nearest heading, or with `separator` the whole path, and the page. Of rows, when they were so. */
function place(citation: CitationView, texts: Texts, language: string, separator?: string): string {
  if (citation.kind === "tool") {
    const time = new Date(citation.at).toLocaleString(language, { dateStyle: "medium", timeStyle: "short" });
    return fill(texts.lookedUp, { time });
  }
  const { title, headingPath = [], page } = citation;
  // Documents often begin with their own title.
  const headings = headingPath.filter((heading) => heading !== title);
  const heading = separator ? headings.join(separator) : headings.at(-1);
  return [heading, page !== undefined && fill(texts.page, { page })].filter(Boolean).join(" · ");
}
