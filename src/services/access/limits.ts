import type { Deps } from "../../deps.ts";
import type { ChatSessionId } from "../../domain/ids.ts";
import { AppError } from "../../errors.ts";

export type Limits = {
  /**
   * Takes one of `perMinute` from the bucket `key`, which refills evenly.
   * @throws AppError RATE_LIMITED with retryAfterMs
   */
  take(key: string, perMinute: number, sentence: string): void;
};

export type LimitedChanges = {
  limits: Limits;
  settings: { limits: Pick<Deps["settings"]["limits"], "changesPerMinutePerSession"> };
};

/** What a visitor changes beside asking. @throws AppError RATE_LIMITED */
export function limitChanges({ limits, settings }: LimitedChanges, sessionId: ChatSessionId): void {
  const perMinute = settings.limits.changesPerMinutePerSession;
  limits.take(`change:${sessionId}`, perMinute, "That was quick.");
}

type Bucket = { tokens: number; at: number };

/** Buckets kept before the full ones are dropped: each is a visitor who was here in the last minute. */
const MAX_BUCKETS = 50_000;

/**
 * Token buckets in memory, on a clock that never goes back.
 * @param monotonicNow milliseconds
 */
export function createLimits(monotonicNow: () => number): Limits {
  const buckets = new Map<string, Bucket>();

  return {
    take(key, perMinute, sentence) {
      const now = monotonicNow();
      const bucket = buckets.get(key) ?? { tokens: perMinute, at: now };
      const tokens = Math.min(perMinute, bucket.tokens + ((now - bucket.at) / 60_000) * perMinute);
      if (tokens < 1) {
        const retryAfterMs = Math.ceil(((1 - tokens) / perMinute) * 60_000);
        throw new AppError("RATE_LIMITED", `${sentence} Try again in ${Math.ceil(retryAfterMs / 1000)} s.`, {
          retryAfterMs,
        });
      }
      if (buckets.size >= MAX_BUCKETS) dropIdle(buckets, now);
      buckets.set(key, { tokens: tokens - 1, at: now });
    },
  };
}

function dropIdle(buckets: Map<string, Bucket>, now: number): void {
  for (const [key, bucket] of buckets) if (now - bucket.at > 60_000) buckets.delete(key);
}
