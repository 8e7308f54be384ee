/**
 * Parley as a client of MCP servers over streamable HTTP: the protocol's own client, which is given a `fetch` of egress's
 * and nothing else to dial with. Sessions are kept for a while, each in one hand at a time.
 *
 * @see https://modelcontextprotocol.io/specification
 */
import { z } from "zod";
import type { McpClient } from "../../deps.ts";
import type { McpServer, RemoteTool, RemoteTools } from "../../domain/mcp-server.ts";
import type { Egress } from "../../egress/egress.ts";
import { parseOutboundUrl } from "../../egress/outbound-url.ts";
import { AppError, NothingSent, toAppError } from "../../errors.ts";
import { readTool } from "./remote-tool.ts";
import type { Session } from "./session.ts";
import { createSessions, credentialFor, type SessionsDeps } from "./sessions.ts";
import { shortened, visible } from "./visible.ts";

export type McpClientDeps = SessionsDeps & { egress: Pick<Egress, "refusal"> };

export type RemoteCall = {
  name: string;
  arguments: Record<string, unknown>;
  /** By which the server can tell that it has seen the call; null for one that may happen twice. */
  callId: string | null;
};
export type RemoteResult = { content: unknown[]; structured: unknown; isError: boolean };

/** What services use, and the calls of tools. */
export type McpConnections = McpClient & {
  /**
   * Asks the server what it says of the tool now, shows it to `agree`, and calls it.
   *
   * @param agree throws what speaks against the call; null for a tool that the server has no longer
   * @throws AppError as `tools`, with `NothingSent` as its cause while the tool was not called; what `agree` throws
   */
  call(
    server: McpServer,
    call: RemoteCall,
    agree: (found: RemoteTool | null) => Promise<void>,
    signal: AbortSignal,
  ): Promise<RemoteResult>;
};

const MOST_PAGES = 20;
const MOST_TOOLS = 500;

const listSchema = z.object({ tools: z.array(z.unknown()), nextCursor: z.string().optional() });
const resultSchema = z.object({
  content: z.array(z.unknown()).default([]),
  structuredContent: z.unknown().optional(),
  isError: z.boolean().default(false),
});

export function createMcpConnections(deps: McpClientDeps): McpConnections {
  const sessions = createSessions(deps);
  return {
    async requireCallable(server) {
      const baseUrl = parseOutboundUrl(server.url);
      const refused = deps.egress.refusal({ purpose: "mcp", baseUrl, tenantId: server.tenantId });
      if (refused) throw refused;
      await credentialFor(deps, server);
    },

    tools: (server, signal) => sessions.ask(server, signal, true, (session) => listed(session, signal)),

    async call(server, { name, arguments: given, callId }, agree, signal) {
      let isSent = false;
      try {
        return await sessions.ask(server, signal, false, async (session) => {
          const { tools } = await listed(session, signal, name);
          await agree(tools.find((tool) => tool.name === name) ?? null);
          isSent = true;
          const _meta = callId === null ? {} : { _meta: { "parley/idempotency-key": callId } };
          const params = { name, arguments: given, ..._meta };
          const result = await session.request("tools/call", params, resultSchema);
          return { content: result.content, structured: result.structuredContent, isError: result.isError };
        });
      } catch (thrown) {
        if (isSent || signal.aborted) throw thrown;
        const { code, message } = toAppError(thrown);
        throw new AppError(code, message, { cause: new NothingSent(message, { cause: thrown }) });
      }
    },

    release: (serverId) => sessions.release(serverId),
    close: () => sessions.close(),
  };
}

/** All tools, page by page, or as far as to the one that is looked for. */
async function listed(session: Session, signal: AbortSignal, until?: string): Promise<RemoteTools> {
  const tools = new Map<string, RemoteTool>();
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES && tools.size < MOST_TOOLS; page++) {
    signal.throwIfAborted();
    const params = cursor === undefined ? {} : { cursor };
    const answer = await session.request("tools/list", params, listSchema);
    for (const told of answer.tools) {
      const tool = readTool(told);
      if (tool !== null && !tools.has(tool.name)) tools.set(tool.name, tool);
    }
    cursor = answer.nextCursor;
    if (cursor === undefined || (until !== undefined && tools.has(until))) break;
  }
  const { name = "", version = "" } = session.serverVersion() ?? {};
  return {
    serverVersion: shortened(visible(`${name} ${version}`).trim(), 200),
    tools: [...tools.values()].slice(0, until === undefined ? MOST_TOOLS : undefined),
    truncated: cursor !== undefined && until === undefined,
  };
}
