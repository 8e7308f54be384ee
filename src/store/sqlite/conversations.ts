import { and, asc, eq, inArray, isNull, ne, sql } from "drizzle-orm";
import type { Conversation, Rating, TurnTrace } from "../../domain/conversation.ts";
import type { ConversationId, TenantId } from "../../domain/ids.ts";
import type { ConversationStore } from "../store.ts";
import type { SqliteDb, SqliteQueries } from "./connection.ts";
import { conversationFinder, filterValues } from "./conversation-finder.ts";
import { conversationRemoval } from "./conversation-removal.ts";
import { conversationStatistics, unansweredQuestions } from "./conversation-statistics.ts";
import { insertJobs } from "./jobs.ts";
import { inItsConversation, isConversation, isMessage, toMessage } from "./messages.ts";
import { required } from "./row.ts";
import { conversations, messages, turnTraces } from "./schema.ts";
import { getConversation, isShown, SHOWN } from "./shown-conversations.ts";
import { confirmationsOf } from "./tool-calls.ts";
import { transcriptReader } from "./transcripts.ts";

export function sqliteConversationStore(db: SqliteDb): ConversationStore {
  const find = conversationFinder(db.$client);
  const transcripts = transcriptReader(db.$client);
  return {
    async get(tenantId, conversationId) {
      return getConversation(db, tenantId, conversationId);
    },

    async list(tenantId, filter, page) {
      const { items, nextCursor } = find(tenantId, filter, page);
      return { items: withIds(db, tenantId, items), nextCursor };
    },

    async listIds(tenantId, filter, page) {
      return find(tenantId, filter, page);
    },

    async filterValues(tenantId) {
      return filterValues(db.$client, tenantId);
    },

    async mark(tenantId, conversationId, marks) {
      if (Object.keys(marks).length > 0)
        db.update(conversations).set(marks).where(isShown(tenantId, conversationId)).run();
      return getConversation(db, tenantId, conversationId);
    },

    async transcripts(tenantId, conversationIds, from) {
      return transcripts(tenantId, conversationIds, from);
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
        const answer = tx
          .update(messages)
          .set(rated)
          .where(isFinishedAnswer)
          .returning({ tenantId: messages.tenantId, conversationId: messages.conversationId })
          .get();
        countRatings(tx, required(answer, "answer"));
        insertJobs(tx, jobs);
      };
      db.transaction(write, { behavior: "immediate" });
    },

    ...conversationRemoval(db),

    async unanswered(tenantId, limit) {
      return unansweredQuestions(db, tenantId, limit);
    },

    async statistics(tenantId, since) {
      return conversationStatistics(db, tenantId, since);
    },
  };
}

/** Of any of its answers, since a rating may have replaced another one. */
function countRatings(
  tx: SqliteQueries,
  { tenantId, conversationId }: Pick<Conversation, "tenantId"> & { conversationId: ConversationId },
): void {
  const isRated = (rating: Rating) =>
    sql<boolean>`exists (select 1 from ${messages} where ${inItsConversation} and ${messages.rating} = ${rating})`;
  tx.update(conversations)
    .set({ helpful: isRated("helpful"), unhelpful: isRated("unhelpful") })
    .where(isConversation(tenantId, conversationId))
    .run();
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
