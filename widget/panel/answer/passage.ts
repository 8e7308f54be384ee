import { html } from "htm/preact";
import { useState } from "preact/hooks";
import type { CitationView } from "../../../src/protocol/chat-protocol.ts";
import { fill } from "../i18n/texts.ts";
import { Icon } from "../views/icons.ts";
import { useView } from "../views/view.ts";

/** Sources shown before "more". */
const SHOWN = 3;

/** The passage an answer rests on, opened where it was asked for. Escape closes it. */
export function Passage({ citation, onClose }: { citation: CitationView; onClose: () => void }) {
  const { texts, answers } = useView();
  const { title, text } = citation;
  const href = /^https?:/i.test(citation.url ?? "") && citation.url;
  // Whoever opened it with the keyboard is back where they were.
  const close = ({ currentTarget }: Event) => {
    const answer = (currentTarget as Element).closest(".assistant");
    answer?.querySelector<HTMLElement>("[aria-expanded=true]")?.focus();
    onClose();
  };
  return html`<div class="passage" role="region" dir=${answers.tools.value?.directionOf(text)} aria-label=${title} onKeyDown=${closeOnEscape(close)}>
    <div class="head"><span><b dir="auto">${title}</b>${" "}<span dir="auto">${place(citation, texts.page, " › ")}</span></span>
      <button type="button" class="icon" aria-label=${texts.closePassage} onClick=${close}><${Icon} name="close" /></button></div>
    <div class="text" tabindex="0">${text}</div>
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
  const { texts } = useView();
  const [all, setAll] = useState(false);
  const [open, setOpen] = useState<number | null>(null);
  const shown = all ? citations : citations.slice(0, SHOWN);
  const hidden = citations.length - shown.length;
  return html`<div class="sources" role="group" onKeyDown=${closeOnEscape(open === null ? null : () => setOpen(null))} aria-label=${title ?? texts.sources}>
    ${title && html`<h4>${title}</h4>`}
    ${shown.map(
      (citation) => html`<div key=${citation.n}>
        <button type="button" class="src" aria-expanded=${String(open === citation.n)} onClick=${() => setOpen(open === citation.n ? null : citation.n)}>
          <span class="n">${citation.n}</span><span><b dir="auto">${citation.title}</b>${" "}<span class="hint" dir="auto">${place(citation, texts.page)}</span></span>
        </button>
        ${open === citation.n && html`<${Passage} citation=${citation} onClose=${() => setOpen(null)} />`}
      </div>`,
    )}
    ${hidden > 0 && html`<button type="button" class="morelink" onClick=${() => setAll(true)}>${fill(texts.more, { count: hidden })}</button>`}
  </div>`;
}

/** "Hotels · p. 6": the nearest heading, or with `separator` the whole path, and the page. */
function place(
  { title, headingPath = [], page }: CitationView,
  pageText: string,
  separator?: string,
): string {
  // Documents often begin with their own title.
  const headings = headingPath.filter((heading) => heading !== title);
  const heading = separator ? headings.join(separator) : headings.at(-1);
  return [heading, page !== undefined && fill(pageText, { page })].filter(Boolean).join(" · ");
}
