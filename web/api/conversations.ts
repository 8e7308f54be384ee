import type {
  ConversationDetail,
  ConversationFilters,
  ConversationView,
  DeleteConversations,
  DeletionView,
  MarkConversation,
  TraceView,
} from "../../src/protocol/admin-api/conversations.ts";
import type { RetentionView } from "../../src/protocol/admin-api/retention.ts";
import { getBlob, getJson, sendJson } from "./client.ts";
import type { Page } from "./knowledge.ts";
import { query } from "./query.ts";

type YesOrNo = "true" | "false" | null;

/** As it stands in the address of the page: dates are days where the person is, both of them included. */
export type ConversationFilter = {
  q: string;
  outcome: ConversationView["lastOutcome"];
  from: string | null;
  to: string | null;
  flagged: YesOrNo;
  starred: YesOrNo;
  rating: "helpful" | "unhelpful" | null;
  language: string | null;
  abstained: YesOrNo;
  tools: YesOrNo;
  provider: string | null;
};

const CONVERSATIONS = "/api/admin/conversations";

export function listConversations(
  filter: Partial<ConversationFilter> & { limit?: number },
  cursor: string | null,
  signal?: AbortSignal,
): Promise<Page<ConversationView>> {
  return getJson(
    `${CONVERSATIONS}${query({ ...filter, ...moments(filter), cursor })}`,
    signal ? { signal } : {},
  );
}

/** What there is to choose from. */
export const getConversationFilters = (signal?: AbortSignal) =>
  getJson<ConversationFilters>(`${CONVERSATIONS}/filters`, signal ? { signal } : {});
export const getConversation = (id: string, signal?: AbortSignal) =>
  getJson<ConversationDetail>(`${CONVERSATIONS}/${id}`, signal ? { signal } : {});
export const getTrace = (id: string, message: string, signal?: AbortSignal) =>
  getJson<TraceView>(`${CONVERSATIONS}/${id}/messages/${message}/trace`, signal ? { signal } : {});
/** Hidden at once, final after 30 s; restoreConversation undoes it before that. */
export const removeConversation = (id: string) => sendJson<void>("DELETE", `${CONVERSATIONS}/${id}`);
export const restoreConversation = (id: string) => sendJson<void>("POST", `${CONVERSATIONS}/${id}/restore`);

export const markConversation = (id: string, marks: MarkConversation) =>
  sendJson<ConversationView>("PATCH", `${CONVERSATIONS}/${id}`, marks);
export const holdConversation = (id: string, legalHold: boolean) =>
  sendJson<ConversationView>("PUT", `${CONVERSATIONS}/${id}/hold`, { legalHold });

/** Hidden at once, final after 30 s; restoreDeletion undoes it before that. */
export const deleteConversations = (ids: string[]) =>
  sendJson<DeletionView>("POST", `${CONVERSATIONS}/delete`, { ids } satisfies DeleteConversations);
export function deleteMatching(filter: ConversationFilter): Promise<DeletionView> {
  const said = Object.entries({ ...filter, ...moments(filter) }).filter(([, value]) => value);
  const condition = Object.fromEntries(said.map(([name, value]) => [name, toValue(value)]));
  return sendJson("POST", `${CONVERSATIONS}/delete`, { filter: condition });
}
export const restoreDeletion = (deletion: string) =>
  sendJson<void>("POST", `${CONVERSATIONS}/restore`, { deletion });

export const getRetention = (signal?: AbortSignal) =>
  getJson<RetentionView>("/api/admin/retention", signal ? { signal } : {});
export const setRetention = (retention: RetentionView) =>
  sendJson<RetentionView>("PUT", "/api/admin/retention", retention);

export const exportConversations = (filter: ConversationFilter, format: "csv" | "jsonl") =>
  getBlob(`${CONVERSATIONS}/export${query({ format, ...filter, ...moments(filter) })}`);

/** The beginnings of the first day and of the one after the last. */
function moments({ from, to }: Partial<ConversationFilter>): { from: string | null; to: string | null } {
  return { from: from ? startOf(from, 0) : null, to: to ? startOf(to, 1) : null };
}

function startOf(day: string, daysLater: number): string | null {
  const [year = 0, month = 0, date = 0] = day.split("-").map(Number);
  const start = new Date(year, month - 1, date + daysLater);
  return Number.isNaN(start.getTime()) ? null : start.toISOString();
}

function toValue(value: string | null): string | boolean | null {
  return value === "true" ? true : value === "false" ? false : value;
}
