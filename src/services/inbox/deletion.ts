/** Many conversations deleted together: hidden at once, back with one Undo, deleted for good by one job. */
import type { Deps } from "../../deps.ts";
import { PURGE_CONVERSATIONS } from "../../domain/conversation.ts";
import type { ConversationEvent } from "../../domain/conversation-event.ts";
import { type ConversationId, type DeletionId, newId, type TenantId } from "../../domain/ids.ts";
import { type Job, type JobHandler, newJob, retryForEver, UNDO_MS } from "../../domain/job.ts";
import { AppError } from "../../errors.ts";
import type { ConversationFilter } from "../../store/store.ts";
import { type ConversationDeps, publish } from "./conversations.ts";

/** In one commit: about 10 ms. */
const AT_ONCE = 200;
/** With more, whoever looks at a list had better fetch it again than be told of each. */
const TOLD_ONE_BY_ONE = 50;

export type Deletion = {
  /** For `restoreDeletion`; null when there was nothing to delete. */
  id: DeletionId | null;
  deleted: number;
  /** Left alone because they are under legal hold, 1,000 at most. */
  held: number;
};

/** Hides what the filter finds now. What is said in one of them meanwhile keeps it. */
export async function deleteConversations(
  deps: ConversationDeps,
  tenantId: TenantId,
  filter: ConversationFilter,
): Promise<Deletion> {
  const startedAt = deps.now();
  const until = { ...filter, to: Math.min(filter.to ?? Number.MAX_SAFE_INTEGER, startedAt + 1) };
  const id = newId("deletion");
  let deleted = 0;
  for (let cursor: string | null = null; ; ) {
    const found: { items: ConversationId[]; nextCursor: string | null } =
      await deps.store.conversations.listIds(
        tenantId,
        { ...until, legalHold: false },
        { cursor, limit: AT_ONCE },
      );
    const now = deps.now();
    const purge = { ...newJob(now, tenantId, PURGE_CONVERSATIONS, id), runAt: now + UNDO_MS };
    if (found.items.length > 0) deleted += await hide(deps, tenantId, id, found.items, purge);
    cursor = found.nextCursor;
    if (cursor === null) break;
  }
  const held = await deps.store.conversations.listIds(
    tenantId,
    { ...until, legalHold: true },
    { cursor: null, limit: 1_000 },
  );
  deps.wakeQueue();
  return { id: deleted > 0 ? id : null, deleted, held: held.items.length };
}

/** Hides these as part of a deletion. How many there were. */
export async function hide(
  deps: Pick<Deps, "store" | "outbox" | "live">,
  tenantId: TenantId,
  deletion: DeletionId,
  ids: readonly ConversationId[],
  purge: Job,
): Promise<number> {
  const hidden = await deps.outbox.announce(eventsOf("conversation-removed", tenantId, ids), (jobs) =>
    deps.store.conversations.removeMany(tenantId, ids, deletion, purge, jobs),
  );
  tell(deps, tenantId, ids, true);
  return hidden;
}

/** Brings back what a deletion has hidden. How many. @throws AppError NOT_FOUND once it is final */
export async function restoreDeletion(
  deps: ConversationDeps,
  tenantId: TenantId,
  deletion: DeletionId,
): Promise<number> {
  let restored = 0;
  for (;;) {
    const ids = await deps.store.conversations.idsOfDeletion(tenantId, deletion, AT_ONCE);
    if (ids.length === 0) break;
    await deps.outbox.announce(eventsOf("conversation-restored", tenantId, ids), (jobs) =>
      deps.store.conversations.restoreMany(tenantId, deletion, ids, deps.now(), jobs),
    );
    tell(deps, tenantId, ids, false);
    restored += ids.length;
  }
  if (restored === 0)
    throw new AppError("NOT_FOUND", "There is nothing to bring back: the deletion is final, or was undone.");
  return restored;
}

function eventsOf(
  type: "conversation-removed" | "conversation-restored",
  tenantId: TenantId,
  ids: readonly ConversationId[],
): ConversationEvent[] {
  return ids.map((conversationId) => ({ type, tenantId, conversationId }));
}

function tell(
  deps: Pick<Deps, "live">,
  tenantId: TenantId,
  ids: readonly ConversationId[],
  removed: boolean,
): void {
  if (ids.length > TOLD_ONE_BY_ONE) deps.live.publish({ type: "conversations", tenantId });
  else for (const id of ids) publish(deps, tenantId, id, removed);
}

/** The job: deletes what a deletion has hidden, for good. */
export const deletionPurge: JobHandler<Pick<Deps, "store">> = {
  priority: 0,
  shown: false,
  lane: "background",
  retryAt: retryForEver,

  async run({ store }, { tenantId, subject }, signal, isTurnOver) {
    while (await store.conversations.purgeMany(tenantId, subject as DeletionId)) {
      if (signal.aborted || (await isTurnOver())) return "again";
    }
    return "done";
  },
};
