import { toolStatisticsQuery, toolStatisticsSchema } from "../../protocol/admin-api/tool-statistics.ts";
import {
  apiDescriptionSchema,
  createToolSchema,
  importApiSchema,
  listToolsQuery,
  previewToolAnswerSchema,
  previewToolSchema,
  runToolAnswerSchema,
  runToolSchema,
  toolPageSchema,
  toolSchema,
  updateToolSchema,
} from "../../protocol/admin-api/tools.ts";
import { describeApi } from "../../services/tools/api-import.ts";
import { figuresOfTools, toolStatistics } from "../../services/tools/statistics.ts";
import {
  addTool,
  getTool,
  listTools,
  previewTool,
  removeTool,
  restoreTool,
  runTool,
  updateTool,
} from "../../services/tools/tools.ts";
import { endpoint } from "../endpoint.ts";
import { toolStatisticsView } from "../tool-statistics-views.ts";
import { runView, toolChanges, toolDraft, toolView } from "../tool-views.ts";

/** What a list tells of. */
const DAYS = 30;

export const tools = [
  endpoint(
    {
      method: "GET",
      path: "/api/admin/tools",
      need: { role: "viewer" },
      summary: "Tools, by name, with what each did in the last 30 days",
      query: listToolsQuery,
      answer: toolPageSchema,
    },
    async (deps, { tenantId, query: { cursor = null, limit } }) => {
      const page = await listTools(deps, tenantId, { cursor, limit });
      const ids = page.items.map(({ id }) => id);
      const figures = await figuresOfTools(deps, tenantId, ids, DAYS);
      return {
        items: page.items.map((tool) => toolView(tool, figures.get(tool.id))),
        nextCursor: page.nextCursor,
      };
    },
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/admin/tools",
      need: { role: "admin" },
      summary: "Add a tool; a query that the database does not understand is not saved",
      body: createToolSchema,
      status: 201,
      answer: toolSchema,
    },
    async (deps, { tenantId, body }) => toolView(await addTool(deps, tenantId, toolDraft(body))),
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/admin/tools/preview",
      need: { role: "admin" },
      summary: "Run a tool once before it is saved, with how the database goes about it",
      body: previewToolSchema,
      answer: previewToolAnswerSchema,
    },
    async (deps, { c, tenantId, body: { tool, arguments: given, ...how } }) => {
      const { run, plan } = await previewTool(deps, tenantId, toolDraft(tool), given, how, c.req.raw.signal);
      return { ...runView(run), plan };
    },
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/admin/tools/import",
      need: { role: "admin" },
      summary:
        "Operations of an API in OpenAPI 3, from an address or a document, to make tools of; nothing is kept",
      body: importApiSchema,
      answer: apiDescriptionSchema,
      changesNothing: true,
    },
    (deps, { c, tenantId, body: { url, document } }) => {
      const text = typeof document === "string" ? document : JSON.stringify(document ?? {});
      const source = url === undefined ? { document: text } : { url };
      return describeApi(deps, tenantId, source, c.req.raw.signal);
    },
  ),

  endpoint(
    {
      method: "GET",
      path: "/api/admin/tools/:id",
      need: { role: "viewer" },
      summary: "One tool",
      params: { id: "tool" },
      answer: toolSchema,
    },
    async (deps, { tenantId, params }) => toolView(await getTool(deps, tenantId, params.id)),
  ),

  endpoint(
    {
      method: "GET",
      path: "/api/admin/tools/:id/statistics",
      need: { role: "viewer" },
      summary: "What a tool did: how often, how fast, for whom, and its latest calls",
      params: { id: "tool" },
      query: toolStatisticsQuery,
      answer: toolStatisticsSchema,
    },
    async (deps, { tenantId, params, query: { days } }) =>
      toolStatisticsView(await toolStatistics(deps, tenantId, params.id, days), days),
  ),

  endpoint(
    {
      method: "PATCH",
      path: "/api/admin/tools/:id",
      need: { role: "admin" },
      summary: "Change a tool; what is left out stays",
      params: { id: "tool" },
      body: updateToolSchema,
      answer: toolSchema,
    },
    async (deps, { tenantId, params, body }) =>
      toolView(await updateTool(deps, tenantId, params.id, toolChanges(body))),
  ),

  endpoint(
    {
      method: "DELETE",
      path: "/api/admin/tools/:id",
      need: { role: "admin" },
      summary: "Delete a tool; final after 30 s",
      params: { id: "tool" },
      status: 204,
    },
    (deps, { tenantId, params }) => removeTool(deps, tenantId, params.id),
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/admin/tools/:id/restore",
      need: { role: "admin" },
      summary: "Undo the deletion",
      params: { id: "tool" },
      answer: toolSchema,
    },
    async (deps, { tenantId, params }) => toolView(await restoreTool(deps, tenantId, params.id)),
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/admin/tools/:id/run",
      need: { role: "admin" },
      summary: "Run a tool with given arguments",
      params: { id: "tool" },
      body: runToolSchema,
      answer: runToolAnswerSchema,
    },
    async (deps, { c, tenantId, principal, params, body: { arguments: given, visitor } }) => {
      const trial = { given, visitor, person: principal.id };
      return runView(await runTool(deps, tenantId, params.id, trial, c.req.raw.signal));
    },
  ),
];
