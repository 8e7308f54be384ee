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
      const watch = startWatch(adapter.host, clock, signal, deadlines.totalMs);
      try {
        watch.wait(deadlines.firstPartMs);
        for await (const part of adapter.streamChat(request, watch.signal)) {
          watch.heard();
          if (part.type !== "working") yield part;
          watch.wait(deadlines.betweenPartsMs);
        }
      } finally {
        watch.stop();
      }
    },
    async listModels(signal) {
      const watch = startWatch(adapter.host, clock, signal, deadlines.firstPartMs);
      try {
        return await adapter.listModels(watch.signal);
      } finally {
        watch.stop();
      }
    },
  };
}

type Watch = {
  signal: AbortSignal;
  /** From here on, the server is waited for. */
  wait(ms: number): void;
  /** It said something: the time until the next `wait` is the reader's. */
  heard(): void;
  stop(): void;
};

/**
 * The timer for silence is not set anew for each part, of which there may be twenty thousand a second: it looks, when
 * it is due, how long the silence is by then, and sleeps on for the rest.
 */
function startWatch(host: string, clock: Clock, signal: AbortSignal, totalMs: number): Watch {
  const controller = new AbortController();
  const follow = () => controller.abort(signal.reason);
  if (signal.aborted) follow();
  signal.addEventListener("abort", follow, { once: true });
  const cancelTotal = clock.after(totalMs, () => controller.abort(timeout(host, totalMs)));
  let waiting: { until: number; ms: number } | null = null;
  let timer: { dueAt: number; cancel: () => void } | null = null;

  function lookIn(ms: number, until: number): void {
    timer?.cancel();
    timer = { dueAt: until, cancel: clock.after(ms, look) };
  }

  function look(): void {
    timer = null;
    if (waiting === null) return;
    const leftMs = waiting.until - clock.monotonicMs();
    if (leftMs > 0) lookIn(leftMs, waiting.until);
    else controller.abort(timeout(host, waiting.ms));
  }

  return {
    signal: controller.signal,
    wait(ms) {
      waiting = { until: clock.monotonicMs() + ms, ms };
      if (timer === null || timer.dueAt > waiting.until) lookIn(ms, waiting.until);
    },
    heard() {
      waiting = null;
    },
    stop() {
      cancelTotal();
      timer?.cancel();
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
