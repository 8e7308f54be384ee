/**
 * MySQL and MariaDB. The layers that do not trust who wrote a query, strongest first: a user with nothing but SELECT;
 * one statement, prepared by the server, with values apart from it; a read-only transaction; the server's own limits of
 * time and rows; then ours of time, rows and bytes.
 */
import type { ConnectionSettings } from "../domain/connection.ts";
import type { CellValue } from "../domain/tool.ts";
import type { Egress } from "../egress/egress.ts";
import { cappedRows } from "./capped-rows.ts";
import type { CatalogueQuery, Connector, QueryLimits, QueryResult, RoleCheck } from "./connector.ts";
import { toPrepareError, toRunError } from "./mysql/errors.ts";
import { requireOneSelect, unsafe } from "./mysql/guard.ts";
import { guardedSelect } from "./mysql/model-select.ts";
import { roleStrength } from "./mysql/role.ts";
import { readSchema } from "./mysql/schema.ts";
import { openSession, type Session, type Statement } from "./mysql/session.ts";
import { columnTypeOf, toCell, toWire, type WireValue } from "./mysql/values.ts";
import { createPool, type Pool } from "./pool.ts";
import {
  CONNECT_TIMEOUT_MS,
  connectionError,
  isConnectionError,
  queryTimeout,
  unavailable,
} from "./reach.ts";
import { placeParameters } from "./sql-pieces.ts";
import { within } from "./within.ts";

/** Per connection, so that no tool can take all places of a server. */
const POOL_SIZE = 4;
const IDLE_MS = 60_000;
/** For a free connection, opening one included. */
const WAIT_MS = 4_800;
/** What checks, schema browser and plans may take: nobody's answer waits for them. */
const ADMIN_LIMITS: QueryLimits = { rows: 20_000, bytes: 8_000_000, ms: 10_000 };
/** The server stops a statement itself; only if it does not, the connection is cut. */
const GRACE_MS = 500;
/** The first with a limit on a statement's time, and with a session that can be reset. */
const OLDEST = { mysql: [5, 7, 8], mariadb: [10, 3, 0] } as const;

export function createMysqlConnector(
  settings: ConnectionSettings,
  egress: Pick<Egress, "vettedHost">,
): Connector {
  const open = (signal: AbortSignal) =>
    within(
      CONNECT_TIMEOUT_MS,
      signal,
      () => connectionError("CONNECTION_TIMEOUT", settings),
      (stop) => openSession(egress, settings, stop),
    );
  const pool = createPool<Session>({
    size: POOL_SIZE,
    idleMs: IDLE_MS,
    open,
    renew,
    isOpen: (session) => session.isOpen(),
    end: (session) => end(session, open),
  });

  const ask = (sql: string, values: WireValue[], limits: QueryLimits, signal: AbortSignal) =>
    asTool(limits.ms, signal, () =>
      withSession(pool, signal, (session) => runOn(session, sql, values, limits, signal)),
    );
  const askCatalogue = (query: CatalogueQuery, limits: QueryLimits, signal: AbortSignal, prefix = "") => {
    const { sql, values } = bound(query);
    return ask(prefix + sql, values, limits, signal);
  };

  return {
    check: (signal) => withSession(pool, signal, (session) => checkOn(session, settings, signal)),
    schema: (signal) =>
      readSchema(settings.database, (sql, values) => ask(sql, values, ADMIN_LIMITS, signal)),
    prepare: async (query, signal) => {
      const { sql } = bound(query);
      const preparing = (session: Session) => prepareOn(session, sql, signal);
      return { columns: await asTool(ADMIN_LIMITS.ms, signal, () => withSession(pool, signal, preparing)) };
    },
    run: async (query, limits, signal) => askCatalogue(query, limits, signal),
    select: async (select, limits, signal) => {
      const sql = guardedSelect(select, settings.database);
      return asTool(limits.ms, signal, () =>
        // It has been elsewhere, and is not used again.
        withSession(pool, signal, (session) => selectOn(session, settings, sql, limits, signal), "end"),
      );
    },
    explain: async (query, signal) => asText(await askCatalogue(query, ADMIN_LIMITS, signal, "explain ")),
    sample: (schema, table, limits, signal) =>
      ask(`select * from ${quoted(schema)}.${quoted(table)}`, [], limits, signal),
    close: () => pool.close(),
  };
}

/** The query as the server wants it. @throws AppError UNSAFE_QUERY · VALIDATION */
function bound({ text, parameters }: CatalogueQuery): { sql: string; values: WireValue[] } {
  const values: WireValue[] = [];
  const sql = placeParameters(requireOneSelect(text), parameters, ({ type, value }) => {
    const each = Array.isArray(value)
      ? value.map((item: string) => toWire({ type, value: item }))
      : [toWire({ type, value })];
    values.push(...each);
    // `in ()` is no SQL; `in (null)` holds for nothing.
    return each.length === 0 ? "null" : each.map(() => "?").join(", ");
  });
  return { sql, values };
}

/** Errors as the user of a tool is to read them. */
async function asTool<Value>(ms: number, signal: AbortSignal, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (thrown) {
    if (signal.aborted) throw signal.reason;
    const isAway = isConnectionError(thrown) && thrown.code !== "CREDENTIAL_NOT_READONLY";
    throw isAway ? unavailable(thrown) : toRunError(thrown, ms);
  }
}

/** @throws what opening a connection throws, TOOL_UNAVAILABLE when none is free for too long, or what `work` throws */
async function withSession<Value>(
  pool: Pool<Session>,
  signal: AbortSignal,
  work: (session: Session) => Promise<Value>,
  afterwards: "renew" | "end" = "renew",
): Promise<Value> {
  const crowded = () => unavailable("every connection is in use");
  const session = await within(WAIT_MS, signal, crowded, (stop) => pool.acquire(stop));
  try {
    return await work(session);
  } finally {
    pool.release(session, session.isOpen() && session.isIdle() ? afterwards : "end");
  }
}

/** @throws AppError SERVER_TOO_OLD · CONNECTION_TIMEOUT */
function checkOn(session: Session, settings: ConnectionSettings, signal: AbortSignal): Promise<RoleCheck> {
  const late = () => connectionError("CONNECTION_TIMEOUT", settings);
  return within(ADMIN_LIMITS.ms, signal, late, async () => {
    requireRecent(session, settings);
    return { serverVersion: session.version, strength: await roleStrength(session) };
  });
}

function prepareOn(session: Session, sql: string, signal: AbortSignal): Promise<QueryResult["columns"]> {
  return within(
    ADMIN_LIMITS.ms,
    signal,
    () => queryTimeout(ADMIN_LIMITS.ms),
    async () => {
      try {
        return columnsOf(await session.prepare(sql));
      } catch (thrown) {
        throw toPrepareError(thrown);
      }
    },
  );
}

async function runOn(
  session: Session,
  sql: string,
  values: WireValue[],
  limits: QueryLimits,
  signal: AbortSignal,
): Promise<QueryResult> {
  return await timed(limits, signal, async () => {
    await session.command(limitsOf(session, limits));
    await session.command("start transaction read only");
    return execute(await session.prepare(sql), values, limits);
  });
}

async function timed<Value>(
  { ms }: QueryLimits,
  signal: AbortSignal,
  work: () => Promise<Value>,
): Promise<Value> {
  const startedAt = performance.now();
  const late = () => queryTimeout(ms);
  const result = await within(ms + GRACE_MS, signal, late, work);
  // MySQL ends a SLEEP that is over its time with a row, as if it were an answer.
  if (performance.now() - startedAt >= ms) throw late();
  return result;
}

/** Where there is no table that a statement could mean by a name alone but the server's own lists, which are nobody's data. */
const NOWHERE = "information_schema";
/** What a statement of a model means is not to depend on how somebody set up the server. */
const PLAIN_MODE = "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION";

/** Runs what the guard let through. @throws AppError CREDENTIAL_NOT_READONLY */
async function selectOn(
  session: Session,
  settings: ConnectionSettings,
  sql: string,
  limits: QueryLimits,
  signal: AbortSignal,
): Promise<QueryResult> {
  const strength = await roleStrength(session);
  if (strength !== null) throw connectionError("CREDENTIAL_NOT_READONLY", settings, strength);
  return await timed(limits, signal, async () => {
    await session.command(limitsOf(session, limits));
    await session.command(`set session sql_mode = '${PLAIN_MODE}'`);
    await session.command(`use ${NOWHERE}`);
    await session.command("start transaction read only");
    return execute(await understood(session, sql), [], limits);
  });
}

/** @throws AppError VALIDATION with the server's words */
async function understood(session: Session, sql: string): Promise<Statement> {
  try {
    return await session.prepare(sql);
  } catch (thrown) {
    throw toPrepareError(thrown);
  }
}

/** What the server is to see to itself. UTC, because a time of day of an unknown zone is no answer. */
function limitsOf({ isMariaDb }: Session, { ms, rows }: QueryLimits): string {
  const time = isMariaDb ? `max_statement_time = ${ms / 1000}` : `max_execution_time = ${ms}`;
  // Backslashes in strings mean the same to the server as to the one who looks for parameters.
  const mode = "sql_mode = replace(@@sql_mode, 'NO_BACKSLASH_ESCAPES', '')";
  return `set session ${time}, sql_select_limit = ${rows + 1}, lock_wait_timeout = 1, time_zone = '+00:00', ${mode}`;
}

async function execute(statement: Statement, values: WireValue[], limits: QueryLimits): Promise<QueryResult> {
  let columns = columnsOf(statement);
  const capped = cappedRows(limits);
  await statement.execute(values, {
    columns: (fields) => {
      columns = fields.map(({ name }, index) => ({ name, type: columnTypeOf(fields[index] ?? {}) }));
    },
    row: (row, fields) =>
      capped.add(row.map((value, index): CellValue => toCell(value, fields[index] ?? {}))),
    overflow: capped.cut,
  });
  return { columns, rows: capped.rows, truncated: capped.truncated };
}

/** @throws AppError UNSAFE_QUERY */
function columnsOf({ columns }: Statement): QueryResult["columns"] {
  if (columns.length === 0) throw unsafe("it answers no rows. Write one SELECT");
  return columns.map((field) => ({ name: field.name, type: columnTypeOf(field) }));
}

async function renew(session: Session): Promise<boolean> {
  await within(
    CONNECT_TIMEOUT_MS,
    new AbortController().signal,
    () => unavailable("not reset"),
    () => session.reset(),
  );
  return session.isOpen();
}

/** A statement that still runs is ended on the server, which else notices only when it has an answer to send. */
async function end(session: Session, open: (signal: AbortSignal) => Promise<Session>): Promise<void> {
  const wasRunning = !session.isIdle();
  session.cut();
  if (!wasRunning) return;
  const killer = await open(new AbortController().signal);
  try {
    await killer.command(`kill ${session.id}`);
  } finally {
    killer.cut();
  }
}

function requireRecent({ version, isMariaDb }: Session, settings: ConnectionSettings): void {
  const numbers = version.match(/\d+/g)?.map(Number) ?? [];
  const oldest = OLDEST[isMariaDb ? "mariadb" : "mysql"];
  const differs = oldest.findIndex((number, index) => number !== numbers[index]);
  if (differs < 0 || (numbers[differs] ?? 0) > (oldest[differs] ?? 0)) return;
  throw connectionError("SERVER_TOO_OLD", settings, `it says ${version}`);
}

function quoted(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}

/** A result as people read it in a terminal. */
function asText({ columns, rows }: QueryResult): string {
  const lines = [
    columns.map(({ name }) => name),
    ...rows.map((row) => row.map((cell) => String(cell ?? ""))),
  ];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
