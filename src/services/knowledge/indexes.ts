/** Embedding indexes: built in the background, switched at once, kept for the way back. */
import type { Deps } from "../../deps.ts";
import type { EmbeddingIndex, EmbeddingModel } from "../../domain/embedding.ts";
import { type EmbeddingIndexId, newId, type TenantId } from "../../domain/ids.ts";
import type { Job } from "../../domain/job.ts";
import { newJob } from "../../domain/job.ts";
import { AppError } from "../../errors.ts";
import type { EmbeddingProvider } from "../../providers/provider.ts";
import { embeddedText } from "../../rag/embedded-text.ts";
import { KNOWN_PAIRS, similarityScale } from "../../rag/similarity.ts";
import type { UnembeddedChunk } from "../../store/store.ts";

export type IndexDeps = Pick<Deps, "store" | "embeddings" | "now" | "live" | "log">;
export type IndexChangeDeps = IndexDeps & { wakeQueue: () => void };

/** How far an index is, and what its last job ran into. */
export type IndexProgress = { chunks: number; embedded: number; job: Job | null };

/** Embedded and written together: a batch of the model's, and little to lose when the process dies. */
const CHUNKS_AT_ONCE = 32;
/** After this long the queue looks for documents that wait; well within a job's lease. */
const SLICE_MS = 60_000;

export async function indexProgress(
  { store }: Pick<Deps, "store">,
  index: EmbeddingIndex,
): Promise<IndexProgress> {
  const [coverage, job] = await Promise.all([
    store.embeddingIndexes.coverage(index.id),
    store.jobs.findLatest("embed-index", index.id),
  ]);
  return { ...coverage, job };
}

/**
 * Begins an index for a model, or goes on with the one that there is, after the model has shown that it works.
 * It is filled in the background and becomes active by itself only when none is.
 *
 * @param tenantId under whose name the work is queued
 * @throws AppError what the model could not do
 */
export async function buildIndex(
  deps: IndexChangeDeps,
  tenantId: TenantId,
  model: EmbeddingModel,
): Promise<EmbeddingIndex> {
  const provider = await deps.embeddings.open(model, null);
  const existing = (await deps.store.embeddingIndexes.list()).find((index) => isSame(index, model, provider));
  const index = existing ?? (await createIndex(deps, model, provider));
  if (existing) await keepKey(deps, existing, model);
  await queueFilling(deps, tenantId, index.id);
  deps.wakeQueue();
  return index;
}

/** Makes an index the one that questions are compared with; what it lacks is added in the background. */
export async function activateIndex(
  deps: IndexChangeDeps,
  tenantId: TenantId,
  indexId: EmbeddingIndexId,
): Promise<EmbeddingIndex> {
  const index = await deps.store.embeddingIndexes.get(indexId);
  // A model that does not answer would switch retrieval by meaning off.
  await deps.embeddings.open(index.model, index.dimension);
  await deps.store.embeddingIndexes.activate(indexId, deps.now());
  await queueFilling(deps, tenantId, indexId);
  deps.wakeQueue();
  return deps.store.embeddingIndexes.get(indexId);
}

/** Back to the index that was active before. @throws CONFLICT when there is none */
export async function rollBackIndex(deps: IndexChangeDeps, tenantId: TenantId): Promise<EmbeddingIndex> {
  const retired = (await deps.store.embeddingIndexes.list()).filter(({ state }) => state === "retired");
  const [former] = retired.sort((left, right) => (right.activatedAt ?? 0) - (left.activatedAt ?? 0));
  if (!former) throw new AppError("CONFLICT", "There is no index to go back to: none was active before.");
  return activateIndex(deps, tenantId, former.id);
}

/** Switches retrieval by meaning off, until an index is made active again. */
export async function retireIndex(deps: IndexDeps, indexId: EmbeddingIndexId): Promise<EmbeddingIndex> {
  await deps.store.embeddingIndexes.retire(indexId);
  const index = await deps.store.embeddingIndexes.get(indexId);
  deps.embeddings.release(index.model);
  return index;
}

/** Deletes an index and its vectors. @throws CONFLICT when it is active */
export async function removeIndex(deps: IndexDeps, indexId: EmbeddingIndexId): Promise<void> {
  const { model } = await deps.store.embeddingIndexes.get(indexId);
  await deps.store.embeddingIndexes.remove(indexId);
  deps.embeddings.release(model);
}

/** At start: indexes that were being built when the process died, between two jobs, are gone on with. */
export async function resumeBuilding(deps: Pick<Deps, "store" | "now" | "live">): Promise<void> {
  await deps.store.embeddingIndexes.sweep();
  const building = (await deps.store.embeddingIndexes.list()).filter(({ state }) => state === "building");
  const [tenant] = building.length === 0 ? [] : await deps.store.tenants.list();
  for (const { id } of building) {
    const job = await deps.store.jobs.findLatest("embed-index", id);
    if (tenant && job === null) await queueFilling(deps, tenant.id, id);
  }
}

/** Queues the work of adding what an index lacks, unless it is queued already. */
export async function queueFilling(
  deps: Pick<Deps, "store" | "now" | "live">,
  tenantId: TenantId,
  indexId: EmbeddingIndexId,
): Promise<void> {
  const latest = await deps.store.jobs.findLatest("embed-index", indexId);
  if (latest?.state === "queued" || latest?.state === "running") return;
  const job = newJob(deps.now(), tenantId, "embed-index", indexId);
  await deps.store.jobs.create(job);
  deps.live.publish({ type: "job", tenantId, jobId: job.id });
}

/**
 * The job: embeds what an index lacks, for a while or until something else is to be done, and queues itself again
 * unless it is finished. Stopping loses one batch.
 *
 * @throws AppError what the model could not do
 */
export async function fillIndex(deps: IndexDeps, job: Job, signal: AbortSignal): Promise<void> {
  const again = { state: "queued", attempts: 0, runAt: deps.now() } as const;
  try {
    const isComplete = await fillForAWhile(deps, job, signal);
    if (isComplete) await complete(deps, job);
    else await deps.store.jobs.update(job.id, { ...again, runAt: deps.now(), updatedAt: deps.now() });
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
    // Being stopped is no failed attempt.
    await deps.store.jobs.update(job.id, { ...again, updatedAt: deps.now() });
  }
}

async function fillForAWhile(deps: IndexDeps, job: Job, signal: AbortSignal): Promise<boolean> {
  const index = await deps.store.embeddingIndexes.get(job.subject as EmbeddingIndexId);
  const until = deps.now() + SLICE_MS;
  for (let after: string | null = null; ; ) {
    signal.throwIfAborted();
    const { items, next } = await deps.store.embeddingIndexes.chunksWithoutVector(
      index.id,
      after,
      CHUNKS_AT_ONCE,
    );
    if (next === null) return true;
    after = next;
    if (items.length === 0) {
      // Looking on is quick, so it is never broken off: two jobs that make room for each other would not end.
      await new Promise((resolve) => setImmediate(resolve));
      continue;
    }
    await embedChunks(deps, index, items, signal);
    await report(deps, job, index);
    if (deps.now() >= until || (await isSomethingDue(deps))) return false;
  }
}

async function embedChunks(
  deps: IndexDeps,
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

async function isSomethingDue({ store, now }: IndexDeps): Promise<boolean> {
  const due = await store.jobs.nextDueAt();
  return due !== null && due <= now();
}

async function complete(deps: IndexDeps, job: Job): Promise<void> {
  const indexId = job.subject as EmbeddingIndexId;
  await deps.store.embeddingIndexes.markReady(indexId);
  const { state } = await deps.store.embeddingIndexes.get(indexId);
  // With none in use there is nothing to switch, so nobody has to be asked.
  if (state === "ready" && (await deps.store.embeddingIndexes.findActive()) === null) {
    await deps.store.embeddingIndexes.activate(indexId, deps.now());
  }
  const done = { state: "done", progress: 1, stage: null, errorCode: null, errorMessage: null } as const;
  await deps.store.jobs.update(job.id, { ...done, updatedAt: deps.now() });
}

async function report(deps: IndexDeps, job: Job, index: EmbeddingIndex): Promise<void> {
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

/** Two indexes of one model would be the same twice; another key for the same server makes no other vectors. */
function isSame(index: EmbeddingIndex, model: EmbeddingModel, { dimension }: EmbeddingProvider): boolean {
  const identity = (each: EmbeddingModel) => JSON.stringify(Object.entries({ ...each, apiKey: null }).sort());
  return index.dimension === dimension && identity(index.model) === identity(model);
}

/** The one that the server has just taken; the former one may be why the index could not be finished. */
async function keepKey(deps: IndexDeps, { id, model: former }: EmbeddingIndex, model: EmbeddingModel) {
  if (former.source === "local" || model.source === "local" || former.apiKey === model.apiKey) return;
  await deps.store.embeddingIndexes.replaceKey(id, model.apiKey);
  deps.embeddings.release(former);
}

async function createIndex(
  deps: IndexDeps,
  model: EmbeddingModel,
  provider: EmbeddingProvider,
): Promise<EmbeddingIndex> {
  const never = new AbortController().signal;
  const questions = await provider.embed(
    KNOWN_PAIRS.map(([question]) => question),
    "query",
    never,
  );
  const answers = await provider.embed(
    KNOWN_PAIRS.map(([, answer]) => answer),
    "passage",
    never,
  );
  const index: EmbeddingIndex = {
    id: newId("embedding-index"),
    model,
    dimension: provider.dimension,
    state: "building",
    scale: similarityScale(questions, answers),
    createdAt: deps.now(),
    activatedAt: null,
  };
  await deps.store.embeddingIndexes.create(index);
  return index;
}
