/** What a MySQL or MariaDB server, or the way to it, complains of. */
import type { ConnectionSettings } from "../../domain/connection.ts";
import { AppError, type ConnectionErrorCode } from "../../errors.ts";
import { codeOf, connectionError, networkError, queryTimeout, unavailable } from "../reach.ts";

const HANDSHAKE_CODES: Record<string, ConnectionErrorCode> = {
  HANDSHAKE_SSL_ERROR: "TLS_FAILED",
  HANDSHAKE_NO_SSL_SUPPORT: "TLS_FAILED",
  ER_SECURE_TRANSPORT_REQUIRED: "TLS_FAILED",
  ER_ACCESS_DENIED_ERROR: "AUTHENTICATION_FAILED",
  ER_ACCESS_DENIED_NO_PASSWORD_ERROR: "AUTHENTICATION_FAILED",
  ER_NOT_SUPPORTED_AUTH_MODE: "AUTHENTICATION_FAILED",
  ER_HOST_NOT_PRIVILEGED: "AUTHENTICATION_FAILED",
  ER_ACCOUNT_HAS_BEEN_LOCKED: "AUTHENTICATION_FAILED",
  ER_MUST_CHANGE_PASSWORD_LOGIN: "AUTHENTICATION_FAILED",
  AUTH_SWITCH_PLUGIN_ERROR: "AUTHENTICATION_FAILED",
  ER_BAD_DB_ERROR: "DATABASE_NOT_FOUND",
  ER_DBACCESS_DENIED_ERROR: "DATABASE_NOT_FOUND",
  // It has no place for one more, or is about to stop.
  ER_CON_COUNT_ERROR: "CONNECTION_REFUSED",
  ER_USER_LIMIT_REACHED: "CONNECTION_REFUSED",
  ER_TOO_MANY_USER_CONNECTIONS: "CONNECTION_REFUSED",
  ER_SERVER_SHUTDOWN: "CONNECTION_REFUSED",
  PROTOCOL_CONNECTION_LOST: "CONNECTION_REFUSED",
};

/** An error of opening a connection. What is none of the known ones is a bug of ours and comes as it is. */
export function toConnectionError(thrown: unknown, settings: ConnectionSettings): unknown {
  const code = HANDSHAKE_CODES[codeOf(thrown)];
  if (code !== undefined) return connectionError(code, settings, thrown);
  return (
    networkError(thrown, settings) ??
    (isCertificateError(thrown) ? connectionError("TLS_FAILED", settings, thrown) : thrown)
  );
}

function isCertificateError(thrown: unknown): boolean {
  return /CERT|SSL|TLS|SELF_SIGNED/.test(codeOf(thrown));
}

/** Numbers of MySQL and MariaDB for a statement that the server stopped for its time. */
const TIMEOUTS: ReadonlySet<number> = new Set([3024, 1969, 1317, 1205]);
/** Numbers for what a role, or a read-only transaction, does not allow. */
const FORBIDDEN: ReadonlySet<number> = new Set([
  1044, 1045, 1142, 1143, 1227, 1290, 1370, 1410, 1698, 1792, 1836, 3619,
]);
/** SQLSTATE's class of values that do not fit. */
const DATA_EXCEPTION = "22";

/** An error of a statement, told to those who use the tool: never with the statement in it. */
export function toRunError(thrown: unknown, ms: number): AppError {
  if (thrown instanceof AppError) return thrown;
  const { errno, sqlState } = serverErrorOf(thrown);
  if (errno === null) return unavailable(thrown);
  if (TIMEOUTS.has(errno)) return queryTimeout(ms, thrown);
  if (FORBIDDEN.has(errno)) {
    return new AppError(
      "TOOL_FORBIDDEN",
      "The database does not allow that to the user that Parley connects with. An administrator can grant it there.",
      { cause: thrown },
    );
  }
  if (sqlState.startsWith(DATA_EXCEPTION)) {
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

/** An error of preparing, told to the author of the query in the server's words. */
export function toPrepareError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  const { errno, message } = serverErrorOf(thrown);
  if (errno === null) return unavailable(thrown);
  const code = FORBIDDEN.has(errno) ? "TOOL_FORBIDDEN" : "VALIDATION";
  return new AppError(code, `The database does not accept the query: ${message}`, { cause: thrown });
}

/** `errno` is null for what did not come from the server. */
function serverErrorOf(thrown: unknown): { errno: number | null; sqlState: string; message: string } {
  if (!(thrown instanceof Error)) return { errno: null, sqlState: "", message: "" };
  const errno = "errno" in thrown && typeof thrown.errno === "number" ? thrown.errno : null;
  const sqlState = "sqlState" in thrown && typeof thrown.sqlState === "string" ? thrown.sqlState : null;
  // Errors of the network have numbers, too.
  return { errno: sqlState === null ? null : errno, sqlState: sqlState ?? "", message: thrown.message };
}
