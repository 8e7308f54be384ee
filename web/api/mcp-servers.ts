import type {
  McpServerPage,
  McpServerTools,
  McpServerView,
} from "../../src/protocol/admin-api/mcp-servers.ts";
import { getJson, sendJson } from "./client.ts";
import { query } from "./query.ts";

const SERVERS = "/api/admin/mcp-servers";

export type McpServerDraft = Pick<McpServerView, "name" | "url" | "credential">;

export const listMcpServers = (cursor: string | null, signal?: AbortSignal) =>
  getJson<McpServerPage>(`${SERVERS}${query({ cursor })}`, signal ? { signal } : {});
export const getMcpServer = (id: string, signal?: AbortSignal) =>
  getJson<McpServerView>(`${SERVERS}/${id}`, signal ? { signal } : {});
export const addMcpServer = (server: McpServerDraft) => sendJson<McpServerView>("POST", SERVERS, server);
export const updateMcpServer = (id: string, changes: Partial<McpServerDraft>) =>
  sendJson<McpServerView>("PATCH", `${SERVERS}/${id}`, changes);
export const removeMcpServer = (id: string) => sendJson<void>("DELETE", `${SERVERS}/${id}`);
export const restoreMcpServer = (id: string) => sendJson<void>("POST", `${SERVERS}/${id}/restore`);
/** Asks the server what it has now. */
export const toolsOfServer = (id: string, signal?: AbortSignal) =>
  getJson<McpServerTools>(`${SERVERS}/${id}/tools`, signal ? { signal } : {});
