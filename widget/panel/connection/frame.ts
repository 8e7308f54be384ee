import type { ReadyFrame, ServerFrame } from "../../../src/protocol/chat-protocol.ts";

/** What polling makes of a history: nothing follows it, so it has to say that an answer is on its way. */
export type PolledReady = ReadyFrame & { running: string | null };
export type LinkFrame = ServerFrame | PolledReady;

/** A frame from Parley's own server; null for anything that is not even an object with a type. */
export function parseFrame(text: unknown): ServerFrame | null {
  if (typeof text !== "string") return null;
  try {
    const frame: unknown = JSON.parse(text);
    const isFrame = typeof frame === "object" && frame !== null && "type" in frame;
    return isFrame ? (frame as ServerFrame) : null;
  } catch {
    return null;
  }
}
