/** How conversations go: hidden at once, back while that can be undone, and then deleted for good. */
import { and, eq, inArray } from "drizzle-orm";
import { type Conversation, PURGE_CONVERSATION, PURGE_CONVERSATIONS } from "../../domain/conversation.ts";
import type { ConversationId, DeletionId, TenantId, UnixMs } from "../../domain/ids.ts";
import { AppError } from "../../errors.ts";
import type { ConversationStore } from "../store.ts";
import type { SqliteDb, SqliteQueries } from "./connection.ts";
import { cancelUnbegun, insertJob, insertJobs, isUnbegun, putOffUnbegun, removeJobsOf } from "./jobs.ts";
import { messageIndex } from "./message-index.ts";
import { isConversation } from "./messages.ts";
import { notFound, required } from "./row.ts";
import { conversations, messages } from "./schema.ts";
import { getConversation, isHidden, mayBeRemoved, SHOWN } from "./shown-conversations.ts";

/** Deleted for good in one call: about a tenth of a second. */
const PURGED_AT_ONCE = 20;
/** How long an undo that was cut off can be tried again. */
const DAY_MS = 86_400_000;

const REMOVE_TRACES = `
  delete from turn_traces where tenant_id = ? and message_id in (
    select trace.message_id from turn_traces as trace
    join messages as message on message.tenant_id = trace.tenant_id and message.id = trace.message_id
    join conversations as conversation
      on conversation.tenant_id = message.tenant_id and conversation.id = message.conversation_id
    where trace.tenant_id = ? and trace.created_at < ? and conversation.legal_hold = 0
    order by trace.created_at limit ?
  )`;

type Removal = Pick<
  ConversationStore,
  | "remove"
  | "restore"
  | "purge"
  | "removeMany"
  | "idsOfDeletion"
  | "restoreMany"
  | "purgeMany"
  | "removeTraces"
>;

export function conversationRemoval(db: SqliteDb): Removal {
  const index = messageIndex(db.$client);
  const removeTraces = db.$client.prepare<[TenantId, TenantId, UnixMs, number]>(REMOVE_TRACES);

  async function purge(tenantId: TenantId, conversationId: ConversationId): Promise<void> {
    const isRemoved = isHidden(tenantId, conversationId);
    if (db.select({ id: conversations.id }).from(conversations).where(isRemoved).get() === undefined) return;
    await index.removeConversation(tenantId, conversationId);
    db.transaction((tx) => deleteAll(tx, tenantId, conversationId), { behavior: "immediate" });
  }

  return {
    purge,

    async remove(tenantId, conversationId, now, jobs) {
      const write = (tx: SqliteQueries) => {
        if (getConversation(tx, tenantId, conversationId).legalHold) throw held();
        tx.update(conversations)
          .set({ deletedAt: now })
          .where(isConversation(tenantId, conversationId))
          .run();
        insertJobs(tx, jobs);
      };
      db.transaction(write, { behavior: "immediate" });
    },

    async restore(tenantId, conversationId, now, jobs) {
      const write = (tx: SqliteQueries) => {
        const restored = restore(tx, tenantId, conversationId, now);
        insertJobs(tx, jobs);
        return restored;
      };
      return db.transaction(write, { behavior: "immediate" });
    },

    async removeMany(tenantId, conversationIds, deletion, purgeJob, jobs) {
      const write = (tx: SqliteQueries) => {
        const { changes } = tx
          .update(conversations)
          .set({ deletedAt: purgeJob.createdAt, deletion })
          .where(and(mayBeRemoved(tenantId), inArray(conversations.id, [...conversationIds])))
          .run();
        if (changes === 0) return 0;
        if (!putOffUnbegun(tx, purgeJob)) insertJob(tx, purgeJob);
        insertJobs(tx, jobs);
        return changes;
      };
      return db.transaction(write, { behavior: "immediate" });
    },

    async idsOfDeletion(tenantId, deletion, limit) {
      return idsOf(db, tenantId, deletion, limit);
    },

    async restoreMany(tenantId, deletion, conversationIds, now, jobs) {
      const write = (tx: SqliteQueries) => {
        const later = { kind: PURGE_CONVERSATIONS, tenantId, subject: deletion, runAt: now + DAY_MS };
        if (!putOffUnbegun(tx, later)) throw notFound("deletion");
        const isInIt = and(isOf(tenantId, deletion), inArray(conversations.id, [...conversationIds]));
        tx.update(conversations).set({ deletedAt: null, deletion: null }).where(isInIt).run();
        if (idsOf(tx, tenantId, deletion, 1).length === 0)
          cancelUnbegun(tx, PURGE_CONVERSATIONS, tenantId, deletion, now);
        insertJobs(tx, jobs);
      };
      db.transaction(write, { behavior: "immediate" });
    },

    async purgeMany(tenantId, deletion) {
      const ids = idsOf(db, tenantId, deletion, PURGED_AT_ONCE);
      for (const id of ids) await purge(tenantId, id);
      return ids.length === PURGED_AT_ONCE;
    },

    async removeTraces(tenantId, before, limit) {
      return removeTraces.run(tenantId, tenantId, before, limit).changes;
    },
  };
}

function isOf(tenantId: TenantId, deletion: DeletionId) {
  return and(eq(conversations.tenantId, tenantId), eq(conversations.deletion, deletion));
}

function idsOf(db: SqliteQueries, tenantId: TenantId, deletion: DeletionId, limit: number): ConversationId[] {
  return db
    .select({ id: conversations.id })
    .from(conversations)
    .where(isOf(tenantId, deletion))
    .limit(limit)
    .all()
    .map(({ id }) => id);
}

function restore(
  tx: SqliteQueries,
  tenantId: TenantId,
  conversationId: ConversationId,
  now: UnixMs,
): Conversation {
  const hidden = tx
    .select({ ...SHOWN, deletion: conversations.deletion })
    .from(conversations)
    .where(isHidden(tenantId, conversationId))
    .get();
  const { deletion, ...conversation } = required(hidden, "conversation");
  const isWaiting =
    deletion === null
      ? cancelUnbegun(tx, PURGE_CONVERSATION, tenantId, conversationId, now)
      : isUnbegun(tx, PURGE_CONVERSATIONS, tenantId, deletion);
  if (!isWaiting) throw notFound("conversation");
  show(tx, tenantId, conversationId);
  return { ...conversation, deletedAt: null };
}

function show(tx: SqliteQueries, tenantId: TenantId, conversationId: ConversationId): void {
  tx.update(conversations)
    .set({ deletedAt: null, deletion: null })
    .where(isConversation(tenantId, conversationId))
    .run();
}

/** Traces go with their messages. What was used stays, without a word of what was said. */
function deleteAll(tx: SqliteQueries, tenantId: TenantId, conversationId: ConversationId): void {
  const hidden = tx.select().from(conversations).where(isHidden(tenantId, conversationId)).get();
  if (hidden === undefined) return;
  tx.delete(messages)
    .where(and(eq(messages.tenantId, tenantId), eq(messages.conversationId, conversationId)))
    .run();
  removeJobsOf(tx, [PURGE_CONVERSATION], tenantId, conversationId);
  tx.delete(conversations).where(isConversation(tenantId, conversationId)).run();
}

function held(): AppError {
  return new AppError(
    "CONFLICT",
    "This conversation is under legal hold. Whoever set the hold can lift it, and then it can be deleted.",
  );
}
