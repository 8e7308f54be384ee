import type { ToolStatisticsView } from "../../src/protocol/admin-api/tool-statistics.ts";
import type {
  ApiDescription,
  PreviewToolAnswer,
  RunToolAnswer,
  ToolPage,
  ToolView,
} from "../../src/protocol/admin-api/tools.ts";
import { getJson, sendJson } from "./client.ts";
import { query } from "./query.ts";

const TOOLS = "/api/admin/tools";

type Kept = "id" | "createdAt" | "updatedAt" | "statistics";
type OfType<Type extends ToolView["type"]> = Extract<ToolView, { type: Type }>;
export type QueryTool = OfType<"db_query">;
export type CallTool = OfType<"rest_api">;

/** As an editor has it: a query over a database, or a call of an API. */
export type QueryDraft = Omit<QueryTool, Kept>;
export type CallDraft = Omit<CallTool, Kept>;
export type ToolDraft = QueryDraft | CallDraft;
export type ToolParameter = ToolDraft["parameters"][number];
export type ToolColumn = ToolDraft["columns"][number];

/** What a visitor who has signed in would bring, to try a tool as one of them. */
export type TriedAs = { id: string; email: string | null; groups: string[] };
type Tried = { values: Record<string, string | boolean>; visitor: TriedAs | null; dryRun: boolean };

export const listTools = (cursor: string | null, signal?: AbortSignal) =>
  getJson<ToolPage>(`${TOOLS}${query({ cursor })}`, signal ? { signal } : {});
export const getTool = (id: string, signal?: AbortSignal) =>
  getJson<ToolView>(`${TOOLS}/${id}`, signal ? { signal } : {});
export const addTool = (tool: object) => sendJson<ToolView>("POST", TOOLS, tool);
export const updateTool = (id: string, changes: object) =>
  sendJson<ToolView>("PATCH", `${TOOLS}/${id}`, changes);
export const removeTool = (id: string) => sendJson<void>("DELETE", `${TOOLS}/${id}`);
export const restoreTool = (id: string) => sendJson<void>("POST", `${TOOLS}/${id}/restore`);
/** What it did in the last 30 days, and its latest calls. */
export const getToolStatistics = (id: string, signal?: AbortSignal) =>
  getJson<ToolStatisticsView>(`${TOOLS}/${id}/statistics`, signal ? { signal } : {});
/** Does it, as it is saved. */
export const runTool = (id: string, values: Record<string, unknown>, visitor: TriedAs | null) =>
  sendJson<RunToolAnswer>("POST", `${TOOLS}/${id}/run`, { arguments: values, visitor });
/** Runs what is in the editor once, saved or not; a dry run only shows what would be asked. */
export const previewTool = (tool: ToolDraft, { values, visitor, dryRun }: Tried) =>
  sendJson<PreviewToolAnswer>("POST", `${TOOLS}/preview`, { tool, arguments: values, visitor, dryRun });
/** What an OpenAPI document describes; nothing is kept. */
export const describeApi = (source: { url: string } | { document: string }) =>
  sendJson<ApiDescription>("POST", `${TOOLS}/import`, source);
