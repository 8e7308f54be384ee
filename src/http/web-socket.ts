import { upgradeWebSocket } from "hono/bun";
import type { WSContext, WSEvents } from "hono/ws";
import { AppError } from "../errors.ts";
import { CLOSE_SLOW } from "../protocol/chat-protocol.ts";
import type { AppContext } from "./env.ts";

/** Makes a socket of the call. @throws AppError VALIDATION for a call that is no handshake */
export async function openSocket(c: AppContext, events: WSEvents): Promise<Response> {
  const upgraded = await upgradeWebSocket(() => events)(c, async () => {});
  if (!upgraded) throw new AppError("VALIDATION", "This address is a WebSocket.");
  return upgraded;
}

/** Four of the longest answers. What nobody reads is held in memory, beside what the system holds. */
const MOST_UNREAD_BYTES = 256 * 1024;
/** Somebody whose line hangs may still hear why; after that the memory is taken back. */
const CLOSING_MS = 5_000;

/** Sends, unless the other side does not read: then the socket is closed, and nothing may be sent any more. */
export function sendOrClose(socket: WSContext, text: string): "sent" | "closed" {
  socket.send(text);
  // Hono does not say what is under its sockets; under Bun it is this.
  const raw = socket.raw as Bun.ServerWebSocket<unknown> | undefined;
  if (raw === undefined || raw.getBufferedAmount() <= MOST_UNREAD_BYTES) return "sent";
  socket.close(CLOSE_SLOW, "Not read fast enough");
  setTimeout(() => raw.terminate(), CLOSING_MS).unref();
  return "closed";
}
