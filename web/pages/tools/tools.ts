import { html } from "htm/preact";
import { Wrench } from "lucide";
import { useEffect } from "preact/hooks";
import type { ToolView } from "../../../src/protocol/admin-api/tools.ts";
import { Button } from "../../components/button.ts";
import { ListFoot } from "../../components/list-foot.ts";
import { Page } from "../../components/page.ts";
import { BoneRows, Empty, Failed } from "../../components/states.ts";
import { Ago } from "../../components/time.ts";
import { number } from "../../format.ts";
import { useSlow } from "../../state/resource.ts";
import { href } from "../../state/router.ts";
import { tenantId } from "../../state/session.ts";
import { tools } from "../../state/tools.ts";
import { AddTool } from "./add-tool.ts";
import { callsOf, timesOf, usersOf } from "./use-words.ts";

const COLUMNS = ["p-main", "p-under", "", "r", "r", "", "r p-side"];
const KINDS = { db_query: "Database query", rest_api: "API call", mcp: "MCP server" };

/** What the assistant may look up, with a model or without. */
export function ToolsPage() {
  const tenant = tenantId.value;
  useEffect(() => tools.open(tenant), [tenant]);
  const items = tools.items.value;
  const error = tools.error.value;
  const slow = useSlow(items === null && error === null);
  return html`<${Page}
    title="Tools"
    about="What the assistant may look up in your databases, APIs and MCP servers: nothing but what is written down here."
    actions=${html`<${AddTool} />`}
  >
    ${error && html`<${Failed} what="The tools could not be loaded" error=${error} retry=${() => void tools.refresh()} />`}
    ${slow && html`<table class="list no-check" aria-label="Loading"><tbody><${BoneRows} columns=${COLUMNS} /></tbody></table>`}
    ${items?.length === 0 && !error && html`<${NothingYet} />`}
    ${items && items.length > 0 && html`<${Listed} items=${items} />`}
  <//>`;
}

function NothingYet() {
  const actions = html`<${Button} small href=${href("connections")}>Connect a database<//>
    <${Button} small href=${href("tools", "import")}>Import an API<//>
    <${Button} small kind="primary" href=${href("tools", "new")}>Write the first query<//>`;
  return html`<${Empty} icon=${Wrench} title="Nothing may be looked up yet" actions=${actions}>
    A tool is a query or a call of an API that you write once, with parameters that people may choose: “pieces of a
    product in a city”. The assistant fills them in from the question, runs nothing on a guess, and shows the rows it
    answers from.
  <//>`;
}

function Listed({ items }: { items: ToolView[] }) {
  return html`<table class="list no-check">
      <thead>
        <tr>
          <th class="main-col">Looks up</th>
          <th>Name</th>
          <th>State</th>
          <th class="r" title="In the last 30 days">Calls</th>
          <th class="r" title="Half of the calls took no longer, and 95 of 100">p50 · p95</th>
          <th title="In the last 30 days">Used by</th>
          <th class="r">Last used</th>
        </tr>
      </thead>
      <tbody>
        ${items.map((tool) => html`<${Row} key=${tool.id} tool=${tool} />`)}
      </tbody>
    </table>
    <${ListFoot}
      hasMore=${tools.nextCursor.value !== null}
      loading=${tools.loading.value}
      more=${() => void tools.more()}
    />`;
}

function Row({ tool }: { tool: ToolView }) {
  const { id, label, name, type, statistics = NEVER_USED } = tool;
  const { calls, failures, lastUsedAt } = statistics;
  return html`<tr data-id=${id}>
    <td class="p-main"><a class="row-link" href=${href("tools", id)}><bdi>${label}</bdi></a></td>
    <td class="p-under soft">
      <span class="mono breaks">${name}</span> · ${KINDS[type]}
      ${troubleOf(tool) !== null && html`<div class="only-phone"><${State} tool=${tool} /></div>`}
      ${calls > 0 && html`<div class="only-phone">${callsOf(statistics)} · ${timesOf(statistics)}</div>`}
    </td>
    <td class="nowrap"><${State} tool=${tool} /></td>
    <td class="r num nowrap">${number(calls)}${failures > 0 && html`<span class="sub">${number(failures)} failed</span>`}</td>
    <td class="r num soft nowrap">${timesOf(statistics)}</td>
    <td class="soft">${usersOf(statistics)}</td>
    <td class="r soft nowrap p-side">${lastUsedAt ? html`<${Ago} at=${lastUsedAt} />` : "never"}</td>
  </tr>`;
}

function State({ tool }: { tool: ToolView }) {
  const trouble = troubleOf(tool);
  const tone = trouble === null ? (tool.enabled ? "good" : "") : "warn";
  return html`<span class="state"><span class=${`dot ${tone}`}></span><span>${trouble ?? (tool.enabled ? "On" : "Off")}</span></span>`;
}

function troubleOf(tool: ToolView): string | null {
  return tool.type === "mcp" && tool.state !== "ready" ? TROUBLES[tool.state] : null;
}

/** Why a tool of an MCP server is not used. */
const TROUBLES = { changed: "Changed: look again", missing: "Not there now" };

/** Of a tool that was restored or saved since the list was read. */
const NEVER_USED: NonNullable<ToolView["statistics"]> = {
  ...{ calls: 0, failures: 0, p50Ms: null, p95Ms: null, byVisitors: 0, byPrograms: 0, trials: 0 },
  lastUsedAt: null,
};
