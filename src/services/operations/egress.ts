/** What an operator lets Parley call. */
import type { Deps } from "../../deps.ts";
import type { EgressUse } from "../../domain/egress.ts";
import type { Page, PageRequest } from "../../domain/page.ts";

export type EgressDeps = Pick<Deps, "store" | "egressList" | "egressLedger" | "settings">;

export type EgressOverview = {
  /** Kept beside the settings. */
  allow: readonly string[];
  fromSettings: readonly string[];
  offline: boolean;
  restricted: boolean;
  /** `host:port`; null for none. */
  proxy: string | null;
};

export function egressOverview({ egressList, settings }: EgressDeps): EgressOverview {
  const { offline, restrictEgress: restricted, egressProxy: proxy } = settings;
  return { allow: egressList.kept(), fromSettings: egressList.fromSettings, offline, restricted, proxy };
}

/** What was called and refused until now, latest first. */
export async function egressUses(
  { store, egressLedger }: EgressDeps,
  request: PageRequest,
): Promise<Page<EgressUse & { tenantName: string | null }>> {
  await egressLedger.flush();
  const [{ items, nextCursor }, tenants] = await Promise.all([
    store.egress.uses(request),
    store.tenants.list(),
  ]);
  const names = new Map(tenants.map(({ id, name }) => [id, name]));
  const named = items.map((use) => ({
    ...use,
    tenantName: (use.tenantId && names.get(use.tenantId)) ?? null,
  }));
  return { items: named, nextCursor };
}

/** Counts from the next call on, and after a restart. @throws VALIDATION for a text that is no entry; nothing changes */
export async function keepAllowed(deps: EgressDeps, entries: readonly string[]): Promise<void> {
  const allow = deps.egressList.parse(entries);
  await deps.store.egress.replaceAllowed(allow);
  deps.egressList.keep(allow);
}
