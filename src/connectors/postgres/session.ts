/** One connection to a PostgreSQL server, and the transaction in which everything runs: it reads, and is rolled back. */
import { SQL } from "bun";
import type { ConnectionSettings } from "../../domain/connection.ts";
import type { DriverGrant, Egress, VettedHost } from "../../egress/egress.ts";
import { CONNECT_TIMEOUT_MS, connectionError, queryTimeout } from "../reach.ts";
import { within } from "../within.ts";
import { isConnectionLoss, refusal } from "./errors.ts";

export type Answer = { columns: SQL.ResultColumn[]; rows: (string | null)[][]; parameterTypes: number[] };

export type Session = {
  isOpen(): boolean;
  /** Ends the connection at once. */
  end(): void;
  /** Statements of Parley's own, several at once. Rows are text. */
  simple(text: string, signal: AbortSignal): Promise<Answer>;
  /** One statement, which the server prepares by itself; it needs a value at least. @throws what the server says */
  prepared(text: string, values: readonly (string | null)[], signal: AbortSignal): Promise<Answer>;
};

/**
 * Bun tries again while a server ends each connection at once. It gives up before nobody waits any longer, so that what
 * it found is told and not only that it took long.
 */
const CONNECT_SECONDS = 3;
/** A server that was asked to stop does so at once, unless it is not there any more. */
const CANCEL_GRACE_MS = 1_000;

/** Leave to connect to the server of these settings. */
export function grantOf({ host, port, tenantId }: ConnectionSettings): DriverGrant {
  return { purpose: "database", host, port, tenantId };
}

/** @throws AppError with a ConnectionErrorCode · UNSAFE_URL · EGRESS_DENIED · the reason of `signal` */
export async function openSession(
  egress: Pick<Egress, "vettedHost">,
  settings: ConnectionSettings,
  signal: AbortSignal,
): Promise<Session> {
  const late = () => connectionError("CONNECTION_TIMEOUT", settings);
  return await within(CONNECT_TIMEOUT_MS, signal, late, async (limited) => {
    try {
      const vetted = await egress.vettedHost(grantOf(settings), limited);
      return await firstOf(settings, vetted, limited);
    } catch (thrown) {
      limited.throwIfAborted();
      throw refusal(thrown, settings);
    }
  });
}

/** A name often has two addresses, and the server listens at one of them. */
async function firstOf(
  settings: ConnectionSettings,
  vetted: VettedHost,
  signal: AbortSignal,
): Promise<Session> {
  let refused: unknown;
  for (const address of vetted.addresses) {
    try {
      return await openAt(settings, vetted, address, signal);
    } catch (thrown) {
      if (signal.aborted || !isConnectionLoss(thrown)) throw thrown;
      refused = thrown;
    }
  }
  throw refused;
}

/**
 * The address is what was vetted, so that nobody resolves the name again; the name is what the certificate is checked
 * against. Everything is given, because what is left out Bun takes from variables of the environment.
 */
async function openAt(
  { username, password, database, tls, ca }: ConnectionSettings,
  { port, servername }: VettedHost,
  address: string,
  signal: AbortSignal,
): Promise<Session> {
  let isOpen = true;
  const certificate = {
    rejectUnauthorized: tls === "verify",
    ...(tls === "verify" && ca !== null && { ca }),
    ...(servername !== null && { serverName: servername }),
  };
  const sql = new SQL({
    adapter: "postgres",
    url: new URL(`postgres://${address.includes(":") ? `[${address}]` : address}:${port}/`),
    ...{ username, password: password ?? "", database },
    tls: tls === "off" ? "disable" : certificate,
    channelBinding: tls === "off" ? "disable" : "prefer",
    connectionTimeout: CONNECT_SECONDS,
    max: 1,
    // Names would be forgotten with everything else that a session leaves behind.
    prepare: false,
    onclose: () => {
      isOpen = false;
    },
  });
  const end = () => {
    isOpen = false;
    void sql.close({ timeout: 0 });
  };
  try {
    const client = await abortable(sql.reserve({ signal }), signal);
    return sessionOver(client, () => isOpen, end);
  } catch (thrown) {
    end();
    throw thrown;
  }
}

function sessionOver(client: Bun.ReservedSQL, isOpen: () => boolean, end: () => void): Session {
  async function run(query: SQL.Query<unknown>, signal: AbortSignal): Promise<Answer> {
    signal.throwIfAborted();
    const raw = query.raw() as SQL.Query<(Uint8Array | null)[][]>;
    const answered = await stoppable(raw, signal, end);
    return {
      columns: answered.columns ?? [],
      rows: answered.map((row) => row.map((cell) => cell && Buffer.from(cell).toString())),
      parameterTypes: answered.statement?.types ?? [],
    };
  }
  return {
    isOpen,
    end,
    simple: (text, signal) => run(client.unsafe(text).simple(), signal),
    prepared(text, values, signal) {
      // Without a value Bun would use the protocol in which one text may hold several statements.
      if (values.length === 0) throw new TypeError("A prepared statement needs a value.");
      return run(client.unsafe(text, [...values]), signal);
    },
  };
}

/** Aborting asks the server to stop. One that does not is left behind with its connection. */
async function stoppable<Result>(
  query: SQL.Query<Result>,
  signal: AbortSignal,
  end: () => void,
): Promise<Awaited<SQL.Query<Result>>> {
  const { promise: left, reject: leave } = Promise.withResolvers<never>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    query.cancel();
    timer = setTimeout(() => {
      end();
      leave(signal.reason);
    }, CANCEL_GRACE_MS);
  };
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([query, left]);
  } catch (thrown) {
    signal.throwIfAborted();
    throw thrown;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
  }
}

function abortable<Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const { promise, resolve, reject } = Promise.withResolvers<Value>();
  const stop = () => reject(signal.reason);
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  work.then(resolve, reject);
  return promise.finally(() => signal.removeEventListener("abort", stop));
}

const LOCK_MS = 1_000;
/** For a Parley that dies between two statements. */
const IDLE_MS = 10_000;
/** For rolling back, which does nothing that takes time. */
const RENEW_MS = 2_000;

/**
 * Does `work` in a transaction that cannot write and is rolled back: what a function did all the same is undone. Names
 * without a schema are looked for where the role looks for them, built-in ones first and temporary ones last, so that
 * nobody else's function or table takes the place of one that is meant.
 */
export async function readOnly<Result>(
  session: Session,
  ms: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  return await within(
    ms,
    signal,
    () => queryTimeout(ms),
    async (limited) => {
      await session.simple(beginning(ms), limited);
      return await work(limited);
    },
  );
}

function beginning(ms: number): string {
  return [
    "BEGIN TRANSACTION READ ONLY",
    `SET LOCAL statement_timeout = ${Math.ceil(ms)}`,
    `SET LOCAL lock_timeout = ${LOCK_MS}`,
    `SET LOCAL idle_in_transaction_session_timeout = ${IDLE_MS}`,
    "SET LOCAL timezone = 'UTC'",
    "SET LOCAL datestyle = 'ISO, YMD'",
    "SET LOCAL intervalstyle = 'postgres'",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL extra_float_digits = 1",
    "SET LOCAL standard_conforming_strings = on",
    "SET LOCAL client_min_messages = error",
    "SELECT pg_catalog.set_config('search_path', 'pg_catalog, ' || coalesce((select string_agg(quote_ident(name), ', ') || ', ' from unnest(pg_catalog.current_schemas(false)) as name where name <> 'pg_catalog'), '') || 'pg_temp', true)",
  ].join("; ");
}

/**
 * Ends the transaction, and everything that outlives one. False when the session cannot be used again: it may still run
 * what nobody waits for any longer.
 */
export async function renew(session: Session): Promise<boolean> {
  if (!session.isOpen()) return false;
  const signal = AbortSignal.timeout(RENEW_MS);
  await session.simple("ROLLBACK", signal);
  await session.simple("DISCARD ALL", signal);
  return true;
}
