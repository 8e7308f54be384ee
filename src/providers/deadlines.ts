import { AppError } from "../errors.ts";
import type { ChatAdapter } from "./adapter.ts";
import type { Clock } from "./clock.ts";
import type { ChatProvider } from "./provider.ts";

export type Deadlines = { firstPartMs: number; betweenPartsMs: number; totalMs: number };

/** A person waits half a minute for a sign of life, and two minutes for an answer. */
export const DEADLINES: Deadlines = { firstPartMs: 30_000, betweenPartsMs: 30_000, totalMs: 120_000 };

/**
 * Ends an upstream call that takes too long, with PROVIDER_TIMEOUT. Time that the reader takes between
 * parts counts towards the total only. Leaving the stream early ends the call too.
 */
export function withDeadlines(adapter: ChatAdapter, clock: Clock, deadlines = DEADLINES): ChatProvider {
  return {
    name: adapter.name,
    async *streamChat(request, signal) {
      const watch = startWatch(adapter.host, clock, signal);
      try {
        watch.limit("total", deadlines.totalMs);
        watch.limit("silence", deadlines.firstPartMs);
        for await (const part of adapter.streamChat(request, watch.signal)) {
          watch.clear("silence");
          if (part.type !== "working") yield part;
          watch.limit("silence", deadlines.betweenPartsMs);
        }
      } finally {
        watch.stop();
      }
    },
    async listModels(signal) {
      const watch = startWatch(adapter.host, clock, signal);
      try {
        watch.limit("total", deadlines.firstPartMs);
        return await adapter.listModels(watch.signal);
      } finally {
        watch.stop();
      }
    },
  };
}

type Limit = "total" | "silence";

function startWatch(host: string, clock: Clock, signal: AbortSignal) {
  const controller = new AbortController();
  const cancels = new Map<Limit, () => void>();
  const follow = () => controller.abort(signal.reason);
  if (signal.aborted) follow();
  signal.addEventListener("abort", follow, { once: true });

  const clear = (limit: Limit) => cancels.get(limit)?.();
  return {
    signal: controller.signal,
    clear,
    limit(limit: Limit, ms: number) {
      clear(limit);
      cancels.set(
        limit,
        clock.after(ms, () => controller.abort(timeout(host, ms))),
      );
    },
    stop() {
      for (const cancel of cancels.values()) cancel();
      signal.removeEventListener("abort", follow);
      controller.abort(new DOMException("The stream was left.", "AbortError"));
    },
  };
}

function timeout(host: string, ms: number): AppError {
  return new AppError(
    "PROVIDER_TIMEOUT",
    `${host} took longer than ${Math.round(ms / 1000)} seconds. Try again; if it stays slow, choose a smaller model.`,
  );
}
