import { MOST_SYNONYMS, ruleLine, type Synonym } from "../../domain/synonym.ts";
import {
  createSynonymSchema,
  importSynonymsSchema,
  listSynonymsQuery,
  missingWordsSchema,
  type SynonymView,
  synonymImportSchema,
  synonymPageSchema,
  synonymSchema,
  updateSynonymSchema,
} from "../../protocol/admin-api/synonyms.ts";
import { missingWords } from "../../services/insight/missing-words.ts";
import {
  addSynonym,
  exportSynonyms,
  getSynonym,
  importSynonyms,
  listSynonyms,
  removeSynonym,
  restoreSynonym,
  updateSynonym,
} from "../../services/knowledge/synonyms.ts";
import { endpoint } from "../endpoint.ts";
import { toIso } from "../views.ts";

export const synonyms = [
  endpoint(
    {
      method: "GET",
      path: "/api/admin/synonyms",
      need: { role: "viewer" },
      summary: "Synonyms, newest first",
      query: listSynonymsQuery,
      answer: synonymPageSchema,
    },
    async (deps, { tenantId, query: { cursor = null, limit, q } }) => {
      const filter = q ? { wordContains: q } : {};
      const { items, nextCursor, total } = await listSynonyms(deps, tenantId, filter, { cursor, limit });
      return { items: items.map(synonymView), nextCursor, total, most: MOST_SYNONYMS };
    },
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/admin/synonyms",
      need: { role: "admin" },
      summary: "Add a synonym; it counts from the next question on",
      body: createSynonymSchema,
      status: 201,
      answer: synonymSchema,
    },
    async (deps, { tenantId, body }) => synonymView(await addSynonym(deps, tenantId, body)),
  ),

  endpoint(
    {
      method: "GET",
      path: "/api/admin/synonyms/export",
      need: { role: "viewer" },
      summary: "All synonyms as text, one a line",
    },
    async (deps, { c, tenantId }) => {
      c.header("Content-Type", "text/plain; charset=utf-8");
      c.header("Content-Disposition", 'attachment; filename="synonyms.txt"');
      return c.body(await exportSynonyms(deps, tenantId));
    },
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/admin/synonyms/import",
      need: { role: "admin" },
      summary: "Add the synonyms of a text, one a line: all of them or none",
      body: importSynonymsSchema,
      answer: synonymImportSchema,
    },
    (deps, { tenantId, body: { text } }) => importSynonyms(deps, tenantId, text),
  ),

  endpoint(
    {
      method: "GET",
      path: "/api/admin/synonyms/missing",
      need: { role: "viewer" },
      summary: "Words of unanswered questions that no document has",
      answer: missingWordsSchema,
    },
    async (deps, { tenantId }) => {
      const words = await missingWords(deps, tenantId);
      return {
        items: words.map(({ conversationId, ...word }) => ({ ...word, conversation: conversationId })),
      };
    },
  ),

  endpoint(
    {
      method: "GET",
      path: "/api/admin/synonyms/:id",
      need: { role: "viewer" },
      summary: "One synonym",
      params: { id: "synonym" },
      answer: synonymSchema,
    },
    async (deps, { tenantId, params }) => synonymView(await getSynonym(deps, tenantId, params.id)),
  ),

  endpoint(
    {
      method: "PATCH",
      path: "/api/admin/synonyms/:id",
      need: { role: "admin" },
      summary: "Change a synonym",
      params: { id: "synonym" },
      body: updateSynonymSchema,
      answer: synonymSchema,
    },
    async (deps, { tenantId, params, body }) =>
      synonymView(await updateSynonym(deps, tenantId, params.id, body)),
  ),

  endpoint(
    {
      method: "DELETE",
      path: "/api/admin/synonyms/:id",
      need: { role: "admin" },
      summary: "Delete a synonym; final after 30 s",
      params: { id: "synonym" },
      status: 204,
    },
    (deps, { tenantId, params }) => removeSynonym(deps, tenantId, params.id),
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/admin/synonyms/:id/restore",
      need: { role: "admin" },
      summary: "Undo the deletion",
      params: { id: "synonym" },
      answer: synonymSchema,
    },
    async (deps, { tenantId, params }) => synonymView(await restoreSynonym(deps, tenantId, params.id)),
  ),
];

function synonymView(synonym: Synonym): SynonymView {
  const { id, asked, written, bothWays, createdAt, updatedAt } = synonym;
  return {
    ...{ id, asked, written, bothWays, line: ruleLine(synonym) },
    ...{ createdAt: toIso(createdAt), updatedAt: toIso(updatedAt) },
  };
}
