/** Conversations as they are shown: those that nobody has removed. */
import { and, eq, getTableColumns, isNotNull, isNull, sql } from "drizzle-orm";
import type { Conversation } from "../../domain/conversation.ts";
import type { ConversationId, TenantId } from "../../domain/ids.ts";
import type { SqliteQueries } from "./connection.ts";
import { inItsConversation, isConversation } from "./messages.ts";
import { required } from "./row.ts";
import { conversations, messages } from "./schema.ts";

/** Nothing was asked yet, and something was said. */
const isOnlySmallTalk = sql`(${conversations.lastOutcome} is null and exists (select 1 from ${messages}
  where ${inItsConversation} and ${messages.smallTalk} is not null))`;

/** What conversations are only found by, and what belongs to their removal. */
const {
  helpful: _helpful,
  unhelpful: _unhelpful,
  abstained: _abstained,
  tools: _tools,
  deletion: _deletion,
  ...columns
} = getTableColumns(conversations);

/** A conversation's row as it is shown. */
export const SHOWN = {
  ...columns,
  lastOutcome: sql<
    Conversation["lastOutcome"]
  >`case when ${isOnlySmallTalk} then 'small-talk' else ${conversations.lastOutcome} end`,
};

export function getConversation(
  db: SqliteQueries,
  tenantId: TenantId,
  conversationId: ConversationId,
): Conversation {
  const row = db.select(SHOWN).from(conversations).where(isShown(tenantId, conversationId)).get();
  return required(row, "conversation");
}

export function isShown(tenantId: TenantId, conversationId: ConversationId) {
  return and(isConversation(tenantId, conversationId), isNull(conversations.deletedAt));
}

export function isHidden(tenantId: TenantId, conversationId: ConversationId) {
  return and(isConversation(tenantId, conversationId), isNotNull(conversations.deletedAt));
}

/** Those of a tenant that are neither removed nor held against it. */
export function mayBeRemoved(tenantId: TenantId) {
  return and(
    eq(conversations.tenantId, tenantId),
    isNull(conversations.deletedAt),
    eq(conversations.legalHold, false),
  );
}
