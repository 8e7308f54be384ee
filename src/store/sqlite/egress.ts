import { EGRESS_REFUSED_KEPT, type EgressUse } from "../../domain/egress.ts";
import type { TenantId } from "../../domain/ids.ts";
import type { EgressStore } from "../store.ts";
import type { SqliteDb } from "./connection.ts";
import { fromCursor, toPage } from "./cursor.ts";

/** In the table of what the instance has one of. */
const KEY = "egress-allow";

/** The column is '' for what belongs to no tenant: a key has no nulls. */
type UseRow = Omit<EgressUse, "tenantId"> & { tenantId: TenantId | ""; row: number };

const RECORD = `
  insert into egress_ledger (destination, purpose, tenant_id, outcome, calls, sent_bytes, received_bytes, first_at, last_at)
  values (@destination, @purpose, @tenantId, @outcome, @calls, @sentBytes, @receivedBytes, @firstAt, @lastAt)
  on conflict do update set
    calls = calls + excluded.calls,
    sent_bytes = sent_bytes + excluded.sent_bytes,
    received_bytes = received_bytes + excluded.received_bytes,
    first_at = min(first_at, excluded.first_at),
    last_at = max(last_at, excluded.last_at)`;

const FORGET = `
  delete from egress_ledger where rowid in (
    select rowid from egress_ledger where outcome = 'refused' order by last_at desc limit -1 offset ?)`;

const LIST = `
  select rowid as row, destination, purpose, tenant_id as tenantId, outcome, calls, sent_bytes as sentBytes,
    received_bytes as receivedBytes, first_at as firstAt, last_at as lastAt
  from egress_ledger
  where (last_at, rowid) < (@at, @row)
  order by last_at desc, rowid desc limit @most`;

export function sqliteEgressStore({ $client: client }: SqliteDb): EgressStore {
  const find = client.prepare<[string], string>("select value from instance where key = ?").pluck();
  const put = client.prepare("insert or replace into instance (key, value) values (?, ?)");
  const record = client.prepare<[Omit<UseRow, "row">]>(RECORD);
  const forget = client.prepare<[number]>(FORGET);
  const list = client.prepare<[{ at: number | string; row: number | string; most: number }], UseRow>(LIST);

  return {
    async allowed() {
      const kept = find.get(KEY);
      // Written below and nowhere else.
      return kept === undefined ? [] : (JSON.parse(kept) as string[]);
    },

    async replaceAllowed(entries) {
      put.run(KEY, JSON.stringify(entries));
    },

    async record(uses) {
      for (const use of uses) record.run({ ...use, tenantId: use.tenantId ?? "" });
      if (uses.some(({ outcome }) => outcome === "refused")) forget.run(EGRESS_REFUSED_KEPT);
    },

    async uses({ cursor, limit }) {
      const [at, row] = cursor === null ? [Number.MAX_SAFE_INTEGER, 0] : fromCursor(cursor);
      const page = toPage(list.all({ at, row, most: limit + 1 }), limit, (use) => [use.lastAt, use.row]);
      return { ...page, items: page.items.map(toUse) };
    },
  };
}

function toUse({ row, tenantId, ...use }: UseRow): EgressUse {
  return { ...use, tenantId: tenantId === "" ? null : tenantId };
}
