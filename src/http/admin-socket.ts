import type { WSEvents } from "hono/ws";
import type { LiveEvent } from "../deps.ts";
import type { ConversationId, JobId, SourceId, TenantId } from "../domain/ids.ts";
import { toAppError } from "../errors.ts";
import type { AdminFrame } from "../protocol/admin-api/live.ts";
import { getConversation } from "../services/inbox/conversations.ts";
import { findJob } from "../services/jobs/list.ts";
import { getSource } from "../services/knowledge/sources.ts";
import { BoundedSender } from "./bounded-sender.ts";
import { endpoint } from "./endpoint.ts";
import type { HttpDeps } from "./env.ts";
import { conversationView, jobView, sourceView } from "./views.ts";
import { openSocket } from "./web-socket.ts";

/** What happens in one tenant, live. Refused before the upgrade for any foreign page. */
export const adminSocket = endpoint(
  {
    method: "GET",
    path: "/ws/admin",
    need: { role: "viewer" },
    summary:
      "What happens in the tenant that `?tenant=` names, for the backoffice. On a lost connection, connect and fetch again",
    socket: true,
  },
  (deps, { c, tenantId, principal: { jti } }) => openSocket(c, liveEvents(deps, tenantId, jti)),
);

function liveEvents(deps: HttpDeps, tenantId: TenantId, jti: string): WSEvents {
  let release = () => {};
  let sender: BoundedSender | null = null;
  return {
    onOpen(_event, socket) {
      const close = (code: number, reason: string) => socket.close(code, reason);
      const unregister = deps.sockets.add({ owner: jti, close });
      const unwatch = deps.sessionWatch.add({ jti, tenantId, close });
      const opened = new BoundedSender(socket, () => release());
      sender = opened;
      const unsubscribe = deps.live.subscribe(tenantId, (event) => forward(deps, opened, tenantId, event));
      release = () => {
        unregister();
        unwatch();
        unsubscribe();
      };
      send(opened, { type: "ready", tenant: tenantId });
    },
    onMessage() {
      if (sender) send(sender, { type: "pong" });
    },
    onClose() {
      release();
    },
  };
}

function forward(deps: HttpDeps, sender: BoundedSender, tenantId: TenantId, event: LiveEvent): void {
  toFrame(deps, tenantId, event)
    .then((frame) => frame && send(sender, frame))
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
    case "conversations":
      return { type: "conversations" };
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

function send(sender: BoundedSender, frame: AdminFrame): void {
  sender.send(frame);
}
