import type { Deps } from "../../deps.ts";

export type Readiness = { ready: boolean; checks: { name: string; ok: boolean }[] };

/** Whether this node can take work: the database answers and can be written. */
export async function checkReadiness(deps: Pick<Deps, "store" | "log">): Promise<Readiness> {
  const checks = [{ name: "database", ok: await succeeds(deps, () => deps.store.check()) }];
  return { ready: checks.every((check) => check.ok), checks };
}

async function succeeds(deps: Pick<Deps, "log">, check: () => Promise<void>): Promise<boolean> {
  try {
    await check();
    return true;
  } catch (cause) {
    deps.log.warn("readiness-check-failed", { cause });
    return false;
  }
}
