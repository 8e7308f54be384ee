import { and, asc, desc, eq, getTableColumns, inArray, isNotNull, isNull, ne, sql } from "drizzle-orm";
import { type Conversation, PURGE_CONVERSATION, type TurnTrace } from "../../domain/conversation.ts";
import type { ConversationId, TenantId, UnixMs } from "../../domain/ids.ts";
import type { ConversationFilter, ConversationStore } from "../store.ts";
import type { SqliteDb, SqliteQueries } from "./connection.ts";
import { conversationSearch } from "./conversation-search.ts";
import { conversationStatistics, unansweredQuestions } from "./conversation-statistics.ts";
import { fromCursor, toPage } from "./cursor.ts";
import { cancelUnbegun, insertJobs, removeJobsOf } from "./jobs.ts";
import { messageIndex } from "./message-index.ts";
import { inItsConversation, isConversation, isMessage, toMessage } from "./messages.ts";
import { notFound, required } from "./row.ts";
import { conversations, messages, turnTraces } from "./schema.ts";
import { confirmationsOf } from "./tool-calls.ts";

/** Nothing was asked yet, and something was said. */
const isOnlySmallTalk = sql`(${conversations.lastOutcome} is null and exists (select 1 from ${messages}
  where ${inItsConversation} and ${messages.smallTalk} is not null))`;

/** A conversation's row as it is shown. */
const SHOWN = {
  ...getTableColumns(conversations),
  lastOutcome: sql<
    Conversation["lastOutcome"]
  >`case when ${isOnlySmallTalk} then 'small-talk' else ${conversations.lastOutcome} end`,
};

export function sqliteConversationStore(db: SqliteDb): ConversationStore {
  const search = conversationSearch(db.$client);
  const index = messageIndex(db.$client);
  return {
    async get(tenantId, conversationId) {
      return getConversation(db, tenantId, conversationId);
    },

    async list(tenantId, filter, page) {
      const behind = page.cursor === null ? null : placeOf(page.cursor);
      const rows =
        filter.textContains === undefined || filter.textContains === ""
          ? inOrder(db, tenantId, filter, behind, page.limit + 1)
          : withIds(
              db,
              tenantId,
              search({
                ...{ tenantId, textContains: filter.textContains, lastOutcome: filter.lastOutcome ?? null },
                ...{ behind, limit: page.limit + 1 },
              }),
            );
      return toPage(rows, page.limit, (row) => [row.updatedAt, row.id]);
    },

    async messages(tenantId, conversationId) {
      getConversation(db, tenantId, conversationId);
      const isInIt = and(eq(messages.tenantId, tenantId), eq(messages.conversationId, conversationId));
      const confirmations = confirmationsOf(db, tenantId, conversationId);
      const rows = db.select().from(messages).where(isInIt).orderBy(asc(messages.number)).all();
      return rows.map((row) => ({ ...toMessage(row), confirmations: confirmations.get(row.id) ?? [] }));
    },

    async findMessage(tenantId, messageId) {
      const row = db
        .select({ message: messages })
        .from(messages)
        .innerJoin(conversations, inItsConversation)
        .where(and(isMessage(tenantId, messageId), isNull(conversations.deletedAt)))
        .get();
      return row ? toMessage(row.message) : null;
    },

    async findTrace(tenantId, messageId) {
      return findTrace(db, tenantId, messageId);
    },

    async rate(sessionId, messageId, rating, comment, now, jobs) {
      const isFinishedAnswer = and(
        eq(messages.id, messageId),
        eq(messages.sessionId, sessionId),
        eq(messages.role, "assistant"),
        ne(messages.status, "streaming"),
      );
      const write = (tx: SqliteQueries) => {
        const rated = { rating, ratingComment: comment, ratedAt: now };
        const { changes } = tx.update(messages).set(rated).where(isFinishedAnswer).run();
        if (changes === 0) throw notFound("answer");
        insertJobs(tx, jobs);
      };
      db.transaction(write, { behavior: "immediate" });
    },

    async remove(tenantId, conversationId, now, jobs) {
      const write = (tx: SqliteQueries) => {
        const { changes } = tx
          .update(conversations)
          .set({ deletedAt: now })
          .where(isShown(tenantId, conversationId))
          .run();
        if (changes === 0) throw notFound("conversation");
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

    async purge(tenantId, conversationId) {
      const isRemoved = isHidden(tenantId, conversationId);
      if (db.select({ id: conversations.id }).from(conversations).where(isRemoved).get() === undefined)
        return;
      await index.removeConversation(tenantId, conversationId);
      db.transaction((tx) => purge(tx, tenantId, conversationId), { behavior: "immediate" });
    },

    async unanswered(tenantId, limit) {
      return unansweredQuestions(db, tenantId, limit);
    },

    async statistics(tenantId, since) {
      return conversationStatistics(db, tenantId, since);
    },
  };
}

function getConversation(
  db: SqliteQueries,
  tenantId: TenantId,
  conversationId: ConversationId,
): Conversation {
  const row = db.select(SHOWN).from(conversations).where(isShown(tenantId, conversationId)).get();
  return required(row, "conversation");
}

function isShown(tenantId: TenantId, conversationId: ConversationId) {
  return and(isConversation(tenantId, conversationId), isNull(conversations.deletedAt));
}

function isHidden(tenantId: TenantId, conversationId: ConversationId) {
  return and(isConversation(tenantId, conversationId), isNotNull(conversations.deletedAt));
}

type Place = { updatedAt: UnixMs; id: ConversationId };

function placeOf(cursor: string): Place {
  const [updatedAt, id] = fromCursor(cursor);
  return { updatedAt: Number(updatedAt), id: String(id) as ConversationId };
}

function inOrder(
  db: SqliteQueries,
  tenantId: TenantId,
  { lastOutcome }: ConversationFilter,
  behind: Place | null,
  limit: number,
): Conversation[] {
  const { updatedAt, id } = conversations;
  return db
    .select(SHOWN)
    .from(conversations)
    .where(
      and(
        eq(conversations.tenantId, tenantId),
        isNull(conversations.deletedAt),
        // Literally so, because that is what the indexes of these say.
        sql`${conversations.messageCount} > 0`,
        lastOutcome === "small-talk"
          ? isOnlySmallTalk
          : lastOutcome && eq(conversations.lastOutcome, lastOutcome),
        behind === null ? undefined : sql`(${updatedAt}, ${id}) < (${behind.updatedAt}, ${behind.id})`,
      ),
    )
    .orderBy(desc(updatedAt), desc(id))
    .limit(limit)
    .all();
}

/** In the order of the ids. */
function withIds(db: SqliteQueries, tenantId: TenantId, ids: ConversationId[]): Conversation[] {
  const rows = db
    .select(SHOWN)
    .from(conversations)
    .where(and(eq(conversations.tenantId, tenantId), inArray(conversations.id, ids)))
    .all();
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

function findTrace(
  db: SqliteQueries,
  tenantId: TenantId,
  messageId: Parameters<typeof isMessage>[1],
): TurnTrace | null {
  const row = db
    .select({ trace: turnTraces.trace })
    .from(turnTraces)
    .innerJoin(
      messages,
      and(eq(messages.tenantId, turnTraces.tenantId), eq(messages.id, turnTraces.messageId)),
    )
    .innerJoin(conversations, inItsConversation)
    .where(and(isMessage(tenantId, messageId), isNull(conversations.deletedAt)))
    .get();
  return row?.trace ?? null;
}

function restore(
  tx: SqliteQueries,
  tenantId: TenantId,
  conversationId: ConversationId,
  now: UnixMs,
): Conversation {
  const hidden = tx.select(SHOWN).from(conversations).where(isHidden(tenantId, conversationId)).get();
  const isWaiting = hidden && cancelUnbegun(tx, PURGE_CONVERSATION, tenantId, conversationId, now);
  if (!isWaiting) throw notFound("conversation");
  tx.update(conversations).set({ deletedAt: null }).where(isConversation(tenantId, conversationId)).run();
  return { ...hidden, deletedAt: null };
}

/** Traces go with their messages. What was used stays, without a word of what was said. */
function purge(tx: SqliteQueries, tenantId: TenantId, conversationId: ConversationId): void {
  const hidden = tx.select().from(conversations).where(isHidden(tenantId, conversationId)).get();
  if (hidden === undefined) return;
  tx.delete(messages)
    .where(and(eq(messages.tenantId, tenantId), eq(messages.conversationId, conversationId)))
    .run();
  removeJobsOf(tx, [PURGE_CONVERSATION], tenantId, conversationId);
  tx.delete(conversations).where(isConversation(tenantId, conversationId)).run();
}
