import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Log } from "../deps.ts";
import { type AppError, type ErrorCode, toAppError } from "../errors.ts";
import type { ErrorAnswer } from "../protocol/chat-protocol.ts";
import { completionsError } from "./completion-views.ts";
import type { AppContext } from "./env.ts";

/** The only place that knows HTTP statuses. `Record` makes a forgotten code a type error. */
export const STATUS: Record<ErrorCode, ContentfulStatusCode> = {
  VALIDATION: 400,
  UNAUTHENTICATED: 401,
  SETUP_TOKEN_REQUIRED: 401,
  TOKEN_INVALID: 401,
  IDENTITY_INVALID: 401,
  FORBIDDEN: 403,
  SCOPE: 403,
  CSRF: 403,
  ORIGIN_NOT_ALLOWED: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  ALREADY_INITIALISED: 409,
  TURN_RUNNING: 409,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  UNSAFE_INPUT: 422,
  UNSAFE_URL: 422,
  UNSAFE_ARCHIVE: 422,
  MODEL_INVALID: 422,
  UNKNOWN_TOOL: 422,
  UNKNOWN_PLACEHOLDER: 400,
  INVALID_ARGUMENT: 422,
  UNSAFE_QUERY: 422,
  UNSAFE_PIPELINE: 422,
  TOOL_FORBIDDEN: 422,
  TOOL_REQUIRES_IDENTITY: 422,
  TOOL_LIMIT: 422,
  RESPONSE_TOO_LARGE: 502,
  TOOL_UNAVAILABLE: 503,
  TOOL_TIMEOUT: 504,
  QUERY_TIMEOUT: 504,
  CONFIRMATION_MISMATCH: 409,
  TOOL_CHANGED: 409,
  HOST_NOT_FOUND: 422,
  CONNECTION_REFUSED: 422,
  CONNECTION_TIMEOUT: 422,
  TLS_FAILED: 422,
  AUTHENTICATION_FAILED: 422,
  DATABASE_NOT_FOUND: 422,
  SERVER_TOO_OLD: 422,
  CREDENTIAL_NOT_READONLY: 422,
  CREDENTIAL_REENTRY_REQUIRED: 422,
  CREDENTIAL_UNDECRYPTABLE: 422,
  EGRESS_DENIED: 422,
  TOO_MANY_REDIRECTS: 422,
  UNSUPPORTED_TYPE: 422,
  TYPE_MISMATCH: 422,
  EMPTY_DOCUMENT: 422,
  ENCRYPTED: 422,
  NO_TEXT_LAYER: 422,
  UNREADABLE_TEXT: 422,
  MALFORMED_DOCUMENT: 422,
  XML_DTD_FORBIDDEN: 422,
  PARSE_TIMEOUT: 422,
  RESOURCE_LIMIT: 422,
  PARSER_CRASHED: 422,
  POISON: 422,
  RATE_LIMITED: 429,
  PROVIDER_REJECTED: 502,
  PROVIDER_NO_ANSWER: 502,
  UPSTREAM_BAD_RESPONSE: 502,
  TOOL_FAILED: 502,
  OVERLOADED: 503,
  PROVIDER_RATE_LIMITED: 503,
  PROVIDER_UNAVAILABLE: 503,
  MODEL_NOT_AVAILABLE: 503,
  STORAGE_UNAVAILABLE: 503,
  PROVIDER_TIMEOUT: 504,
  STORAGE_FULL: 507,
  INTERNAL: 500,
  USAGE: 500,
  CONFIG_INVALID: 500,
  // Parts of the program that are copied out when they are first needed.
  DATA_DIR_NOT_WRITABLE: 503,
  DATA_DIR_LOCKED: 500,
  DB_MISSING: 500,
  DB_CORRUPT: 500,
  SCHEMA_TOO_NEW: 500,
  KEY_MISSING: 500,
  KEY_INVALID: 500,
  PORT_IN_USE: 500,
  PORT_NOT_ALLOWED: 500,
  TLS_INVALID: 500,
  EGRESS_BROKEN: 500,
};

/** What an operator has to see, beside the one who asked. */
export function isForTheLog({ code }: AppError): boolean {
  return code === "INTERNAL" || code === "STORAGE_UNAVAILABLE";
}

/** For `app.onError`. What we threw on purpose is answered; only the unexpected, and a sick disk, is logged. */
export function errorHandler(log: Log) {
  return (thrown: unknown, c: AppContext): Response => {
    const error = toAppError(thrown);
    if (isForTheLog(error)) {
      log.error("request-failed", {
        ...{ requestId: c.var.requestId, code: error.code },
        method: c.req.method,
        path: c.req.path,
        cause: error.cause,
      });
    }
    return errorResponse(c, error);
  };
}

export function errorResponse(c: AppContext, error: AppError): Response {
  if (error.retryAfterMs !== undefined)
    c.header("Retry-After", String(Math.max(1, Math.ceil(error.retryAfterMs / 1000))));
  const status = STATUS[error.code];
  // OpenAI-compatible clients read errors in a shape of their own, whatever went wrong.
  if (isCompletionsPath(c.req.path)) return c.json(completionsError(error, status), status);
  return c.json(errorAnswer(error, c.var.requestId), status);
}

function isCompletionsPath(path: string): boolean {
  return path === "/v1" || path.startsWith("/v1/");
}

export function errorAnswer({ code, message, details }: AppError, requestId: string): ErrorAnswer {
  return { error: { code, message, ...(details !== undefined && { details }), requestId } };
}
