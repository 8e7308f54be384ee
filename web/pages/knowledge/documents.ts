import { html } from "htm/preact";
import { SearchX } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import type { DocumentView, SourceView } from "../../../src/protocol/admin-api/knowledge.ts";
import { listDocuments } from "../../api/knowledge.ts";
import { ListFoot } from "../../components/list-foot.ts";
import { FilterChip } from "../../components/search-box.ts";
import { BoneRows, Empty, Failed } from "../../components/states.ts";
import { bytes, number } from "../../format.ts";
import { createList, type ListStore } from "../../state/list.ts";
import { href } from "../../state/router.ts";
import { DocumentKind, SourceState } from "./source-state.ts";

type Filter = { status: "failed" | null };
type DocumentList = ListStore<DocumentView, Filter>;

const COLUMNS = ["p-main", "", "p-under", "r", "p-side r"];

/** The files or pages of a source that has several, each with how reading it went and the way to its passages. */
export function Documents({ source }: { source: SourceView }) {
  const [documents] = useState(() =>
    createList<DocumentView, Filter>({ status: null }, ({ status }, cursor, abort) =>
      listDocuments(source.id, status, cursor, abort),
    ),
  );
  useEffect(() => documents.open(source.id), [documents, source.id]);
  useFollowing(documents, source.updatedAt);
  const error = documents.error.value;
  return html`<section>
    <h2 class="section-title">Documents</h2>
    ${source.failedCount > 0 && html`<${Filters} source=${source} documents=${documents} />`}
    ${error && html`<${Failed} what="The documents could not be loaded" error=${error} retry=${() => void documents.refresh()} />`}
    <${Table} source=${source} items=${documents.items.value} />
    <${ListFoot}
      hasMore=${documents.nextCursor.value !== null}
      loading=${documents.loading.value}
      more=${() => void documents.more()}
    />
  </section>`;
}

/** Frames come many times a second while documents are read: the list is read again when the last time is over. */
function useFollowing(documents: DocumentList, updatedAt: string): void {
  const shown = useRef(updatedAt);
  const loading = documents.loading.value;
  useEffect(() => {
    if (loading || shown.current === updatedAt) return;
    shown.current = updatedAt;
    void documents.refresh();
  }, [documents, updatedAt, loading]);
}

function Filters({ source, documents }: { source: SourceView; documents: DocumentList }) {
  const { status } = documents.filter.value;
  const chip = (label: string, wanted: Filter["status"], total: number) => html`<${FilterChip}
    label=${label}
    total=${number(total)}
    on=${status === wanted}
    onClick=${() => documents.narrow({ status: wanted })}
  />`;
  return html`<div class="tools">
    ${chip("All", null, source.documentCount)} ${chip("Failed", "failed", source.failedCount)}
  </div>`;
}

function Table({ source, items }: { source: SourceView; items: DocumentView[] | null }) {
  if (items?.length === 0)
    return html`<${Empty} icon=${SearchX} title="No document is like that">All of them could be read.<//>`;
  return html`<table class="list no-check" aria-busy=${items === null}>
    <thead>
      <tr>
        <th class="main-col">Name</th>
        <th>Kind</th>
        <th>State</th>
        <th class="r">Passages</th>
        <th class="r">Size</th>
      </tr>
    </thead>
    <tbody>
      ${items === null && html`<${BoneRows} columns=${COLUMNS} />`}
      ${items?.map((document) => html`<${Row} key=${document.id} source=${source} document=${document} />`)}
    </tbody>
  </table>`;
}

function Row({ source, document }: { source: SourceView; document: DocumentView }) {
  const { id, title, filename, format, pageCount, chunkCount, byteSize } = document;
  return html`<tr data-id=${id}>
    <td class="p-main">
      <a class="row-link" href=${`${href("knowledge", source.id)}?${new URLSearchParams({ document: id })}`}>${title}</a>
      <span class="sub">${filename}</span>
    </td>
    <td class="soft nowrap"><${DocumentKind} format=${format} pageCount=${pageCount} /></td>
    <td class="p-under"><${SourceState} source=${document} /></td>
    <td class="r num soft">${chunkCount > 0 ? number(chunkCount) : "–"}</td>
    <td class="r num soft nowrap p-side">${bytes(byteSize)}</td>
  </tr>`;
}
