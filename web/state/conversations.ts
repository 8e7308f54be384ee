import type { ConversationView } from "../../src/protocol/admin-api/conversations.ts";
import {
  type ConversationFilter,
  listConversations,
  removeConversation,
  restoreConversation,
} from "../api/conversations.ts";
import { createList } from "./list.ts";
import { addressed } from "./list-address.ts";
import { liveEpoch, onFrame } from "./live.ts";
import { toast, toastError } from "./toasts.ts";

export const conversations = addressed(
  createList<ConversationView, ConversationFilter>({ q: "", outcome: null }, (filter, cursor, abort) =>
    listConversations(filter, cursor, abort),
  ),
  "conversations",
  { outcome: ["answered", "abstained", "failed", "interrupted", "small-talk"] },
);

/** Follows the live socket: known rows change in place and move to the top, new ones appear there. */
export function startConversations(): void {
  onFrame((frame) => {
    if (frame.type === "conversations" && conversations.items.peek()) void conversations.refresh();
    if (frame.type !== "conversation") return;
    const { id } = frame.conversation;
    conversations.replace(id, frame.removed ? null : frame.conversation);
    if (frame.removed) return;
    const others = conversations.items.peek()?.filter((row) => row.id !== id) ?? [];
    const isKnown = others.length < (conversations.items.peek()?.length ?? 0);
    // What is on its way may be from before, and lack it.
    if (!isKnown && conversations.loading.peek()) void conversations.refresh();
    else if (conversations.items.peek() && (isKnown || isUnfiltered()))
      conversations.items.value = [frame.conversation, ...others];
  });
  liveEpoch.subscribe((epoch) => {
    if (epoch > 0 && conversations.items.peek()) void conversations.refresh();
  });
}

/** Takes a conversation out of the list at once and offers Undo. */
export async function removeWithUndo(conversation: ConversationView): Promise<void> {
  conversations.items.value = conversations.items.peek()?.filter((row) => row.id !== conversation.id) ?? null;
  const undo = async () => {
    await restoreConversation(conversation.id);
    await conversations.refresh();
  };
  try {
    await removeConversation(conversation.id);
    toast("Deleted the conversation", { label: "Undo", run: () => void undo().catch(toastError) });
  } catch (thrown) {
    toastError(thrown);
  }
  // A list that was asked for just before may still hold the conversation.
  await conversations.refresh();
}

function isUnfiltered(): boolean {
  const { q, outcome } = conversations.filter.peek();
  return q === "" && outcome === null;
}
