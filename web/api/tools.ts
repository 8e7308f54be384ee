import type { PreviewToolAnswer, ToolPage, ToolView } from "../../src/protocol/admin-api/tools.ts";
import { getJson, sendJson } from "./client.ts";
import { query } from "./query.ts";

const TOOLS = "/api/admin/tools";

/** Of a query over a database, as the editor has it. */
export type ToolDraft = Omit<Extract<ToolView, { type: "db_query" }>, "id" | "createdAt" | "updatedAt">;

export const listTools = (cursor: string | null, signal?: AbortSignal) =>
  getJson<ToolPage>(`${TOOLS}${query({ cursor })}`, signal ? { signal } : {});
export const getTool = (id: string, signal?: AbortSignal) =>
  getJson<ToolView>(`${TOOLS}/${id}`, signal ? { signal } : {});
export const addTool = (tool: ToolDraft) => sendJson<ToolView>("POST", TOOLS, tool);
export const updateTool = (id: string, tool: Partial<ToolDraft>) =>
  sendJson<ToolView>("PATCH", `${TOOLS}/${id}`, tool);
export const removeTool = (id: string) => sendJson<void>("DELETE", `${TOOLS}/${id}`);
export const restoreTool = (id: string) => sendJson<void>("POST", `${TOOLS}/${id}/restore`);
/** Runs what is in the editor once, saved or not. */
export const previewTool = (tool: ToolDraft, values: Record<string, string>) =>
  sendJson<PreviewToolAnswer>("POST", `${TOOLS}/preview`, { tool, arguments: values });
