import { html } from "htm/preact";
import { ListFilter } from "lucide";
import { useState } from "preact/hooks";
import type { ConversationView } from "../../../src/protocol/admin-api/conversations.ts";
import { type ConversationFilter, getConversationFilters } from "../../api/conversations.ts";
import { Button } from "../../components/button.ts";
import { FilterChip, SearchBox } from "../../components/search-box.ts";
import { languageName } from "../../format.ts";
import { conversations, NO_FILTER } from "../../state/conversations.ts";
import { useResource } from "../../state/resource.ts";
import { tenantId } from "../../state/session.ts";
import { OUTCOMES } from "./outcome.ts";

type More = Omit<ConversationFilter, "q" | "outcome">;
const { q: _q, outcome: _outcome, ...NO_MORE } = NO_FILTER;

/** Search and how the latest question ended; everything else is a press away, and there while any of it is set. */
export function Filters() {
  const { q, outcome, ...more } = conversations.filter.value;
  const [opened, setOpened] = useState(false);
  const set = Object.values(more).filter(Boolean).length;
  const shown = opened || set > 0;
  const kinds = Object.entries(OUTCOMES) as [ConversationView["lastOutcome"], { words: string }][];
  return html`<div role="search">
    <div class="tools">
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
      ${!shown && html`<${Button} small kind="quiet" icon=${ListFilter} onClick=${() => setOpened(true)}>More filters<//>`}
    </div>
    ${shown && html`<${MoreFilters} filter=${more} set=${set} hide=${() => setOpened(false)} />`}
  </div>`;
}

function MoreFilters({ filter, set, hide }: { filter: More; set: number; hide: () => void }) {
  const { flagged, starred, abstained, tools, rating, language, provider } = filter;
  const choices = useResource(`filters/${tenantId.value}`, getConversationFilters).value;
  const toggle = (change: Partial<More>, on: boolean) =>
    conversations.narrow(on ? Object.fromEntries(Object.keys(change).map((name) => [name, null])) : change);
  const chip = (label: string, change: Partial<More>, on: boolean) =>
    html`<${FilterChip} label=${label} on=${on} onClick=${() => toggle(change, on)} />`;
  const clear = () => {
    hide();
    if (set > 0) conversations.narrow(NO_MORE);
  };
  return html`<div class="tools more-filters" role="group" aria-label="More filters">
    <${Day} label="From" name="from" value=${filter.from} />
    <${Day} label="Up to and including" name="to" value=${filter.to} />
    ${chip("Flagged", { flagged: "true" }, flagged === "true")}
    ${chip("Starred", { starred: "true" }, starred === "true")}
    ${chip("Rated helpful", { rating: "helpful" }, rating === "helpful")}
    ${chip("Rated unhelpful", { rating: "unhelpful" }, rating === "unhelpful")}
    ${chip("Any answer found nothing", { abstained: "true" }, abstained === "true")}
    ${chip("Used a tool", { tools: "true" }, tools === "true")}
    <${Choice} label="Language" name="language" value=${language} values=${choices?.languages ?? []} words=${languageName} />
    <${Choice} label="Provider" name="provider" value=${provider} values=${choices?.providers ?? []} words=${String} />
    <button class="link" type="button" onClick=${clear}>${set > 0 ? "Clear these filters" : "Hide"}</button>
  </div>`;
}

function Day({ label, name, value }: { label: string; name: "from" | "to"; value: string | null }) {
  const change = (event: Event) =>
    conversations.narrow({ [name]: (event.currentTarget as HTMLInputElement).value || null });
  return html`<label class="filter-field">
    <span>${label}</span>
    <input class="input" type="date" value=${value ?? ""} onChange=${change} />
  </label>`;
}

type ChoiceProps = {
  label: string;
  name: "language" | "provider";
  value: string | null;
  values: string[];
  words: (value: string) => string;
};

/** Nothing to choose from, nothing to press. */
function Choice({ label, name, value, values, words }: ChoiceProps) {
  const all = value && !values.includes(value) ? [value, ...values] : values;
  if (all.length === 0) return null;
  const change = (event: Event) =>
    conversations.narrow({ [name]: (event.currentTarget as HTMLSelectElement).value || null });
  return html`<label class="filter-field">
    <span>${label}</span>
    <select class="input" value=${value ?? ""} onChange=${change}>
      <option value="">Any</option>
      ${all.map((each) => html`<option key=${each} value=${each} selected=${each === value}>${words(each)}</option>`)}
    </select>
  </label>`;
}
