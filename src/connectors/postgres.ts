/** PostgreSQL through Bun.SQL. https://bun.com/docs/api/sql */
import type { ConnectionSettings } from "../domain/connection.ts";
import type { CellValue } from "../domain/tool.ts";
import type { Egress } from "../egress/egress.ts";
import { AppError } from "../errors.ts";
import { cappedRows } from "./capped-rows.ts";
import type { BoundParameter, CatalogueQuery, Connector, QueryLimits, QueryResult } from "./connector.ts";
import { createPool, type Pool } from "./pool.ts";
import { cellExpression, type PostgresColumn } from "./postgres/cells.ts";
import { type Description, describe } from "./postgres/describe.ts";
import { prepareError, queryError } from "./postgres/errors.ts";
import { limitedQuery } from "./postgres/limited.ts";
import { guardedSelect } from "./postgres/model-select.ts";
import { type PlacedQuery, type Placing, placed, problemOf, toText } from "./postgres/parameters.ts";
import { checkRole } from "./postgres/role.ts";
import { readSchema } from "./postgres/schema.ts";
import { grantOf, openSession, readOnly, renew, type Session } from "./postgres/session.ts";
import { connectionError, isConnectionError, unavailable } from "./reach.ts";

/** Of one connection, whatever asks: a database has others to serve. */
const MAX_SESSIONS = 4;
const IDLE_MS = 60_000;
/** Checks and looks at the schema. */
const OVERVIEW_MS = 5_000;
/** Whoever waits longer for those who ask before is told so. */
const TURN_MS = 3_000;
/** How the parameters of a query were placed is kept for so many of them. */
const MAX_KEPT = 500;

export function createPostgresConnector(
  settings: ConnectionSettings,
  egress: Pick<Egress, "vettedHost" | "refusal">,
): Connector {
  const placings = new Map<string, Placing>();
  const sessions = createPool<Session>({
    size: MAX_SESSIONS,
    idleMs: IDLE_MS,
    open: (signal) => openSession(egress, settings, signal),
    renew,
    isOpen: (session) => session.isOpen(),
    end: async (session) => session.end(),
  });

  const pool: Pool<Session> = {
    ...sessions,
    async acquire(signal) {
      // What rests open was vetted when it was opened, and the operator's list may have changed since.
      const refusal = egress.refusal(grantOf(settings));
      if (refusal) throw refusal;
      return await sessions.acquire(signal);
    },
  };

  async function described(
    session: Session,
    query: CatalogueQuery,
    signal: AbortSignal,
  ): Promise<Description> {
    const key = keyOf(query);
    const description = await describe(session, query, placings.get(key), signal);
    if (placings.size >= MAX_KEPT) placings.clear();
    placings.set(key, description.placing);
    return description;
  }

  /** @throws AppError VALIDATION with the server's words */
  async function understood(session: Session, query: CatalogueQuery, signal: AbortSignal) {
    try {
      return await described(session, query, signal);
    } catch (thrown) {
      signal.throwIfAborted();
      throw prepareError(thrown);
    }
  }

  /** @throws AppError as `Connector.run` */
  const rowsOf = (query: CatalogueQuery, limits: QueryLimits, signal: AbortSignal): Promise<QueryResult> =>
    inTransaction(pool, limits.ms, signal, query.parameters, async (session, limited) => {
      const description = await described(session, query, limited);
      await openCursor(session, query, description, limits, limited);
      return await readCursor(session, description.columns, limits, limited);
    });

  return {
    async check(signal) {
      const session = await openSession(egress, settings, signal);
      try {
        return await readOnly(session, OVERVIEW_MS, signal, (limited) =>
          checkRole(session, settings, limited),
        );
      } finally {
        session.end();
      }
    },

    schema: (signal) =>
      inTransaction(pool, OVERVIEW_MS, signal, [], (session, limited) => readSchema(session, limited)),

    async prepare(query, signal) {
      const problem = problemOf(query.text);
      if (problem !== null) throw new AppError("UNSAFE_QUERY", problem);
      return await withSession(pool, OVERVIEW_MS, signal, async (session, limited) => {
        try {
          const description = await described(session, query, limited);
          await openCursor(session, query, description, PREPARED, limited);
          return { columns: description.columns.map(({ name, type }) => ({ name, type })) };
        } catch (thrown) {
          limited.throwIfAborted();
          throw prepareError(thrown);
        }
      });
    },

    run: rowsOf,

    async select({ statement, tables }, limits, signal) {
      const query = { text: await guardedSelect({ statement, tables }), parameters: [] };
      return await inTransaction(pool, limits.ms, signal, [], async (session, limited) => {
        await requireReadOnly(session, settings, limited);
        // Functions, operators and types are the server's own; tables have their schemas before them.
        await session.simple("SET LOCAL search_path TO pg_catalog, pg_temp", limited);
        const description = await understood(session, query, limited);
        await openCursor(session, query, description, limits, limited);
        return await readCursor(session, description.columns, limits, limited);
      });
    },

    explain: (query, signal) =>
      inTransaction(pool, OVERVIEW_MS, signal, query.parameters, async (session, limited) => {
        const { placing } = await described(session, query, limited);
        const source = placed(query, placing);
        const { text, values } = limitedQuery(source, valuesOf(source), PREPARED.rows + 1);
        const { rows } = await session.prepared(`EXPLAIN ${text}`, values, limited);
        return rows.map(([line]) => line ?? "").join("\n");
      }),

    sample: (schema, table, limits, signal) =>
      rowsOf({ text: `select * from ${quoted(schema)}.${quoted(table)}`, parameters: [] }, limits, signal),

    close: () => pool.close(),
  };
}

/** In the session, so that nothing comes between. @throws AppError CREDENTIAL_NOT_READONLY */
async function requireReadOnly(
  session: Session,
  settings: ConnectionSettings,
  signal: AbortSignal,
): Promise<void> {
  const { strength } = await checkRole(session, settings, signal);
  if (strength !== null) throw connectionError("CREDENTIAL_NOT_READONLY", settings, strength);
}

/** For a query that is looked at and not run. */
const PREPARED: QueryLimits = { rows: 1, bytes: 1_000, ms: OVERVIEW_MS };

/** @throws AppError as `Connector.run` */
function inTransaction<Result>(
  pool: Pool<Session>,
  ms: number,
  signal: AbortSignal,
  parameters: readonly BoundParameter[],
  work: (session: Session, signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  return withSession(pool, ms, signal, async (session, limited) => {
    try {
      return await work(session, limited);
    } catch (thrown) {
      limited.throwIfAborted();
      throw queryError(thrown, parameters);
    }
  });
}

async function withSession<Result>(
  pool: Pool<Session>,
  ms: number,
  signal: AbortSignal,
  work: (session: Session, signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const session = await acquired(pool, signal);
  try {
    return await readOnly(session, ms, signal, (limited) => work(session, limited));
  } finally {
    pool.release(session, session.isOpen() ? "renew" : "end");
  }
}

async function acquired(pool: Pool<Session>, signal: AbortSignal): Promise<Session> {
  const late = AbortSignal.timeout(TURN_MS + 2_000);
  try {
    return await pool.acquire(AbortSignal.any([signal, late]));
  } catch (thrown) {
    signal.throwIfAborted();
    if (late.aborted) throw unavailable(thrown);
    throw isConnectionError(thrown) && thrown.code !== "EGRESS_DENIED" ? unavailable(thrown) : thrown;
  }
}

/** Of a value more than the whole result may have is not asked for; where columns are many, less of each. */
function longestCell(columns: number, { bytes }: QueryLimits): number {
  return Math.floor((bytes * 8) / Math.max(8, columns)) + 1;
}

async function openCursor(
  session: Session,
  query: CatalogueQuery,
  { placing, columns }: Description,
  limits: QueryLimits,
  signal: AbortSignal,
): Promise<void> {
  const source = placed(query, placing);
  const longest = longestCell(columns.length, limits);
  const names = columns.map((_, index) => `c${index + 1}`);
  const cells = columns.map((column, index) => cellExpression(column, `q.c${index + 1}`, longest));
  const { text, values } = limitedQuery(source, valuesOf(source), limits.rows + 1, {
    columns: cells.join(", "),
    names: names.length > 0 ? `(${names.join(", ")})` : "",
  });
  await session.prepared(`DECLARE answer NO SCROLL CURSOR FOR ${text}`, values, signal);
}

function valuesOf({ parameters }: PlacedQuery): (string | null)[] {
  return parameters.map(({ value }) => toText(value));
}

/** Few rows at first, so that not many large ones are there at once; then as many as fit by what the first were like. */
const FIRST_ROWS = 8;

async function readCursor(
  session: Session,
  columns: readonly PostgresColumn[],
  limits: QueryLimits,
  signal: AbortSignal,
): Promise<QueryResult> {
  const capped = cappedRows(limits);
  let asked = 0;
  let bytes = 0;
  for (let count = Math.min(FIRST_ROWS, limits.rows + 1); count > 0; ) {
    const { rows } = await session.simple(`FETCH FORWARD ${count} FROM answer`, signal);
    for (const row of rows) {
      bytes += row.reduce((sum, cell) => sum + (cell?.length ?? 0), 0);
      if (!capped.add(row.map((cell, index) => toCell(cell, columns[index])))) break;
    }
    asked += rows.length;
    if (rows.length < count || capped.truncated) break;
    const fitting = Math.ceil((limits.bytes - bytes) / Math.max(1, bytes / asked)) + 1;
    count = Math.min(limits.rows + 1 - asked, Math.max(1, fitting));
  }
  const shown = columns.map(({ name, type }) => ({ name, type }));
  return { columns: shown, rows: capped.rows, truncated: capped.truncated };
}

function toCell(text: string | null, column: PostgresColumn | undefined): CellValue {
  return text === null || column === undefined ? null : column.read(text);
}

/** The types of the values decide how they are placed, and a list is another one than a text. */
function keyOf({ text, parameters }: CatalogueQuery): string {
  return JSON.stringify([
    text,
    parameters.map(({ name, type, value }) => [name, type, Array.isArray(value)]),
  ]);
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
