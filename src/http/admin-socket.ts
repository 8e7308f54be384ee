import { Hono } from "hono";
import { upgradeWebSocket } from "hono/bun";
import type { WSContext } from "hono/ws";
import type { LiveEvent } from "../deps.ts";
import type { ConversationId, JobId, SourceId, TenantId } from "../domain/ids.ts";
import { AppError, toAppError } from "../errors.ts";
import type { AdminFrame } from "../protocol/admin-api/live.ts";
import { resolveTenant } from "../services/access/sign-in.ts";
import { getConversation } from "../services/inbox/conversations.ts";
import { findJob } from "../services/jobs/list.ts";
import { getSource } from "../services/knowledge/sources.ts";
import type { AdminEnv, HttpDeps } from "./env.ts";
import { identify, wantedTenant } from "./middleware/admin-session.ts";
import { requireSameOrigin } from "./same-origin.ts";
import { conversationView, jobView, sourceView } from "./views.ts";

/** WS /ws/admin?tenant=: what happens in one tenant, live. Refused before the upgrade for any foreign page. */
export function adminSocketRoutes(deps: HttpDeps) {
  return new Hono<AdminEnv>().get(
    "/",
    async (c, next) => {
      requireSameOrigin(deps, c);
      const { user, jti } = await identify(deps, c);
      const { tenantId } = await resolveTenant(deps, user, wantedTenant(c.req.query("tenant")));
      c.set("jti", jti);
      c.set("tenantId", tenantId);
      if (c.req.header("upgrade")?.toLowerCase() !== "websocket")
        throw new AppError("VALIDATION", "This address is a WebSocket.");
      return next();
    },
    upgradeWebSocket((c) => {
      const { tenantId, jti } = c.var as AdminEnv["Variables"];
      let release = () => {};
      return {
        onOpen(_event, socket) {
          const unregister = deps.sockets.add({
            owner: jti,
            close: (code, reason) => socket.close(code, reason),
          });
          const unsubscribe = deps.live.subscribe(tenantId, (event) =>
            forward(deps, socket, tenantId, event),
          );
          release = () => {
            unregister();
            unsubscribe();
          };
          send(socket, { type: "ready", tenant: tenantId });
        },
        onMessage(_event, socket) {
          send(socket, { type: "pong" });
        },
        onClose() {
          release();
        },
      };
    }),
  );
}

function forward(deps: HttpDeps, socket: WSContext, tenantId: TenantId, event: LiveEvent): void {
  toFrame(deps, tenantId, event)
    .then((frame) => frame && send(socket, frame))
    .catch((thrown) => {
      // Gone between the event and the look: the list will show it.
      const { code, cause } = toAppError(thrown);
      if (code !== "NOT_FOUND") deps.log.warn("live-frame-failed", { code, cause });
    });
}

async function toFrame(deps: HttpDeps, tenantId: TenantId, event: LiveEvent): Promise<AdminFrame | null> {
  switch (event.type) {
    case "notice":
      return { type: "notice", level: event.level, code: event.code, text: event.text };
    case "job": {
      const job = await findJob(deps, event.jobId as JobId);
      return job && { type: "job", job: jobView(job) };
    }
    case "source":
      return event.removed
        ? { type: "source", removed: true, source: { id: event.sourceId } }
        : { type: "source", source: sourceView(await getSource(deps, tenantId, event.sourceId as SourceId)) };
    case "conversation":
      return event.removed
        ? { type: "conversation", removed: true, conversation: { id: event.conversationId } }
        : {
            type: "conversation",
            conversation: conversationView(
              await getConversation(deps, tenantId, event.conversationId as ConversationId),
            ),
          };
  }
}

function send(socket: WSContext, frame: AdminFrame): void {
  socket.send(JSON.stringify(frame));
}
