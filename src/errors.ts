/**
 * Why an operation failed, in a word a program can act on. Stable: HTTP clients, the widget and the
 * documentation rely on it, so add codes freely but never rename one.
 */
export type ErrorCode =
  | "VALIDATION"
  | "UNAUTHENTICATED"
  | "SETUP_TOKEN_REQUIRED"
  | "TOKEN_INVALID"
  | "IDENTITY_INVALID"
  | "FORBIDDEN"
  | "SCOPE"
  | "CSRF"
  | "ORIGIN_NOT_ALLOWED"
  | "NOT_FOUND"
  | "CONFLICT"
  | "ALREADY_INITIALISED"
  | "TURN_RUNNING"
  | "PAYLOAD_TOO_LARGE"
  | "UNSUPPORTED_MEDIA_TYPE"
  | "UNSAFE_INPUT"
  | "UNSAFE_URL"
  | "UNSAFE_ARCHIVE"
  | "CREDENTIAL_REENTRY_REQUIRED"
  | "CREDENTIAL_UNDECRYPTABLE"
  | "RATE_LIMITED"
  | "OVERLOADED"
  | "STORAGE_FULL"
  | "STORAGE_UNAVAILABLE"
  | "PROVIDER_RATE_LIMITED"
  | "PROVIDER_UNAVAILABLE"
  | "PROVIDER_TIMEOUT"
  | "PROVIDER_REJECTED"
  | "PROVIDER_NO_ANSWER"
  | "MODEL_NOT_AVAILABLE"
  | "MODEL_INVALID"
  | "UPSTREAM_BAD_RESPONSE"
  | "EGRESS_DENIED"
  | "TOO_MANY_REDIRECTS"
  | "INTERNAL"
  | ToolErrorCode
  | ConnectionErrorCode
  | DocumentErrorCode
  | StartErrorCode;

/** Why a look-up in a database or an API gave nothing; the model is told, too. */
export type ToolErrorCode =
  | "UNKNOWN_TOOL"
  | "UNKNOWN_PLACEHOLDER"
  | "INVALID_ARGUMENT"
  | "UNSAFE_QUERY"
  | "UNSAFE_PIPELINE"
  | "QUERY_TIMEOUT"
  | "RESPONSE_TOO_LARGE"
  | "TOOL_CHANGED"
  | "TOOL_FAILED"
  | "TOOL_FORBIDDEN"
  | "TOOL_LIMIT"
  | "TOOL_REQUIRES_IDENTITY"
  | "TOOL_TIMEOUT"
  | "TOOL_UNAVAILABLE"
  | "CONFIRMATION_MISMATCH";

/** Why a database cannot be used, as the test of a connection says it. */
export type ConnectionErrorCode =
  | "HOST_NOT_FOUND"
  | "CONNECTION_REFUSED"
  | "CONNECTION_TIMEOUT"
  | "TLS_FAILED"
  | "AUTHENTICATION_FAILED"
  | "DATABASE_NOT_FOUND"
  | "SERVER_TOO_OLD"
  | "CREDENTIAL_NOT_READONLY";

/** Why a document could not become searchable. Shown to the admin beside the source. */
export type DocumentErrorCode =
  | "UNSUPPORTED_TYPE"
  | "TYPE_MISMATCH"
  | "EMPTY_DOCUMENT"
  | "ENCRYPTED"
  | "NO_TEXT_LAYER"
  | "UNREADABLE_TEXT"
  | "MALFORMED_DOCUMENT"
  | "XML_DTD_FORBIDDEN"
  | "PARSE_TIMEOUT"
  | "RESOURCE_LIMIT"
  | "PARSER_CRASHED"
  | "POISON";

/** Why the process could not start. Each has one exit code, in main.ts. */
export type StartErrorCode =
  | "USAGE"
  | "CONFIG_INVALID"
  | "DATA_DIR_NOT_WRITABLE"
  | "DATA_DIR_LOCKED"
  | "DB_MISSING"
  | "DB_CORRUPT"
  | "SCHEMA_TOO_NEW"
  | "KEY_MISSING"
  | "KEY_INVALID"
  | "PORT_IN_USE"
  | "PORT_NOT_ALLOWED"
  | "TLS_INVALID"
  | "EGRESS_BROKEN";

export type AppErrorOptions = {
  cause?: unknown;
  /** When the caller may try again. */
  retryAfterMs?: number;
  /** What exactly was wrong, for programs: e.g. the offending fields. Never holds a secret. */
  details?: unknown;
};

/**
 * The only error our own code throws on purpose. `message` is shown to the person who asked, so it
 * says what happened and what to do next and never contains a key, a prompt or SQL. `cause` is for the log.
 */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ErrorCode;
  readonly retryAfterMs: number | undefined;
  readonly details: unknown;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
    this.details = options.details;
  }
}

/** Stands in the cause of an error: it went wrong before anything was asked for, so that nothing can have happened. */
export class NothingSent extends Error {
  override readonly name = "NothingSent";
}

/** Anything thrown that is not an AppError is a bug or an outage: the caller learns only "INTERNAL". */
export function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  return new AppError(
    "INTERNAL",
    "Something went wrong on the server. Try again; if it happens again, tell your administrator the request id.",
    {
      cause: thrown,
    },
  );
}
