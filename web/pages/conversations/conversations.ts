import { html } from "htm/preact";
import { MessagesSquare, SearchX } from "lucide";
import type { ConversationView } from "../../../src/protocol/admin-api/conversations.ts";
import { Button } from "../../components/button.ts";
import { ListFoot } from "../../components/list-foot.ts";
import { useListKeys } from "../../components/list-keys.ts";
import { Page } from "../../components/page.ts";
import { FilterChip, SearchBox } from "../../components/search-box.ts";
import { BoneRows, Empty, Failed } from "../../components/states.ts";
import { Ago } from "../../components/time.ts";
import { number, shortUrl } from "../../format.ts";
import { conversations } from "../../state/conversations.ts";
import { useDemoAddress } from "../../state/demo.ts";
import { useAddressed } from "../../state/list-address.ts";
import { useSlow } from "../../state/resource.ts";
import { href } from "../../state/router.ts";
import { tenantId } from "../../state/session.ts";
import { OUTCOMES, OutcomeState } from "./outcome.ts";

const COLUMNS = ["p-main", "", "", "p-under", "r", "p-side r"];

export function ConversationsPage() {
  const tenant = tenantId.value;
  useAddressed(conversations, tenant);
  useListKeys(null);
  const items = conversations.items.value;
  const error = conversations.error.value;
  const { q, outcome } = conversations.filter.value;
  const slow = useSlow(items === null && error === null);
  const bare = items?.length === 0 && !q && !outcome;

  return html`<${Page} title="Conversations" about="What visitors asked, what they were told, and where the answer came from.">
    ${error && html`<${Failed} what="The conversations could not be loaded" error=${error} retry=${() => void conversations.refresh()} />`}
    ${!bare && !(error && !items) && html`<${Filters} />`}
    ${bare && !error && html`<${NothingYet} />`}
    ${items?.length === 0 && !bare && html`<${NothingMatches} />`}
    ${(slow || (items && items.length > 0)) && html`<${ConversationTable} items=${items} />`}
  <//>`;
}

function Filters() {
  const { q, outcome } = conversations.filter.value;
  const kinds = Object.entries(OUTCOMES) as [ConversationView["lastOutcome"], { words: string }][];
  return html`<div class="tools" role="search">
    <${SearchBox} label="Search conversations" value=${q} onSearch=${(text: string) => conversations.narrow({ q: text })} />
    <${FilterChip} label="All" on=${outcome === null} onClick=${() => conversations.narrow({ outcome: null })} />
    ${kinds.map(
      ([kind, { words }]) => html`<${FilterChip}
        key=${kind}
        label=${words}
        on=${outcome === kind}
        onClick=${() => conversations.narrow({ outcome: kind })}
      />`,
    )}
  </div>`;
}

function ConversationTable({ items }: { items: ConversationView[] | null }) {
  return html`<table class="list no-check" aria-busy=${items === null}>
      <thead>
        <tr>
          <th class="main-col">Question</th>
          <th>Visitor</th>
          <th>Page</th>
          <th>Outcome</th>
          <th class="r">Messages</th>
          <th class="r">Updated</th>
        </tr>
      </thead>
      <tbody>
        ${items === null && html`<${BoneRows} columns=${COLUMNS} />`}
        ${items?.map((conversation) => html`<${Row} key=${conversation.id} conversation=${conversation} />`)}
      </tbody>
    </table>
    <${ListFoot}
      hasMore=${conversations.nextCursor.value !== null}
      loading=${conversations.loading.value}
      more=${() => void conversations.more()}
    />`;
}

function Row({ conversation }: { conversation: ConversationView }) {
  const { id, title, page, lastOutcome, messageCount, updatedAt } = conversation;
  return html`<tr data-id=${id}>
    <td class="p-main"><a class="row-link" href=${href("conversations", id)}>${title ?? "Nothing asked yet"}</a></td>
    <td class="soft">${visitorName(conversation)}</td>
    <td class="soft">${page?.title ?? (page?.url ? shortUrl(page.url) : "–")}</td>
    <td class="p-under nowrap"><${OutcomeState} outcome=${lastOutcome} /></td>
    <td class="r num soft">${number(messageCount)}</td>
    <td class="r soft nowrap p-side"><${Ago} at=${updatedAt} /></td>
  </tr>`;
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
  const clear = () => conversations.narrow({ q: "", outcome: null });
  return html`<${Empty}
    icon=${SearchX}
    title="No conversation matches"
    actions=${html`<${Button} small onClick=${clear}>Clear search and filter<//>`}
  >
    The search looks at everything that was asked and answered.
  <//>`;
}
