import { ApiError, isSessionGone } from "../api.ts";
import type { LinkOptions, Outgoing } from "./transport.ts";

/**
 * Sends a frame as an HTTP call, for links that only listen. What the server refuses comes back as the
 * `error` frame that a socket would have brought; a call that never arrived ends the link, so that the
 * message is sent again over the next one.
 */
export async function postFrame(
  { api, credentials, onFrame, onEnd }: LinkOptions,
  frame: Outgoing,
): Promise<void> {
  const { type, ...body } = asCall(frame);
  try {
    await api.post(`api/chat/${type}`, credentials, body);
  } catch (thrown) {
    if (!(thrown instanceof ApiError)) throw thrown;
    const { status, code, message, retryAfterMs } = thrown;
    if (isSessionGone(thrown)) return onEnd("refused");
    if (status === 0) return onEnd("lost");
    onFrame({
      type: "error",
      code,
      message,
      retryable: status === 429 || status >= 500,
      ...("id" in body && { id: body.id }),
      ...(retryAfterMs !== null && { retryAfterMs }),
    });
  }
}

/** A look-up that was filled in is the visitor's next message, so it goes where messages go. */
function asCall(frame: Outgoing) {
  if (frame.type !== "lookup") return frame;
  const { tool, values, id, locale } = frame;
  return { type: "message", id, lookup: { tool, values }, ...(locale && { locale }) };
}
