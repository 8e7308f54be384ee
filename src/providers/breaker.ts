import { AppError, type ErrorCode } from "../errors.ts";
import type { Clock } from "./clock.ts";
import type { ChatProvider } from "./provider.ts";

/** Spares a server that is down, and the people who would wait for it. */
export interface Breaker {
  /** @throws AppError PROVIDER_UNAVAILABLE with retryAfterMs while the server is left alone */
  enter(): void;
  succeeded(): void;
  failed(): void;
  /** Neither: the caller left. */
  left(): void;
}

const FAILURES_TO_OPEN = 5;
const WINDOW_MS = 30_000;
/** Short, because an admin who has just repaired the server is waiting. */
const OPEN_MS = 15_000;

/** Failures that say that a server is down, and not that it refuses. */
export const OUTAGES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "PROVIDER_UNAVAILABLE",
  "PROVIDER_TIMEOUT",
]);

/**
 * Opens after five failures within 30 s; after 15 s lets one call try, which closes it or opens it again.
 *
 * @param onOpen for the log
 */
export function createBreaker(host: string, clock: Clock, onOpen: () => void = () => {}): Breaker {
  let failures: number[] = [];
  let openUntil: number | null = null;
  let isProbing = false;

  return {
    enter() {
      if (openUntil === null) return;
      const remainingMs = openUntil - clock.monotonicMs();
      if (remainingMs > 0 || isProbing) throw leftAlone(host, Math.max(1000, remainingMs));
      isProbing = true;
    },
    succeeded() {
      failures = [];
      openUntil = null;
      isProbing = false;
    },
    failed() {
      const now = clock.monotonicMs();
      failures = [...failures.filter((at) => now - at < WINDOW_MS), now].slice(-FAILURES_TO_OPEN);
      const opens = openUntil === null ? failures.length >= FAILURES_TO_OPEN : isProbing;
      isProbing = false;
      if (!opens) return;
      openUntil = now + OPEN_MS;
      onOpen();
    },
    left() {
      isProbing = false;
    },
  };
}

/** Puts a breaker around every call. Only outages count: a refused key says that the server is well. */
export function withBreaker(provider: ChatProvider, breaker: Breaker): ChatProvider {
  return {
    name: provider.name,
    async *streamChat(request, signal) {
      breaker.enter();
      let settle = breaker.left;
      try {
        yield* provider.streamChat(request, signal);
        settle = breaker.succeeded;
      } catch (thrown) {
        settle = outcomeOf(breaker, thrown, signal);
        throw thrown;
      } finally {
        settle();
      }
    },
    async listModels(signal) {
      breaker.enter();
      try {
        const models = await provider.listModels(signal);
        breaker.succeeded();
        return models;
      } catch (thrown) {
        outcomeOf(breaker, thrown, signal)();
        throw thrown;
      }
    },
  };
}

/** What a failed call means to the breaker, to be called. */
export function outcomeOf(breaker: Breaker, thrown: unknown, signal: AbortSignal): () => void {
  if (signal.aborted || !(thrown instanceof AppError)) return breaker.left;
  return OUTAGES.has(thrown.code) ? breaker.failed : breaker.succeeded;
}

function leftAlone(host: string, retryAfterMs: number): AppError {
  return new AppError(
    "PROVIDER_UNAVAILABLE",
    `${host} failed several times in a row, so Parley waits ${Math.ceil(retryAfterMs / 1000)} seconds before it tries again.`,
    { retryAfterMs },
  );
}
