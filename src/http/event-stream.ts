import type { SSEStreamingApi } from "hono/streaming";
import type { ServerFrame } from "../protocol/chat-protocol.ts";
import type { AppContext } from "./env.ts";

/** Bun closes a connection that is quiet for 10 s. */
const HEARTBEAT_MS = 5_000;

/** As of a socket, see bounded-sender.ts: what nobody reads is held in memory. */
const MOST_UNREAD_BYTES = 256 * 1024;

/** Whether the caller reads server-sent events instead of one JSON answer. */
export function wantsEventStream(c: AppContext): boolean {
  return c.req.header("accept")?.includes("text/event-stream") ?? false;
}

/** Frames as server-sent events, in order, with heartbeats while it is quiet. */
export function frameWriter() {
  const waiting: ServerFrame[] = [];
  const closing = Promise.withResolvers<null>();
  let sse: SSEStreamingApi | null = null;
  let written = Promise.resolve();
  let heartbeat: ReturnType<typeof setInterval> | undefined;
  let unreadBytes = 0;

  function write(frame: ServerFrame): void {
    if (!sse) waiting.push(frame);
    else if (!sse.aborted) send(sse, frame);
  }

  function send(stream: SSEStreamingApi, frame: ServerFrame): void {
    const data = JSON.stringify(frame);
    unreadBytes += data.length;
    written = written
      .then(() => stream.writeSSE({ event: frame.type, data }))
      .finally(() => {
        unreadBytes -= data.length;
      });
    // Whoever comes back with the number of the last event gets the rest.
    if (unreadBytes > MOST_UNREAD_BYTES) stream.abort();
  }

  return {
    write,
    writeFirst: (...first: ServerFrame[]) => waiting.unshift(...first),
    /** Resolves with null when the client is gone. */
    closed: closing.promise,
    attach(attached: SSEStreamingApi) {
      sse = attached;
      sse.onAbort(() => closing.resolve(null));
      heartbeat = setInterval(() => write({ type: "pong" }), HEARTBEAT_MS);
      for (const frame of waiting.splice(0)) write(frame);
    },
    async finish() {
      clearInterval(heartbeat);
      // What is written to somebody who is gone never ends.
      await Promise.race([written, closing.promise]);
    },
  };
}
