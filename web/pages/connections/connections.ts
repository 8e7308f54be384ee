import { html } from "htm/preact";
import { Database, Plus } from "lucide";
import { useEffect } from "preact/hooks";
import type { ConnectionView } from "../../../src/protocol/admin-api/connections.ts";
import type { McpServerView } from "../../../src/protocol/admin-api/mcp-servers.ts";
import { Button } from "../../components/button.ts";
import { ListFoot } from "../../components/list-foot.ts";
import { Page } from "../../components/page.ts";
import { BoneRows, Empty, Failed } from "../../components/states.ts";
import { Ago } from "../../components/time.ts";
import { connections } from "../../state/connections.ts";
import { mcpServers } from "../../state/mcp-servers.ts";
import { useSlow } from "../../state/resource.ts";
import { href } from "../../state/router.ts";
import { tenantId } from "../../state/session.ts";
import { ConnectionState, DATABASES } from "./connection-state.ts";

const COLUMNS = ["p-main", "p-under", "", "r p-side"];

/** What tools ask: the organisation's own databases, and servers that have tools of their own. */
export function ConnectionsPage() {
  const tenant = tenantId.value;
  useEffect(() => connections.open(tenant), [tenant]);
  useEffect(() => mcpServers.open(tenant), [tenant]);
  const [databases, servers] = [connections.items.value, mcpServers.items.value];
  const error = connections.error.value ?? mcpServers.error.value;
  const slow = useSlow((databases === null || servers === null) && error === null);
  const retry = () => void Promise.all([connections.refresh(), mcpServers.refresh()]);
  const isEmpty = databases?.length === 0 && servers?.length === 0;
  return html`<${Page}
    title="Connections"
    about="Your own databases, which Parley reads with a role that can only read and only by what is under Tools; and MCP servers, whose tools you allow one by one."
    actions=${html`<${Button} icon=${Plus} href=${href("connections", "new-mcp-server")}>Add MCP server<//>
      <${Button} kind="primary" icon=${Plus} href=${href("connections", "new")}>Add connection<//>`}
  >
    ${error && html`<${Failed} what="The connections could not be loaded" error=${error} retry=${retry} />`}
    ${slow && html`<table class="list no-check" aria-label="Loading"><tbody><${BoneRows} columns=${COLUMNS} /></tbody></table>`}
    ${isEmpty && !error && html`<${NothingYet} />`}
    ${databases && databases.length > 0 && html`<${Listed} items=${databases} />`}
    ${servers && servers.length > 0 && html`<${ListedServers} items=${servers} />`}
  <//>`;
}

function NothingYet() {
  const add = html`<${Button} small href=${href("connections", "new-mcp-server")}>Add an MCP server<//>
    <${Button} small kind="primary" href=${href("connections", "new")}>Add the first connection<//>`;
  return html`<${Empty} icon=${Database} title="No database is connected" actions=${add}>
    “How many laptops are in stock in Berlin?” stands in a database and in no document. Connect it with a role that can
    only read, write down the queries that may be asked, and the assistant answers with the rows, with a model or
    without.
  <//>`;
}

const SERVER_STATES = {
  ready: { word: "Ready", tone: "good" },
  unchecked: { word: "Not reached yet", tone: "warn" },
  failed: { word: "Did not answer", tone: "bad" },
};

function ListedServers({ items }: { items: McpServerView[] }) {
  return html`<section aria-label="MCP servers">
    <table class="list no-check">
      <thead><tr><th class="main-col">MCP server</th><th>Address</th><th>State</th><th class="r">Checked</th></tr></thead>
      <tbody>
        ${items.map(({ id, name, url, state, problem, checkedAt }) => {
          const { word, tone } = SERVER_STATES[state];
          return html`<tr key=${id} data-id=${id}>
            <td class="p-main"><a class="row-link" href=${href("connections", id)}><bdi>${name}</bdi></a></td>
            <td class="p-under soft breaks"><bdi>${url}</bdi></td>
            <td class="nowrap" title=${problem?.message}><span class="state"><span class=${`dot ${tone}`}></span><span>${word}</span></span></td>
            <td class="r soft nowrap p-side">${checkedAt ? html`<${Ago} at=${checkedAt} />` : "–"}</td>
          </tr>`;
        })}
      </tbody>
    </table>
    <${ListFoot}
      hasMore=${mcpServers.nextCursor.value !== null}
      loading=${mcpServers.loading.value}
      more=${() => void mcpServers.more()}
    />
  </section>`;
}

function Listed({ items }: { items: ConnectionView[] }) {
  return html`<table class="list no-check">
      <thead><tr><th class="main-col">Name</th><th>Database</th><th>State</th><th class="r">Checked</th></tr></thead>
      <tbody>
        ${items.map(
          (connection) => html`<tr key=${connection.id} data-id=${connection.id}>
            <td class="p-main"><a class="row-link" href=${href("connections", connection.id)}><bdi>${connection.name}</bdi></a></td>
            <td class="p-under soft"><bdi>${DATABASES[connection.type]} · ${connection.host}:${connection.port}/${connection.database}</bdi></td>
            <td class="nowrap" title=${connection.problem?.message}><${ConnectionState} state=${connection.state} /></td>
            <td class="r soft nowrap p-side">${connection.checkedAt ? html`<${Ago} at=${connection.checkedAt} />` : "–"}</td>
          </tr>`,
        )}
      </tbody>
    </table>
    <${ListFoot}
      hasMore=${connections.nextCursor.value !== null}
      loading=${connections.loading.value}
      more=${() => void connections.more()}
    />`;
}
