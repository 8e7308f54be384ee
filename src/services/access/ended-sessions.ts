/** The job that removes sessions nobody can use any more: of visitors who asked nothing, and of people signed out by time. */
import type { Deps } from "../../deps.ts";
import type { TenantId } from "../../domain/ids.ts";
import { type Job, type JobHandler, newJob, retryForEver } from "../../domain/job.ts";

export const REMOVE_ENDED_SESSIONS = "remove-ended-sessions";

type RemovalDeps = Pick<Deps, "store" | "now">;

const HOUR_MS = 3_600_000;
/** Removed in one commit: a few ms. */
const REMOVED_AT_ONCE = 200;
/** The Widget page shows on which pages the chat was opened, also where nobody has asked anything for this long. */
const ORIGIN_SHOWN_MS = 30 * 24 * HOUR_MS;
/**
 * Sessions without a question that a tenant may have beside those of the last hour: as many as come to a large site in
 * a day. More are a flood, and whoever of them comes back gets another session without noticing.
 */
const KEPT_EMPTY = 20_000;

/** One for the whole installation; jobs are queued under some tenant's name. */
export function endedSessionJob({ now }: Pick<Deps, "now">, tenantId: TenantId): Job {
  return newJob(now(), tenantId, REMOVE_ENDED_SESSIONS, "ended-sessions");
}

export const endedSessionRemoval: JobHandler<RemovalDeps> = {
  priority: 1,
  shown: false,
  lane: "background",
  everyMs: HOUR_MS / 4,
  retryAt: retryForEver,

  async atStart(deps) {
    const [tenant] = await deps.store.tenants.list();
    // Until somebody has set Parley up there are no sessions.
    if (tenant) await deps.store.jobs.createUnlessQueued(endedSessionJob(deps, tenant.id));
  },

  async run(deps, _job, signal, isTurnOver) {
    await deps.store.adminSessions.removeExpired(deps.now());
    for (const { id } of await deps.store.tenants.list()) {
      while (await removeSome(deps, id)) {
        if (signal.aborted || (await isTurnOver())) return "again";
      }
    }
    return "done";
  },
};

/** Whether there may be more. */
async function removeSome({ store, now }: RemovalDeps, tenantId: TenantId): Promise<boolean> {
  const time = now();
  const { removeEmpty, removeSurplus } = store.chatSessions;
  const ended = await removeEmpty(tenantId, time, time - ORIGIN_SHOWN_MS, REMOVED_AT_ONCE);
  const surplus = await removeSurplus(tenantId, KEPT_EMPTY, time - HOUR_MS, REMOVED_AT_ONCE);
  return ended === REMOVED_AT_ONCE || surplus === REMOVED_AT_ONCE;
}
