/** Time as the wrappers around providers need it. Tests drive it by hand. */
export type Clock = {
  /** Milliseconds since some moment; never goes back, whatever happens to the machine's clock. */
  monotonicMs: () => number;
  /** Calls `run` once after `ms`, unless the function it returns is called before. */
  after: (ms: number, run: () => void) => () => void;
  /** 0 to 1. */
  random: () => number;
};

export const systemClock: Clock = {
  monotonicMs: () => performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  random: Math.random,
};

/** Resolves after `ms`; throws the signal's reason when aborted before. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const stop = () => {
      cancel();
      reject(signal.reason);
    };
    const cancel = clock.after(ms, () => {
      signal.removeEventListener("abort", stop);
      resolve();
    });
    signal.addEventListener("abort", stop, { once: true });
  });
}
