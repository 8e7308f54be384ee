import type { JobHandlers } from "../../domain/job.ts";
import { createAlarm } from "./alarm.ts";
import type { QueueDeps } from "./queue.ts";
import { ASK_AGAIN_AFTER_MS, LEASE_MS, runJob } from "./run-job.ts";

export type Lane = {
  wake(): void;
  /** Resolves when the lane was stopped and its last job has ended. */
  finished: Promise<void>;
};

/** Timers longer than this are cut into pieces: a job due later is looked at again then. */
const LONGEST_SLEEP_MS = 60_000;

/**
 * Works through the jobs of these handlers' kinds, one after the other, until `stopping`.
 *
 * @param onEnded called after each job
 */
export function startLane<D extends QueueDeps>(
  deps: D,
  handlers: JobHandlers<D>,
  stopping: AbortSignal,
  onEnded: () => void,
): Lane {
  const { jobs } = deps.store;
  const kinds = Object.keys(handlers);
  const priorities = Object.fromEntries(
    Object.entries(handlers).map(([kind, { priority }]) => [kind, priority]),
  );
  const alarm = createAlarm();
  stopping.addEventListener("abort", alarm.wake);

  async function workUntilIdle(): Promise<void> {
    while (!stopping.aborted) {
      const job = await jobs.claim(deps.now(), LEASE_MS, priorities);
      if (job === null) return;
      await runJob(deps, { handlers, stopping, alarm }, job);
      onEnded();
    }
  }

  /** Until something is due, as far as that is known by now. */
  async function idleTime(): Promise<number> {
    const next = await jobs.nextDueAt(kinds);
    return next === null ? LONGEST_SLEEP_MS : Math.min(LONGEST_SLEEP_MS, Math.max(1, next - deps.now()));
  }

  /** A database that refuses to answer must not end the lane: it is asked again a little later. */
  async function workOn(): Promise<void> {
    while (!stopping.aborted) {
      try {
        await workUntilIdle();
        if (!stopping.aborted) await alarm.sleep(await idleTime());
      } catch (cause) {
        deps.log.error("queue-failed", { cause });
        if (!stopping.aborted) await alarm.sleep(ASK_AGAIN_AFTER_MS);
      }
    }
  }

  return { wake: alarm.wake, finished: workOn() };
}
