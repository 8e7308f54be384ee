import type { CredentialId } from "../../domain/ids.ts";
import {
  createMcpServerSchema,
  listMcpServersQuery,
  mcpServerPageSchema,
  mcpServerSchema,
  mcpServerToolsSchema,
  updateMcpServerSchema,
} from "../../protocol/admin-api/mcp-servers.ts";
import {
  addMcpServer,
  getMcpServer,
  listMcpServers,
  removeMcpServer,
  restoreMcpServer,
  toolsOfServer,
  updateMcpServer,
} from "../../services/tools/mcp-servers.ts";
import { endpoint } from "../endpoint.ts";
import { mcpServerView, mcpToolsView } from "../mcp-server-views.ts";

export const mcpServers = [
  endpoint(
    {
      method: "GET",
      path: "/api/admin/mcp-servers",
      need: { role: "viewer" },
      summary: "MCP servers whose tools can be allowed, by name",
      query: listMcpServersQuery,
      answer: mcpServerPageSchema,
    },
    async (deps, { tenantId, query: { cursor = null, limit } }) => {
      const { items, nextCursor } = await listMcpServers(deps, tenantId, { cursor, limit });
      return { items: items.map(mcpServerView), nextCursor };
    },
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/admin/mcp-servers",
      need: { role: "admin" },
      summary: "Add an MCP server that speaks streamable HTTP; none of its tools is allowed by that",
      body: createMcpServerSchema,
      status: 201,
      answer: mcpServerSchema,
    },
    async (deps, { tenantId, body: { credential, ...body } }) =>
      mcpServerView(
        await addMcpServer(deps, tenantId, { ...body, credential: credential as CredentialId | null }),
      ),
  ),

  endpoint(
    {
      method: "GET",
      path: "/api/admin/mcp-servers/:id",
      need: { role: "viewer" },
      summary: "One MCP server, with what the last look found",
      params: { id: "mcp-server" },
      answer: mcpServerSchema,
    },
    async (deps, { tenantId, params }) => mcpServerView(await getMcpServer(deps, tenantId, params.id)),
  ),

  endpoint(
    {
      method: "PATCH",
      path: "/api/admin/mcp-servers/:id",
      need: { role: "admin" },
      summary: "Change an MCP server; its tools stay allowed as they were told",
      params: { id: "mcp-server" },
      body: updateMcpServerSchema,
      answer: mcpServerSchema,
    },
    async (deps, { tenantId, params, body: { credential, ...body } }) => {
      const changes = { ...body, credential: credential as CredentialId | null | undefined };
      return mcpServerView(await updateMcpServer(deps, tenantId, params.id, changes));
    },
  ),

  endpoint(
    {
      method: "DELETE",
      path: "/api/admin/mcp-servers/:id",
      need: { role: "admin" },
      summary: "Delete an MCP server that no tool uses; final after 30 s",
      params: { id: "mcp-server" },
      status: 204,
    },
    (deps, { tenantId, params }) => removeMcpServer(deps, tenantId, params.id),
  ),

  endpoint(
    {
      method: "POST",
      path: "/api/admin/mcp-servers/:id/restore",
      need: { role: "admin" },
      summary: "Undo the deletion",
      params: { id: "mcp-server" },
      answer: mcpServerSchema,
    },
    async (deps, { tenantId, params }) => mcpServerView(await restoreMcpServer(deps, tenantId, params.id)),
  ),

  endpoint(
    {
      method: "GET",
      path: "/api/admin/mcp-servers/:id/tools",
      need: { role: "viewer" },
      summary:
        "What the server tells of its tools now; one that it tells otherwise than it was allowed is set aside",
      params: { id: "mcp-server" },
      answer: mcpServerToolsSchema,
    },
    async (deps, { c, tenantId, params }) =>
      mcpToolsView(params.id, await toolsOfServer(deps, tenantId, params.id, c.req.raw.signal)),
  ),
];
