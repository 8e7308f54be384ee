/**
 * Parley as a server of the Model Context Protocol over streamable HTTP: each call by itself, with no session to keep,
 * so that any node and any restart will do.
 *
 * @see https://modelcontextprotocol.io/specification
 */
import type { McpResponder, McpTool } from "../deps.ts";
import { AppError } from "../errors.ts";

/** Of one call. */
const MOST_REQUEST_BYTES = 1024 * 1024;

/** Loaded with the first call: a start has no use for it, and it takes 50 ms and 12 MB. */
async function sdk() {
  const [server, transport, schemas] = await Promise.all([
    import("@modelcontextprotocol/sdk/server/index.js"),
    import("@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js"),
    import("@modelcontextprotocol/sdk/types.js"),
  ]);
  return { ...server, ...transport, ...schemas };
}

/** @param version of this Parley, which it says of itself */
export function createMcpResponder(version: string): McpResponder {
  return async (request, tools) => {
    const {
      Server,
      WebStandardStreamableHTTPServerTransport,
      CallToolRequestSchema,
      ListToolsRequestSchema,
    } = await sdk();
    const server = new Server({ name: "parley", version }, { capabilities: { tools: {} } });
    server.setRequestHandler(ListToolsRequestSchema, () => ({
      tools: tools.map(({ name, title, description, inputSchema }) => ({
        ...{ name, title, description },
        inputSchema: { ...inputSchema, type: "object" as const },
        annotations: { readOnlyHint: true },
      })),
    }));
    server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal }) =>
      answer(tools, params.name, params.arguments ?? {}, signal),
    );
    const transport = new WebStandardStreamableHTTPServerTransport({
      enableJsonResponse: true,
      maxRequestBodySize: MOST_REQUEST_BYTES,
    });
    await server.connect(transport);
    try {
      return await transport.handleRequest(request);
    } finally {
      await server.close();
    }
  };
}

/** What goes wrong is the call's result, which the program's model can act on. */
async function answer(
  tools: readonly McpTool[],
  name: string,
  given: Record<string, unknown>,
  signal: AbortSignal,
) {
  const text = (content: string, isError = false) => ({
    content: [{ type: "text" as const, text: content }],
    isError,
  });
  const tool = tools.find((each) => each.name === name);
  if (tool === undefined) return text(`UNKNOWN_TOOL: there is no tool named “${name}”.`, true);
  try {
    return text(await tool.run(given, signal));
  } catch (thrown) {
    if (thrown instanceof AppError) return text(`${thrown.code}: ${thrown.message}`, true);
    throw thrown;
  }
}
