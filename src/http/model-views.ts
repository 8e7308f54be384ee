import { type EmbeddingModel, isLocal } from "../domain/embedding.ts";
import type { EmbeddingIndexView, ModelsView } from "../protocol/admin-api/models.ts";
import type { IndexOverview, ModelsOverview } from "../services/knowledge/models.ts";
import { secretView, toIso } from "./views.ts";

export function modelsView({
  servers,
  models,
  indexes,
  active,
  problem,
  reranker,
}: ModelsOverview): ModelsView {
  return {
    servers: [...servers],
    models,
    indexes: indexes.map(indexView),
    dense: { active: active?.id ?? null, problem: problemView(problem) },
    reranker: { active: reranker.active, problem: problemView(reranker.problem) },
  };
}

function problemView(problem: ModelsOverview["problem"]) {
  return problem && { ...problem, since: toIso(problem.since) };
}

export function indexView(overview: IndexOverview): EmbeddingIndexView {
  const { id, model, dimension, state, chunks, embedded, job, createdAt, activatedAt } = overview;
  const working = job?.state === "queued" || job?.state === "running";
  const failed = job?.state === "failed" && job.errorCode !== null;
  return {
    ...{ id, source: model.source, model: model.name, ...reachedAt(model) },
    ...{ dimension, state, chunks, embedded, working },
    error: failed ? { code: job.errorCode ?? "INTERNAL", message: job.errorMessage ?? "" } : null,
    createdAt: toIso(createdAt),
    activatedAt: activatedAt === null ? null : toIso(activatedAt),
  };
}

function reachedAt(model: EmbeddingModel) {
  if (isLocal(model)) {
    return { baseUrl: null, apiKey: secretView(null), queryPrefix: "", passagePrefix: "" };
  }
  const { baseUrl, apiKey, queryPrefix, passagePrefix } = model;
  return { baseUrl, apiKey: secretView(apiKey), queryPrefix, passagePrefix };
}
