/** What conversations and turns both know of messages. */
import { and, eq, type Placeholder } from "drizzle-orm";
import type { Message, PassageCitation } from "../../domain/conversation.ts";
import type { ConversationId, MessageId, TenantId } from "../../domain/ids.ts";
import { conversations, messages, type StoredPassage } from "./schema.ts";

export type MessageRow = typeof messages.$inferSelect;

/** Without what waits for its visitor's word: see confirmationsOf. */
export function toMessage(row: MessageRow): Message {
  return {
    id: row.id,
    conversationId: row.conversationId,
    role: row.role,
    content: row.content,
    citations: row.citations.map((citation) => (citation.kind === "tool" ? citation : toPassage(citation))),
    status: row.status,
    abstained: row.abstained,
    nearest: row.nearest.map(toPassage),
    smallTalk: row.smallTalk,
    followUps: row.followUps,
    lookup: row.lookup,
    confirmations: [],
    errorCode: row.errorCode,
    rating: row.rating,
    clientId: row.clientId,
    language: row.language,
    createdAt: row.createdAt,
  };
}

function toPassage(stored: StoredPassage): PassageCitation {
  return { ...stored, kind: "passage" };
}

export function isMessage(tenantId: TenantId | Placeholder, messageId: MessageId | Placeholder) {
  return and(eq(messages.tenantId, tenantId), eq(messages.id, messageId));
}

export function isConversation(tenantId: TenantId, conversationId: ConversationId) {
  return and(eq(conversations.tenantId, tenantId), eq(conversations.id, conversationId));
}

/** For joining messages with the conversation they are in. */
export const inItsConversation = and(
  eq(conversations.tenantId, messages.tenantId),
  eq(conversations.id, messages.conversationId),
);
