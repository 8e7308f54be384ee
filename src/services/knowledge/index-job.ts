/** The job that adds what an embedding index lacks: all vectors come from here. */
import type { Deps } from "../../deps.ts";
import type { EmbeddingIndex } from "../../domain/embedding.ts";
import type { EmbeddingIndexId, TenantId } from "../../domain/ids.ts";
import { type Job, type JobHandler, MAX_ATTEMPTS, newJob, unlessGone } from "../../domain/job.ts";
import { AppError, type ErrorCode } from "../../errors.ts";
import { embeddedText } from "../../rag/embedded-text.ts";
import type { UnembeddedChunk } from "../../store/store.ts";
import { calibrateIndex } from "./calibration.ts";

export type IndexJobDeps = Pick<Deps, "store" | "embeddings" | "now" | "live">;

export const EMBED_INDEX = "embed-index";

/** Embedded and written together: a batch of the model's, and little to lose when the process dies. */
const CHUNKS_AT_ONCE = 32;
/** A model's server that restarts takes longer to come back than a file does. */
const RETRY_AFTER_MS = 20_000;
const PASSING_AT_A_PROVIDER: ReadonlySet<ErrorCode> = new Set([
  "PROVIDER_UNAVAILABLE",
  "PROVIDER_TIMEOUT",
  "PROVIDER_RATE_LIMITED",
  "OVERLOADED",
  "INTERNAL",
]);

export const indexFilling: JobHandler<IndexJobDeps> = {
  priority: 0,
  shown: false,
  lane: "vectors",
  atStart: resumeFilling,

  /** Embeds what an index lacks. Stopping loses one batch. @throws AppError what the model could not do */
  async run(deps, job, signal, isTurnOver) {
    if (job.attempts > MAX_ATTEMPTS) throw stoppedTooOften();
    return unlessGone(fill(deps, job, signal, isTurnOver), "done");
  },

  retryAt(code, attempts, now) {
    const isPassing = PASSING_AT_A_PROVIDER.has(code) && attempts < MAX_ATTEMPTS;
    return isPassing ? now + RETRY_AFTER_MS * attempts : null;
  },
};

/** The work of adding what an index lacks, whichever tenant's it is. */
export function fillingJob({ now }: Pick<Deps, "now">, tenantId: TenantId, indexId: EmbeddingIndexId): Job {
  return newJob(now(), tenantId, EMBED_INDEX, indexId);
}

/** What a new version of a document leaves to do: one job for each index that is in use or will be. */
export async function fillingJobs(deps: Pick<Deps, "store" | "now">, tenantId: TenantId): Promise<Job[]> {
  const indexes = await deps.store.embeddingIndexes.list();
  return indexes.flatMap(({ id, state }) => (state === "retired" ? [] : [fillingJob(deps, tenantId, id)]));
}

/** Queues the work of adding what an index lacks, unless it is queued already. */
export async function queueFilling(
  deps: Pick<Deps, "store" | "now" | "live">,
  tenantId: TenantId,
  indexId: EmbeddingIndexId,
): Promise<void> {
  const job = fillingJob(deps, tenantId, indexId);
  if (await deps.store.jobs.createUnlessQueued(job))
    deps.live.publish({ type: "job", tenantId, jobId: job.id });
}

/**
 * Indexes that were being built when the process died, before their job was written, are gone on with; those in use that
 * an older Parley made are measured.
 */
async function resumeFilling(deps: IndexJobDeps): Promise<void> {
  await deps.store.embeddingIndexes.sweep();
  const unfinished = (await deps.store.embeddingIndexes.list()).filter(
    ({ state, calibratedOn }) => state === "building" || (state === "active" && calibratedOn === null),
  );
  const [tenant] = unfinished.length === 0 ? [] : await deps.store.tenants.list();
  for (const { id, state } of unfinished) {
    const job = state === "building" ? await deps.store.jobs.findLatest(EMBED_INDEX, id) : null;
    if (tenant && job === null) await queueFilling(deps, tenant.id, id);
  }
}

async function fill(
  deps: IndexJobDeps,
  job: Job,
  signal: AbortSignal,
  isTurnOver: () => Promise<boolean>,
): Promise<"done" | "again"> {
  const index = await deps.store.embeddingIndexes.get(job.subject as EmbeddingIndexId);
  for (let after: string | null = null; ; ) {
    signal.throwIfAborted();
    const { items, next } = await deps.store.embeddingIndexes.chunksWithoutVector(
      index.id,
      after,
      CHUNKS_AT_ONCE,
    );
    if (items.length > 0) {
      await embedChunks(deps, index, items, signal);
      await report(deps, job, index);
    }
    if (next === null) break;
    after = next;
    // Looking on is quick, so it is never broken off: two jobs that make room for each other would not end.
    if (items.length === 0) await new Promise((resolve) => setImmediate(resolve));
    else if (await isTurnOver()) return "again";
  }
  // Before it is in use, so that no question is answered by cosines of which nobody knows what they mean.
  await calibrateIndex(deps, index, signal);
  await complete(deps, index.id);
  return "done";
}

async function embedChunks(
  deps: IndexJobDeps,
  index: EmbeddingIndex,
  chunks: readonly UnembeddedChunk[],
  signal: AbortSignal,
): Promise<void> {
  // Only now, so that a complete index starts no model.
  const provider = await deps.embeddings.open(index.model, index.dimension);
  const texts = chunks.map(({ title, headingPath, content }) => embeddedText(title, headingPath, content));
  const vectors = await provider.embed(texts, "passage", signal);
  await deps.store.embeddingIndexes.write(
    index.id,
    chunks.map(({ chunk }, place) => ({ chunk, vector: vectors[place] as Float32Array })),
  );
}

async function complete({ store, now }: IndexJobDeps, indexId: EmbeddingIndexId): Promise<void> {
  await store.embeddingIndexes.markReady(indexId);
  const { state } = await store.embeddingIndexes.get(indexId);
  // With none in use there is nothing to switch, so nobody has to be asked.
  if (state === "ready" && (await store.embeddingIndexes.findActive()) === null)
    await store.embeddingIndexes.activate(indexId, now());
}

async function report(deps: IndexJobDeps, job: Job, index: EmbeddingIndex): Promise<void> {
  const { chunks, embedded } = await deps.store.embeddingIndexes.coverage(index.id);
  await deps.store.jobs.update(job.id, {
    // Progress at all makes this no job that fails again and again.
    attempts: 1,
    progress: chunks === 0 ? 1 : embedded / chunks,
    stage: `Embedding with ${index.model.name}: ${embedded} of ${chunks} passages`,
    updatedAt: deps.now(),
  });
  deps.live.publish({ type: "job", tenantId: job.tenantId, jobId: job.id });
}

function stoppedTooOften(): AppError {
  return new AppError(
    "MODEL_NOT_AVAILABLE",
    "Parley stopped three times while it embedded with this model. Build the index again, or choose a smaller model.",
  );
}
