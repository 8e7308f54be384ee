import { and, asc, eq, gt, sql } from "drizzle-orm";
import type { Confirmation, ConfirmationState } from "../../domain/confirmation.ts";
import type { Message } from "../../domain/conversation.ts";
import type { ConversationId, MessageId, TenantId, ToolCallId } from "../../domain/ids.ts";
import { usesInTurn } from "../../domain/tool-use.ts";
import { AppError } from "../../errors.ts";
import type { ToolCallStore } from "../store.ts";
import type { SqliteDb, SqliteQueries } from "./connection.ts";
import { insertJobs } from "./jobs.ts";
import { isConversation } from "./messages.ts";
import { required } from "./row.ts";
import { conversations, messages, toolCalls, turnTraces } from "./schema.ts";
import { toolUseWriter } from "./tool-uses.ts";

export function sqliteToolCallStore(db: SqliteDb): ToolCallStore {
  const recordUses = toolUseWriter(db);
  return {
    async propose(confirmation) {
      db.insert(toolCalls).values(confirmation).run();
    },

    async find(tenantId, sessionId, callId) {
      const isTheirs = and(isCall(tenantId, callId), eq(toolCalls.sessionId, sessionId));
      const row = db.select().from(toolCalls).where(isTheirs).get();
      return row ? toConfirmation(row) : null;
    },

    async start(tenantId, callId, now) {
      const isWaiting = and(
        isCall(tenantId, callId),
        isIn("pending_confirmation"),
        gt(toolCalls.expiresAt, now),
      );
      const { changes } = db
        .update(toolCalls)
        .set({ state: "started", startedAt: now })
        .where(isWaiting)
        .run();
      if (changes === 0) throw notWaiting();
    },

    async end(tenantId, callId, { from, to, message, trace }, now, jobs) {
      const write = (tx: SqliteQueries) => {
        const ended = tx
          .update(toolCalls)
          .set({ state: to, outcomeId: message.id, endedAt: now })
          .where(and(isCall(tenantId, callId), isIn(from)))
          .returning({ sessionId: toolCalls.sessionId })
          .get();
        if (ended === undefined) throw notWaiting();
        say(tx, tenantId, ended.sessionId, message);
        tx.insert(turnTraces)
          .values({ tenantId, messageId: message.id, trace, firstTokenMs: null, createdAt: now })
          .run();
        recordUses(usesInTurn(tenantId, trace, message, now));
        insertJobs(tx, jobs);
      };
      db.transaction(write, { behavior: "immediate" });
    },

    async started() {
      return db.select().from(toolCalls).where(isIn("started")).all().map(toConfirmation);
    },
  };
}

/** Of a conversation's answers, by the answer in which each was asked for. */
export function confirmationsOf(
  db: SqliteQueries,
  tenantId: TenantId,
  conversationId: ConversationId,
): Map<MessageId, Confirmation[]> {
  const isOfIt = and(eq(toolCalls.tenantId, tenantId), eq(toolCalls.conversationId, conversationId));
  const all = db.select().from(toolCalls).where(isOfIt).orderBy(asc(toolCalls.id)).all().map(toConfirmation);
  return Map.groupBy(all, ({ messageId }) => messageId);
}

/** @throws NOT_FOUND when the conversation is purged */
function say(
  tx: SqliteQueries,
  tenantId: TenantId,
  sessionId: typeof messages.$inferSelect.sessionId,
  message: Message,
): void {
  const { conversationId, createdAt } = message;
  const conversation = tx
    .update(conversations)
    .set({ messageCount: sql`${conversations.messageCount} + 1`, updatedAt: createdAt })
    .where(isConversation(tenantId, conversationId))
    .returning({ id: conversations.id })
    .get();
  required(conversation, "conversation");
  tx.insert(messages)
    .values({ ...message, tenantId, sessionId })
    .run();
}

function toConfirmation(row: typeof toolCalls.$inferSelect): Confirmation {
  const { startedAt: _started, endedAt: _ended, ...confirmation } = row;
  return confirmation;
}

function isCall(tenantId: TenantId, callId: ToolCallId) {
  return and(eq(toolCalls.tenantId, tenantId), eq(toolCalls.id, callId));
}

function isIn(state: ConfirmationState) {
  return eq(toolCalls.state, state);
}

function notWaiting(): AppError {
  return new AppError(
    "CONFLICT",
    "This does not wait for a confirmation any more: it was answered, or five minutes are over. Ask again.",
  );
}
