import { html } from "htm/preact";
import type { ChunkView } from "../../../src/protocol/admin-api/knowledge.ts";
import { type Part, partsOf } from "./understood.ts";

type Props = { chunks: readonly ChunkView[]; warnings: readonly string[] };

/** A document as Parley understood it: tables as tables, and what was left out at its place. */
export function Text({ chunks, warnings }: Props) {
  return html`<div class="understood prose">
    ${partsOf(chunks).map((part, place) => html`<${Shown} key=${place} part=${part} warnings=${warnings} />`)}
  </div>`;
}

function Shown({ part, warnings }: { part: Part; warnings: readonly string[] }) {
  switch (part.kind) {
    case "page":
      return html`<p class="hint num">Page ${part.page}</p><${Here} place=${`on page ${part.page}`} warnings=${warnings} />`;
    case "heading":
      return html`<p class="strong" role="heading" aria-level=${Math.min(part.level + 2, 6)}>${part.text}</p>
        <${Here} place=${`under “${part.text}”`} warnings=${warnings} />`;
    case "table":
      return html`<div class="table-wrap" tabindex="0" role="region" aria-label="Table">
        <table>
          ${part.names.length > 0 && html`<thead><tr>${part.names.map((name) => html`<th scope="col" key=${name}>${name}</th>`)}</tr></thead>`}
          <tbody>
            ${part.rows.map((row, place) => html`<tr key=${place}>${row.map((cell, column) => html`<td key=${column}>${cell}</td>`)}</tr>`)}
          </tbody>
        </table>
      </div>`;
    case "text":
      return html`<p class="passage">${part.text}</p>`;
  }
}

/** What the warnings say of this place. */
function Here({ place, warnings }: { place: string; warnings: readonly string[] }) {
  const here = warnings.filter((warning) => placesIn(warning).includes(place));
  return here.map((warning) => html`<p class="hint" key=${warning}>${warning}</p>`);
}

/** As the readers of formats name them. */
function placesIn(warning: string): string[] {
  return warning.match(/under “[^”]*”|on page \d+/g) ?? [];
}
