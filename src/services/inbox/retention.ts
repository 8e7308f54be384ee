/** How long a tenant keeps conversations and traces, and the job that deletes what is older. */
import type { Deps } from "../../deps.ts";
import { PURGE_CONVERSATIONS } from "../../domain/conversation.ts";
import { newId, type TenantId } from "../../domain/ids.ts";
import { type Job, type JobHandler, newJob, retryForEver } from "../../domain/job.ts";
import { APPLY_RETENTION, type Retention } from "../../domain/retention.ts";
import { hide } from "./deletion.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** In one commit: a few ms. */
const AT_ONCE = 200;

export type RetentionDeps = Pick<Deps, "store" | "outbox" | "now" | "live" | "log">;

export async function getRetention(deps: Pick<Deps, "store">, tenantId: TenantId): Promise<Retention> {
  return deps.store.retention.get(tenantId);
}

/** Counts at once: the job that deletes what is older comes round now, and every hour. */
export async function setRetention(
  deps: Pick<Deps, "store" | "now"> & { wakeQueue: () => void },
  tenantId: TenantId,
  retention: Retention,
): Promise<Retention> {
  await deps.store.retention.replace(tenantId, retention, deps.now());
  await comeRoundNow(deps, tenantId);
  deps.wakeQueue();
  return retention;
}

async function comeRoundNow(deps: Pick<Deps, "store" | "now">, tenantId: TenantId): Promise<void> {
  const known = await deps.store.jobs.findLatest(APPLY_RETENTION, tenantId);
  if (known?.state === "queued") await deps.store.jobs.update(known.id, { runAt: deps.now() });
  else await deps.store.jobs.createUnlessQueued(retentionJob(deps, tenantId));
}

/** One for each tenant that has set something. */
export function retentionJob({ now }: Pick<Deps, "now">, tenantId: TenantId): Job {
  return newJob(now(), tenantId, APPLY_RETENTION, tenantId);
}

export const retentionUpkeep: JobHandler<RetentionDeps> = {
  priority: 1,
  shown: false,
  lane: "background",
  everyMs: HOUR_MS,
  retryAt: retryForEver,

  async atStart(deps) {
    for (const { id } of await deps.store.tenants.list()) {
      const { conversationDays, traceDays } = await deps.store.retention.get(id);
      if (conversationDays !== null || traceDays !== null)
        await deps.store.jobs.createUnlessQueued(retentionJob(deps, id));
    }
  },

  async run(deps, { tenantId }, signal, isTurnOver) {
    const removed = { conversations: 0, traces: 0 };
    const goesOn = async () => !signal.aborted && !(await isTurnOver());
    const retention = await deps.store.retention.get(tenantId);
    const isDone =
      (await removeConversations(deps, tenantId, retention, removed, goesOn)) &&
      (await removeTraces(deps, tenantId, retention, removed, goesOn));
    await tell(deps, tenantId, retention, removed);
    return isDone ? "done" : "again";
  },
};

type Removed = { conversations: number; traces: number };
type Step = (
  deps: RetentionDeps,
  tenantId: TenantId,
  retention: Retention,
  removed: Removed,
  goesOn: () => Promise<boolean>,
) => Promise<boolean>;

/** Hides them and has them purged at once: what is too old is nothing to undo. Whether all of them are hidden. */
const removeConversations: Step = async (deps, tenantId, { conversationDays }, removed, goesOn) => {
  if (conversationDays === null) return true;
  const filter = { to: deps.now() - conversationDays * DAY_MS, legalHold: false };
  for (;;) {
    const { items } = await deps.store.conversations.listIds(tenantId, filter, {
      cursor: null,
      limit: AT_ONCE,
    });
    if (items.length === 0) return true;
    const deletion = newId("deletion");
    const purge = newJob(deps.now(), tenantId, PURGE_CONVERSATIONS, deletion);
    removed.conversations += await hide(deps, tenantId, deletion, items, purge);
    if (!(await goesOn())) return false;
  }
};

const removeTraces: Step = async (deps, tenantId, { traceDays }, removed, goesOn) => {
  if (traceDays === null) return true;
  const before = deps.now() - traceDays * DAY_MS;
  for (;;) {
    const count = await deps.store.conversations.removeTraces(tenantId, before, AT_ONCE);
    removed.traces += count;
    if (count < AT_ONCE) return true;
    if (!(await goesOn())) return false;
  }
};

/** Nothing is said of a round that found nothing. */
async function tell(
  deps: RetentionDeps,
  tenantId: TenantId,
  retention: Retention,
  removed: Removed,
): Promise<void> {
  if (removed.conversations === 0 && removed.traces === 0) return;
  deps.log.info("retention-applied", { tenantId, ...removed });
  await deps.store.audit.append({
    ...{ at: deps.now(), tenantId, actor: "system", address: null, requestId: null },
    ...{ action: "retention.applied", target: null, changes: { ...removed, ...retention } },
  });
}
