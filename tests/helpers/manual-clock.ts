import type { Clock } from "../../src/providers/clock.ts";

export type ManualClock = Clock & {
  /** Moves time on and runs what falls due, in order. */
  advance(ms: number): void;
  /** Resolves once something waits for exactly `ms`; returns at once when it already does. */
  waitFor(ms: number): Promise<void>;
};

/**
 * Time that passes only when a test says so.
 *
 * @param skipBelowMs waits shorter than this are over at once, as if the test had moved time on
 */
export function manualClock({ random = 0, skipBelowMs = 0 } = {}): ManualClock {
  let now = 0;
  let timers: { at: number; ms: number; run: () => void }[] = [];
  let waiting: { ms: number; resolve: () => void }[] = [];

  return {
    monotonicMs: () => now,
    random: () => random,
    after(ms, run) {
      if (ms < skipBelowMs) {
        now += ms;
        queueMicrotask(run);
        return () => {};
      }
      const timer = { at: now + ms, ms, run };
      timers.push(timer);
      for (const waiter of waiting.filter((candidate) => candidate.ms === ms)) waiter.resolve();
      waiting = waiting.filter((candidate) => candidate.ms !== ms);
      return () => {
        timers = timers.filter((candidate) => candidate !== timer);
      };
    },
    advance(ms) {
      now += ms;
      const due = timers.filter(({ at }) => at <= now).sort((left, right) => left.at - right.at);
      timers = timers.filter(({ at }) => at > now);
      for (const { run } of due) run();
    },
    waitFor(ms) {
      if (timers.some((timer) => timer.ms === ms)) return Promise.resolve();
      return new Promise((resolve) => waiting.push({ ms, resolve }));
    },
  };
}
