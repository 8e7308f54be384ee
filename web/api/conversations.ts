import type {
  ConversationDetail,
  ConversationView,
  TraceView,
} from "../../src/protocol/admin-api/conversations.ts";
import { getJson, sendJson } from "./client.ts";
import type { Page } from "./knowledge.ts";
import { query } from "./query.ts";

export type ConversationFilter = { q: string; outcome: ConversationView["lastOutcome"] };

const CONVERSATIONS = "/api/admin/conversations";

export function listConversations(
  filter: Partial<ConversationFilter> & { limit?: number },
  cursor: string | null,
  signal?: AbortSignal,
): Promise<Page<ConversationView>> {
  return getJson(`${CONVERSATIONS}${query({ ...filter, cursor })}`, signal ? { signal } : {});
}

export const getConversation = (id: string, signal?: AbortSignal) =>
  getJson<ConversationDetail>(`${CONVERSATIONS}/${id}`, signal ? { signal } : {});
export const getTrace = (id: string, message: string, signal?: AbortSignal) =>
  getJson<TraceView>(`${CONVERSATIONS}/${id}/messages/${message}/trace`, signal ? { signal } : {});
/** Hidden at once, final after 30 s; restoreConversation undoes it before that. */
export const removeConversation = (id: string) => sendJson<void>("DELETE", `${CONVERSATIONS}/${id}`);
export const restoreConversation = (id: string) => sendJson<void>("POST", `${CONVERSATIONS}/${id}/restore`);
