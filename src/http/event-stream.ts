import type { AppContext } from "./env.ts";

/** Whether the caller reads server-sent events instead of one JSON answer. */
export function wantsEventStream(c: AppContext): boolean {
  return c.req.header("accept")?.includes("text/event-stream") ?? false;
}
