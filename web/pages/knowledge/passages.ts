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
import { createList } from "../../state/list.ts";
import { href } from "../../state/router.ts";
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
        : html`<ol class="chunks">${items?.map((chunk) => html`<${Chunk} key=${chunk.id} chunk=${chunk} />`)}</ol>`
    }
    <${ListFoot} hasMore=${chunks.nextCursor.value !== null} loading=${chunks.loading.value} more=${() => void chunks.more()} />
  </section>`;
}

function Chunk({ chunk }: { chunk: ChunkView }) {
  return html`<li id=${chunk.id}>
    <p class="hint num">
      <span>${chunk.ordinal + 1}</span>
      <span>${place(chunk)}</span>
      <span class="push">${count(chunk.tokenCount, "token")}</span>
    </p>
    <p class="passage">${chunk.content}</p>
  </li>`;
}
