/** One job: run under a lease that lasts as long as the work, and recorded with how it ended. */
import type { Job, JobHandler, JobHandlers } from "../../domain/job.ts";
import { isStorageCode } from "../../domain/storage.ts";
import { toAppError } from "../../errors.ts";
import type { JobChanges } from "../../store/store.ts";
import type { Alarm } from "./alarm.ts";
import type { QueueDeps } from "./queue.ts";

/** A job whose worker has not renewed its lease by then belongs to nobody. */
export const LEASE_MS = 60_000;
/** When the database or the disk refused. */
export const ASK_AGAIN_AFTER_MS = 2_000;
/** So long may a job go on while another one that is as urgent waits. */
const TURN_MS = 10_000;

const DONE = { state: "done", progress: 1, stage: null, errorCode: null, errorMessage: null } as const;

/** Where and until when jobs are run: the handlers are those of one lane. */
export type Workplace<D> = { handlers: JobHandlers<D>; stopping: AbortSignal; alarm: Alarm };

/** Runs a job that was claimed and records how it ended. */
export async function runJob<D extends QueueDeps>(deps: D, at: Workplace<D>, job: Job): Promise<void> {
  const endLease = keepLease(deps, job);
  try {
    await record(deps, at, job, await work(deps, at, job));
  } finally {
    endLease();
  }
  deps.live.publish({ type: "job", tenantId: job.tenantId, jobId: job.id });
}

/** What the job is afterwards. Throws nothing on account of the handler. */
async function work<D extends QueueDeps>(deps: D, at: Workplace<D>, job: Job): Promise<JobChanges> {
  const handler = at.handlers[job.kind];
  if (handler === undefined) throw new Error(`No handler of this lane is for ${job.kind}.`);
  try {
    const end = await handler.run(deps, job, at.stopping, turnOf(deps, at.handlers, handler));
    if (end === "again") return { state: "queued", attempts: 0, runAt: deps.now() };
    const { everyMs } = handler;
    return everyMs === undefined ? DONE : { state: "queued", attempts: 0, runAt: deps.now() + everyMs };
  } catch (thrown) {
    // Being stopped is no failed attempt.
    if (at.stopping.aborted) return { state: "queued", attempts: job.attempts - 1 };
    return await afterFailure(deps, handler, job, thrown);
  }
}

async function afterFailure<D extends QueueDeps>(
  deps: D,
  handler: JobHandler<D>,
  job: Job,
  thrown: unknown,
): Promise<JobChanges> {
  const error = toAppError(thrown);
  const { code, message, cause } = error;
  if (isStorageCode(code)) {
    // A full or sick disk is nobody's fault: every kind of work waits until it is well. What was begun stays begun.
    if (code !== "STORAGE_FULL")
      deps.log.warn("job-waits-for-disk", { jobId: job.id, kind: job.kind, message, cause });
    return waiting(deps, Math.max(1, job.attempts - 1));
  }
  const runAt = handler.retryAt(code, job.attempts, deps.now());
  if (runAt !== null) {
    deps.log.warn("job-will-retry", { jobId: job.id, kind: job.kind, code, attempts: job.attempts, cause });
    return { state: "queued", runAt };
  }
  if (code === "INTERNAL") deps.log.error("job-failed", { jobId: job.id, kind: job.kind, cause });
  try {
    await handler.failed?.(deps, job, error);
  } catch (untold) {
    // Who waits for it would wait for ever: the next attempt tells them.
    deps.log.error("job-failure-not-told", { jobId: job.id, kind: job.kind, cause: untold });
    return waiting(deps, job.attempts);
  }
  return { state: "failed", errorCode: code, errorMessage: message };
}

function waiting({ now }: QueueDeps, attempts: number): JobChanges {
  return { state: "queued", attempts, runAt: now() + ASK_AGAIN_AFTER_MS };
}

/** As often as it takes: a job that is left running would be nobody's until its lease ends. */
async function record<D extends QueueDeps>(
  deps: D,
  { stopping, alarm }: Workplace<D>,
  job: Job,
  changes: JobChanges,
): Promise<void> {
  for (;;) {
    try {
      await deps.store.jobs.updateRunning(job.id, { ...changes, updatedAt: deps.now() });
      return;
    } catch (cause) {
      deps.log.error("job-not-recorded", { jobId: job.id, kind: job.kind, cause });
      // The next start queues it again.
      if (stopping.aborted) return;
      await alarm.sleep(ASK_AGAIN_AFTER_MS);
    }
  }
}

/** Renews the lease while the work goes on, however long that is. */
function keepLease({ store, now, log }: QueueDeps, job: Job): () => void {
  const timer = setInterval(() => {
    store.jobs.updateRunning(job.id, { leaseUntil: now() + LEASE_MS }).catch((cause) => {
      // There is time for two more tries, and what the lease is for shows when the job is recorded.
      log.warn("lease-not-renewed", { jobId: job.id, kind: job.kind, cause });
    });
  }, LEASE_MS / 3);
  return () => clearInterval(timer);
}

/** What is more urgent comes at once, what is as urgent after a while, and the rest when all this is done. */
function turnOf<D extends QueueDeps>(
  { store, now }: D,
  handlers: JobHandlers<D>,
  { priority }: JobHandler<D>,
): () => Promise<boolean> {
  const kindsWhere = (holds: (other: JobHandler<D>) => boolean) =>
    Object.entries(handlers).flatMap(([kind, other]) => (holds(other) ? [kind] : []));
  const urgent = kindsWhere((other) => other.priority < priority);
  const asUrgent = kindsWhere((other) => other.priority <= priority);
  const began = now();
  return async () => {
    const time = now();
    // A clock that was set back says nothing of how long the turn was.
    const isLong = time < began || time - began >= TURN_MS;
    return store.jobs.isDue(isLong ? asUrgent : urgent, time);
  };
}
