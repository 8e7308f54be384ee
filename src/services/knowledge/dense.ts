/** Search by meaning: the question's vector against the active index. */
import type { Deps } from "../../deps.ts";
import type { SimilarityScale } from "../../domain/embedding.ts";
import type { TenantId, UnixMs } from "../../domain/ids.ts";
import type { VectorHit } from "../../domain/knowledge.ts";
import { toAppError } from "../../errors.ts";

export type DenseHits = { hits: VectorHit[]; scale: SimilarityScale };
export type DenseProblem = { code: string; message: string; since: UnixMs };

export type DenseSearch = {
  /** Opens the active index's model, so that the first question need not wait for it. Never throws. */
  prepare(): Promise<void>;
  /** Nearest first. Null while no index is active or its model does not answer; never throws. */
  search(tenantId: TenantId, question: string, limit: number): Promise<DenseHits | null>;
  /** Why it found nothing the last time; null while all is well. */
  problem(): DenseProblem | null;
};

/** For what has no model: retrieval is lexical then. */
export const LEXICAL_ONLY: DenseSearch = {
  prepare: async () => {},
  search: async () => null,
  problem: () => null,
};

/** When the model fails, answers go on without it and the admins of the tenant that asked are told once. */
export function createDenseSearch(
  deps: Pick<Deps, "store" | "embeddings" | "live" | "log" | "now">,
): DenseSearch {
  let problem: DenseProblem | null = null;
  let isTold = false;

  /** @param tenantId whose admins are told; null before anybody asked */
  function failed(tenantId: TenantId | null, thrown: unknown): void {
    const { code, message, cause } = toAppError(thrown);
    const isNews = problem === null;
    problem = { code, message, since: problem?.since ?? deps.now() };
    if (isNews) deps.log.warn("dense-search-failed", { code, cause });
    if (tenantId === null || (!isNews && isTold)) return;
    isTold = true;
    const text = `Answers are found by words alone for now: ${message}`;
    deps.live.publish({ type: "notice", tenantId, level: "warn", code, text });
  }

  return {
    async prepare() {
      try {
        const index = await deps.store.embeddingIndexes.findActive();
        if (index !== null) await deps.embeddings.open(index.model, index.dimension);
      } catch (thrown) {
        failed(null, thrown);
      }
    },
    async search(tenantId, question, limit) {
      try {
        const index = await deps.store.embeddingIndexes.findActive();
        if (index === null || question.trim() === "") return null;
        const provider = await deps.embeddings.open(index.model, index.dimension);
        const [vector] = await provider.embed([question], "query", new AbortController().signal);
        if (vector === undefined) return null;
        const hits = await deps.store.embeddingIndexes.searchByVector(tenantId, index.id, vector, limit);
        problem = null;
        isTold = false;
        return { hits, scale: index.scale };
      } catch (thrown) {
        failed(tenantId, thrown);
        return null;
      }
    },
    problem: () => problem,
  };
}
