import { Hono } from "hono";
import { listConversationsQuery } from "../../protocol/admin-api/conversations.ts";
import {
  getTrace,
  listConversations,
  readConversation,
  removeConversation,
  restoreConversation,
} from "../../services/inbox/conversations.ts";
import type { AdminEnv, HttpDeps } from "../env.ts";
import { pathId, queryOf } from "../validate.ts";
import { adminMessageView, conversationView } from "../views.ts";

/** /api/admin/conversations */
export function conversationRoutes(deps: HttpDeps) {
  return new Hono<AdminEnv>()
    .get("/", async (c) => {
      const { cursor = null, limit, q, outcome } = queryOf(c, listConversationsQuery);
      const filter = { ...(q && { textContains: q }), ...(outcome && { lastOutcome: outcome }) };
      const page = await listConversations(deps, c.var.tenantId, filter, { cursor, limit });
      return c.json({ items: page.items.map(conversationView), nextCursor: page.nextCursor });
    })

    .get("/:id", async (c) => {
      const { conversation, messages } = await readConversation(
        deps,
        c.var.tenantId,
        pathId(c, "conversation"),
      );
      return c.json({
        conversation: conversationView(conversation),
        messages: messages.map(adminMessageView),
      });
    })

    .get("/:id/messages/:message/trace", async (c) =>
      c.json(
        await getTrace(deps, c.var.tenantId, pathId(c, "conversation"), pathId(c, "message", "message")),
      ),
    )

    .delete("/:id", async (c) => {
      await removeConversation(deps, c.var.tenantId, pathId(c, "conversation"));
      return c.body(null, 204);
    })

    .post("/:id/restore", async (c) => {
      const conversation = await restoreConversation(deps, c.var.tenantId, pathId(c, "conversation"));
      return c.json(conversationView(conversation));
    });
}
