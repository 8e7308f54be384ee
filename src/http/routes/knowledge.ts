import { Hono } from "hono";
import type { DocumentId } from "../../domain/ids.ts";
import type { KnowledgeSource } from "../../domain/knowledge.ts";
import { AppError } from "../../errors.ts";
import {
  listChunksQuery,
  listDocumentsQuery,
  listSourcesQuery,
  searchRequestSchema,
  updateSourceSchema,
} from "../../protocol/admin-api/knowledge.ts";
import { listDocuments } from "../../services/knowledge/documents.ts";
import { addSamples } from "../../services/knowledge/samples.ts";
import {
  acceptUploads,
  getSource,
  listChunks,
  listSources,
  reingestSource,
  removeSource,
  restoreSource,
  type Upload,
  updateSource,
} from "../../services/knowledge/sources.ts";
import { searchKnowledge } from "../../services/retrieval/test-bench.ts";
import type { AdminEnv, AppContext, HttpDeps } from "../env.ts";
import { errorAnswer, STATUS } from "../error-response.ts";
import { filesOf } from "../multipart.ts";
import { jsonBody, pathId, queryOf } from "../validate.ts";
import { chunkView, documentView, searchHitView, sourceView } from "../views.ts";

/** Several files at once; each file has its own, smaller limit. */
const MAX_UPLOAD_REQUEST_BYTES = 200 * 1024 * 1024;

/** /api/admin/knowledge */
export function knowledgeRoutes(deps: HttpDeps) {
  return new Hono<AdminEnv>()
    .get("/", async (c) => {
      const { cursor = null, limit, status, q, sort } = queryOf(c, listSourcesQuery);
      const filter = { ...(status && { status }), ...(q && { titleContains: q }) };
      const page = await listSources(deps, c.var.tenantId, filter, sort, { cursor, limit });
      return c.json({ items: page.items.map(sourceView), nextCursor: page.nextCursor, counts: page.counts });
    })

    .post("/upload", async (c) => {
      const uploads = await filesOf(c, MAX_UPLOAD_REQUEST_BYTES);
      return uploadAnswer(c, await acceptUploads(deps, c.var.tenantId, uploads));
    })

    .post("/samples", async (c) => {
      const samples: Upload[] = await Promise.all(
        deps.samples().map(async ({ name, bytes }) => ({ filename: name, bytes: await bytes() })),
      );
      return uploadAnswer(c, await addSamples(deps, c.var.tenantId, samples));
    })

    .post("/search", async (c) => {
      const { query, limit } = await jsonBody(c, searchRequestSchema);
      // An entry would be a commit, which waits for the disk, for each question.
      c.set("changesNothing", true);
      return c.json({
        items: (await searchKnowledge(deps, c.var.tenantId, query, limit)).map(searchHitView),
      });
    })

    .get("/:id", async (c) => c.json(sourceView(await getSource(deps, c.var.tenantId, pathId(c, "source")))))

    .get("/:id/documents", async (c) => {
      const { cursor = null, limit, status } = queryOf(c, listDocumentsQuery);
      const filter = status ? { status } : {};
      const page = await listDocuments(deps, c.var.tenantId, pathId(c, "source"), filter, { cursor, limit });
      return c.json({ items: page.items.map(documentView), nextCursor: page.nextCursor });
    })

    .get("/:id/chunks", async (c) => {
      const { cursor = null, limit, document } = queryOf(c, listChunksQuery);
      const filter = document ? { documentId: document as DocumentId } : {};
      const page = await listChunks(deps, c.var.tenantId, pathId(c, "source"), filter, { cursor, limit });
      return c.json({ items: page.items.map(chunkView), nextCursor: page.nextCursor });
    })

    .patch("/:id", async (c) => {
      const changes = await jsonBody(c, updateSourceSchema);
      return c.json(sourceView(await updateSource(deps, c.var.tenantId, pathId(c, "source"), changes)));
    })

    .delete("/:id", async (c) => {
      await removeSource(deps, c.var.tenantId, pathId(c, "source"));
      return c.body(null, 204);
    })

    .post("/:id/restore", async (c) =>
      c.json(sourceView(await restoreSource(deps, c.var.tenantId, pathId(c, "source")))),
    )

    .post("/:id/reingest", async (c) =>
      c.json(sourceView(await reingestSource(deps, c.var.tenantId, pathId(c, "source"))), 202),
    );
}

/** 202 when any file was taken in; otherwise the first refusal decides, and the items still say why for each. */
function uploadAnswer(c: AppContext, sources: KnowledgeSource[]): Response {
  const items = sources.map(sourceView);
  const refused = sources.find(({ status }) => status === "failed")?.onlyDocument;
  if (!refused?.errorCode || sources.some(({ status }) => status !== "failed")) return c.json({ items }, 202);
  const error = new AppError(refused.errorCode, refused.errorMessage ?? "The file was refused.");
  return c.json({ items, ...errorAnswer(error, c.var.requestId) }, STATUS[error.code]);
}
