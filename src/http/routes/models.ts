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
import { indexOverview, modelsOverview } from "../../services/knowledge/models.ts";
import type { AdminEnv, HttpDeps } from "../env.ts";
import { requireOperator } from "../middleware/admin-session.ts";
import { indexView, modelsView } from "../model-views.ts";
import { jsonBody, pathId } from "../validate.ts";

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

    .delete("/indexes/:id", async (c) => {
      await removeIndex(deps, pathId(c, "embedding-index"));
      return c.body(null, 204);
    });
}

function toModel({ source, model: name, ...reached }: z.output<typeof buildIndexSchema>): EmbeddingModel {
  const { baseUrl } = reached;
  return source === "local" || baseUrl === null
    ? { source: "local", name }
    : { source, name, ...reached, baseUrl };
}
