import { Hono } from "hono";
import { sessionRequestSchema } from "../../protocol/chat-decode.ts";
import type { SessionAnswer } from "../../protocol/chat-protocol.ts";
import { admitPage, openChatSession } from "../../services/access/visitors.ts";
import type { AppEnv, HttpDeps } from "../env.ts";
import { pageCall } from "../middleware/page-call.ts";
import { jsonBody } from "../validate.ts";
import { publicWidgetConfig, toIso } from "../views.ts";

/** /api/widget: what an embedding page may ask before anybody has said a word. */
export function visitorRoutes(deps: HttpDeps) {
  return new Hono<AppEnv>()
    .get("/config/:key", async (c) => {
      const { tenant, widget } = await admitPage(deps, c.req.param("key"), pageCall(deps, c));
      return c.json(publicWidgetConfig(tenant, widget));
    })

    .post("/session", async (c) => {
      const request = await jsonBody(c, sessionRequestSchema);
      const known = /^Bearer (\S+)$/i.exec(c.req.header("authorization") ?? "")?.[1] ?? null;
      const { session, token } = await openChatSession(deps, request, known, pageCall(deps, c));
      return c.json<SessionAnswer>({ session: session.id, token, expiresAt: toIso(session.expiresAt) });
    });
}
