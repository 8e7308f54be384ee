import { Hono } from "hono";
import type { z } from "zod";
import type { EmbeddingIndex, EmbeddingModel } from "../../domain/embedding.ts";
import { buildIndexSchema, chooseRerankerSchema } from "../../protocol/admin-api/models.ts";
import {
  activateIndex,
  buildIndex,
  removeIndex,
  retireIndex,
  rollBackIndex,
} from "../../services/knowledge/indexes.ts";
import { importLocalModel, removeLocalModel } from "../../services/knowledge/local-models.ts";
import { indexOverview, modelsOverview } from "../../services/knowledge/models.ts";
import type { AdminEnv, AppContext, HttpDeps } from "../env.ts";
import { filePart } from "../file-part.ts";
import { requireOperator } from "../middleware/admin-session.ts";
import { indexView, modelsView } from "../model-views.ts";
import { jsonBody, pathId } from "../validate.ts";

/** A model that runs on a processor at a bearable speed is far smaller. */
const MAX_MODEL_BYTES = 2 * 1024 ** 3;
/** The longest silence that Bun allows; unpacking, checking and loading 2 GB take a minute or two. */
const TRY_OUT_S = 250;

/** /api/admin/models: of the whole installation, so for operators only. */
export function modelRoutes(deps: HttpDeps) {
  const shown = async (index: EmbeddingIndex) => indexView(await indexOverview(deps, index));
  return new Hono<AdminEnv>()
    .use(requireOperator)

    .get("/", async (c) => c.json(modelsView(await modelsOverview(deps))))

    .put("/reranker", async (c) => {
      const { model } = await jsonBody(c, chooseRerankerSchema);
      await deps.reranking.choose(model);
      return c.json(modelsView(await modelsOverview(deps)));
    })

    .post("/indexes", async (c) => {
      const model = toModel(await jsonBody(c, buildIndexSchema));
      return c.json(await shown(await buildIndex(deps, c.var.tenantId, model)), 202);
    })

    .post("/indexes/:id/activate", async (c) =>
      c.json(await shown(await activateIndex(deps, c.var.tenantId, pathId(c, "embedding-index")))),
    )

    .post("/indexes/:id/retire", async (c) =>
      c.json(await shown(await retireIndex(deps, pathId(c, "embedding-index")))),
    )

    .post("/roll-back", async (c) => c.json(await shown(await rollBackIndex(deps, c.var.tenantId))))

    .post("/import", async (c) => c.json(await importLocalModel(deps, uploadedModel(c)), 201))

    .delete("/local/:name", async (c) => {
      await removeLocalModel(deps, c.req.param("name"));
      return c.body(null, 204);
    })

    .delete("/indexes/:id", async (c) => {
      await removeIndex(deps, pathId(c, "embedding-index"));
      return c.body(null, 204);
    });
}

/** The connection is silent from the last byte of the file until it has been tried out. */
async function* uploadedModel(c: AppContext): AsyncGenerator<Uint8Array> {
  yield* filePart(c, MAX_MODEL_BYTES);
  c.env.timeout(c.req.raw, TRY_OUT_S);
}

function toModel({ source, model: name, ...reached }: z.output<typeof buildIndexSchema>): EmbeddingModel {
  const { baseUrl } = reached;
  return source === "local" || baseUrl === null
    ? { source: "local", name }
    : { source, name, ...reached, baseUrl };
}
