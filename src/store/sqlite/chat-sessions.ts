import { and, desc, eq, isNotNull, max } from "drizzle-orm";
import type { ChatSession, Conversation } from "../../domain/conversation.ts";
import type { ChatSessionId } from "../../domain/ids.ts";
import type { ChatSessionStore } from "../store.ts";
import type { SqliteDb, SqliteQueries } from "./connection.ts";
import { insertJobs } from "./jobs.ts";
import { notFound, required, without } from "./row.ts";
import { chatSessions, conversations } from "./schema.ts";

export function sqliteChatSessionStore(db: SqliteDb): ChatSessionStore {
  const reserve = db.$client
    .prepare<[number, ChatSessionId], number>(
      "update chat_sessions set last_sequence = last_sequence + ? where id = ? returning last_sequence",
    )
    .pluck();

  return {
    async create(session, tokenHash, conversation, jobs) {
      const write = (tx: SqliteQueries) => {
        tx.insert(chatSessions)
          .values({ ...session, tokenHash })
          .run();
        tx.insert(conversations).values(asNew(conversation)).run();
        insertJobs(tx, jobs);
      };
      db.transaction(write, { behavior: "immediate" });
    },

    async findByTokenHash(tokenHash) {
      const row = db.select().from(chatSessions).where(eq(chatSessions.tokenHash, tokenHash)).get();
      return row ? toChatSession(row) : null;
    },

    async update(sessionId, changes) {
      if (Object.keys(changes).length === 0) return;
      const { changes: updated } = db
        .update(chatSessions)
        .set(changes)
        .where(eq(chatSessions.id, sessionId))
        .run();
      if (updated === 0) throw notFound("chat session");
    },

    async startConversation(session, conversation, jobs) {
      const write = (tx: SqliteQueries) => {
        tx.insert(conversations).values(asNew(conversation)).run();
        tx.update(chatSessions)
          .set({ conversationId: conversation.id })
          .where(and(eq(chatSessions.tenantId, session.tenantId), eq(chatSessions.id, session.id)))
          .run();
        insertJobs(tx, jobs);
      };
      db.transaction(write, { behavior: "immediate" });
    },

    async reserveSequence(sessionId, count) {
      return required(reserve.get(count, sessionId), "chat session") - count + 1;
    },

    async recentOrigins(tenantId, limit) {
      const rows = db
        .select({ origin: chatSessions.origin })
        .from(chatSessions)
        .where(and(eq(chatSessions.tenantId, tenantId), isNotNull(chatSessions.origin)))
        .groupBy(chatSessions.origin)
        .orderBy(desc(max(chatSessions.createdAt)))
        .limit(limit)
        .all();
      return rows.flatMap(({ origin }) => origin ?? []);
    },
  };
}

function toChatSession(row: typeof chatSessions.$inferSelect): ChatSession {
  return without(row, "tokenHash", "lastSequence");
}

/** What has just begun has no outcome. */
function asNew(conversation: Conversation) {
  return { ...conversation, lastOutcome: null };
}
