/** A server of the Model Context Protocol made with the official SDK, over a real socket, with its tools in a test's hands. */
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js";
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";

export type ServedTool = {
  name: string;
  title?: string;
  description?: string;
  inputSchema: Record<string, unknown>;
  annotations?: Record<string, unknown>;
};
export type Called = { name: string; arguments: Record<string, unknown>; meta: Record<string, unknown> };

export type McpToolServer = {
  url: string;
  port: number;
  /** What it tells of its tools from now on. */
  tools: ServedTool[];
  /** What a call gives: the result as the protocol has it. */
  answer: (call: Called) => unknown;
  /** How many tools a page of the list has. */
  pageSize: number;
  /** Answers instead of the protocol, where it is not null. */
  instead: ((request: Request) => Response | null | Promise<Response | null>) | null;
  called: Called[];
  /** Methods and headers of what came. */
  requests: { method: string; rpc: string; headers: Headers }[];
  /** As after a restart: no session is known. */
  forgetSessions(): void;
  sessions(): number;
  stop(): Promise<void>;
};

export const STOCK_TOOL: ServedTool = {
  name: "getStock",
  title: "Stock of a product",
  description: "How many pieces of a product there are.",
  inputSchema: {
    type: "object",
    properties: {
      product: { type: "string", description: "Name of the product", maxLength: 40 },
      city: { type: "string", enum: ["Berlin", "Bonn"] },
      least: { type: "integer", minimum: 0 },
    },
    required: ["product"],
    additionalProperties: false,
  },
  annotations: { readOnlyHint: true },
};

export function startMcpToolServer(options: { json?: boolean } = {}): McpToolServer {
  const transports = new Map<string, WebStandardStreamableHTTPServerTransport>();

  async function opened(): Promise<WebStandardStreamableHTTPServerTransport> {
    const server = new Server(
      { name: "sample", version: "2.1" },
      { capabilities: { tools: { listChanged: true } } },
    );
    server.setRequestHandler(ListToolsRequestSchema, ({ params }) => {
      const from = Number(params?.cursor ?? 0);
      const more = from + served.pageSize < served.tools.length;
      return {
        // What a test serves may be what the protocol does not allow.
        tools: served.tools.slice(from, from + served.pageSize) as never,
        ...(more && { nextCursor: String(from + served.pageSize) }),
      };
    });
    server.setRequestHandler(CallToolRequestSchema, async ({ params }) => {
      const call = { name: params.name, arguments: params.arguments ?? {}, meta: { ...params._meta } };
      served.called.push(call);
      return (await served.answer(call)) as never;
    });
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => crypto.randomUUID(),
      enableJsonResponse: options.json ?? false,
      onsessioninitialized: (id) => void transports.set(id, transport),
      onsessionclosed: (id) => void transports.delete(id),
    });
    await server.connect(transport as Parameters<Server["connect"]>[0]);
    return transport;
  }

  const listening = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const body = await request.clone().text();
      const rpc = /"method":"([^"]+)"/.exec(body)?.[1] ?? "";
      served.requests.push({ method: request.method, rpc, headers: request.headers });
      const other = await served.instead?.(request);
      if (other) return other;
      const id = request.headers.get("mcp-session-id");
      const known = id === null ? await opened() : transports.get(id);
      return known?.handleRequest(request) ?? new Response("Session not found", { status: 404 });
    },
  });

  const served: McpToolServer = {
    url: `http://127.0.0.1:${listening.port}/mcp`,
    port: listening.port ?? 0,
    tools: [STOCK_TOOL],
    answer: () => ({ content: [{ type: "text", text: "done" }] }),
    ...{ pageSize: 50, instead: null, called: [], requests: [] },
    forgetSessions: () => transports.clear(),
    sessions: () => transports.size,
    stop: () => listening.stop(true),
  };
  return served;
}
