import { CLOSE_UNAUTHENTICATED } from "../../../src/protocol/chat-protocol.ts";
import { parseFrame } from "./frame.ts";
import type { LinkEnd, LinkOptions, Transport } from "./transport.ts";

/** A quiet socket is asked for a sign of life: proxies drop idle ones without telling either end. */
const PING_EVERY_MS = 25_000;
const PONG_WITHIN_MS = 10_000;

/** @see https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1 */
const CLOSE_ABNORMAL = 1006;

export const socketTransport: Transport = { name: "socket", connect };

function connect({ api, credentials, after, locale, page, onFrame, onEnd }: LinkOptions) {
  const address = `${api.base.replace(/^http/, "ws")}ws/chat/${encodeURIComponent(credentials.session)}`;
  let ended = false;
  let pongTimer: ReturnType<typeof setTimeout> | undefined;
  const end = (reason: LinkEnd) => {
    if (ended) return;
    close();
    onEnd(reason);
  };
  const socket = openSocket(address);
  if (!socket) {
    queueMicrotask(() => end("lost"));
    return { send: () => {}, close: () => close() };
  }

  const write = (frame: object) => socket.readyState === WebSocket.OPEN && socket.send(JSON.stringify(frame));
  const pingTimer = setInterval(() => {
    write({ type: "ping" });
    pongTimer ??= setTimeout(() => end("lost"), PONG_WITHIN_MS);
  }, PING_EVERY_MS);
  socket.onopen = () => write({ type: "hello", token: credentials.token, after, locale, page });
  socket.onmessage = ({ data: text }) => {
    clearTimeout(pongTimer);
    pongTimer = undefined;
    const frame = parseFrame(text);
    if (frame && !ended) onFrame(frame);
  };
  socket.onclose = ({ code }) => end(endOf(code));

  function close() {
    ended = true;
    clearInterval(pingTimer);
    clearTimeout(pongTimer);
    socket?.close();
  }
  return { send: write, close };
}

/** Proxies cut without a code, or with one of the first three. */
function endOf(code: number): LinkEnd {
  if (code === CLOSE_UNAUTHENTICATED) return "refused";
  return code > CLOSE_ABNORMAL ? "closed" : "lost";
}

/** A content policy may forbid the address by throwing. */
function openSocket(address: string): WebSocket | null {
  try {
    return new WebSocket(address);
  } catch {
    return null;
  }
}
