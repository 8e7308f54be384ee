/** Terms made anew in the background, after an upgrade to a Parley that makes others of the same text. */
import type { Deps } from "../../deps.ts";
import type { TenantId } from "../../domain/ids.ts";
import type { Job } from "../../domain/job.ts";
import { newJob } from "../../domain/job.ts";
import { ANALYSIS_VERSION, analyzeChunk } from "../../rag/text.ts";
import type { OutdatedChunk, ReanalysedChunk } from "../../store/store.ts";

export type ReanalysisDeps = Pick<Deps, "store" | "now" | "live">;

/** Read, analysed and written together: about 100 ms, after which whatever is due comes first. */
const CHUNKS_AT_ONCE = 64;
/** Well within a job's lease. */
const SLICE_MS = 60_000;

/** At start: queues the work for each tenant whose terms are of another analysis than this Parley's. */
export async function queueReanalysis(deps: ReanalysisDeps): Promise<void> {
  for (const tenantId of await deps.store.indexUpkeep.outdatedTenants(ANALYSIS_VERSION)) {
    const latest = await deps.store.jobs.findLatest("reanalyse", tenantId);
    if (latest?.state === "queued" || latest?.state === "running") continue;
    await deps.store.jobs.create(newJob(deps.now(), tenantId, "reanalyse", tenantId));
  }
}

/**
 * The job: makes terms anew for a while or until something else is to be done, and queues itself again unless all
 * are done. Stopping loses one batch.
 */
export async function reanalyse(deps: ReanalysisDeps, job: Job, signal: AbortSignal): Promise<void> {
  const isComplete = await reanalyseForAWhile(deps, job, signal);
  const state = isComplete
    ? ({ state: "done", progress: 1, stage: null } as const)
    : // Having made way for others is no failed attempt.
      ({ state: "queued", attempts: 0, runAt: deps.now() } as const);
  await deps.store.jobs.update(job.id, { ...state, updatedAt: deps.now() });
}

/** The next batch of the tenant, with its new terms. How many chunks it had. */
export async function reanalyseBatch(
  { store }: Pick<Deps, "store">,
  tenantId: TenantId,
  limit: number,
): Promise<number> {
  const chunks = await store.indexUpkeep.outdatedChunks(tenantId, ANALYSIS_VERSION, limit);
  const reanalysed: ReanalysedChunk[] = [];
  for (const chunk of chunks) {
    reanalysed.push(withTerms(chunk));
    // About a millisecond each, and answers are streaming meanwhile.
    await new Promise((resolve) => setImmediate(resolve));
  }
  await store.indexUpkeep.replaceTerms(tenantId, ANALYSIS_VERSION, reanalysed);
  return chunks.length;
}

async function reanalyseForAWhile(deps: ReanalysisDeps, job: Job, signal: AbortSignal): Promise<boolean> {
  const { tenantId } = job;
  const { chunks, outdated } = await deps.store.indexUpkeep.outdatedCount(tenantId, ANALYSIS_VERSION);
  const until = deps.now() + SLICE_MS;
  for (let done = chunks - outdated; ; ) {
    if (signal.aborted) return false;
    const count = await reanalyseBatch(deps, tenantId, CHUNKS_AT_ONCE);
    if (count === 0) return true;
    done += count;
    await report(deps, job, done, chunks);
    if (deps.now() >= until || (await isSomethingDue(deps))) return false;
  }
}

function withTerms({ chunk, ...text }: OutdatedChunk): ReanalysedChunk {
  return { chunk, ...analyzeChunk(text) };
}

async function isSomethingDue({ store, now }: ReanalysisDeps): Promise<boolean> {
  const due = await store.jobs.nextDueAt();
  return due !== null && due <= now();
}

async function report(deps: ReanalysisDeps, job: Job, done: number, chunks: number): Promise<void> {
  await deps.store.jobs.update(job.id, {
    // Progress at all makes this no job that fails again and again.
    attempts: 1,
    progress: chunks === 0 ? 1 : Math.min(1, done / chunks),
    stage: `Bringing the index up to date: ${done} of ${chunks} passages`,
    updatedAt: deps.now(),
  });
  deps.live.publish({ type: "job", tenantId: job.tenantId, jobId: job.id });
}
