/** Terms made anew in the background, after an upgrade to a Parley that makes others of the same text. */
import type { Deps } from "../../deps.ts";
import type { TenantId } from "../../domain/ids.ts";
import { type Job, type JobHandler, MAX_ATTEMPTS, newJob, retryFewTimes } from "../../domain/job.ts";
import { AppError } from "../../errors.ts";
import { ANALYSIS_VERSION, analyzeChunk } from "../../rag/text.ts";
import type { OutdatedChunk, ReanalysedChunk } from "../../store/store.ts";

export const REANALYSE = "reanalyse";

export type ReanalysisDeps = Pick<Deps, "store" | "now" | "live">;

/** Read, analysed and written together: about 100 ms, after which whatever is due comes first. */
const CHUNKS_AT_ONCE = 64;

export const reanalysis: JobHandler<ReanalysisDeps> = {
  // Behind documents: until then passages are found by their former terms.
  priority: 1,
  shown: false,
  lane: "reading",
  atStart: queueReanalysis,

  async run(deps, job, signal, isTurnOver) {
    if (job.attempts > MAX_ATTEMPTS) throw stoppedTooOften();
    return reanalyse(deps, job, signal, isTurnOver);
  },

  retryAt: retryFewTimes,
};

/** At start: queues the work for each tenant whose terms are of another analysis than this Parley's. */
async function queueReanalysis({ store, now }: ReanalysisDeps): Promise<void> {
  for (const tenantId of await store.indexUpkeep.outdatedTenants(ANALYSIS_VERSION))
    await store.jobs.createUnlessQueued(newJob(now(), tenantId, REANALYSE, tenantId));
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

/** Makes terms anew until all are, or others have their turn. Stopping loses one batch. */
async function reanalyse(
  deps: ReanalysisDeps,
  job: Job,
  signal: AbortSignal,
  isTurnOver: () => Promise<boolean>,
): Promise<"done" | "again"> {
  const { tenantId } = job;
  const { chunks, outdated } = await deps.store.indexUpkeep.outdatedCount(tenantId, ANALYSIS_VERSION);
  for (let done = chunks - outdated; ; ) {
    if (signal.aborted) return "again";
    const count = await reanalyseBatch(deps, tenantId, CHUNKS_AT_ONCE);
    if (count === 0) return "done";
    done += count;
    await report(deps, job, done, chunks);
    if (await isTurnOver()) return "again";
  }
}

function withTerms({ chunk, language, ...text }: OutdatedChunk): ReanalysedChunk {
  return { chunk, ...analyzeChunk({ ...text, documentLanguage: language }) };
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

function stoppedTooOften(): AppError {
  return new AppError(
    "DB_CORRUPT",
    "Parley stopped three times while it made the lexical index anew. Stop it and run: parley index rebuild",
  );
}
