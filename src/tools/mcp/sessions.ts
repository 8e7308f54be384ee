/** Sessions with MCP servers: a few at once with each, kept for a while, and none with one that is away. */
import { createPool, type Pool } from "../../connectors/pool.ts";
import { type Breaker, createBreaker, REST_MS } from "../../domain/breaker.ts";
import type { Credential } from "../../domain/credential.ts";
import type { CredentialId, McpServerId, TenantId } from "../../domain/ids.ts";
import type { McpServer } from "../../domain/mcp-server.ts";
import type { Egress } from "../../egress/egress.ts";
import { AppError } from "../../errors.ts";
import { createAuthorization, requireForHost } from "../authorization.ts";
import { closeSession, openSession, type Session } from "./session.ts";
import { toCallError } from "./trouble.ts";

export type SessionsDeps = {
  egress: Pick<Egress, "fetchFor">;
  /** @throws AppError NOT_FOUND */
  credentialOf: (tenantId: TenantId, credentialId: CredentialId) => Promise<Credential>;
  now: () => number;
  monotonicNow: () => number;
  /** Of this Parley, which it says of itself. */
  version: string;
};

export type Sessions = {
  /**
   * Does `work` in a session with the server, once more in a new one where the server has forgotten the one that was kept.
   *
   * @param isPatient for people who look at the server: they are let through to one that was away a moment ago
   * @throws AppError TOOL_UNAVAILABLE · TOOL_TIMEOUT · TOOL_FORBIDDEN · TOOL_FAILED; what `work` throws; the reason of `signal`
   */
  ask<Result>(
    server: McpServer,
    signal: AbortSignal,
    isPatient: boolean,
    work: (session: Session) => Promise<Result>,
  ): Promise<Result>;
  release(serverId: McpServerId): Promise<void>;
  close(): Promise<void>;
};

type Kept = { key: string; pool: Pool<Session>; breaker: Breaker };

/** With everything around it, as a call of an API. */
const CALL_MS = 15_000;
/** At once with one server. */
const SESSIONS = 4;
const IDLE_MS = 60_000;

export function createSessions(deps: SessionsDeps): Sessions {
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

  return {
    async ask(server, signal, isPatient, work) {
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

/** @throws AppError NOT_FOUND · VALIDATION for one that is not for this host */
export async function credentialFor(
  { credentialOf }: Pick<SessionsDeps, "credentialOf">,
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
