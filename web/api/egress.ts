import type { EgressUseView, EgressView } from "../../src/protocol/admin-api/egress.ts";
import { getJson, sendJson } from "./client.ts";
import type { Page } from "./knowledge.ts";
import { query } from "./query.ts";

const EGRESS = "/api/admin/egress";

/** A row of the ledger, with what tells it from the others. */
export type LedgerRow = EgressUseView & { id: string };

export const getEgress = (signal?: AbortSignal) => getJson<EgressView>(EGRESS, signal ? { signal } : {});
export const saveAllowed = (allow: string[]) => sendJson<EgressView>("PUT", EGRESS, { allow });

export async function listUses(cursor: string | null, signal?: AbortSignal): Promise<Page<LedgerRow>> {
  const path = `${EGRESS}/ledger${query({ cursor })}`;
  const { items, nextCursor } = await getJson<Page<EgressUseView>>(path, signal ? { signal } : {});
  const rows = items.map((use) => ({
    ...use,
    id: [use.destination, use.purpose, use.tenant, use.outcome].join(" "),
  }));
  return { items: rows, nextCursor };
}
