/** What an operator lets Parley call. */
import type { Deps } from "../../deps.ts";

export type EgressDeps = Pick<Deps, "store" | "egressList" | "settings">;

export type EgressOverview = {
  /** Kept beside the settings. */
  allow: readonly string[];
  fromSettings: readonly string[];
  offline: boolean;
  restricted: boolean;
};

export function egressOverview({ egressList, settings }: EgressDeps): EgressOverview {
  const { offline, restrictEgress: restricted } = settings;
  return { allow: egressList.kept(), fromSettings: egressList.fromSettings, offline, restricted };
}

/** Counts from the next call on, and after a restart. @throws VALIDATION for a text that is no entry; nothing changes */
export async function keepAllowed(deps: EgressDeps, entries: readonly string[]): Promise<void> {
  const allow = deps.egressList.parse(entries);
  await deps.store.egress.replaceAllowed(allow);
  deps.egressList.keep(allow);
}
