import { html } from "htm/preact";
import { Database, Plus } from "lucide";
import { useEffect } from "preact/hooks";
import type { ConnectionView } from "../../../src/protocol/admin-api/connections.ts";
import { Button } from "../../components/button.ts";
import { ListFoot } from "../../components/list-foot.ts";
import { Page } from "../../components/page.ts";
import { BoneRows, Empty, Failed } from "../../components/states.ts";
import { Ago } from "../../components/time.ts";
import { connections } from "../../state/connections.ts";
import { useSlow } from "../../state/resource.ts";
import { href } from "../../state/router.ts";
import { tenantId } from "../../state/session.ts";
import { ConnectionState, DATABASES } from "./connection-state.ts";

const COLUMNS = ["p-main", "p-under", "", "r p-side"];

/** The organisation's own databases, which tools ask. */
export function ConnectionsPage() {
  const tenant = tenantId.value;
  useEffect(() => connections.open(tenant), [tenant]);
  const items = connections.items.value;
  const error = connections.error.value;
  const slow = useSlow(items === null && error === null);
  return html`<${Page}
    title="Connections"
    about="Your own databases. Parley reads them with a role that can only read, and only by the queries under Tools."
    actions=${html`<${Button} kind="primary" icon=${Plus} href=${href("connections", "new")}>Add connection<//>`}
  >
    ${error && html`<${Failed} what="The connections could not be loaded" error=${error} retry=${() => void connections.refresh()} />`}
    ${slow && html`<table class="list no-check" aria-label="Loading"><tbody><${BoneRows} columns=${COLUMNS} /></tbody></table>`}
    ${items?.length === 0 && !error && html`<${NothingYet} />`}
    ${items && items.length > 0 && html`<${Listed} items=${items} />`}
  <//>`;
}

function NothingYet() {
  const add = html`<${Button} small kind="primary" href=${href("connections", "new")}>Add the first connection<//>`;
  return html`<${Empty} icon=${Database} title="No database is connected" actions=${add}>
    “How many laptops are in stock in Berlin?” stands in a database and in no document. Connect it with a role that can
    only read, write down the queries that may be asked, and the assistant answers with the rows, with a model or
    without.
  <//>`;
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
