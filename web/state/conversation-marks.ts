/** What people do with one conversation: flag, star, note, hold. */
import { signal } from "@preact/signals";
import type { ConversationView, MarkConversation } from "../../src/protocol/admin-api/conversations.ts";
import { holdConversation, markConversation } from "../api/conversations.ts";
import { conversations } from "./conversations.ts";
import { ask } from "./dialogs.ts";
import { toastError } from "./toasts.ts";

/** The latest that was marked here, as it is now. */
export const justMarked = signal<ConversationView | null>(null);

type Marked = Pick<ConversationView, "id" | "flagged" | "starred" | "legalHold">;

/** Asks for the reason; a flag that is there is taken away. */
export function toggleFlag({ id, flagged }: Marked): void {
  if (flagged) {
    void mark(id, { flagged: false });
    return;
  }
  ask({
    ...{ kind: "prompt", title: "Flag this conversation", label: "Reason", value: "", action: "Flag" },
    help: "What should somebody look at? Colleagues see it, visitors do not.",
    run: async (flagReason) => {
      told(await markConversation(id, { flagged: true, flagReason }));
    },
  });
}

export function toggleStar({ id, starred }: Marked): void {
  void mark(id, { starred: !starred });
}

/** @throws ApiError */
export async function saveNote(id: string, note: string): Promise<void> {
  told(await markConversation(id, { note }));
}

export async function toggleHold({ id, legalHold }: Marked): Promise<void> {
  try {
    told(await holdConversation(id, !legalHold));
  } catch (thrown) {
    toastError(thrown);
  }
}

async function mark(id: string, marks: MarkConversation): Promise<void> {
  try {
    told(await markConversation(id, marks));
  } catch (thrown) {
    toastError(thrown);
  }
}

function told(conversation: ConversationView): void {
  conversations.replace(conversation.id, conversation);
  justMarked.value = conversation;
}
