import type { DocumentId, ToolId } from "../../domain/ids.ts";
import type { KnowledgeSource } from "../../domain/knowledge.ts";
import { AppError } from "../../errors.ts";
import { triedAnswerSchema, tryQuestionSchema } from "../../protocol/admin-api/conversations.ts";
import {
  chunkPageSchema,
  documentPageSchema,
  formatListSchema,
  listChunksQuery,
  listDocumentsQuery,
  listSourcesQuery,
  searchAnswerSchema,
  searchRequestSchema,
  sourcePageSchema,
  sourceSchema,
  updateSourceSchema,
  uploadAnswerSchema,
} from "../../protocol/admin-api/knowledge.ts";
import { tryQuestion } from "../../services/chat/trial.ts";
import { listDocuments } from "../../services/knowledge/documents.ts";
import { listFormats } from "../../services/knowledge/formats.ts";
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
import { endpoint } from "../endpoint.ts";
import type { AppContext } from "../env.ts";
import { errorAnswer, STATUS } from "../error-response.ts";
import { adminMessageView, chunkView, documentView, searchHitView, sourceView } from "../views.ts";

/** Several files at once; each file has its own, smaller limit. */
const MAX_UPLOAD_REQUEST_BYTES = 200 * 1024 * 1024;

export const knowledge = [
  endpoint(
    {
      method: "GET",
      path: "/api/admin/knowledge",
      need: { role: "viewer" },
      summary: "Knowledge sources",
      query: listSourcesQuery,
      answer: sourcePageSchema,
    },
    async (deps, { tenantId, query }) => {
      const { cursor = null, limit, status, q, sort } = query;
      const filter = { ...(status && { status }), ...(q && { titleContains: q }) };
      const page = await listSources(deps, tenantId, filter, sort, { cursor, limit });
      return { items: page.items.map(sourceView), nextCursor: page.nextCursor, counts: page.counts };
    },
  ),

  endpoint(
    {
      method: "GET",
      path: "/api/admin/knowledge/formats",
      need: { role: "viewer" },
      summary: "Formats that can be uploaded",
      answer: formatListSchema,
    },
    () => ({ items: listFormats().map((format) => ({ ...format, extensions: [...format.extensions] })) }),
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/admin/knowledge/upload",
      need: { role: "admin" },
      summary: "Upload files; a refused file is a failed item",
      body: { files: "whole", maxBytes: MAX_UPLOAD_REQUEST_BYTES },
      status: 202,
      answer: uploadAnswerSchema,
    },
    async (deps, { c, tenantId, body }) => uploadAnswer(c, await acceptUploads(deps, tenantId, body)),
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/admin/knowledge/samples",
      need: { role: "admin" },
      summary: "Add the sample documents",
      status: 202,
      answer: uploadAnswerSchema,
    },
    async (deps, { c, tenantId }) => {
      const samples: Upload[] = await Promise.all(
        deps.samples().map(async ({ name, bytes }) => ({ filename: name, bytes: await bytes() })),
      );
      return uploadAnswer(c, await addSamples(deps, tenantId, samples));
    },
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/admin/knowledge/search",
      need: { role: "admin" },
      summary: "Passages that a question would find",
      body: searchRequestSchema,
      answer: searchAnswerSchema,
      // An entry in the audit log would be a commit, which waits for the disk, for each question.
      changesNothing: true,
    },
    async (deps, { c, tenantId, body: { query, limit } }) => {
      // Who has left the page waits for no model.
      const hits = await searchKnowledge(deps, tenantId, query, limit, c.req.raw.signal);
      return { items: hits.map(searchHitView) };
    },
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/admin/knowledge/answer",
      need: { role: "admin" },
      summary: "The answer that a visitor would get; nothing is stored",
      body: tryQuestionSchema,
      answer: triedAnswerSchema,
      changesNothing: true,
    },
    async (deps, { c, tenantId, principal, body: { question, locale = null, visitor = null, tool } }) => {
      const asked = {
        question,
        locale,
        visitor,
        tool: (tool ?? null) as ToolId | null,
        person: principal.id,
      };
      // A model need not go on for who has left the page.
      const { answer, trace } = await tryQuestion(deps, tenantId, asked, c.req.raw.signal);
      return { answer: adminMessageView(answer), trace };
    },
  ),

  endpoint(
    {
      method: "GET",
      path: "/api/admin/knowledge/:id",
      need: { role: "viewer" },
      summary: "One source",
      params: { id: "source" },
      answer: sourceSchema,
    },
    async (deps, { tenantId, params }) => sourceView(await getSource(deps, tenantId, params.id)),
  ),

  endpoint(
    {
      method: "GET",
      path: "/api/admin/knowledge/:id/documents",
      need: { role: "viewer" },
      summary: "Its documents in the order in which they were added",
      params: { id: "source" },
      query: listDocumentsQuery,
      answer: documentPageSchema,
    },
    async (deps, { tenantId, params, query }) => {
      const { cursor = null, limit, status } = query;
      const filter = status ? { status } : {};
      const page = await listDocuments(deps, tenantId, params.id, filter, { cursor, limit });
      return { items: page.items.map(documentView), nextCursor: page.nextCursor };
    },
  ),

  endpoint(
    {
      method: "GET",
      path: "/api/admin/knowledge/:id/chunks",
      need: { role: "viewer" },
      summary: "Its passages, document by document",
      params: { id: "source" },
      query: listChunksQuery,
      answer: chunkPageSchema,
    },
    async (deps, { tenantId, params, query }) => {
      const { cursor = null, limit, document } = query;
      const filter = document ? { documentId: document as DocumentId } : {};
      const page = await listChunks(deps, tenantId, params.id, filter, { cursor, limit });
      return { items: page.items.map(chunkView), nextCursor: page.nextCursor };
    },
  ),

  endpoint(
    {
      method: "PATCH",
      path: "/api/admin/knowledge/:id",
      need: { role: "admin" },
      summary: "Rename or tag a source",
      params: { id: "source" },
      body: updateSourceSchema,
      answer: sourceSchema,
    },
    async (deps, { tenantId, params, body }) =>
      sourceView(await updateSource(deps, tenantId, params.id, body)),
  ),

  endpoint(
    {
      method: "DELETE",
      path: "/api/admin/knowledge/:id",
      need: { role: "admin" },
      summary: "Delete a source; final after 30 s",
      params: { id: "source" },
      status: 204,
    },
    (deps, { tenantId, params }) => removeSource(deps, tenantId, params.id),
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/admin/knowledge/:id/restore",
      need: { role: "admin" },
      summary: "Undo the deletion",
      params: { id: "source" },
      answer: sourceSchema,
    },
    async (deps, { tenantId, params }) => sourceView(await restoreSource(deps, tenantId, params.id)),
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/admin/knowledge/:id/reingest",
      need: { role: "admin" },
      summary: "Read the originals of all its documents again",
      params: { id: "source" },
      status: 202,
      answer: sourceSchema,
    },
    async (deps, { tenantId, params }) => sourceView(await reingestSource(deps, tenantId, params.id)),
  ),
];

/** 202 when any file was taken in; otherwise the first refusal decides, and the items still say why for each. */
function uploadAnswer(c: AppContext, sources: KnowledgeSource[]): Response {
  const items = sources.map(sourceView);
  const refused = sources.find(({ status }) => status === "failed")?.onlyDocument;
  if (!refused?.errorCode || sources.some(({ status }) => status !== "failed")) return c.json({ items }, 202);
  const error = new AppError(refused.errorCode, refused.errorMessage ?? "The file was refused.");
  return c.json({ items, ...errorAnswer(error, c.var.requestId) }, STATUS[error.code]);
}
