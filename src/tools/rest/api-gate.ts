/** At most a few calls at once of one tenant to one API, and none for a while to one that is not there. */
import { type Breaker, createBreaker, REST_MS } from "../../domain/breaker.ts";
import type { TenantId } from "../../domain/ids.ts";
import { AppError } from "../../errors.ts";

export type ApiGate = {
  /**
   * @throws AppError TOOL_UNAVAILABLE at once for an API that was not there a moment ago; the reason of `signal` while it
   *   waits; what `call` throws
   */
  pass<Result>(
    tenantId: TenantId,
    host: string,
    signal: AbortSignal,
    call: () => Promise<Result>,
  ): Promise<Result>;
};

const CALLS_AT_ONCE = 4;

type Door = { breaker: Breaker; inside: number; waiting: (() => void)[] };

export function createApiGate(monotonicNow: () => number): ApiGate {
  const doors = new Map<string, Door>();

  function doorOf(key: string, host: string): Door {
    const known = doors.get(key);
    if (known) return known;
    const door = { breaker: createBreaker(monotonicNow, () => resting(host)), inside: 0, waiting: [] };
    doors.set(key, door);
    return door;
  }

  return {
    async pass(tenantId, host, signal, call) {
      const key = `${tenantId} ${host}`;
      const door = doorOf(key, host);
      await enter(door, signal);
      try {
        return await door.breaker.guarded(call);
      } finally {
        leave(door);
        if (door.inside === 0 && door.breaker.isClosed()) doors.delete(key);
      }
    },
  };
}

async function enter(door: Door, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (door.inside < CALLS_AT_ONCE) {
    door.inside += 1;
    return;
  }
  // Whoever leaves hands the place over, so nobody gets in between.
  await new Promise<void>((resolve, reject) => {
    const wake = () => {
      signal.removeEventListener("abort", onAbort);
      resolve();
    };
    const onAbort = () => {
      door.waiting.splice(door.waiting.indexOf(wake), 1);
      reject(signal.reason);
    };
    door.waiting.push(wake);
    signal.addEventListener("abort", onAbort, { once: true });
  });
}

function leave(door: Door): void {
  const next = door.waiting.shift();
  if (next) next();
  else door.inside -= 1;
}

function resting(host: string): AppError {
  return new AppError(
    "TOOL_UNAVAILABLE",
    `${host} could not be reached a moment ago. Try again in a few seconds.`,
    { retryAfterMs: REST_MS },
  );
}
