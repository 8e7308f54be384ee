import { type EmbeddingModel, isLocal } from "../domain/embedding.ts";
import type { Job } from "../domain/job.ts";
import { lostKeySentence } from "../domain/secret.ts";
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
    error: keyError(model) ?? (failed ? jobError(job) : null),
    createdAt: toIso(createdAt),
    activatedAt: activatedAt === null ? null : toIso(activatedAt),
  };
}

/** Stands before what the last job ran into: until the key is entered again, no other job ends better. */
function keyError(model: EmbeddingModel) {
  if (isLocal(model) || !model.keyLost) return null;
  return { code: "CREDENTIAL_UNDECRYPTABLE", message: lostKeySentence(`model ${model.name}`) };
}

function jobError({ errorCode, errorMessage }: Job) {
  return { code: errorCode ?? "INTERNAL", message: errorMessage ?? "" };
}

function reachedAt(model: EmbeddingModel) {
  if (isLocal(model)) {
    return { baseUrl: null, apiKey: secretView({ apiKey: null }), queryPrefix: "", passagePrefix: "" };
  }
  const { baseUrl, queryPrefix, passagePrefix } = model;
  return { baseUrl, apiKey: secretView(model), queryPrefix, passagePrefix };
}
