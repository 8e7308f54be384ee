import { isSessionGone } from "../api.ts";
import { parseFrame } from "./frame.ts";
import { postFrame } from "./post.ts";
import type { LinkEnd, LinkOptions, Transport } from "./transport.ts";

/** The server sends a heartbeat more often than this; silence means that the stream is dead. */
const SILENCE_MS = 45_000;

/** Server-sent events, read with fetch because EventSource cannot carry the token. */
export const eventsTransport: Transport = { name: "events", connect };

function connect(options: LinkOptions) {
  const closed = new AbortController();
  const end = (reason: LinkEnd) => {
    if (closed.signal.aborted) return;
    closed.abort();
    options.onEnd(reason);
  };
  const guarded = { ...options, onEnd: end };
  read(guarded, closed).then(
    () => end("lost"),
    (thrown) => end(isSessionGone(thrown) ? "refused" : "lost"),
  );
  return {
    send: (frame: Parameters<typeof postFrame>[1]) => void postFrame(guarded, frame),
    close: () => closed.abort(),
  };
}

async function read(
  { api, credentials, after, onFrame }: LinkOptions,
  closed: AbortController,
): Promise<void> {
  const query = after === undefined ? "" : `?after=${after}`;
  const path = `api/chat/events/${encodeURIComponent(credentials.session)}${query}`;
  const answer = await api.get(path, credentials, closed.signal, "text/event-stream");
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  if (!reader) return;
  const parser = createEventParser((text) => {
    const frame = parseFrame(text);
    if (frame) onFrame(frame);
  });
  for (;;) {
    const silence = setTimeout(() => void reader.cancel(), SILENCE_MS);
    const { done, value } = await reader.read().finally(() => clearTimeout(silence));
    if (done || closed.signal.aborted) return;
    parser(value);
  }
}

/**
 * Collects text as it comes and hands over the `data` of each whole event.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
 */
export function createEventParser(onEvent: (text: string) => void): (chunk: string) => void {
  let rest = "";
  let lines: string[] = [];
  return (chunk) => {
    const parts = (rest + chunk).split(/\r\n|\n|\r(?!$)/);
    rest = parts.pop() ?? "";
    for (const line of parts) {
      if (line.startsWith("data:")) lines.push(line.slice(line[5] === " " ? 6 : 5));
      else if (line === "" && lines.length) {
        onEvent(lines.join("\n"));
        lines = [];
      }
    }
  };
}
