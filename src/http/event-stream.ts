import type { SSEStreamingApi } from "hono/streaming";
import type { ServerFrame } from "../protocol/chat-protocol.ts";
import type { AppContext } from "./env.ts";

/** Bun closes a connection that is quiet for 10 s. */
const HEARTBEAT_MS = 5_000;

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

  function write(frame: ServerFrame): void {
    if (!sse) waiting.push(frame);
    else written = written.then(() => sse?.writeSSE({ event: frame.type, data: JSON.stringify(frame) }));
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
      await written;
    },
  };
}
