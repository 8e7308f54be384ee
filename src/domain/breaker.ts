/** Leaves somebody alone for a while who is not there, so that nobody waits for them again and again. Pure. */
import { AppError } from "../errors.ts";

/** One may be a restart; two in a row are somebody who is away. */
const FAILURES = 2;
/** Then one call tries again, and decides for the others. */
export const REST_MS = 5_000;

export type Breaker = {
  /** @throws what `resting` makes while they are left alone; what `work` throws */
  guarded<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Goes through, and what it finds counts. */
  counted<Result>(work: () => Promise<Result>): Promise<Result>;
  isClosed(): boolean;
};

/** @param resting what others are told meanwhile */
export function createBreaker(monotonicNow: () => number, resting: () => AppError): Breaker {
  let failures = 0;
  let restsUntil = 0;

  async function guarded<Result>(work: () => Promise<Result>): Promise<Result> {
    if (monotonicNow() < restsUntil) throw resting();
    // Until this one is back, nobody else tries.
    if (failures >= FAILURES) restsUntil = monotonicNow() + REST_MS;
    return await counted(work);
  }

  async function counted<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      const result = await work();
      failures = 0;
      restsUntil = 0;
      return result;
    } catch (thrown) {
      const isAway = thrown instanceof AppError && thrown.code === "TOOL_UNAVAILABLE";
      failures = isAway ? failures + 1 : 0;
      restsUntil = failures >= FAILURES ? monotonicNow() + REST_MS : 0;
      throw thrown;
    }
  }

  return { guarded, counted, isClosed: () => failures === 0 };
}
