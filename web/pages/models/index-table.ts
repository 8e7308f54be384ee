import { html } from "htm/preact";
import { Ellipsis, Trash2 } from "lucide";
import type { EmbeddingIndexView, ModelsView } from "../../../src/protocol/admin-api/models.ts";
import { Button } from "../../components/button.ts";
import { Icon } from "../../components/icon.ts";
import { Menu, type MenuEntry } from "../../components/menu.ts";
import { Ago } from "../../components/time.ts";
import { Progress } from "../../components/tray.ts";
import { aboutMinutes, number, shortUrl } from "../../format.ts";
import { timeLeft } from "../../state/models.ts";
import type { IndexActions } from "./index-actions.ts";

type Servers = ModelsView["servers"];
type TableProps = {
  servers: Servers;
  indexes: EmbeddingIndexView[];
  busy: string | null;
  actions: IndexActions;
};

/** Newest first: what one has just begun is what one looks for. */
export function IndexTable({ servers, indexes, busy, actions }: TableProps) {
  return html`<table class="list no-check tall">
    <thead>
      <tr>
        <th class="main-col">Made with</th>
        <th>State</th>
        <th class="r">Passages</th>
        <th class="r">Since</th>
        <th class="r"><span class="visually-hidden">Actions</span></th>
      </tr>
    </thead>
    <tbody>
      ${[...indexes].reverse().map((index) => html`<${Row} servers=${servers} key=${index.id} index=${index} busy=${busy === index.id} actions=${actions} />`)}
    </tbody>
  </table>`;
}

type RowProps = { index: EmbeddingIndexView; servers: Servers; busy: boolean; actions: IndexActions };

function Row({ index, servers, busy, actions }: RowProps) {
  const { chunks, embedded, model } = index;
  const { dot, words } = stateOf(index);
  const filling = embedded < chunks;
  return html`<tr>
    <td class="p-main">
      <span class="strong name">${model}</span>
      <span class="sub">${whereOf(index, servers)}</span>
    </td>
    <td class="p-under">
      <span class="state"><span class=${`dot ${dot}`}></span><span>${words}</span></span>
      ${index.working && filling && html`<${Progress} share=${chunks === 0 ? 0 : embedded / chunks} label=${`Index with ${model}`} />`}
      <span class="only-phone hint num">${passages(index)} passages</span>
    </td>
    <td class="r num soft nowrap">${passages(index)}</td>
    <td class="r soft nowrap"><${Ago} at=${index.activatedAt ?? index.createdAt} /></td>
    <td class="r p-side"><${Actions} index=${index} busy=${busy} actions=${actions} /></td>
  </tr>`;
}

function passages({ embedded, chunks }: EmbeddingIndexView): string {
  return embedded < chunks ? `${number(embedded)} of ${number(chunks)}` : number(chunks);
}

/** "On this machine · 384 dimensions" */
function whereOf({ source, baseUrl, apiKey, dimension }: EmbeddingIndexView, servers: Servers): string {
  const place =
    source === "local"
      ? "On this machine"
      : `${servers.find(({ name }) => name === source)?.label ?? source} at ${shortUrl(baseUrl ?? "")}`;
  const key = apiKey.last4 ? `, key •••• ${apiKey.last4}` : "";
  return `${place}${key} · ${number(dimension)} dimensions`;
}

function stateOf(index: EmbeddingIndexView): {
  dot: string;
  words: string;
} {
  const { state, working, error, embedded, chunks } = index;
  if (error && state === "building") return { dot: "bad", words: `Stopped: ${error.message}` };
  switch (state) {
    case "building":
      return { dot: "run", words: embedded > 0 ? `Being built${leftOf(index)}` : "Waiting to be built" };
    case "ready":
      return { dot: "", words: "Ready, not in use" };
    case "retired":
      return { dot: "", words: "Kept for going back" };
    case "active":
      if (error) return { dot: "warn", words: `In use, without the newest passages: ${error.message}` };
      if (working && embedded < chunks)
        return { dot: "good", words: `In use, taking in new passages${leftOf(index)}` };
      return { dot: "good", words: "In use" };
  }
}

function leftOf(index: EmbeddingIndexView): string {
  const ms = timeLeft(index, Date.now());
  return ms === null ? "" : `, ${aboutMinutes(ms)} left`;
}

function Actions({
  index,
  busy,
  actions,
}: {
  index: EmbeddingIndexView;
  busy: boolean;
  actions: IndexActions;
}) {
  const { state, error, model } = index;
  const menu: MenuEntry[] = [{ label: "Delete…", icon: Trash2, run: () => actions.remove(index) }];
  return html`<span class="row-actions">
    ${state === "active" && html`<${Button} small busy=${busy} onClick=${() => actions.retire(index)}>Switch off<//>`}
    ${(state === "ready" || state === "retired") && html`<${Button} small busy=${busy} onClick=${() => actions.activate(index)}>Activate<//>`}
    ${error && state !== "ready" && state !== "retired" && html`<${Button} small busy=${busy} onClick=${() => actions.goOn(index)}>Go on<//>`}
    ${
      state !== "active" &&
      html`<${Menu} className="icon-btn" label=${`More for the index with ${model}`} entries=${menu} placement="end">
        <${Icon} of=${Ellipsis} />
      <//>`
    }
  </span>`;
}
