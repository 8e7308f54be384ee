/** Durable background work: who may work when. What the work is, is said by the register that it is given. */
import type { Deps } from "../../deps.ts";
import type { JobHandlers, JobLane } from "../../domain/job.ts";
import { startLane } from "./lane.ts";

export type QueueDeps = Pick<Deps, "store" | "now" | "live" | "log">;

export type JobQueue = {
  /** There may be work now. */
  wake(): void;
  /** Takes no more jobs, ends the running ones and resolves when they have ended. */
  stop(): Promise<void>;
};

/**
 * Works through the durable jobs, one at a time in each lane, until stopped. At start every job left running by a
 * process that died is queued again, and handlers queue what was left undone.
 */
export async function startQueue<D extends QueueDeps>(deps: D, handlers: JobHandlers<D>): Promise<JobQueue> {
  await deps.store.jobs.releaseAll(deps.now());
  for (const handler of Object.values(handlers)) await handler.atStart?.(deps);
  await warnOfUnknownKinds(deps, handlers);
  const stopping = new AbortController();
  // What ended in one lane may have queued work for another.
  const lanes = [...byLane(handlers).values()].map((kinds) => startLane(deps, kinds, stopping.signal, wake));

  function wake(): void {
    for (const lane of lanes) lane.wake();
  }

  return {
    wake,
    async stop() {
      stopping.abort();
      await Promise.all(lanes.map(({ finished }) => finished));
    },
  };
}

function byLane<D>(handlers: JobHandlers<D>): Map<JobLane, JobHandlers<D>> {
  const lanes = new Map<JobLane, JobHandlers<D>>();
  for (const [kind, handler] of Object.entries(handlers))
    lanes.set(handler.lane, { ...lanes.get(handler.lane), [kind]: handler });
  return lanes;
}

/** Jobs that a newer Parley queued stay for the day when it runs again: no lane claims them. */
async function warnOfUnknownKinds<D extends QueueDeps>(deps: D, handlers: JobHandlers<D>): Promise<void> {
  const unknown = (await deps.store.jobs.waitingKinds()).filter((kind) => !(kind in handlers));
  if (unknown.length > 0) deps.log.warn("jobs-of-unknown-kinds-wait", { kinds: unknown });
}
