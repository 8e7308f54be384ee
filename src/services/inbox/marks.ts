/** What people set on a conversation: flags, stars, notes, holds. */
import type { Deps } from "../../deps.ts";
import type { Conversation, ConversationMarks } from "../../domain/conversation.ts";
import type { ConversationId, TenantId } from "../../domain/ids.ts";
import { AppError } from "../../errors.ts";
import { publish } from "./conversations.ts";

/**
 * Sets what is given. Taking a flag away takes its reason, too.
 * @throws AppError VALIDATION for a reason without a flag · NOT_FOUND
 */
export async function markConversation(
  deps: Pick<Deps, "store" | "live">,
  tenantId: TenantId,
  conversationId: ConversationId,
  marks: Partial<ConversationMarks>,
): Promise<Conversation> {
  const before = await deps.store.conversations.get(tenantId, conversationId);
  const isFlagged = marks.flagged ?? before.flagged;
  if (!isFlagged && marks.flagReason) {
    throw new AppError("VALIDATION", "Only a flagged conversation has a reason. Send “flagged” with it.", {
      details: { fields: { flagReason: "Only a flagged conversation has a reason." } },
    });
  }
  const marked = await deps.store.conversations.mark(tenantId, conversationId, {
    ...marks,
    ...(!isFlagged && { flagReason: null }),
  });
  publish(deps, tenantId, conversationId, false);
  return marked;
}
