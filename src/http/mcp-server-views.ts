/** MCP servers and what they tell of their tools, on their way out. */
import { catalogueName, type McpServer } from "../domain/mcp-server.ts";
import type { McpServerTools, McpServerView } from "../protocol/admin-api/mcp-servers.ts";
import type { OfferedTool, OfferedTools } from "../services/tools/mcp-servers.ts";
import { toolState } from "./tool-views.ts";
import { toIso } from "./views.ts";

export function mcpServerView(server: McpServer): McpServerView {
  const { id, name, url, credential, state, problem, serverVersion, checkedAt, createdAt, updatedAt } =
    server;
  return {
    ...{ id, name, url, credential, state, problem, serverVersion },
    checkedAt: checkedAt === null ? null : toIso(checkedAt),
    ...{ createdAt: toIso(createdAt), updatedAt: toIso(updatedAt) },
  };
}

export function mcpToolsView(
  server: string,
  { serverVersion, truncated, tools }: OfferedTools,
): McpServerTools {
  return {
    serverVersion,
    truncated,
    items: tools.map((tool) => offeredView(server, tool)),
    nextCursor: null,
  };
}

function offeredView(server: string, offered: OfferedTool): McpServerTools["items"][number] {
  const { name, title, description, inputSchema, readOnly, destructive, fingerprint } = offered;
  const { parameters, warnings, problem, tool } = offered;
  return {
    ...{ name, title, description, inputSchema, readOnly, destructive, fingerprint, warnings, problem },
    arguments: parameters.map((each) => ({
      ...{ name: each.name, required: each.required, description: each.description, values: each.values },
      type: each.schema === undefined ? each.type : String(each.schema.type ?? "json"),
    })),
    tool: tool && {
      ...{ id: tool.id, name: tool.name, enabled: tool.enabled },
      state: toolState(tool.action.type === "mcp" ? tool.action.trouble : null),
    },
    draft: {
      ...{ type: "mcp", server, remoteName: name, name: catalogueName(name), fingerprint },
      ...{ label: title ?? name.slice(0, 100), description, effect: readOnly ? "read" : "write" },
    },
  };
}
