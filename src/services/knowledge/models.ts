import type { Deps } from "../../deps.ts";
import type { EmbeddingIndex, LocalModel } from "../../domain/embedding.ts";
import type { DenseProblem, DenseSearch } from "./dense.ts";
import { type IndexProgress, indexProgress } from "./indexes.ts";

export type IndexOverview = EmbeddingIndex & IndexProgress;
export type ModelsOverview = {
  models: LocalModel[];
  indexes: IndexOverview[];
  active: EmbeddingIndex | null;
  /** Why the last question was answered without the active index. */
  problem: DenseProblem | null;
};

/** Everything there is to know of retrieval by meaning: models at hand, indexes, and why it is off if it is. */
export async function modelsOverview(
  deps: Pick<Deps, "store" | "embeddings"> & { dense: DenseSearch },
): Promise<ModelsOverview> {
  const [models, indexes] = await Promise.all([
    deps.embeddings.localModels(),
    deps.store.embeddingIndexes.list(),
  ]);
  const active = indexes.find(({ state }) => state === "active") ?? null;
  return {
    models,
    indexes: await Promise.all(indexes.map((index) => indexOverview(deps, index))),
    active,
    problem: active === null ? null : deps.dense.problem(),
  };
}

export async function indexOverview(
  deps: Pick<Deps, "store">,
  index: EmbeddingIndex,
): Promise<IndexOverview> {
  return { ...index, ...(await indexProgress(deps, index)) };
}
