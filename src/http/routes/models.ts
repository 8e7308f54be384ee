import type { z } from "zod";
import type { EmbeddingIndex, EmbeddingModel } from "../../domain/embedding.ts";
import {
  buildIndexSchema,
  chooseRerankerSchema,
  embeddingIndexSchema,
  localModelSchema,
  modelsSchema,
} from "../../protocol/admin-api/models.ts";
import {
  activateIndex,
  buildIndex,
  removeIndex,
  retireIndex,
  rollBackIndex,
} from "../../services/knowledge/indexes.ts";
import { importLocalModel, removeLocalModel } from "../../services/knowledge/local-models.ts";
import { indexOverview, modelsOverview } from "../../services/knowledge/models.ts";
import { endpoint } from "../endpoint.ts";
import type { AppContext, HttpDeps } from "../env.ts";
import { indexView, modelsView } from "../model-views.ts";

/** A model that runs on a processor at a bearable speed is far smaller. */
const MAX_MODEL_BYTES = 2 * 1024 ** 3;
/** The longest silence that Bun allows; unpacking, checking and loading 2 GB take a minute or two. */
const TRY_OUT_S = 250;

/** Of the whole installation, so for operators only. */
export const models = [
  endpoint(
    {
      method: "GET",
      path: "/api/admin/models",
      need: "operator",
      summary: "Models at hand, indexes with their progress, the reranker, and why either is not used",
      answer: modelsSchema,
    },
    async (deps) => modelsView(await modelsOverview(deps)),
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/admin/models/indexes",
      need: "operator",
      summary:
        "Build an index with a model in the background, or go on with it; active at once only when none is",
      body: buildIndexSchema,
      status: 202,
      answer: embeddingIndexSchema,
    },
    async (deps, { tenantId, body }) => shown(deps, await buildIndex(deps, tenantId, toModel(body))),
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/admin/models/indexes/:id/activate",
      need: "operator",
      summary: "Compare questions with this index from now on; the former one is kept",
      params: { id: "embedding-index" },
      answer: embeddingIndexSchema,
    },
    async (deps, { tenantId, params }) => shown(deps, await activateIndex(deps, tenantId, params.id)),
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/admin/models/indexes/:id/retire",
      need: "operator",
      summary: "Switch search by meaning off; the index is kept",
      params: { id: "embedding-index" },
      answer: embeddingIndexSchema,
    },
    async (deps, { params }) => shown(deps, await retireIndex(deps, params.id)),
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/admin/models/roll-back",
      need: "operator",
      summary: "Back to the index that was active before",
      answer: embeddingIndexSchema,
    },
    async (deps, { tenantId }) => shown(deps, await rollBackIndex(deps, tenantId)),
  ),

  endpoint(
    {
      method: "DELETE",
      path: "/api/admin/models/indexes/:id",
      need: "operator",
      summary: "Delete an index that is not active, with its vectors",
      params: { id: "embedding-index" },
      status: 204,
    },
    (deps, { params }) => removeIndex(deps, params.id),
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/admin/models/import",
      need: "operator",
      summary:
        "Import a model: one ZIP of its folder, at most 2 GB, checked and tried out before it is there",
      body: { files: "streamed", maxBytes: MAX_MODEL_BYTES },
      status: 201,
      answer: localModelSchema,
    },
    (deps, { c, body }) => importLocalModel(deps, thenPatiently(c, body)),
  ),

  endpoint(
    {
      method: "DELETE",
      path: "/api/admin/models/local/:name",
      need: "operator",
      summary: "Remove a model from this machine, unless it is in use",
      params: { name: "text" },
      status: 204,
    },
    (deps, { params }) => removeLocalModel(deps, params.name),
  ),

  endpoint(
    {
      method: "PUT",
      path: "/api/admin/models/reranker",
      need: "operator",
      summary: "Put the best passages in order with this model from now on, once it has shown that it works",
      body: chooseRerankerSchema,
      answer: modelsSchema,
    },
    async (deps, { body }) => {
      await deps.reranking.choose(body.model);
      return modelsView(await modelsOverview(deps));
    },
  ),
];

async function shown(deps: HttpDeps, index: EmbeddingIndex) {
  return indexView(await indexOverview(deps, index));
}

/** The connection is silent from the last byte of the file until it has been tried out. */
async function* thenPatiently(c: AppContext, file: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* file;
  c.env.timeout(c.req.raw, TRY_OUT_S);
}

function toModel({ source, model: name, ...reached }: z.output<typeof buildIndexSchema>): EmbeddingModel {
  const { baseUrl } = reached;
  return source === "local" || baseUrl === null
    ? { source: "local", name }
    : { source, name, ...reached, baseUrl };
}
