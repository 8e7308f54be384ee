/** Embedding indexes: built in the background, switched at once, kept for the way back. */
import type { Deps } from "../../deps.ts";
import { type EmbeddingIndex, type EmbeddingModel, isLocal } from "../../domain/embedding.ts";
import { type EmbeddingIndexId, newId, type TenantId } from "../../domain/ids.ts";
import type { Job } from "../../domain/job.ts";
import { AppError } from "../../errors.ts";
import type { EmbeddingProvider } from "../../providers/provider.ts";
import { firstScale } from "./calibration.ts";
import { EMBED_INDEX, fillingJob, queueFilling } from "./index-job.ts";

export type IndexDeps = Pick<Deps, "store" | "embeddings" | "now" | "live" | "log">;
export type IndexChangeDeps = IndexDeps & { wakeQueue: () => void };
type BuildDeps = IndexChangeDeps & Pick<Deps, "providerCatalog">;

/** How far an index is, and what its last job ran into. */
export type IndexProgress = { chunks: number; embedded: number; job: Job | null };

export async function indexProgress(
  { store }: Pick<Deps, "store">,
  index: EmbeddingIndex,
): Promise<IndexProgress> {
  const [coverage, job] = await Promise.all([
    store.embeddingIndexes.coverage(index.id),
    store.jobs.findLatest(EMBED_INDEX, index.id),
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
  deps: BuildDeps,
  tenantId: TenantId,
  model: EmbeddingModel,
): Promise<EmbeddingIndex> {
  requireKnownSource(deps, model);
  const provider = await deps.embeddings.open(model, null);
  const existing = (await deps.store.embeddingIndexes.list()).find((index) => isSame(index, model, provider));
  return existing ? goOnWith(deps, tenantId, existing, model) : createIndex(deps, tenantId, model, provider);
}

async function goOnWith(
  deps: BuildDeps,
  tenantId: TenantId,
  existing: EmbeddingIndex,
  model: EmbeddingModel,
): Promise<EmbeddingIndex> {
  await keepKey(deps, existing, model);
  await queueFilling(deps, tenantId, existing.id);
  deps.wakeQueue();
  return deps.store.embeddingIndexes.get(existing.id);
}

function requireKnownSource({ providerCatalog }: BuildDeps, model: EmbeddingModel): void {
  if (isLocal(model) || providerCatalog.embeddings.some(({ name }) => name === model.source)) return;
  const sentence = `There is no kind of server called “${model.source}”. Choose one of the list.`;
  throw new AppError("VALIDATION", sentence, { details: { fields: { source: sentence } } });
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
  await deps.store.embeddingIndexes.activate(indexId, deps.now(), fillingJob(deps, tenantId, indexId));
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

/** Two indexes of one model would be the same twice; another key for the same server makes no other vectors. */
function isSame(index: EmbeddingIndex, model: EmbeddingModel, { dimension }: EmbeddingProvider): boolean {
  const identity = (each: EmbeddingModel) =>
    JSON.stringify(Object.entries({ ...each, apiKey: null, keyLost: null }).sort());
  return index.dimension === dimension && identity(index.model) === identity(model);
}

/** The one that the server has just taken; the former one may be why the index could not be finished. */
async function keepKey(deps: IndexDeps, { id, model: former }: EmbeddingIndex, model: EmbeddingModel) {
  if (isLocal(former) || isLocal(model)) return;
  if (former.apiKey === model.apiKey && !former.keyLost) return;
  await deps.store.embeddingIndexes.replaceKey(id, model.apiKey);
  deps.embeddings.release(former);
}

async function createIndex(
  deps: BuildDeps,
  tenantId: TenantId,
  model: EmbeddingModel,
  provider: EmbeddingProvider,
): Promise<EmbeddingIndex> {
  const index: EmbeddingIndex = {
    id: newId("embedding-index"),
    model,
    dimension: provider.dimension,
    state: "building",
    scale: await firstScale(provider),
    calibratedOn: null,
    createdAt: deps.now(),
    activatedAt: null,
  };
  const job = fillingJob(deps, tenantId, index.id);
  const meanwhile = await deps.store.embeddingIndexes.create(index, job);
  // Somebody else asked for the same one while the model was tried.
  if (meanwhile) return goOnWith(deps, tenantId, await deps.store.embeddingIndexes.get(meanwhile), model);
  deps.live.publish({ type: "job", tenantId, jobId: job.id });
  deps.wakeQueue();
  return index;
}
