import type { ConversationId, MessageId, TenantId } from "./ids.ts";

type InConversation = { tenantId: TenantId; conversationId: ConversationId };

/** What happened to a conversation, as far as others may have to hear of it, whatever happens to the server then. */
export type ConversationEvent =
  | (InConversation & {
      type: "conversation-started" | "conversation-removed" | "conversation-restored";
    })
  | (InConversation & {
      type: "question-asked" | "answer-finished" | "answer-rated";
      messageId: MessageId;
    });
