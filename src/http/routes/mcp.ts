import { mcpTools } from "../../services/tools/mcp.ts";
import { endpoint } from "../endpoint.ts";

/** The Model Context Protocol over streamable HTTP, for programs with an API key. */
export const mcp = [
  endpoint(
    {
      method: "POST",
      path: "/mcp",
      need: { scope: "mcp" },
      summary: "Model Context Protocol (streamable HTTP): knowledge and look-ups for programs",
      changesNothing: true,
    },
    async (deps, { c, tenantId, principal }) =>
      deps.mcpRespond(c.req.raw, await mcpTools(deps, tenantId, principal.id)),
  ),

  endpoint(
    {
      method: "GET",
      path: "/mcp",
      need: { scope: "mcp" },
      summary: "405: Parley has nothing to tell a program unasked",
    },
    (_deps, { c }) => c.body(null, 405, { Allow: "POST" }),
  ),
];
