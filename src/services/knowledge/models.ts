import type { Deps } from "../../deps.ts";
import type { EmbeddingIndex, EmbeddingServer, LocalModel } from "../../domain/embedding.ts";
import type { DenseSearch } from "../retrieval/dense.ts";
import type { ModelProblem } from "../retrieval/model-problem.ts";
import type { Reranking } from "../retrieval/reranking.ts";
import { type IndexProgress, indexProgress } from "./indexes.ts";

export type IndexOverview = EmbeddingIndex & IndexProgress;
export type ModelsOverview = {
  servers: readonly EmbeddingServer[];
  models: LocalModel[];
  indexes: IndexOverview[];
  active: EmbeddingIndex | null;
  /** Why the last question was answered without the active index. */
  problem: ModelProblem | null;
  /** The same of the model that puts passages in order. */
  reranker: { active: string | null; problem: ModelProblem | null };
};

/** Everything there is to know of models for retrieval: those at hand, indexes, the reranker, and why each is off if it is. */
export async function modelsOverview(
  deps: Pick<Deps, "store" | "embeddings" | "providerCatalog"> & { dense: DenseSearch; reranking: Reranking },
): Promise<ModelsOverview> {
  const [models, indexes, reranker] = await Promise.all([
    deps.embeddings.localModels(),
    deps.store.embeddingIndexes.list(),
    deps.store.reranker.findActive(),
  ]);
  const active = indexes.find(({ state }) => state === "active") ?? null;
  return {
    servers: deps.providerCatalog.embeddings,
    models,
    indexes: await Promise.all(indexes.map((index) => indexOverview(deps, index))),
    active,
    problem: active === null ? null : deps.dense.problem(),
    reranker: {
      active: reranker?.model ?? null,
      problem: reranker === null ? null : deps.reranking.problem(),
    },
  };
}

export async function indexOverview(
  deps: Pick<Deps, "store">,
  index: EmbeddingIndex,
): Promise<IndexOverview> {
  return { ...index, ...(await indexProgress(deps, index)) };
}
