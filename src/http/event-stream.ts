import type { SSEStreamingApi } from "hono/streaming";
import type { ServerFrame } from "../protocol/chat-protocol.ts";
import type { AppContext } from "./env.ts";
import { WaitingLimit } from "./waiting-limit.ts";

/** Bun closes a connection that is quiet for 10 s. */
const HEARTBEAT_MS = 5_000;

/** Whether the caller reads server-sent events instead of one JSON answer. */
export function wantsEventStream(c: AppContext): boolean {
  return c.req.header("accept")?.includes("text/event-stream") ?? false;
}

export type FrameWriter = EventWriter<ServerFrame>;
export type EventWriter<Event> = ReturnType<typeof eventWriter<Event>>;

/** The frames of the socket. */
export function frameWriter(): FrameWriter {
  const encode = (frame: ServerFrame) => `event: ${frame.type}\ndata: ${JSON.stringify(frame)}\n\n`;
  return eventWriter(encode, encode({ type: "pong" }));
}

/**
 * Events as server-sent events, in order, with heartbeats while it is quiet. The stream ends early for a client that
 * does not read: what is left it can fetch by the number of the last frame that arrived.
 *
 * @param beat what is sent while it is quiet, whole
 */
export function eventWriter<Event>(encode: (event: Event) => string, beat: string) {
  const waiting: string[] = [];
  const closing = Promise.withResolvers<null>();
  const limit = new WaitingLimit();
  let sse: SSEStreamingApi | null = null;
  let written = Promise.resolve();
  let waitingBytes = 0;
  let isCut = false;
  let heartbeat: ReturnType<typeof setInterval> | undefined;

  function write(text: string): void {
    if (isCut) return;
    if (!sse) waiting.push(text);
    else if (limit.allows(waitingBytes)) enqueue(sse, text);
    else cut(sse);
  }

  function enqueue(stream: SSEStreamingApi, text: string): void {
    waitingBytes += text.length;
    written = written.then(async () => {
      if (!isCut) await stream.write(text);
      waitingBytes -= text.length;
    });
  }

  function cut(stream: SSEStreamingApi): void {
    isCut = true;
    closing.resolve(null);
    stream.abort();
  }

  return {
    write: (event: Event) => write(encode(event)),
    writeFirst: (...first: Event[]) => waiting.unshift(...first.map(encode)),
    /** Resolves with null when the client is gone, does not read, or the stream is to end. */
    closed: closing.promise,
    /** What was written is still sent. */
    close: () => closing.resolve(null),
    attach(attached: SSEStreamingApi) {
      sse = attached;
      sse.onAbort(() => closing.resolve(null));
      heartbeat = setInterval(() => write(beat), HEARTBEAT_MS);
      limit.begin();
      for (const text of waiting.splice(0)) write(text);
    },
    /** What was written so far is what a stream begins with, and as long as it is. */
    begun: () => limit.begun(waitingBytes),
    async finish() {
      clearInterval(heartbeat);
      await written;
    },
  };
}
