import { html } from "htm/preact";
import { ArrowDown, ArrowUp, LibraryBig, SearchX } from "lucide";
import { useCallback, useState } from "preact/hooks";
import type { SourceView } from "../../../src/protocol/admin-api/knowledge.ts";
import { readAgain, type SourceFilter } from "../../api/knowledge.ts";
import { Button } from "../../components/button.ts";
import { SamplesButton } from "../../components/checklist.ts";
import { Icon } from "../../components/icon.ts";
import { ListFoot } from "../../components/list-foot.ts";
import { useListKeys } from "../../components/list-keys.ts";
import { Page } from "../../components/page.ts";
import { pickFiles } from "../../components/pick-files.ts";
import { FilterChip, SearchBox } from "../../components/search-box.ts";
import { BoneRows, Empty, Failed } from "../../components/states.ts";
import { Ago } from "../../components/time.ts";
import { bytes, count, number } from "../../format.ts";
import { openTryPanel } from "../../state/dialogs.ts";
import { inTurn, removeSources, sourceCounts, sources, uploads } from "../../state/knowledge.ts";
import { useAddressed } from "../../state/list-address.ts";
import { useSlow } from "../../state/resource.ts";
import { href } from "../../state/router.ts";
import { tenantId } from "../../state/session.ts";
import { toast, toastError } from "../../state/toasts.ts";
import { SourceKind, SourceState } from "./source-state.ts";
import { Uploads } from "./uploads.ts";

const FILTERS: { status: SourceFilter["status"]; label: string }[] = [
  { status: null, label: "All" },
  { status: "ready", label: "Ready" },
  { status: "processing", label: "Reading" },
  { status: "queued", label: "Waiting" },
  { status: "failed", label: "Needs attention" },
];

const COLUMNS = ["p-check", "p-main", "", "p-under", "r", "r", "p-side r"];

export function KnowledgePage() {
  const tenant = tenantId.value;
  useAddressed(sources, tenant);
  const items = sources.items.value;
  const error = sources.error.value;
  const slow = useSlow(items === null && error === null);
  const filter = sources.filter.value;
  const bare = items?.length === 0 && !filter.q && !filter.status && uploads.value.length === 0;

  return html`<${Page}
    title="Knowledge"
    about="What Parley may answer from. Drop files anywhere on this page."
    actions=${html`<${Button} onClick=${() => openTryPanel()}>Try a question<//>
      <${Button} kind="primary" onClick=${pickFiles}>Add source<//>`}
  >
    ${error && html`<${Failed} what="The sources could not be loaded" error=${error} retry=${() => void sources.refresh()} />`}
    ${!bare && !(error && !items) && html`<${Filters} />`}
    <${Uploads} />
    ${bare && !error && html`<${NothingYet} />`}
    ${(slow || (items && !bare)) && html`<${SourceTable} items=${items} />`}
  <//>`;
}

function NothingYet() {
  const actions = html`<${SamplesButton} /><${Button} small kind="primary" onClick=${pickFiles}>Add files<//>`;
  return html`<${Empty} icon=${LibraryBig} title="No documents yet" actions=${actions}>
    Parley answers only from what is added here, and says where it read it. PDF, Word, text, Markdown, HTML and CSV files are
    read as they are. The sample documents are a small staff handbook to try things with.
  <//>`;
}

function Filters() {
  const { q, status } = sources.filter.value;
  const counts = sourceCounts.value;
  return html`<div class="tools" role="search">
    <${SearchBox} label="Search sources" value=${q} onSearch=${(text: string) => sources.narrow({ q: text })} />
    ${FILTERS.filter(({ status: each }) => !each || !counts || counts[each] > 0 || each === status).map(
      ({ status: each, label }) => html`<${FilterChip}
        key=${label}
        label=${label}
        total=${counts && number(counts[each ?? "all"])}
        on=${each === status}
        onClick=${() => sources.narrow({ status: each })}
      />`,
    )}
  </div>`;
}

function SourceTable({ items }: { items: SourceView[] | null }) {
  const [selected, setSelected] = useState<Set<string>>(new Set());
  const toggle = useCallback((id: string) => {
    setSelected((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  }, []);
  useListKeys(toggle);
  const chosen = (items ?? []).filter((source) => selected.has(source.id));
  const toggleAll = () =>
    setSelected(chosen.length > 0 ? new Set() : new Set(items?.map((source) => source.id)));

  if (items?.length === 0) return html`<${NothingMatches} />`;
  return html`<table class="list" aria-busy=${items === null}>
      <thead>
        <tr>
          <th class="narrow-col">
            <input
              type="checkbox"
              aria-label="Select all that are shown"
              checked=${items !== null && chosen.length === items.length}
              indeterminate=${chosen.length > 0 && chosen.length < (items?.length ?? 0)}
              onChange=${toggleAll}
            />
          </th>
          <${Headings} />
          ${chosen.length > 0 && html`<${Bulk} chosen=${chosen} done=${() => setSelected(new Set())} />`}
        </tr>
      </thead>
      <tbody>
        ${items === null && html`<${BoneRows} columns=${COLUMNS} />`}
        ${items?.map((source) => html`<${Row} key=${source.id} source=${source} on=${selected.has(source.id)} toggle=${toggle} />`)}
      </tbody>
    </table>
    <${ListFoot}
      hasMore=${sources.nextCursor.value !== null}
      loading=${sources.loading.value}
      more=${() => void sources.more()}
    />`;
}

function Headings() {
  return html`<${Sortable} label="Name" down="title" className="main-col" />
    <th>Kind</th>
    <th>State</th>
    <th class="r">Passages</th>
    <${Sortable} label="Size" down="size" className="r" />
    <${Sortable} label="Updated" down="newest" up="oldest" className="r" />`;
}

type SortProps = { label: string; down: SourceFilter["sort"]; up?: SourceFilter["sort"]; className: string };

/** A heading that sorts. Pressing it again turns the order round, where there are two. */
function Sortable({ label, down, up, className }: SortProps) {
  const { sort } = sources.filter.value;
  const on = sort === down || sort === up;
  const press = () => sources.narrow({ sort: sort === down && up ? up : down });
  const ascending = sort === up || down === "title";
  return html`<th class=${className} aria-sort=${on ? (ascending ? "ascending" : "descending") : undefined}>
    <button type="button" onClick=${press}>
      ${label}${on && html`<${Icon} of=${ascending ? ArrowUp : ArrowDown} size=${12} />`}
    </button>
  </th>`;
}

function Bulk({ chosen, done }: { chosen: SourceView[]; done: () => void }) {
  const remove = () => {
    done();
    void removeSources(chosen);
  };
  const again = async () => {
    done();
    try {
      await inTurn(chosen, (source) => readAgain(source.id));
      toast(`Reading ${count(chosen.length, "source")} again`);
      await sources.refresh();
    } catch (thrown) {
      toastError(thrown);
    }
  };
  // Over the headings, which stay where they are: without them every column would move.
  return html`<th class="bulk-cell">
    <div class="bulk">
      <span class="strong num">${chosen.length} selected</span>
      <button class="link" type="button" onClick=${again}>Read again</button>
      <button class="link" type="button" onClick=${remove}>Delete</button>
      <button class="link" type="button" onClick=${done}>Clear</button>
    </div>
  </th>`;
}

function Row({ source, on, toggle }: { source: SourceView; on: boolean; toggle: (id: string) => void }) {
  const ready = source.status === "ready";
  return html`<tr class=${on ? "sel" : ""} data-id=${source.id}>
    <td class="narrow-col p-check">
      <input type="checkbox" aria-label=${`Select ${source.title}`} checked=${on} onChange=${() => toggle(source.id)} />
    </td>
    <td class="p-main">
      <a class="row-link" href=${href("knowledge", source.id)}>${source.title}</a>
      <span class="sub">${source.tags.length > 0 ? `tags: ${source.tags.join(", ")}` : source.filename}</span>
    </td>
    <td class="soft nowrap"><${SourceKind} source=${source} /></td>
    <td class="p-under"><${SourceState} source=${source} /></td>
    <td class="r num soft">${ready ? number(source.chunkCount) : "–"}</td>
    <td class="r num soft nowrap">${bytes(source.byteSize)}</td>
    <td class="r soft nowrap p-side"><${Ago} at=${source.updatedAt} /></td>
  </tr>`;
}

function NothingMatches() {
  const clear = () => sources.narrow({ q: "", status: null });
  return html`<${Empty}
    icon=${SearchX}
    title="No source matches"
    actions=${html`<${Button} small onClick=${clear}>Clear search and filter<//>`}
  >
    Sources are searched by name and file name. To search what they say, try a question.
  <//>`;
}
