/** One session with an MCP server, over the SDK's own transport. */
import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import type { JsonSchemaValidator, jsonSchemaValidator } from "@modelcontextprotocol/sdk/validation/types.js";
import type { z } from "zod";
import type { Credential } from "../../domain/credential.ts";
import type { McpServer } from "../../domain/mcp-server.ts";
import type { Egress, Fetch } from "../../egress/egress.ts";
import { parseOutboundUrl } from "../../egress/outbound-url.ts";
import type { Authorization } from "../authorization.ts";

export type Session = {
  /** Not to be used again. */
  isBroken: boolean;
  /** Something was asked in it before. */
  wasUsed: boolean;
  serverVersion(): { name?: string; version?: string } | undefined;
  /** Whether what was thrown says that the server knows the session no longer, so that nothing was done. */
  isForgotten(thrown: unknown): boolean;
  /** Ends early when the connection fails, which the SDK would wait out, or `signal` is aborted. */
  use<Result>(signal: AbortSignal, work: () => Promise<Result>): Promise<Result>;
  request<Answer extends z.ZodType>(
    method: string,
    params: Record<string, unknown>,
    answer: Answer,
  ): Promise<z.output<Answer>>;
  close(): Promise<void>;
};

type SessionDeps = { egress: Pick<Egress, "fetchFor">; authorization: Authorization; version: string };
type Peer = { server: McpServer; credential: Credential | null };

/** Longer than any call may take: those who call have limits of their own. */
const SDK_MS = 60_000;
/** Saying goodbye is a courtesy. */
const GOODBYE_MS = 2_000;

/** Loaded with the first call: a start has no use for it. */
async function sdk() {
  const [client, transport] = await Promise.all([
    import("@modelcontextprotocol/sdk/client/index.js"),
    import("@modelcontextprotocol/sdk/client/streamableHttp.js"),
  ]);
  return { ...client, ...transport };
}

/** Servers' own schemas of results are not compiled: what comes is read as what it is. */
const UNCHECKED: jsonSchemaValidator = {
  getValidator:
    <Value>(): JsonSchemaValidator<Value> =>
    (input) => ({ valid: true, data: input as Value, errorMessage: undefined }),
};

/** @throws what the SDK throws, or egress */
export async function openSession(deps: SessionDeps, peer: Peer, signal: AbortSignal): Promise<Session> {
  const { Client, StreamableHTTPClientTransport, StreamableHTTPError } = await sdk();
  let fail: (cause: unknown) => void = () => {};
  const transport = new StreamableHTTPClientTransport(new URL(peer.server.url), {
    fetch: fetchOf(deps, peer, (cause) => fail(cause)),
  });
  const client = new Client(
    { name: "parley", version: deps.version },
    { capabilities: {}, jsonSchemaValidator: UNCHECKED },
  );
  client.onerror = (error) => fail(error);
  const session: Session = {
    ...{ isBroken: false, wasUsed: false },
    serverVersion: () => client.getServerVersion(),
    isForgotten: (thrown) =>
      session.wasUsed &&
      thrown instanceof StreamableHTTPError &&
      (thrown.code === 404 || thrown.code === 400),
    use: (until, work) => {
      const failed = new Promise<never>((_, reject) => {
        fail = reject;
        if (until.aborted) reject(until.reason);
        until.addEventListener("abort", () => reject(until.reason), { once: true });
      });
      return Promise.race([work(), failed]);
    },
    request: (method, params, answer) => ask(client, method, params, answer),
    async close() {
      await transport.terminateSession().catch(() => {});
      await client.close();
    },
  };
  try {
    // The SDK's class and its own interface differ under exactOptionalPropertyTypes.
    const connecting = () =>
      client.connect(transport as Parameters<Client["connect"]>[0], { timeout: SDK_MS });
    await session.use(signal, connecting);
    return session;
  } catch (thrown) {
    await client.close();
    throw thrown;
  }
}

export async function closeSession(session: Session): Promise<void> {
  await session.close();
}

async function ask<Answer extends z.ZodType>(
  client: Client,
  method: string,
  params: Record<string, unknown>,
  answer: Answer,
): Promise<z.output<Answer>> {
  return answer.parse(await client.request({ method, params }, answer, { timeout: SDK_MS }));
}

/** The transport's only way out. */
function fetchOf(
  { egress, authorization }: SessionDeps,
  { server: { url, tenantId }, credential }: Peer,
  onFailure: (cause: unknown) => void,
): Fetch {
  const ask = egress.fetchFor({ purpose: "mcp", baseUrl: parseOutboundUrl(url), tenantId });

  async function authorized(input: string | URL | Request, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    const signal = init.signal ?? new AbortController().signal;
    if (credential) await authorization.add(headers, credential, signal);
    return await ask(input, { ...init, headers });
  }

  return async (input, init = {}) => {
    // Nothing is told unasked: tools are listed anew before each call. Only an answer that broke off is fetched again.
    if (init.method === "GET" && !new Headers(init.headers).has("last-event-id"))
      return new Response(null, { status: 405 });
    const signals = [
      init.signal ?? [],
      init.method === "DELETE" ? AbortSignal.timeout(GOODBYE_MS) : [],
    ].flat();
    const limited = { ...init, signal: AbortSignal.any(signals) };
    const response = await authorized(input, limited);
    if (response.status !== 401 || credential?.details.kind !== "oauth2") return watched(response, onFailure);
    // A token may have been taken back before its time. What was not let in was not done either.
    authorization.forget(credential);
    await response.body?.cancel();
    return watched(await authorized(input, limited), onFailure);
  };
}

/** The SDK only notes that a stream broke off, and waits on. */
function watched(response: Response, onFailure: (cause: unknown) => void): Response {
  const reader = response.body?.getReader();
  if (reader === undefined) return response;
  let isCancelled = false;
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (isCancelled) return;
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (thrown) {
        onFailure(thrown);
        throw thrown;
      }
    },
    async cancel(reason) {
      isCancelled = true;
      await reader.cancel(reason);
    },
  });
  const { status, statusText, headers } = response;
  return new Response(body, { status, statusText, headers });
}
