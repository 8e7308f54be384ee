/** Whether a database can be reached, and whether the role there can only read. */
import type { Deps } from "../../deps.ts";
import type { Connection, ConnectionProblem, ConnectionSettings } from "../../domain/connection.ts";
import { requireKeyNotLost } from "../../domain/secret.ts";
import { AppError, toAppError } from "../../errors.ts";
import { deadline } from "./deadline.ts";

export type CheckDeps = Pick<Deps, "databases" | "now">;

/** What a check found. Without a `problem` the connection can be used. */
export type CheckResult = {
  problem: AppError | null;
  serverVersion: string | null;
  /** Null where the role was not looked at. */
  readOnly: boolean | null;
};

/** Looking for the name, connecting and asking: more than any of them takes alone. */
const CHECK_MS = 10_000;

/** Never throws on account of the database. */
export async function checkSettings(
  { databases }: CheckDeps,
  settings: ConnectionSettings,
): Promise<CheckResult> {
  const connector = databases.connect(settings);
  try {
    const { serverVersion, strength } = await connector.check(deadline(CHECK_MS));
    const problem = strength === null ? null : notReadOnly(settings, strength);
    return { problem, serverVersion, readOnly: strength === null };
  } catch (thrown) {
    return { problem: toConnectionProblem(thrown, settings), serverVersion: null, readOnly: null };
  } finally {
    await connector.close();
  }
}

/** Checks a saved connection and keeps what was found. */
export async function checkConnection(
  deps: CheckDeps & Pick<Deps, "store">,
  connection: Connection,
): Promise<CheckResult> {
  const result = await checkSaved(deps, connection);
  await keepCheck(deps, connection, result);
  return result;
}

export async function keepCheck(
  { store, now }: Pick<Deps, "store" | "now">,
  connection: Connection,
  result: CheckResult,
): Promise<void> {
  await store.connections.recordCheck(connection, { ...stateAfter(result, connection), checkedAt: now() });
}

/**
 * A database that is away says nothing of the role, so what was found to be in order stays so for the day when it is
 * back; a role that can write, or a password that is not the right one, must not be used.
 */
export function stateAfter(
  { problem, serverVersion }: CheckResult,
  before: Pick<Connection, "state" | "serverVersion">,
): Pick<Connection, "state" | "problem" | "serverVersion"> {
  if (problem === null) return { state: "ready", problem: null, serverVersion };
  const told: ConnectionProblem = {
    code: problem.code as ConnectionProblem["code"],
    message: problem.message,
  };
  if (!isAway(problem))
    return { state: "failed", problem: told, serverVersion: serverVersion ?? before.serverVersion };
  const state = before.state === "ready" ? "ready" : "unchecked";
  return { state, problem: told, serverVersion: before.serverVersion };
}

/** Whether nothing was found out because the database could not be reached. */
export function isAway({ code }: AppError): boolean {
  return code === "HOST_NOT_FOUND" || code === "CONNECTION_REFUSED" || code === "CONNECTION_TIMEOUT";
}

async function checkSaved(deps: CheckDeps, connection: Connection): Promise<CheckResult> {
  try {
    requireKeyNotLost(connection, "database connection", "password");
  } catch (thrown) {
    const problem = new AppError("AUTHENTICATION_FAILED", toAppError(thrown).message, { cause: thrown });
    return { problem, serverVersion: null, readOnly: null };
  }
  return checkSettings(deps, connection);
}

function notReadOnly({ username }: ConnectionSettings, strength: string): AppError {
  return new AppError(
    "CREDENTIAL_NOT_READONLY",
    `“${username}” can do more than read: ${strength.replace(/\.$/, "")}. Make a role that can only read; the commands are ready to copy.`,
  );
}

const PROBLEMS: ReadonlySet<string> = new Set<ConnectionProblem["code"]>([
  "HOST_NOT_FOUND",
  "CONNECTION_REFUSED",
  "CONNECTION_TIMEOUT",
  "TLS_FAILED",
  "AUTHENTICATION_FAILED",
  "DATABASE_NOT_FOUND",
  "SERVER_TOO_OLD",
  "CREDENTIAL_NOT_READONLY",
  "EGRESS_DENIED",
  "UNSAFE_URL",
]);

/** Whatever else is thrown on the way to a database comes down to one of these. */
function toConnectionProblem(thrown: unknown, { host, port }: ConnectionSettings): AppError {
  const error = toAppError(thrown);
  if (PROBLEMS.has(error.code)) return error;
  if (error.code === "QUERY_TIMEOUT" || error.code === "TOOL_TIMEOUT")
    return new AppError("CONNECTION_TIMEOUT", `${host}:${port} did not answer in time.`, { cause: thrown });
  if (error.code === "INTERNAL")
    return new AppError("CONNECTION_REFUSED", `${host}:${port} ended the connection.`, { cause: thrown });
  return new AppError("CONNECTION_REFUSED", error.message, { cause: thrown });
}
