/** What a MongoDB server, or the way to it, complains of. */
import {
  MongoCompatibilityError,
  MongoNetworkTimeoutError,
  MongoServerError,
  MongoServerSelectionError,
} from "mongodb";
import type { ConnectionSettings } from "../../domain/connection.ts";
import { AppError } from "../../errors.ts";
import {
  codeOf,
  connectionError,
  isConnectionError,
  networkError,
  queryTimeout,
  unavailable,
} from "../reach.ts";

const AUTHENTICATION_FAILED = 18;
const UNAUTHORIZED = 13;
/** MaxTimeMSExpired, ExceededTimeLimit, and an operation that was interrupted for another reason. */
const TIMEOUTS: ReadonlySet<number> = new Set([50, 262, 11601]);
const CONVERSION_FAILURE = 241;

export function isUnauthorized(thrown: unknown): boolean {
  return serverCode(thrown) === UNAUTHORIZED;
}

export function isAuthenticationError(thrown: unknown): boolean {
  return serverCode(thrown) === AUTHENTICATION_FAILED;
}

/** Null for what is no error of the server. A number of the server's comes as the driver was told to read numbers. */
function serverCode(thrown: unknown): number | null {
  return thrown instanceof MongoServerError ? Number(thrown.code) : null;
}

/** An error of the way to the server; null for one of a command. The driver wraps them several times. */
export function toConnectionError(thrown: unknown, settings: ConnectionSettings): AppError | null {
  if (isAuthenticationError(thrown)) return connectionError("AUTHENTICATION_FAILED", settings, thrown);
  if (thrown instanceof MongoServerError) return null;
  const causes = causesOf(thrown);
  if (causes.some((cause) => cause instanceof MongoCompatibilityError))
    return connectionError("SERVER_TOO_OLD", settings, thrown);
  const ours = causes.find((cause) => cause instanceof AppError);
  if (ours instanceof AppError) return ours;
  if (settings.tls !== "off" && causes.some(isTlsError))
    return connectionError("TLS_FAILED", settings, thrown);
  for (const cause of causes) {
    const known = networkError(cause, settings);
    if (known) return known;
  }
  const isSilent = causes.some(
    (cause) => cause instanceof MongoNetworkTimeoutError || cause instanceof MongoServerSelectionError,
  );
  return isSilent ? connectionError("CONNECTION_TIMEOUT", settings, thrown) : null;
}

function isTlsError(cause: unknown): boolean {
  return (
    /CERT|SSL|TLS|SELF_SIGNED|ECONNRESET|UNABLE_TO/.test(codeOf(cause)) ||
    (cause instanceof Error && /\b(TLS|SSL|certificate)\b/i.test(cause.message))
  );
}

/** The error and what it was caused by, outermost first. */
function causesOf(thrown: unknown): unknown[] {
  const causes: unknown[] = [];
  for (let cause: unknown = thrown; cause && causes.length < 10; ) {
    causes.push(cause);
    const inner: unknown = cause instanceof Error ? cause.cause : null;
    // A selection that failed keeps what went wrong with the server in its description.
    const reason = cause instanceof MongoServerSelectionError ? cause.reason : null;
    const [server] = reason ? [...reason.servers.values()] : [];
    cause = server?.error ?? (inner === reason ? null : inner);
  }
  return causes;
}

/** An error of a command, told to those who use the tool: never with the query in it. */
export function toRunError(thrown: unknown, settings: ConnectionSettings, ms: number): AppError {
  if (thrown instanceof AppError) return isConnectionError(thrown) ? unavailable(thrown) : thrown;
  if (!(thrown instanceof MongoServerError))
    return unavailable(toConnectionError(thrown, settings) ?? thrown);
  if (TIMEOUTS.has(Number(thrown.code))) return queryTimeout(ms, thrown);
  if (isUnauthorized(thrown)) {
    return new AppError(
      "TOOL_FORBIDDEN",
      "The database does not allow that to the user that Parley connects with. An administrator can grant it there.",
      { cause: thrown },
    );
  }
  if (isAuthenticationError(thrown))
    return unavailable(connectionError("AUTHENTICATION_FAILED", settings, thrown));
  if (serverCode(thrown) === CONVERSION_FAILURE) {
    return new AppError(
      "INVALID_ARGUMENT",
      "The database does not take one of the values. Check each of them.",
      {
        cause: thrown,
      },
    );
  }
  return new AppError(
    "TOOL_FAILED",
    "The database could not run the query. An administrator can run it under Tools and see why.",
    { cause: thrown },
  );
}

/** An error of a query that is looked at, told to its author in the server's words. */
export function toPrepareError(thrown: unknown, settings: ConnectionSettings, ms: number): AppError {
  if (
    !(thrown instanceof MongoServerError) ||
    TIMEOUTS.has(Number(thrown.code)) ||
    isAuthenticationError(thrown)
  )
    return toRunError(thrown, settings, ms);
  return new AppError("VALIDATION", `The database does not accept the query: ${thrown.message}`, {
    cause: thrown,
  });
}
