import { publicWidgetConfigSchema, sessionAnswerSchema } from "../../protocol/chat-answers.ts";
import { sessionRequestSchema } from "../../protocol/chat-decode.ts";
import { openChatSession } from "../../services/access/visitors.ts";
import { endpoint } from "../endpoint.ts";
import { pageCall } from "../middleware/page-call.ts";
import { publicWidgetConfig, toIso } from "../views.ts";

/** What an embedding page may ask before anybody has said a word. */
export const visitor = [
  endpoint(
    {
      method: "GET",
      path: "/api/widget/config/:key",
      need: "page",
      summary: "What the widget shows",
      params: { key: "text" },
      answer: publicWidgetConfigSchema,
    },
    (_deps, { principal: { tenant, widget } }) => publicWidgetConfig(tenant, widget),
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/widget/session",
      need: "page",
      summary: "Open a visitor's session",
      body: sessionRequestSchema,
      answer: sessionAnswerSchema,
    },
    async (deps, { c, tenantId, body }) => {
      const known = /^Bearer (\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1] ?? null;
      const { session, token } = await openChatSession(deps, tenantId, body, known, pageCall(deps, c));
      return { session: session.id, token, expiresAt: toIso(session.expiresAt) };
    },
  ),
];
