import type { Deps } from "../../deps.ts";
import {
  type ChatSession,
  type Conversation,
  type Message,
  PURGE_CONVERSATION,
  type Rating,
  type TurnTrace,
} from "../../domain/conversation.ts";
import type { ConversationId, MessageId, TenantId } from "../../domain/ids.ts";
import { type JobHandler, newJob, retryForEver, UNDO_MS } from "../../domain/job.ts";
import type { Page, PageRequest } from "../../domain/page.ts";
import { AppError } from "../../errors.ts";
import type { ConversationFilter } from "../../store/store.ts";
import { type Limits, limitChanges } from "../access/limits.ts";

export type ConversationDeps = Pick<Deps, "store" | "outbox" | "now" | "live"> & { wakeQueue: () => void };

export async function listConversations(
  deps: Pick<Deps, "store">,
  tenantId: TenantId,
  filter: ConversationFilter,
  page: PageRequest,
): Promise<Page<Conversation>> {
  return deps.store.conversations.list(tenantId, filter, page);
}

/** What there is to choose from in the list's filters. */
export async function conversationFilters(
  deps: Pick<Deps, "store">,
  tenantId: TenantId,
): Promise<{ languages: string[]; providers: string[] }> {
  return deps.store.conversations.filterValues(tenantId);
}

export async function getConversation(
  deps: Pick<Deps, "store">,
  tenantId: TenantId,
  conversationId: ConversationId,
): Promise<Conversation> {
  return deps.store.conversations.get(tenantId, conversationId);
}

export async function readConversation(
  deps: Pick<Deps, "store">,
  tenantId: TenantId,
  conversationId: ConversationId,
): Promise<{ conversation: Conversation; messages: Message[] }> {
  const conversation = await deps.store.conversations.get(tenantId, conversationId);
  return { conversation, messages: await deps.store.conversations.messages(tenantId, conversationId) };
}

/** How an answer of that conversation came about. @throws AppError NOT_FOUND */
export async function getTrace(
  deps: Pick<Deps, "store">,
  tenantId: TenantId,
  conversationId: ConversationId,
  messageId: MessageId,
): Promise<TurnTrace> {
  const message = await deps.store.conversations.findMessage(tenantId, messageId);
  const trace =
    message?.conversationId === conversationId
      ? await deps.store.conversations.findTrace(tenantId, messageId)
      : null;
  if (!trace) throw new AppError("NOT_FOUND", "There is no record of how this answer came about.");
  return trace;
}

/** The current conversation of a visitor's session, oldest message first. */
export async function readSessionHistory(
  deps: Pick<Deps, "store">,
  session: ChatSession,
): Promise<Message[]> {
  return deps.store.conversations.messages(session.tenantId, session.conversationId);
}

/** @throws AppError RATE_LIMITED · NOT_FOUND for what is no finished answer of the session's */
export async function rateAnswer(
  deps: ConversationDeps & Pick<Deps, "settings"> & { limits: Limits },
  session: ChatSession,
  messageId: MessageId,
  rating: Rating,
  comment: string | null,
): Promise<void> {
  limitChanges(deps, session.id);
  const { tenantId } = session;
  // Not always the current one: an answer of an earlier conversation of the session can be rated as well.
  const rated = await deps.store.conversations.findMessage(tenantId, messageId);
  const conversationId = rated?.conversationId ?? session.conversationId;
  await deps.outbox.announce([{ type: "answer-rated", tenantId, conversationId, messageId }], (jobs) =>
    deps.store.conversations.rate(session.id, messageId, rating, comment, deps.now(), jobs),
  );
  publish(deps, tenantId, conversationId, false);
}

/** Hides the conversation at once; `restoreConversation` brings it back for 30 s. */
export async function removeConversation(
  deps: ConversationDeps,
  tenantId: TenantId,
  conversationId: ConversationId,
): Promise<void> {
  const now = deps.now();
  const purge = {
    ...newJob(now, tenantId, PURGE_CONVERSATION, conversationId),
    runAt: now + UNDO_MS,
  };
  await deps.outbox.announce([{ type: "conversation-removed", tenantId, conversationId }], (jobs) =>
    deps.store.conversations.remove(tenantId, conversationId, now, [purge, ...jobs]),
  );
  publish(deps, tenantId, conversationId, true);
  deps.wakeQueue();
}

export async function restoreConversation(
  deps: ConversationDeps,
  tenantId: TenantId,
  conversationId: ConversationId,
): Promise<Conversation> {
  const conversation = await deps.outbox.announce(
    [{ type: "conversation-restored", tenantId, conversationId }],
    (jobs) => deps.store.conversations.restore(tenantId, conversationId, deps.now(), jobs),
  );
  publish(deps, tenantId, conversationId, false);
  return conversation;
}

/** The job: deletes a removed conversation for good. */
export const conversationPurge: JobHandler<Pick<Deps, "store" | "now">> = {
  priority: 0,
  shown: false,
  lane: "background",
  retryAt: retryForEver,

  async atStart({ store, now }) {
    // A Parley before this one gave up after three attempts.
    await store.jobs.requeueFailed([PURGE_CONVERSATION], now());
  },

  async run({ store }, { tenantId, subject }) {
    await store.conversations.purge(tenantId, subject as ConversationId);
    return "done";
  },
};

export function publish(
  deps: Pick<Deps, "live">,
  tenantId: TenantId,
  conversationId: ConversationId,
  removed: boolean,
): void {
  deps.live.publish({ type: "conversation", tenantId, conversationId, removed });
}
