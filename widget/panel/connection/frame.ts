import type { ServerFrame } from "../../../src/protocol/chat-protocol.ts";

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
