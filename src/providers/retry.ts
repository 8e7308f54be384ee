import { AppError, type ErrorCode } from "../errors.ts";
import { type Clock, pause } from "./clock.ts";
import type { ChatProvider } from "./provider.ts";

const MAX_RETRIES = 2;
/** From the first attempt to the start of the last one. */
const BUDGET_MS = 30_000;
const FIRST_DELAY_MS = 500;

const PASSING: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["PROVIDER_RATE_LIMITED", "PROVIDER_UNAVAILABLE"]);

/**
 * Tries again, at most twice, what may work a moment later. Only before the first part: what a visitor has
 * seen is never written twice and never billed twice.
 */
export function withRetries(provider: ChatProvider, clock: Clock): ChatProvider {
  return {
    name: provider.name,
    async *streamChat(request, signal) {
      const startedAt = clock.monotonicMs();
      for (let attempt = 0; ; attempt++) {
        let hasBegun = false;
        try {
          for await (const part of provider.streamChat(request, signal)) {
            hasBegun = true;
            yield part;
          }
          return;
        } catch (thrown) {
          const elapsedMs = clock.monotonicMs() - startedAt;
          const delayMs = hasBegun ? null : retryDelayMs(thrown, attempt, elapsedMs, clock.random());
          if (delayMs === null || signal.aborted) throw thrown;
          await pause(clock, delayMs, signal);
        }
      }
    },
    // An admin is looking at it and can press the button again.
    listModels: (signal) => provider.listModels(signal),
  };
}

/**
 * Milliseconds to wait before another attempt, or null to give up: 0.5 s, then 1 s, or what the server
 * asked for, each with up to half as much on top so that many do not come back at once.
 *
 * @param attempt how many retries there were
 * @param random 0 to 1
 */
export function retryDelayMs(
  thrown: unknown,
  attempt: number,
  elapsedMs: number,
  random: number,
): number | null {
  if (attempt >= MAX_RETRIES || !(thrown instanceof AppError) || !PASSING.has(thrown.code)) return null;
  const backoffMs = FIRST_DELAY_MS * 2 ** attempt;
  const delayMs = (thrown.retryAfterMs ?? backoffMs) + random * (backoffMs / 2);
  return elapsedMs + delayMs <= BUDGET_MS ? delayMs : null;
}
