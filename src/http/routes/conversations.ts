import type { z } from "zod";
import type { ConversationId, DeletionId } from "../../domain/ids.ts";
import {
  conversationDetailSchema,
  conversationFiltersSchema,
  conversationPageSchema,
  conversationSchema,
  deleteConversationsSchema,
  deletionSchema,
  exportConversationsQuery,
  holdConversationSchema,
  listConversationsQuery,
  markConversationSchema,
  restoreDeletionSchema,
  restoredDeletionSchema,
  traceSchema,
} from "../../protocol/admin-api/conversations.ts";
import {
  conversationFilters,
  getTrace,
  listConversations,
  readConversation,
  removeConversation,
  restoreConversation,
} from "../../services/inbox/conversations.ts";
import { deleteConversations, restoreDeletion } from "../../services/inbox/deletion.ts";
import { exportConversations } from "../../services/inbox/export.ts";
import { markConversation } from "../../services/inbox/marks.ts";
import { endpoint } from "../endpoint.ts";
import { streamed } from "../streamed.ts";
import { adminMessageView, conversationView } from "../views.ts";

const EXPORT_TYPES = { csv: "text/csv; charset=utf-8", jsonl: "application/jsonl; charset=utf-8" };

export const conversations = [
  endpoint(
    {
      method: "GET",
      path: "/api/admin/conversations",
      need: { role: "viewer" },
      summary: "Conversations, latest first",
      query: listConversationsQuery,
      answer: conversationPageSchema,
    },
    async (deps, { tenantId, query: { cursor = null, limit, ...asked } }) => {
      const page = await listConversations(deps, tenantId, toFilter(asked), { cursor, limit });
      return { items: page.items.map(conversationView), nextCursor: page.nextCursor };
    },
  ),

  endpoint(
    {
      method: "GET",
      path: "/api/admin/conversations/filters",
      need: { role: "viewer" },
      summary: "Languages and providers that conversations can be filtered by",
      answer: conversationFiltersSchema,
    },
    (deps, { tenantId }) => conversationFilters(deps, tenantId),
  ),

  endpoint(
    {
      method: "GET",
      path: "/api/admin/conversations/export",
      need: { role: "viewer" },
      summary: "All messages of the conversations that the filter finds, one a row or a line",
      query: exportConversationsQuery,
      audited: true,
    },
    async (deps, { c, tenantId, query: { format, ...asked } }) => {
      const name = `conversations-${new Date(deps.now()).toISOString().slice(0, 10)}.${format}`;
      c.header("Content-Type", EXPORT_TYPES[format]);
      c.header("Content-Disposition", `attachment; filename="${name}"`);
      return c.body(await streamed(exportConversations(deps, tenantId, toFilter(asked), format)));
    },
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/admin/conversations/delete",
      need: { role: "admin" },
      summary: "Delete these conversations, or those that a filter finds; final after 30 s",
      body: deleteConversationsSchema,
      answer: deletionSchema,
    },
    async (deps, { tenantId, body }) => {
      const filter = "ids" in body ? { ids: body.ids as ConversationId[] } : toFilter(body.filter);
      const { id, deleted, held } = await deleteConversations(deps, tenantId, filter);
      return { deleted, held, deletion: id };
    },
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/admin/conversations/restore",
      need: { role: "admin" },
      summary: "Undo such a deletion",
      body: restoreDeletionSchema,
      answer: restoredDeletionSchema,
    },
    async (deps, { tenantId, body }) => ({
      restored: await restoreDeletion(deps, tenantId, body.deletion as DeletionId),
    }),
  ),

  endpoint(
    {
      method: "GET",
      path: "/api/admin/conversations/:id",
      need: { role: "viewer" },
      summary: "One conversation with its messages",
      params: { id: "conversation" },
      answer: conversationDetailSchema,
    },
    async (deps, { tenantId, params }) => {
      const { conversation, messages } = await readConversation(deps, tenantId, params.id);
      return { conversation: conversationView(conversation), messages: messages.map(adminMessageView) };
    },
  ),

  endpoint(
    {
      method: "GET",
      path: "/api/admin/conversations/:id/messages/:message/trace",
      need: { role: "viewer" },
      summary: "How an answer came about",
      params: { id: "conversation", message: "message" },
      answer: traceSchema,
    },
    (deps, { tenantId, params }) => getTrace(deps, tenantId, params.id, params.message),
  ),

  endpoint(
    {
      method: "PATCH",
      path: "/api/admin/conversations/:id",
      need: { role: "agent" },
      summary: "Flag a conversation with a reason, star it, leave a note",
      params: { id: "conversation" },
      body: markConversationSchema,
      answer: conversationSchema,
    },
    async (deps, { tenantId, params, body }) => {
      const { flagged, starred, flagReason, note } = body;
      const marks = {
        ...(flagged !== undefined && { flagged }),
        ...(starred !== undefined && { starred }),
        ...(flagReason !== undefined && { flagReason: flagReason || null }),
        ...(note !== undefined && { note: note || null }),
      };
      return conversationView(await markConversation(deps, tenantId, params.id, marks));
    },
  ),

  endpoint(
    {
      method: "PUT",
      path: "/api/admin/conversations/:id/hold",
      need: { role: "admin" },
      summary: "Set or lift a legal hold: while it is set, the conversation cannot be deleted",
      params: { id: "conversation" },
      body: holdConversationSchema,
      answer: conversationSchema,
    },
    async (deps, { tenantId, params, body }) =>
      conversationView(await markConversation(deps, tenantId, params.id, body)),
  ),

  endpoint(
    {
      method: "DELETE",
      path: "/api/admin/conversations/:id",
      need: { role: "admin" },
      summary: "Delete a conversation; final after 30 s",
      params: { id: "conversation" },
      status: 204,
    },
    (deps, { tenantId, params }) => removeConversation(deps, tenantId, params.id),
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/admin/conversations/:id/restore",
      need: { role: "admin" },
      summary: "Undo the deletion",
      params: { id: "conversation" },
      answer: conversationSchema,
    },
    async (deps, { tenantId, params }) =>
      conversationView(await restoreConversation(deps, tenantId, params.id)),
  ),
];

type Asked = Omit<z.output<typeof listConversationsQuery>, "cursor" | "limit">;

function toFilter({ q, outcome, ...others }: Asked) {
  return { textContains: q, lastOutcome: outcome, ...others };
}
