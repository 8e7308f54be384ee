/**
 * Parley as a client of MCP servers over streamable HTTP: the protocol's own client, which is given a `fetch` of egress's
 * and nothing else to dial with. Sessions are kept for a while, each in one hand at a time.
 *
 * @see https://modelcontextprotocol.io/specification
 */
import { z } from "zod";
import { createPool, type Pool } from "../../connectors/pool.ts";
import type { McpClient } from "../../deps.ts";
import { type Breaker, createBreaker, REST_MS } from "../../domain/breaker.ts";
import type { Credential } from "../../domain/credential.ts";
import type { CredentialId, McpServerId, TenantId } from "../../domain/ids.ts";
import type { McpServer, RemoteTool, RemoteTools } from "../../domain/mcp-server.ts";
import type { Egress } from "../../egress/egress.ts";
import { parseOutboundUrl } from "../../egress/outbound-url.ts";
import { AppError, NothingSent, toAppError } from "../../errors.ts";
import { createAuthorization, requireForHost } from "../authorization.ts";
import { readTool } from "./remote-tool.ts";
import { closeSession, openSession, type Session } from "./session.ts";
import { toCallError } from "./trouble.ts";
import { shortened, visible } from "./visible.ts";

export type McpClientDeps = {
  egress: Pick<Egress, "fetchFor" | "refusal">;
  /** @throws AppError NOT_FOUND */
  credentialOf: (tenantId: TenantId, credentialId: CredentialId) => Promise<Credential>;
  now: () => number;
  monotonicNow: () => number;
  /** Of this Parley, which it says of itself. */
  version: string;
};

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

type Kept = { key: string; pool: Pool<Session>; breaker: Breaker };

/** With everything around it, as a call of an API. */
const CALL_MS = 15_000;
/** At once with one server. */
const SESSIONS = 4;
const IDLE_MS = 60_000;
const MOST_PAGES = 20;
const MOST_TOOLS = 500;

const listSchema = z.object({ tools: z.array(z.unknown()), nextCursor: z.string().optional() });
const resultSchema = z.object({
  content: z.array(z.unknown()).default([]),
  structuredContent: z.unknown().optional(),
  isError: z.boolean().default(false),
});

export function createMcpConnections(deps: McpClientDeps): McpConnections {
  const authorization = createAuthorization(deps.egress, deps.now);
  const kept = new Map<McpServerId, Kept>();

  async function keptOf(server: McpServer): Promise<Kept> {
    const credential = await credentialFor(deps, server);
    const key = `${server.url} ${credential?.id} ${credential?.updatedAt}`;
    const found = kept.get(server.id);
    if (found?.key === key) return found;
    void found?.pool.close();
    const open = (signal: AbortSignal) =>
      openSession({ ...deps, authorization }, { server, credential }, signal);
    const pool = createPool<Session>({
      ...{ size: SESSIONS, idleMs: IDLE_MS, open, end: closeSession },
      renew: async ({ isBroken }) => !isBroken,
      isOpen: ({ isBroken }) => !isBroken,
    });
    const fresh = { key, pool, breaker: createBreaker(deps.monotonicNow, () => resting(server)) };
    kept.set(server.id, fresh);
    return fresh;
  }

  /** With a session of the server's; once more with a new one where it has forgotten the session that was kept. */
  async function withSession<Result>(
    { pool }: Kept,
    signal: AbortSignal,
    work: (session: Session) => Promise<Result>,
  ): Promise<Result> {
    for (let isFirst = true; ; isFirst = false) {
      const session = await pool.acquire(signal);
      try {
        return await session.use(signal, () => work(session));
      } catch (thrown) {
        // What is still on its way in it would be taken for an answer to the next one.
        session.isBroken = true;
        if (!isFirst || !session.isForgotten(thrown)) throw thrown;
      } finally {
        session.wasUsed = true;
        pool.release(session, session.isBroken ? "end" : "renew");
      }
    }
  }

  async function asked<Result>(
    server: McpServer,
    signal: AbortSignal,
    isPatient: boolean,
    work: (session: Session) => Promise<Result>,
  ): Promise<Result> {
    const limit = AbortSignal.timeout(CALL_MS);
    const limited = AbortSignal.any([signal, limit]);
    const one = await keptOf(server);
    const trying = async () => {
      try {
        return await withSession(one, limited, work);
      } catch (thrown) {
        if (signal.aborted) throw signal.reason;
        throw toCallError(new URL(server.url), thrown, limit.aborted ? CALL_MS : null);
      }
    };
    return await (isPatient ? one.breaker.counted(trying) : one.breaker.guarded(trying));
  }

  return {
    async requireCallable(server) {
      const baseUrl = parseOutboundUrl(server.url);
      const refused = deps.egress.refusal({ purpose: "mcp", baseUrl, tenantId: server.tenantId });
      if (refused) throw refused;
      await credentialFor(deps, server);
    },

    tools: (server, signal) => asked(server, signal, true, (session) => listed(session, signal)),

    async call(server, { name, arguments: given, callId }, agree, signal) {
      let isSent = false;
      try {
        return await asked(server, signal, false, async (session) => {
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

    async release(serverId) {
      const found = kept.get(serverId);
      kept.delete(serverId);
      await found?.pool.close();
    },

    async close() {
      await Promise.all([...kept.values()].map(({ pool }) => pool.close()));
    },
  };
}

/** @throws AppError NOT_FOUND · VALIDATION for one that is not for this host */
async function credentialFor(
  { credentialOf }: Pick<McpClientDeps, "credentialOf">,
  { tenantId, credential, url }: McpServer,
): Promise<Credential | null> {
  if (credential === null) return null;
  const found = await credentialOf(tenantId, credential);
  requireForHost(found, new URL(url));
  return found;
}

function resting({ name }: McpServer): AppError {
  return new AppError(
    "TOOL_UNAVAILABLE",
    `The MCP server “${name}” did not answer a moment ago. Try again in a few seconds; an administrator can see why under Connections.`,
    { retryAfterMs: REST_MS },
  );
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
    tools: [...tools.values()].slice(0, MOST_TOOLS),
    truncated: cursor !== undefined && until === undefined,
  };
}
