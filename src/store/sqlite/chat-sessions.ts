import { and, desc, eq, isNotNull, isNull, max, sql } from "drizzle-orm";
import type { ChatSession, Conversation } from "../../domain/conversation.ts";
import type { ChatSessionId, ConversationId, TenantId, UnixMs } from "../../domain/ids.ts";
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

  // Each frame of a visitor asks for it, and building the query takes longer than running it.
  const byTokenHash = db
    .select()
    .from(chatSessions)
    .where(eq(chatSessions.tokenHash, sql.placeholder("tokenHash")))
    .prepare();

  const ended = db.$client.prepare<
    [{ tenantId: TenantId; endedBy: UnixMs; originsSince: UnixMs; limit: number }],
    SessionKey
  >(ENDED);
  const surplus = db.$client.prepare<
    [{ tenantId: TenantId; kept: number; openedBefore: UnixMs; limit: number }],
    SessionKey
  >(SURPLUS);

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
      const row = byTokenHash.get({ tokenHash });
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
        const unused = unusedConversation(tx, session);
        if (unused !== null) return unused;
        tx.insert(conversations).values(asNew(conversation)).run();
        tx.update(chatSessions).set({ conversationId: conversation.id }).where(isSession(session)).run();
        insertJobs(tx, jobs);
        return null;
      };
      return db.transaction(write, { behavior: "immediate" });
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

    async removeEmpty(tenantId, endedBy, originsSince, limit) {
      return removeAll(db, ended.all({ tenantId, endedBy, originsSince, limit }));
    },

    async removeSurplus(tenantId, kept, openedBefore, limit) {
      return removeAll(db, surplus.all({ tenantId, kept, openedBefore, limit }));
    },
  };
}

const ENDED = `
  select session.tenant_id as tenantId, session.id from chat_sessions as session indexed by chat_sessions_empty
  where session.tenant_id = @tenantId and session.empty = 1 and session.expires_at <= @endedBy
    and (session.origin is null or session.created_at <= @originsSince or session.created_at < (
      select max(created_at) from chat_sessions as other
      where other.tenant_id = session.tenant_id and other.origin = session.origin
    ))
  limit @limit`;

/** Oldest first, so that whoever has just come is not sent away. */
const SURPLUS = `
  select tenant_id as tenantId, id from chat_sessions
  where tenant_id = @tenantId and empty = 1 and created_at < @openedBefore and created_at <= (
    select created_at from chat_sessions where tenant_id = @tenantId and empty = 1
    order by created_at desc limit 1 offset @kept
  )
  order by created_at limit @limit`;

type SessionKey = Pick<ChatSession, "tenantId" | "id">;

function removeAll(db: SqliteDb, keys: readonly SessionKey[]): number {
  const write = (tx: SqliteQueries) => {
    for (const key of keys) {
      tx.delete(conversations)
        .where(and(eq(conversations.tenantId, key.tenantId), eq(conversations.sessionId, key.id)))
        .run();
      tx.delete(chatSessions).where(isSession(key)).run();
    }
  };
  db.transaction(write, { behavior: "immediate" });
  return keys.length;
}

/** The session's current conversation, if it is there and nobody has asked anything in it. */
function unusedConversation(tx: SqliteQueries, session: SessionKey): ConversationId | null {
  const isCurrent = and(
    eq(conversations.tenantId, chatSessions.tenantId),
    eq(conversations.id, chatSessions.conversationId),
  );
  const row = tx
    .select({ id: conversations.id })
    .from(chatSessions)
    .innerJoin(conversations, isCurrent)
    .where(and(isSession(session), eq(conversations.messageCount, 0), isNull(conversations.deletedAt)))
    .get();
  return row?.id ?? null;
}

function isSession({ tenantId, id }: SessionKey) {
  return and(eq(chatSessions.tenantId, tenantId), eq(chatSessions.id, id));
}

function toChatSession(row: typeof chatSessions.$inferSelect): ChatSession {
  return without(row, "tokenHash", "lastSequence", "empty");
}

/** What has just begun has no outcome. */
function asNew(conversation: Conversation) {
  return { ...conversation, lastOutcome: null };
}
