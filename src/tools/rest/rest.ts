/** Tools that are one call of an organisation's own API. */
import type { Credential } from "../../domain/credential.ts";
import type { CredentialId, TenantId } from "../../domain/ids.ts";
import type { CatalogueTool } from "../../domain/tool.ts";
import type { Egress } from "../../egress/egress.ts";
import { unreachable } from "../../egress/unreachable.ts";
import { AppError } from "../../errors.ts";
import { validArguments } from "../arguments.ts";
import { createAuthorization, requireForHost } from "../authorization.ts";
import { requireKnownNames, requireSoundDefinition } from "../definition.ts";
import { resultColumns, tableOf } from "../table.ts";
import type { ToolContext, ToolRunner } from "../tool.ts";
import { createApiGate } from "./api-gate.ts";
import { placeOf, type RestAction, type RestRequest, requireSoundRequest, toRequest } from "./request.ts";
import { parseAnswer, requireSoundPath, toRows } from "./rows.ts";

export type RestDeps = {
  egress: Pick<Egress, "fetchFor" | "refusal">;
  /** @throws AppError NOT_FOUND */
  credentialOf: (tenantId: TenantId, credentialId: CredentialId) => Promise<Credential>;
  now: () => number;
  monotonicNow: () => number;
};

/** A call with everything around it. */
const CALL_MS = 15_000;
/** Sending one of these again does nothing that was not done (RFC 9110, 9.2.2). */
const IDEMPOTENT: ReadonlySet<string> = new Set(["GET", "HEAD", "PUT", "DELETE"]);
const RETRIES = 1;
/** What a server answers that is not there for the moment. */
const AWAY: ReadonlySet<number> = new Set([429, 502, 503, 504]);

type Answered = { status: number; text: string };

export function restCalls(deps: RestDeps): ToolRunner {
  const authorization = createAuthorization(deps.egress, deps.now);
  const gate = createApiGate(deps.monotonicNow);

  /** @throws AppError NOT_FOUND · VALIDATION for one that is not for this host */
  async function credentialFor(
    { tenantId }: CatalogueTool,
    { credential, url }: RestAction,
  ): Promise<Credential | null> {
    if (credential === null) return null;
    const found = await deps.credentialOf(tenantId, credential);
    requireForHost(found, new URL(url.replace(/[{}]/g, "x")));
    return found;
  }

  function requested(
    entry: CatalogueTool,
    given: Readonly<Record<string, unknown>>,
    { visitor, callId }: ToolContext,
  ) {
    const action = actionOf(entry);
    const request = toRequest(entry, action, validArguments(entry.parameters, given, visitor));
    if (callId !== undefined) request.headers.set("idempotency-key", callId);
    return { action, request };
  }

  async function call(
    entry: CatalogueTool,
    request: RestRequest,
    credential: Credential | null,
    signal: AbortSignal,
  ): Promise<Answered> {
    const { url, method, body } = request;
    const headers = new Headers(request.headers);
    if (credential) await authorization.add(headers, credential, signal);
    const ask = deps.egress.fetchFor({ purpose: "tool", baseUrl: url, tenantId: entry.tenantId });
    const response = await ask(url, { method, headers, body, signal });
    return { status: response.status, text: method === "HEAD" ? "" : await response.text() };
  }

  async function answered(
    entry: CatalogueTool,
    { action, request }: { action: RestAction; request: RestRequest },
    signal: AbortSignal,
  ): Promise<Answered> {
    const credential = await credentialFor(entry, action);
    const once = () => patiently(request, () => call(entry, request, credential, signal));
    const first = await once();
    // A token may have been taken back before its time. What was not let in was not done either.
    if (first.status !== 401 || credential?.details.kind !== "oauth2") return first;
    authorization.forget(credential);
    return once();
  }

  return {
    async prepare(entry) {
      const action = actionOf(entry);
      requireSoundDefinition(entry);
      requireNoQueries(entry);
      requireSoundRequest(entry, action);
      requireSoundPath(action.responsePath);
      requireConfirmed(entry, action);
      const baseUrl = new URL(action.url.replace(/[{}]/g, "x"));
      const refused = deps.egress.refusal({ purpose: "tool", baseUrl, tenantId: entry.tenantId });
      if (refused) throw refused;
      await credentialFor(entry, action);
      // What columns there are, the API alone knows, unless an admin has named them.
      const columns = entry.columns.map(({ name }) => ({ name, type: "text" as const }));
      if (columns.length > 0) requireKnownNames(entry, columns);
      const parameters = entry.parameters.map((each) => ({ ...each, in: placeOf(each, action) }));
      return { parameters, columns: resultColumns(entry, columns) };
    },

    async run(entry, given, context, signal) {
      const asked = requested(entry, given, context);
      const { url } = asked.request;
      const call = () =>
        answered(entry, asked, AbortSignal.any([signal, AbortSignal.timeout(CALL_MS)])).catch(
          (thrown: unknown) => {
            throw toToolError(url, thrown, signal);
          },
        );
      const { status, text } = await gate.pass(entry.tenantId, hostAndPort(url), signal, call);
      const { action, request } = asked;
      if (isNothing(status, action, entry))
        return tableOf(entry, { columns: [], rows: [], truncated: false });
      requireAnswer(request.url, status);
      const answer = text.trim() === "" ? [] : parseAnswer(request.url.host, text);
      return tableOf(entry, toRows(entry, action.responsePath, answer));
    },

    async explain(entry, given, context) {
      const { request } = requested(entry, given, context);
      return [`${request.method} ${request.url.href}`, ...(request.body === null ? [] : [request.body])].join(
        "\n",
      );
    },
  };

  /** Again, once, where the server was not there and nothing can be done twice. */
  async function patiently({ method }: RestRequest, send: () => Promise<Answered>): Promise<Answered> {
    for (let left = IDEMPOTENT.has(method) ? RETRIES : 0; ; left--) {
      try {
        const answer = await send();
        if (left === 0 || !AWAY.has(answer.status)) return answer;
      } catch (thrown) {
        if (left === 0 || !isConnectionLost(thrown)) throw thrown;
      }
    }
  }
}

function actionOf({ action }: CatalogueTool): RestAction {
  if (action.type === "rest_api") return action;
  throw new TypeError(`This is no call of an API but ${action.type}.`);
}

function hostAndPort(url: URL): string {
  return `${url.hostname}:${url.port || (url.protocol === "https:" ? "443" : "80")}`;
}

/** @throws AppError VALIDATION */
function requireNoQueries({ parameters }: CatalogueTool): void {
  const index = parameters.findIndex(({ valuesQuery }) => valuesQuery !== null);
  if (index < 0) return;
  const sentence = "An API is asked no query for values. List them.";
  throw new AppError("VALIDATION", sentence, {
    details: { fields: { [`parameters.${index}.valuesQuery`]: sentence } },
  });
}

/** What changes something by its method waits for the visitor, whatever is said of it. @throws AppError VALIDATION */
function requireConfirmed({ effect }: CatalogueTool, { method }: RestAction): void {
  if (effect === "write" || !["PUT", "PATCH", "DELETE"].includes(method)) return;
  const sentence = `${method} changes something, so its effect is “write”: the visitor confirms each call.`;
  throw new AppError("VALIDATION", sentence, { details: { fields: { effect: sentence } } });
}

/** A thing that is asked for by its name in the path and is not there: no rows. */
function isNothing(status: number, { method }: RestAction, { parameters }: CatalogueTool): boolean {
  return (
    status === 204 || (status === 404 && method === "GET" && parameters.some((each) => each.in === "path"))
  );
}

/** @throws AppError TOOL_FORBIDDEN · TOOL_UNAVAILABLE · TOOL_FAILED */
function requireAnswer({ host }: URL, status: number): void {
  if (status >= 200 && status < 300) return;
  if (status === 401 || status === 403)
    throw new AppError(
      "TOOL_FORBIDDEN",
      `${host} does not let Parley in (${status}). An admin checks the tool's credential.`,
    );
  if (AWAY.has(status))
    throw new AppError(
      "TOOL_UNAVAILABLE",
      `${host} does not answer for the moment (${status}). Try again later.`,
    );
  const whose = status < 500 ? "did not take the call" : "failed";
  throw new AppError("TOOL_FAILED", `${host} ${whose} (${status}).`);
}

function isConnectionLost(thrown: unknown): boolean {
  return (
    !(thrown instanceof AppError) &&
    thrown instanceof Error &&
    thrown.name !== "TimeoutError" &&
    thrown.name !== "AbortError"
  );
}

function toToolError({ host }: URL, thrown: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  if (thrown instanceof AppError) return thrown;
  if (thrown instanceof Error && thrown.name === "TimeoutError")
    return new AppError("TOOL_TIMEOUT", `${host} did not answer within ${CALL_MS / 1000} seconds.`, {
      cause: thrown,
    });
  return new AppError("TOOL_UNAVAILABLE", unreachable(host, thrown), { cause: thrown });
}
