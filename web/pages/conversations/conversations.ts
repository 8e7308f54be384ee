import { html } from "htm/preact";
import { ArrowUp, CalendarClock, Download, Ellipsis, MessagesSquare, SearchX, Trash2 } from "lucide";
import { useCallback, useState } from "preact/hooks";
import type { ConversationView } from "../../../src/protocol/admin-api/conversations.ts";
import { Button } from "../../components/button.ts";
import { Icon } from "../../components/icon.ts";
import { ListFoot } from "../../components/list-foot.ts";
import { useListKeys } from "../../components/list-keys.ts";
import { Menu, type MenuEntry } from "../../components/menu.ts";
import { Page } from "../../components/page.ts";
import { BoneRows, Empty, Failed } from "../../components/states.ts";
import { count } from "../../format.ts";
import { toggleFlag, toggleStar } from "../../state/conversation-marks.ts";
import {
  arrivals,
  conversations,
  isFiltered,
  NO_FILTER,
  removeManyWithUndo,
  removeMatchingWithUndo,
  showArrivals,
} from "../../state/conversations.ts";
import { useDemoAddress } from "../../state/demo.ts";
import { useAddressed } from "../../state/list-address.ts";
import { NO_ROOM_BESIDE, useMedia } from "../../state/media.ts";
import { useSlow } from "../../state/resource.ts";
import { href, route, setInQuery } from "../../state/router.ts";
import { mayChange, mayMark, tenantId } from "../../state/session.ts";
import { ReadingPane } from "./conversation.ts";
import { Filters } from "./filters.ts";
import { RetentionDialog } from "./retention.ts";
import { ConversationRow } from "./row.ts";
import { saveExport } from "./take-away.ts";

const COLUMNS = ["p-check", "p-main", "", "wide-only", "p-under", "r", "p-side r"];
const BESIDE_PANE = ["p-check", "p-main", "p-side r"];

/** The list, and on a wide window beside it the conversation that one reads. */
export function ConversationsPage() {
  const tenant = tenantId.value;
  useAddressed(conversations, tenant);
  const hasRoom = !useMedia(NO_ROOM_BESIDE);
  const open = hasRoom ? route.value.query.get("open") : null;
  const close = () => setInQuery("open", null, "replace");
  if (open === null) return html`<${ListPage} open=${null} hasRoom=${hasRoom} />`;
  return html`<div class="inbox">
    <${ListPage} open=${open} hasRoom />
    <${ReadingPane} key=${open} id=${open} close=${close} />
  </div>`;
}

type ListProps = { open: string | null; hasRoom: boolean };

function ListPage({ open, hasRoom }: ListProps) {
  const items = conversations.items.value;
  const error = conversations.error.value;
  const slow = useSlow(items === null && error === null);
  const bare = items?.length === 0 && !isFiltered(conversations.filter.value);
  const about = open === null && "What visitors asked, what they were told, and where the answer came from.";

  return html`<${Page} title="Conversations" about=${about} actions=${!bare && html`<${WithAll} />`}>
    ${error && html`<${Failed} what="The conversations could not be loaded" error=${error} retry=${() => void conversations.refresh()} />`}
    ${!bare && !(error && !items) && html`<${Filters} />`}
    <${Arrivals} />
    ${bare && !error && html`<${NothingYet} />`}
    ${items?.length === 0 && !bare && html`<${NothingMatches} />`}
    ${(slow || (items && items.length > 0)) && html`<${ConversationTable} items=${items} open=${open} hasRoom=${hasRoom} />`}
  <//>`;
}

/** What can be done with all that the list would show. */
function WithAll() {
  const filter = conversations.filter.value;
  const narrowed = isFiltered(filter);
  const what = narrowed ? "what matches" : "all";
  const [setsDays, setSetsDays] = useState(false);
  const entries: MenuEntry[] = [
    { label: `Export ${what} as CSV`, icon: Download, run: () => void saveExport("csv") },
    { label: `Export ${what} as JSON Lines`, icon: Download, run: () => void saveExport("jsonl") },
    ...(narrowed && mayChange.value
      ? ([
          "line",
          { label: "Delete what matches", icon: Trash2, run: () => void removeMatchingWithUndo(filter) },
        ] as const)
      : []),
    "line",
    { label: "How long they are kept…", icon: CalendarClock, run: () => setSetsDays(true) },
  ];
  return html`${setsDays && html`<${RetentionDialog} close=${() => setSetsDays(false)} />`}
    <${Menu} className="btn" label="Export and delete" entries=${entries} placement="end">
    <${Icon} of=${Ellipsis} />
  <//>`;
}

/** New ones wait until somebody asks for them, so that no row moves under the pointer. */
function Arrivals() {
  const waiting = arrivals.value.size;
  return html`<div role="status">
    ${waiting > 0 && html`<button class="chip arrivals" type="button" onClick=${() => void showArrivals()}><${Icon} of=${ArrowUp} />${count(waiting, "new conversation")}</button>`}
  </div>`;
}

type TableProps = ListProps & { items: ConversationView[] | null };

function ConversationTable({ items, open, hasRoom }: TableProps) {
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const toggle = useCallback((id: string) => {
    setSelected((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  }, []);
  const show = (id: string) => setInQuery("open", id, open === null ? "push" : "replace");
  const withRow = (act: (row: ConversationView) => void) => (id: string) => {
    const row = items?.find((each) => each.id === id);
    if (row && mayMark.peek()) act(row);
  };
  useListKeys(toggle, {
    f: withRow(toggleFlag),
    s: withRow(toggleStar),
    ...(hasRoom && { o: show }),
  });
  const chosen = items?.filter(({ id }) => selected.has(id)) ?? [];
  const toggleAll = () => setSelected(chosen.length > 0 ? new Set() : new Set(items?.map(({ id }) => id)));

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
          <th class="main-col">Question</th>
          ${open === null && html`<th>Visitor</th><th class="wide-only">Page</th><th>Outcome</th><th class="r">Messages</th>`}
          <th class="r">Updated</th>
          ${chosen.length > 0 && html`<${Bulk} chosen=${chosen} done=${() => setSelected(new Set())} />`}
        </tr>
      </thead>
      <tbody>
        ${items === null && html`<${BoneRows} columns=${open === null ? COLUMNS : BESIDE_PANE} />`}
        ${items?.map(
          (conversation) => html`<${ConversationRow}
            key=${conversation.id}
            conversation=${conversation}
            on=${selected.has(conversation.id)}
            toggle=${toggle}
            open=${open}
            show=${hasRoom ? show : null}
          />`,
        )}
      </tbody>
    </table>
    <${ListFoot}
      hasMore=${conversations.nextCursor.value !== null}
      loading=${conversations.loading.value}
      more=${() => void conversations.more()}
    />`;
}

function Bulk({ chosen, done }: { chosen: ConversationView[]; done: () => void }) {
  const remove = () => {
    done();
    void removeManyWithUndo(chosen.map(({ id }) => id));
  };
  // Over the headings, which stay where they are: without them every column would move.
  return html`<th class="bulk-cell">
    <div class="bulk">
      <span class="strong num">${chosen.length} selected</span>
      ${mayChange.value && html`<${Button} small kind="danger" onClick=${remove}>Delete<//>`}
      <${Button} small kind="quiet" onClick=${done}>Clear<//>
    </div>
  </th>`;
}

export function visitorName({ visitor, source }: ConversationView): string {
  if (source === "api") return "A program";
  return visitor?.name ?? visitor?.email ?? "Visitor";
}

function NothingYet() {
  const actions = html`<${Button} small href=${href("widget")}>Put it on a page<//>
    <${Button} small kind="primary" href=${useDemoAddress()} newTab>Open the demo page<//>`;
  return html`<${Empty} icon=${MessagesSquare} title="No conversations yet" actions=${actions}>
    As soon as a visitor asks something, it can be read here, with the passages behind every answer.
  <//>`;
}

function NothingMatches() {
  const clear = () => conversations.narrow(NO_FILTER);
  return html`<${Empty}
    icon=${SearchX}
    title="No conversation matches"
    actions=${html`<${Button} small onClick=${clear}>Clear search and filters<//>`}
  >
    The search looks at everything that was asked and answered.
  <//>`;
}
