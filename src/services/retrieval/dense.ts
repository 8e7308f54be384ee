/** Search by meaning: the question's vector against the active index. */
import type { Deps } from "../../deps.ts";
import type { EmbeddingScale } from "../../domain/embedding.ts";
import type { TenantId } from "../../domain/ids.ts";
import type { VectorHit } from "../../domain/knowledge.ts";
import { createProblemReport, type ModelProblem } from "./model-problem.ts";

export type DenseHits = { hits: VectorHit[]; scale: EmbeddingScale };

export type Embedded = { vectors: Float32Array[]; scale: EmbeddingScale };

export type DenseSearch = {
  /** Opens the active index's model, so that the first question need not wait for it. Never throws. */
  prepare(): Promise<void>;
  /** Nearest first. Null while no index is active or its model does not answer. @throws only the signal's reason */
  search(tenantId: TenantId, question: string, limit: number, signal: AbortSignal): Promise<DenseHits | null>;
  /**
   * Vectors of texts that are to be compared with each other, in order, by the active index's model, and what their
   * cosines mean. Null while no index is active, its model does not answer, or the signal is aborted first.
   */
  embed(texts: readonly string[], signal: AbortSignal): Promise<Embedded | null>;
  /** Why it found nothing the last time; null while all is well. */
  problem(): ModelProblem | null;
};

/** For what has no model: retrieval is lexical then. */
export const LEXICAL_ONLY: DenseSearch = {
  prepare: async () => {},
  search: async () => null,
  embed: async () => null,
  problem: () => null,
};

/** When the model fails, answers go on without it and the admins of the tenant that asked are told once. */
export function createDenseSearch(
  deps: Pick<Deps, "store" | "embeddings" | "live" | "log" | "now">,
): DenseSearch {
  const problem = createProblemReport(
    deps,
    "dense-search-failed",
    "Answers are found by words alone for now",
  );

  return {
    async prepare() {
      try {
        const index = await deps.store.embeddingIndexes.findActive();
        if (index !== null) await deps.embeddings.open(index.model, index.dimension);
      } catch (thrown) {
        problem.failed(null, thrown);
      }
    },
    async search(tenantId, question, limit, signal) {
      try {
        const index = await deps.store.embeddingIndexes.findActive();
        // What an older Parley built says nothing until it has been measured, which a start sees to.
        if (index === null || index.calibratedOn === null || question.trim() === "") return null;
        const provider = await deps.embeddings.open(index.model, index.dimension);
        const [vector] = await provider.embed([question], "query", signal);
        if (vector === undefined) return null;
        const hits = await deps.store.embeddingIndexes.searchByVector(tenantId, index.id, vector, limit);
        problem.solved();
        return { hits, scale: index.scale };
      } catch (thrown) {
        // Nobody waits any more, which is no problem of the model's.
        signal.throwIfAborted();
        problem.failed(tenantId, thrown);
        return null;
      }
    },
    async embed(texts, signal) {
      try {
        const index = await deps.store.embeddingIndexes.findActive();
        if (index === null || index.calibratedOn === null) return null;
        const provider = await deps.embeddings.open(index.model, index.dimension);
        return { vectors: await provider.embed(texts, "passage", signal), scale: index.scale };
      } catch {
        // Only a remark on an answer is missing; a search that fails tells of the problem.
        return null;
      }
    },
    problem: problem.current,
  };
}
