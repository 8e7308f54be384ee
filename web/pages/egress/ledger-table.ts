import { html } from "htm/preact";
import { Waypoints } from "lucide";
import type { LedgerRow } from "../../api/egress.ts";
import { Button } from "../../components/button.ts";
import { ListFoot } from "../../components/list-foot.ts";
import { BoneRows, Empty, Failed } from "../../components/states.ts";
import { Ago } from "../../components/time.ts";
import { bytes, count, number } from "../../format.ts";
import { ledger } from "../../state/egress.ts";
import { useSlow } from "../../state/resource.ts";

type LedgerProps = {
  /** Puts an entry into the list, unsaved. */
  onAllow: (entry: string) => void;
  listed: readonly string[];
};

const COLUMNS = ["p-main", "p-under", "p-under", "r", "r", "r p-side"];

/** What each destination is called for, in words. */
const FEATURES: Record<string, string> = {
  llm: "Language model",
  embeddings: "Embedding model",
  database: "Database",
  tool: "API",
  mcp: "MCP server",
  import: "Import of an API",
  proxy: "Proxy on the way",
};
/** What only an entry of the list lets through. */
const NEEDS_ENTRY = new Set(["database", "tool", "mcp", "import"]);

/** Where Parley has called, and where it was refused to. */
export function LedgerTable(props: LedgerProps) {
  const items = ledger.items.value;
  const error = ledger.error.value;
  const slow = useSlow(items === null && error === null);
  return html`<section aria-label="Ledger" class="stack">
    <h2>Where it has called</h2>
    ${error && html`<${Failed} what="The ledger could not be loaded" error=${error} retry=${() => void ledger.refresh()} />`}
    ${items?.length === 0 && html`<${NothingYet} />`}
    ${items && items.length > 0 && html`<${Rows} ...${props} items=${items} />`}
    ${slow && html`<table class="list no-check"><tbody><${BoneRows} columns=${COLUMNS} rows=${5} /></tbody></table>`}
  </section>`;
}

function NothingYet() {
  return html`<${Empty} icon=${Waypoints} title="Parley has called nobody yet">
    Every address that Parley calls, or is refused to call, is written down here once: for which feature and tenant, how
    often, how much was sent and received, when first and when last. <code>parley doctor --offline-report</code> gives the
    same as a signed report.
  <//>`;
}

function Rows({ items, ...props }: LedgerProps & { items: LedgerRow[] }) {
  return html`<table class="list no-check">
      <thead>
        <tr>
          <th class="main-col">Destination</th>
          <th>Outcome</th>
          <th>For</th>
          <th class="r">Calls</th>
          <th class="r">Sent · received</th>
          <th class="r">Last</th>
        </tr>
      </thead>
      <tbody>
        ${items.map((row) => html`<${Row} key=${row.id} row=${row} ...${props} />`)}
      </tbody>
    </table>
    <${ListFoot} hasMore=${ledger.nextCursor.value !== null} loading=${ledger.loading.value} more=${() => void ledger.more()} />`;
}

function Row({ row, onAllow, listed }: LedgerProps & { row: LedgerRow }) {
  const { destination, purpose, outcome, calls, tenantName, tenant, lastAt } = row;
  const isOffered = outcome === "refused" && NEEDS_ENTRY.has(purpose) && !listed.includes(destination);
  return html`<tr>
    <td class="p-main"><span class="mono breaks">${destination}</span></td>
    <td class="p-under">
      <span class="state"><span class=${`dot ${outcome === "refused" ? "warn" : "good"}`}></span>${outcome === "refused" ? "Refused" : "Called"}</span>
      ${isOffered && html` <${Button} small onClick=${() => onAllow(destination)}>Add to the list<//>`}
    </td>
    <td class="p-under">${FEATURES[purpose] ?? purpose}<span class="sub">${tenantName ?? (tenant === null ? "All tenants" : "A tenant that is gone")}</span></td>
    <td class="r num" title=${count(calls, "call")}>${number(calls)}</td>
    <td class="r num soft nowrap">${traffic(row)}</td>
    <td class="r soft nowrap p-side"><${Ago} at=${lastAt} /></td>
  </tr>`;
}

function traffic({ sentBytes, receivedBytes, outcome }: LedgerRow): string {
  if (outcome === "refused") return "–";
  return sentBytes === null || receivedBytes === null
    ? "not counted"
    : `${bytes(sentBytes)} · ${bytes(receivedBytes)}`;
}
