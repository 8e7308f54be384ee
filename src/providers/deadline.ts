import type { AppError } from "../errors.ts";
import type { Clock } from "./clock.ts";

/**
 * The work's result, or what `tooSlow` makes once `ms` have passed; the work is told to end and not waited for.
 * @throws the signal's reason, at once, when it is aborted
 */
export async function withDeadline<Result>(
  clock: Clock,
  ms: number,
  tooSlow: () => AppError,
  signal: AbortSignal,
  work: (limited: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const end = (reason: unknown) => {
    controller.abort(reason);
    reject(reason);
  };
  const follow = () => end(signal.reason);
  if (signal.aborted) throw signal.reason;
  signal.addEventListener("abort", follow, { once: true });
  const cancel = clock.after(ms, () => end(tooSlow()));
  try {
    return await Promise.race([work(controller.signal), ended]);
  } finally {
    cancel();
    signal.removeEventListener("abort", follow);
  }
}
