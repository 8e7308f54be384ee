import type { ErrorAnswer, SessionAnswer } from "../../src/protocol/chat-protocol.ts";
import { ownPageMark } from "../own-page.ts";

/** An answer of Parley that is not a success; `status` 0 when there was no answer at all. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly retryAfterMs: number | null = null,
  ) {
    super(message);
  }
}

/** The token expired, or the server was restored from a time before this session. */
export function isSessionGone(thrown: unknown): boolean {
  return thrown instanceof ApiError && (thrown.status === 401 || thrown.status === 404);
}

export type Credentials = { session: string; token: string };

export type Api = {
  base: string;
  createSession: (key: string, identity: string | null) => Promise<SessionAnswer>;
  post: (path: string, credentials: Credentials, body: Record<string, unknown>) => Promise<Response>;
  get: (path: string, credentials: Credentials, signal: AbortSignal, accept?: string) => Promise<Response>;
};

/** Calls below `base`. Never with cookies: the token is all that these calls may carry. */
export function createApi(base: string): Api {
  const call = async (path: string, init: RequestInit): Promise<Response> => {
    const answer = await fetch(base + path, { ...init, credentials: "omit", cache: "no-store" }).catch(
      (cause) => {
        throw new ApiError(0, "UNREACHABLE", String(cause));
      },
    );
    if (!answer.ok) throw await toApiError(answer);
    return answer;
  };
  return {
    base,
    createSession: async (key, identity) => {
      const body = JSON.stringify({ key, ...(identity && { identity }) });
      const headers = { "content-type": "application/json" };
      return (await call("api/widget/session", { method: "POST", headers, body })).json();
    },
    post: (path, { session, token }, body) =>
      call(path, {
        method: "POST",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify({ session, ...body }),
      }),
    get: (path, { token }, signal, accept = "application/json") =>
      call(path, { headers: { ...ownPageMark(base), authorization: `Bearer ${token}`, accept }, signal }),
  };
}

async function toApiError(answer: Response): Promise<ApiError> {
  const seconds = Number.parseFloat(answer.headers.get("retry-after") ?? "");
  const retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : null;
  const body: unknown = await answer.json().catch(() => null);
  const { code, message } = (body as ErrorAnswer | null)?.error ?? { code: "INTERNAL", message: "" };
  return new ApiError(answer.status, code, message, retryAfterMs);
}
