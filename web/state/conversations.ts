import { signal } from "@preact/signals";
import type { ConversationView, DeletionView } from "../../src/protocol/admin-api/conversations.ts";
import {
  type ConversationFilter,
  deleteConversations,
  deleteMatching,
  listConversations,
  removeConversation,
  restoreConversation,
  restoreDeletion,
} from "../api/conversations.ts";
import { count } from "../format.ts";
import { createList } from "./list.ts";
import { addressed } from "./list-address.ts";
import { liveEpoch, onFrame } from "./live.ts";
import { toast, toastError } from "./toasts.ts";

export const NO_FILTER: ConversationFilter = {
  ...{ q: "", outcome: null, from: null, to: null, flagged: null, starred: null, rating: null },
  ...{ language: null, abstained: null, tools: null, provider: null },
};

const YES_OR_NO = ["true", "false"] as const;
const DAY = /^\d{4}-\d\d-\d\d$/;

export const conversations = addressed(
  createList<ConversationView, ConversationFilter>(NO_FILTER, (filter, cursor, abort) =>
    listConversations(filter, cursor, abort),
  ),
  "conversations",
  {
    outcome: ["answered", "abstained", "failed", "interrupted", "small-talk"],
    ...{ from: DAY, to: DAY, flagged: YES_OR_NO, starred: YES_OR_NO, abstained: YES_OR_NO, tools: YES_OR_NO },
    rating: ["helpful", "unhelpful"],
  },
);

/** Conversations that began while somebody was at work in the list, which must not move then. */
export const arrivals = signal<ReadonlySet<string>>(new Set());

export function isFiltered(filter: ConversationFilter): boolean {
  return Object.values(filter).some(Boolean);
}

/** Follows the live socket: known rows change in place; at rest they move to the top, and new ones appear there. */
export function startConversations(): void {
  onFrame((frame) => {
    if (frame.type === "conversations" && conversations.items.peek()) void conversations.refresh();
    if (frame.type !== "conversation") return;
    const { id } = frame.conversation;
    const before = conversations.items.peek()?.find((row) => row.id === id);
    conversations.replace(id, frame.removed ? null : frame.conversation);
    if (frame.removed || before?.updatedAt === frame.conversation.updatedAt) return;
    // What is on its way may be from before, and lack it.
    if (!before && conversations.loading.peek()) void conversations.refresh();
    else if (conversations.items.peek() && (before || !isFiltered(conversations.filter.peek())))
      bringUp(frame.conversation, before !== undefined);
  });
  liveEpoch.subscribe((epoch) => {
    if (epoch > 0 && conversations.items.peek()) void conversations.refresh();
  });
}

function bringUp(conversation: ConversationView, isKnown: boolean): void {
  if (isBeingUsed()) {
    if (!isKnown) arrivals.value = new Set(arrivals.peek()).add(conversation.id);
    return;
  }
  const others = conversations.items.peek()?.filter(({ id }) => id !== conversation.id) ?? [];
  conversations.items.value = [conversation, ...others];
}

/** Whoever points at a row, reads further down, has selected some or has one open beside, must not lose the place. */
function isBeingUsed(): boolean {
  return (
    scrollY > 0 ||
    document.querySelector(".list tbody:hover, .list tbody :focus, .list tr.sel, .inbox > .pane") !== null
  );
}

export async function showArrivals(): Promise<void> {
  await conversations.refresh();
  arrivals.value = new Set();
  scrollTo(0, 0);
}

/** Takes a conversation out of the list at once and offers Undo. */
export async function removeWithUndo(conversation: ConversationView): Promise<void> {
  takeOut([conversation.id]);
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

export async function removeManyWithUndo(ids: string[]): Promise<void> {
  takeOut(ids);
  await removedWithUndo(() => deleteConversations(ids));
}

export async function removeMatchingWithUndo(filter: ConversationFilter): Promise<void> {
  await removedWithUndo(() => deleteMatching(filter));
}

async function removedWithUndo(remove: () => Promise<DeletionView>): Promise<void> {
  try {
    const { deleted, held, deletion } = await remove();
    const kept = held > 0 ? `. ${count(held, "conversation")} under legal hold stayed` : "";
    const undo = async () => {
      if (deletion !== null) await restoreDeletion(deletion);
      await conversations.refresh();
    };
    const action = deletion === null ? null : { label: "Undo", run: () => void undo().catch(toastError) };
    toast(`Deleted ${count(deleted, "conversation")}${kept}`, action);
  } catch (thrown) {
    toastError(thrown);
  }
  await conversations.refresh();
}

function takeOut(ids: readonly string[]): void {
  const left = conversations.items.peek()?.filter(({ id }) => !ids.includes(id));
  conversations.items.value = left ?? null;
}
