import { html } from "htm/preact";
import { FileText } from "lucide";
import { useEffect, useState } from "preact/hooks";
import type { ChunkView, SourceView } from "../../../src/protocol/admin-api/knowledge.ts";
import { listChunks } from "../../api/knowledge.ts";
import { Segmented } from "../../components/field.ts";
import { ListFoot } from "../../components/list-foot.ts";
import { place } from "../../components/place.ts";
import { Empty, Failed } from "../../components/states.ts";
import { count } from "../../format.ts";
import { createList, type ListStore } from "../../state/list.ts";
import { href, route } from "../../state/router.ts";
import { Text } from "./text.ts";

type View = "passages" | "text";
const VIEWS = [
  { value: "passages", label: "Passages" },
  { value: "text", label: "Text" },
];
const HINTS: Record<View, string> = {
  passages: "what answers are made from, in the order of the document",
  text: "the document as it was understood",
};

/** The passages of a source, or of one of its documents, in their order; or the text that they make up. */
export function Passages({ source, documentId }: { source: SourceView; documentId: string | null }) {
  const [chunks] = useState(() =>
    createList<ChunkView, null>(null, (_, cursor, abort) => listChunks(source.id, documentId, cursor, abort)),
  );
  const [view, setView] = useState<View>("passages");
  useEffect(() => chunks.open(source.id), [chunks, source.id]);
  const items = chunks.items.value;
  const wanted = route.value.query.get("passage");
  useEffect(() => void goTo(chunks, wanted), [chunks, wanted, items]);
  const error = chunks.error.value;
  return html`<section class="sheet">
    <header>
      <h2>${view === "text" ? "Text" : "Passages"}</h2>
      ${documentId && html`<a href=${href("knowledge", source.id)}>All documents</a>`}
      <span class="hint">${HINTS[view]}</span>
      <span class="push"><${Segmented} label="Show" value=${view} choices=${VIEWS} onChange=${setView} /></span>
    </header>
    ${error && html`<${Failed} what="The passages could not be loaded" error=${error} retry=${() => void chunks.refresh()} />`}
    ${items?.length === 0 && html`<${Empty} icon=${FileText} title="No text">It has no text that could be quoted, or was not read.<//>`}
    ${
      view === "text"
        ? html`<${Text} chunks=${items ?? []} warnings=${source.warnings} />`
        : html`<ol class="chunks">${items?.map((chunk) => html`<${Chunk} key=${chunk.id} chunk=${chunk} isWanted=${chunk.id === wanted} />`)}</ol>`
    }
    <${ListFoot} hasMore=${chunks.nextCursor.value !== null} loading=${chunks.loading.value} more=${() => void chunks.more()} />
  </section>`;
}

/** Shows the passage that the address names, which may be pages away. */
function goTo(chunks: ListStore<ChunkView, null>, wanted: string | null): void {
  const items = chunks.items.peek();
  if (wanted === null || items === null) return;
  if (items.some(({ id }) => id === wanted))
    document.getElementById(wanted)?.scrollIntoView({ block: "center" });
  else if (chunks.nextCursor.peek() !== null) void chunks.more();
}

function Chunk({ chunk, isWanted }: { chunk: ChunkView; isWanted: boolean }) {
  return html`<li id=${chunk.id} aria-current=${isWanted ? "true" : undefined}>
    <p class="hint num">
      <span>${chunk.ordinal + 1}</span>
      <span>${place(chunk)}</span>
      <span class="push">${count(chunk.tokenCount, "token")}</span>
    </p>
    <p class="passage">${chunk.content}</p>
  </li>`;
}
