/** How many chats may be open, by socket or by event stream. */
import type { ChatSession } from "../domain/conversation.ts";
import { AppError } from "../errors.ts";
import type { HttpDeps, OpenSocket } from "./env.ts";

type RoomDeps = Pick<HttpDeps, "sockets" | "settings">;

/** @throws AppError OVERLOADED */
export function requireRoom({ sockets, settings }: RoomDeps): void {
  if (sockets.count() < settings.limits.sockets) return;
  throw new AppError("OVERLOADED", "Parley has as many open chats as it can serve. Try again in a minute.", {
    retryAfterMs: 60_000,
  });
}

/**
 * Counts one more open chat of the visitor, of its kind: a tab that tries both at once is not two tabs.
 * @returns for when it is closed
 * @throws AppError RATE_LIMITED
 */
export function openChat(
  { sockets, settings }: RoomDeps,
  session: ChatSession,
  kind: "socket" | "events",
  close: OpenSocket["close"],
): () => void {
  const owner = `${kind}:${session.id}`;
  if (sockets.countFor(owner) < settings.limits.socketsPerSession) return sockets.add({ owner, close });
  throw new AppError("RATE_LIMITED", "This chat is open in too many tabs. Close some.", {
    retryAfterMs: 10_000,
  });
}
