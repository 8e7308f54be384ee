/**
 * Waits for `work` until `signal` is aborted or so much time has passed. `work` is told to stop then, by its own signal,
 * and nobody waits for it any longer.
 *
 * @throws the reason of `signal`, or what `late` makes
 */
export async function within<Value>(
  ms: number,
  signal: AbortSignal,
  late: () => Error,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  signal.throwIfAborted();
  const stop = new AbortController();
  const onAbort = () => stop.abort(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  const timer = setTimeout(() => stop.abort(late()), ms);
  try {
    return await Promise.race([work(stop.signal), rejectedWith(stop.signal)]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}

function rejectedWith(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
