/** Why a database server cannot be used, as whoever entered its address can act on. */
import type { ConnectionSettings } from "../domain/connection.ts";
import { AppError, type ConnectionErrorCode } from "../errors.ts";

/** A server that does not answer within this is not there. */
export const CONNECT_TIMEOUT_MS = 4_500;

type Place = Pick<ConnectionSettings, "host" | "port" | "username" | "database" | "tls">;

const SENTENCES: Record<ConnectionErrorCode, (place: Place) => string> = {
  HOST_NOT_FOUND: ({ host }) =>
    `No address was found for ${host}. Check the name, or ask whoever runs your name server.`,
  CONNECTION_REFUSED: ({ host, port }) =>
    `Nothing answers at ${host}:${port}. Check the port, and that the server listens there and its firewall lets this machine in.`,
  CONNECTION_TIMEOUT: ({ host, port }) =>
    `${host}:${port} does not answer. Check that the server runs and that a firewall lets this machine through.`,
  TLS_FAILED: ({ tls }) =>
    tls === "off"
      ? "The server wants an encrypted connection. Choose TLS."
      : "No encrypted connection was made that can be trusted. Check that the server has TLS on, that its certificate is for this host, and that the authority is the one pasted in.",
  AUTHENTICATION_FAILED: ({ username }) =>
    `The server does not let ${username} in. Check the user name, the password, and that the user may connect from this machine.`,
  DATABASE_NOT_FOUND: ({ database, username }) =>
    `There is no database ${database} that ${username} may use. Check its name, and that the user was granted access.`,
  SERVER_TOO_OLD: () => "The server is too old for the limits that Parley needs. Use a newer version.",
  CREDENTIAL_NOT_READONLY: ({ username }) =>
    `${username} can do more than read. Use a user that may only read.`,
};

export function connectionError(code: ConnectionErrorCode, place: Place, cause?: unknown): AppError {
  return new AppError(code, SENTENCES[code](place), { cause });
}

const NETWORK_CODES: Record<string, ConnectionErrorCode> = {
  ENOTFOUND: "HOST_NOT_FOUND",
  EAI_AGAIN: "HOST_NOT_FOUND",
  EAI_NODATA: "HOST_NOT_FOUND",
  ENODATA: "HOST_NOT_FOUND",
  DNS_ENOTFOUND: "HOST_NOT_FOUND",
  ECONNREFUSED: "CONNECTION_REFUSED",
  ECONNRESET: "CONNECTION_REFUSED",
  EPIPE: "CONNECTION_REFUSED",
  // Nobody said no: the packets lead nowhere.
  EHOSTUNREACH: "CONNECTION_TIMEOUT",
  ENETUNREACH: "CONNECTION_TIMEOUT",
  EADDRNOTAVAIL: "CONNECTION_REFUSED",
  ETIMEDOUT: "CONNECTION_TIMEOUT",
};

/** What an error of the network means; null for an error of anything else. */
export function networkError(thrown: unknown, place: Place): AppError | null {
  if (thrown instanceof AppError) return thrown;
  const code = NETWORK_CODES[codeOf(thrown)];
  return code === undefined ? null : connectionError(code, place, thrown);
}

/** Whether what is thrown says that the server cannot be used at all, and nothing of the query. */
export function isConnectionError(thrown: unknown): thrown is AppError {
  return (
    thrown instanceof AppError &&
    (thrown.code in SENTENCES || thrown.code === "EGRESS_DENIED" || thrown.code === "UNSAFE_URL")
  );
}

/** What a tool's user is told of a server that is not there; why stands in the log and on the page of the connection. */
export function unavailable(cause: unknown): AppError {
  return new AppError(
    "TOOL_UNAVAILABLE",
    "The database cannot be reached at the moment. Try again later; an administrator can see why under Connections.",
    { cause },
  );
}

export function queryTimeout(ms: number, cause?: unknown): AppError {
  return new AppError(
    "QUERY_TIMEOUT",
    `The database took longer than ${ms / 1000} s, so the query was stopped. Ask for less at once.`,
    { cause },
  );
}

export function codeOf(thrown: unknown): string {
  return thrown instanceof Error && "code" in thrown && typeof thrown.code === "string" ? thrown.code : "";
}
