import { effect, signal } from "@preact/signals";
import type { AdminFrame } from "../../src/protocol/admin-api/live.ts";
import { address } from "../api/client.ts";
import { me, tenantId } from "./session.ts";

/**
 * The socket that keeps pages current. Frames are hints, not the truth: after every reconnect, and
 * after every attempt that a proxy refused, `liveEpoch` rises and whoever shows something reads it again.
 */
export const liveEpoch = signal(0);

type Listener = (frame: AdminFrame) => void;
const listeners = new Set<Listener>();

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 15_000;
const PING_MS = 25_000;

/** Calls `listener` for every frame until the returned function is called. */
export function onFrame(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Holds one socket for the signed-in person's current tenant, for as long as the page lives. */
export function startLive(): void {
  effect(() => {
    const tenant = tenantId.value;
    if (!me.value || !tenant) return;
    return connect(tenant);
  });
}

function connect(tenant: string): () => void {
  let socket: WebSocket | null = null;
  let retryMs = FIRST_RETRY_MS;
  let retryTimer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  let opened = false;
  let ready = false;

  const pinging = setInterval(() => {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ type: "ping" }));
  }, PING_MS);

  const dial = () => {
    socket = new WebSocket(socketAddress(tenant));
    socket.onmessage = (event) => {
      const frame = JSON.parse(String(event.data)) as AdminFrame;
      if (frame.type === "ready") {
        retryMs = FIRST_RETRY_MS;
        ready = true;
        if (opened) liveEpoch.value++;
        opened = true;
      }
      for (const listener of listeners) listener(frame);
    };
    socket.onclose = () => {
      if (stopped) return;
      if (!ready) liveEpoch.value++;
      ready = false;
      retryTimer = setTimeout(dial, retryMs * (0.5 + Math.random()));
      retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
    };
  };
  dial();

  return () => {
    stopped = true;
    clearTimeout(retryTimer);
    clearInterval(pinging);
    socket?.close();
  };
}

function socketAddress(tenant: string): string {
  const url = new URL(address(`/ws/admin?tenant=${encodeURIComponent(tenant)}`), location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}
