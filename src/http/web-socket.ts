import { upgradeWebSocket } from "hono/bun";
import type { WSEvents } from "hono/ws";
import { AppError } from "../errors.ts";
import type { AppContext } from "./env.ts";

/** Makes a socket of the call. @throws AppError VALIDATION for a call that is no handshake */
export async function openSocket(c: AppContext, events: WSEvents): Promise<Response> {
  const upgraded = await upgradeWebSocket(() => events)(c, async () => {});
  if (!upgraded) throw new AppError("VALIDATION", "This address is a WebSocket.");
  return upgraded;
}
