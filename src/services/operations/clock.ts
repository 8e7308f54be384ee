/**
 * The time of day, for everything that lasts beyond the process: sessions, throttles, jobs. Clocks of machines are set,
 * by a day or by ten years, and put right again. Nobody may be signed out, locked out or kept waiting for that.
 *
 * So a clock that is set moves what is running along with it: what had ten minutes to go still has ten minutes to go.
 * Until that is written down, time goes on as if nothing had happened. A machine that slept was not set: its time has
 * passed.
 */
import type { Deps } from "../../deps.ts";

export type ClockSources = {
  /** What the machine says, in Unix milliseconds. */
  wall: () => number;
  /** Milliseconds that never go back; they stand still while the machine sleeps. */
  monotonic: () => number;
  /** Seconds since the machine was started, its sleep included. */
  uptime: () => number;
};

export type SteadyClock = {
  now: () => number;
  /** Looks whether the clock was set, and moves along what is running. */
  look(deps: Pick<Deps, "store" | "log">): Promise<void>;
};

/** Clocks that are kept in step with others run faster or slower, never that much between two looks. */
const SET_MS = 5_000;

export function createSteadyClock({ wall, monotonic, uptime }: ClockSources): SteadyClock {
  let ahead = wall() - monotonic();
  let asleep = uptime() * 1000 - monotonic();
  const now = () => Math.round(monotonic() + ahead);

  return {
    now,
    async look({ store, log }) {
      const sleptMs = uptime() * 1000 - monotonic() - asleep;
      const drift = wall() - now();
      const isSet = Math.abs(drift) >= SET_MS && Math.abs(drift - sleptMs) >= SET_MS;
      if (isSet) {
        await store.clock.move(now(), now() + Math.round(drift));
        log.warn("clock-was-set", { byMs: Math.round(drift) });
      }
      ahead += drift;
      asleep += sleptMs;
    },
  };
}

const LOOK_EVERY_MS = 1_000;
const LOOKS_BETWEEN_SETTLING = 60;

/**
 * Looks every second until stopped. What another run of Parley wrote under another clock cannot be moved along; it is
 * brought back to now at start and each minute, where it lies ahead.
 */
export async function watchClock(
  deps: Pick<Deps, "store" | "log"> & { clock: SteadyClock },
): Promise<{ stop(): void }> {
  await deps.store.clock.settle(deps.clock.now());
  let looks = 0;
  let isLooking = false;

  async function look(): Promise<void> {
    await deps.clock.look(deps);
    looks = (looks + 1) % LOOKS_BETWEEN_SETTLING;
    if (looks === 0) await deps.store.clock.settle(deps.clock.now());
  }

  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    look()
      // The next look moves what this one could not.
      .catch((cause) => deps.log.warn("clock-not-followed", { cause }))
      .finally(() => {
        isLooking = false;
      });
  }, LOOK_EVERY_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
