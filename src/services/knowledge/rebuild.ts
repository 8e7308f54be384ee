/** Indexes made anew from the stored chunks, while nothing else uses the database. */
import type { Deps } from "../../deps.ts";
import type { EmbeddingIndexId, TenantId } from "../../domain/ids.ts";
import { ANALYSIS_VERSION } from "../../rag/text.ts";
import { queueFilling } from "./index-job.ts";
import { reanalyseBatch } from "./reanalysis.ts";

export type RebuildDeps = Pick<Deps, "store" | "now" | "live">;

export type RebuildOptions = {
  /** Null: everybody's. */
  tenantId: TenantId | null;
  /** All vectors are made anew, too, by the background job of the next start. */
  vectors: boolean;
};

export type Rebuilt = {
  passages: number;
  /** Rows of the lexical index and vectors that belonged to no chunk. */
  orphans: { terms: number; vectors: number };
  /** Vectors that were deleted to be made anew. */
  forgotten: number;
  /** Embedding indexes that lack vectors, which the next start adds. */
  incomplete: number;
};

const CHUNKS_AT_ONCE = 500;

/**
 * Makes the lexical index anew from the stored text, removes what belongs to no chunk and queues the making of
 * vectors that are missing. Broken off, it goes on where it was, and so does a start of Parley meanwhile.
 *
 * @throws DB_CORRUPT when the index is not sound even then
 */
export async function rebuildIndexes(
  deps: RebuildDeps,
  { tenantId, vectors }: RebuildOptions,
  onProgress: (done: number, total: number) => void,
): Promise<Rebuilt> {
  const { store } = deps;
  await store.chunks.sweep();
  await store.embeddingIndexes.sweep();
  await store.indexUpkeep.outdate(tenantId);
  const tenants = tenantId === null ? (await store.tenants.list()).map(({ id }) => id) : [tenantId];
  const passages = await makeTermsAnew(deps, tenants, onProgress);
  const forgotten = vectors ? await store.indexUpkeep.forgetVectors(tenantId) : 0;
  const orphans = await store.indexUpkeep.removeOrphans();
  await store.indexUpkeep.checkLexical();
  const incomplete = await queueMissingVectors(deps, tenants);
  return { passages, orphans, forgotten, incomplete };
}

async function makeTermsAnew(
  deps: RebuildDeps,
  tenants: readonly TenantId[],
  onProgress: (done: number, total: number) => void,
): Promise<number> {
  let total = 0;
  for (const id of tenants)
    total += (await deps.store.indexUpkeep.outdatedCount(id, ANALYSIS_VERSION)).outdated;
  let done = 0;
  for (const id of tenants) {
    for (let count = -1; count !== 0; done += count) {
      count = await reanalyseBatch(deps, id, CHUNKS_AT_ONCE);
      onProgress(done + count, total);
    }
  }
  return done;
}

/** How many indexes have something to be added. */
async function queueMissingVectors(deps: RebuildDeps, tenants: readonly TenantId[]): Promise<number> {
  const [tenantId] = tenants;
  let incomplete = 0;
  for (const { id, state } of await deps.store.embeddingIndexes.list()) {
    // A retired one gets what it lacks when it is made active again.
    if (state === "retired" || tenantId === undefined || !(await lacksVectors(deps, id))) continue;
    await queueFilling(deps, tenantId, id);
    incomplete++;
  }
  return incomplete;
}

async function lacksVectors({ store }: RebuildDeps, indexId: EmbeddingIndexId): Promise<boolean> {
  for (let after: string | null = null; ; ) {
    const { items, next } = await store.embeddingIndexes.chunksWithoutVector(indexId, after, 1);
    if (items.length > 0) return true;
    if (next === null) return false;
    after = next;
  }
}
