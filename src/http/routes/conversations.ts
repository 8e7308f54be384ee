import {
  conversationDetailSchema,
  conversationPageSchema,
  conversationSchema,
  listConversationsQuery,
  traceSchema,
} from "../../protocol/admin-api/conversations.ts";
import {
  getTrace,
  listConversations,
  readConversation,
  removeConversation,
  restoreConversation,
} from "../../services/inbox/conversations.ts";
import { endpoint } from "../endpoint.ts";
import { adminMessageView, conversationView } from "../views.ts";

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
    async (deps, { tenantId, query: { cursor = null, limit, q, outcome } }) => {
      const filter = { ...(q && { textContains: q }), ...(outcome && { lastOutcome: outcome }) };
      const page = await listConversations(deps, tenantId, filter, { cursor, limit });
      return { items: page.items.map(conversationView), nextCursor: page.nextCursor };
    },
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
