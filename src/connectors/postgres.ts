/** PostgreSQL through Bun.SQL. https://bun.com/docs/api/sql */
import type { ConnectionSettings } from "../domain/connection.ts";
import type { CellValue } from "../domain/tool.ts";
import type { Egress } from "../egress/egress.ts";
import { AppError } from "../errors.ts";
import { cappedRows } from "./capped-rows.ts";
import type { BoundParameter, CatalogueQuery, Connector, QueryLimits, QueryResult } from "./connector.ts";
import { createPool, type Pool } from "./pool.ts";
import { cellExpression, isKnownType, type PostgresColumn, postgresColumn } from "./postgres/cells.ts";
import { prepareError, queryError, sqlState } from "./postgres/errors.ts";
import {
  type Casts,
  isMistaken,
  NO_CASTS,
  type PlacedQuery,
  placed,
  problemOf,
  toText,
} from "./postgres/parameters.ts";
import { checkRole } from "./postgres/role.ts";
import { readSchema } from "./postgres/schema.ts";
import { type Answer, grantOf, openSession, readOnly, renew, type Session } from "./postgres/session.ts";
import { isConnectionError, unavailable } from "./reach.ts";

/** Of one connection, whatever asks: a database has others to serve. */
const MAX_SESSIONS = 4;
const IDLE_MS = 60_000;
/** Checks and looks at the schema. */
const OVERVIEW_MS = 5_000;
/** Whoever waits longer for those who ask before is told so. */
const TURN_MS = 3_000;
/** What a server said of a query's columns is kept for so many queries. */
const MAX_SHAPES = 500;

/** What a server said of a query. */
type Shape = { columns: PostgresColumn[]; casts: Casts };

export function createPostgresConnector(
  settings: ConnectionSettings,
  egress: Pick<Egress, "vettedHost" | "refusal">,
): Connector {
  const shapes = new Map<string, Shape>();
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

  async function shapeOf(session: Session, query: CatalogueQuery, signal: AbortSignal): Promise<Shape> {
    const key = shapeKey(query);
    const known = shapes.get(key);
    if (known) return known;
    const shape = await describe(session, query, signal);
    if (shapes.size >= MAX_SHAPES) shapes.clear();
    shapes.set(key, shape);
    return shape;
  }

  /** @throws what the server says */
  async function fetchRows(
    session: Session,
    query: CatalogueQuery,
    limits: QueryLimits,
    signal: AbortSignal,
  ): Promise<QueryResult> {
    const { columns, casts } = await shapeOf(session, query, signal);
    await openCursor(session, placed(query, casts), columns, limits, signal);
    return await readCursor(session, columns, limits, signal);
  }

  /** Once more where a table was changed since the server was asked what the query gives. */
  async function rowsOf(
    query: CatalogueQuery,
    limits: QueryLimits,
    signal: AbortSignal,
  ): Promise<QueryResult> {
    const isRemembered = shapes.has(shapeKey(query));
    const once = () =>
      inTransaction(pool, limits.ms, signal, query.parameters, (session, limited) =>
        fetchRows(session, query, limits, limited),
      );
    try {
      return await once();
    } catch (thrown) {
      const state = thrown instanceof AppError ? sqlState(thrown.cause) : null;
      if (!isRemembered || !state?.startsWith("42") || state === "42501") throw thrown;
      shapes.delete(shapeKey(query));
      return await once();
    }
  }

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
          const shape = await describe(session, query, limited);
          await openCursor(session, placed(query, shape.casts), shape.columns, PREPARED, limited);
          return { columns: shape.columns.map(({ name, type }) => ({ name, type })) };
        } catch (thrown) {
          limited.throwIfAborted();
          throw prepareError(thrown);
        }
      });
    },

    run: rowsOf,

    explain: (query, signal) =>
      inTransaction(pool, OVERVIEW_MS, signal, query.parameters, async (session, limited) => {
        const { casts } = await shapeOf(session, query, limited);
        const { text, values } = limitedQuery(placed(query, casts), "*", "", PREPARED.rows + 1);
        const { rows } = await session.prepared(`EXPLAIN ${text}`, values, limited);
        return rows.map(([line]) => line ?? "").join("\n");
      }),

    sample: (schema, table, limits, signal) =>
      rowsOf({ text: `select * from ${quoted(schema)}.${quoted(table)}`, parameters: [] }, limits, signal),

    close: () => pool.close(),
  };
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

/**
 * Asks the server what a query gives, without running it. What it would take for another type than the parameter's is
 * told which one it is, and where it cannot say by itself, all of them are.
 */
async function describe(session: Session, query: CatalogueQuery, signal: AbortSignal): Promise<Shape> {
  await session.simple("SAVEPOINT undescribed", signal);
  const { casts, columns } = await described(session, query, signal);
  await session.simple("ROLLBACK TO SAVEPOINT undescribed", signal);
  const lists = await listTypes(session, columns, signal);
  return { casts, columns: columns.map(({ name, type }) => postgresColumn(name, type, lists.has(type))) };
}

type Described = { casts: Casts; columns: Answer["columns"] };

async function described(session: Session, query: CatalogueQuery, signal: AbortSignal): Promise<Described> {
  try {
    const first = await describedWith(session, query, NO_CASTS, signal);
    const mistaken = placed(query, NO_CASTS).parameters.filter(({ type }, index) =>
      isMistaken(type, first.types[index] ?? 0),
    );
    if (mistaken.length === 0) return { casts: NO_CASTS, columns: first.columns };
    return await describedAgain(session, query, new Set(mistaken.map(({ name }) => name)), signal);
  } catch (thrown) {
    if (!CANNOT_INFER.has(sqlState(thrown) ?? "")) throw thrown;
    return await describedAgain(
      session,
      query,
      new Set(query.parameters.map(({ name }) => name)),
      signal,
    ).catch((again: unknown) => {
      // The first says what is wrong with the query as it was written.
      throw sqlState(again) === null ? again : thrown;
    });
  }
}

/** Several functions would do, or none; the type of a value is not known. */
const CANNOT_INFER: ReadonlySet<string> = new Set(["42883", "42725", "42P18", "42804", "42P08"]);

async function describedAgain(
  session: Session,
  query: CatalogueQuery,
  casts: Casts,
  signal: AbortSignal,
): Promise<Described> {
  await session.simple("ROLLBACK TO SAVEPOINT undescribed", signal);
  const { columns } = await describedWith(session, query, casts, signal);
  return { casts, columns };
}

/** A cursor of which nothing is fetched runs nothing. */
async function describedWith(session: Session, query: CatalogueQuery, casts: Casts, signal: AbortSignal) {
  const { text, values } = limitedQuery(placed(query, casts), "*", "", 1, null);
  const declared = await session.prepared(`DECLARE described NO SCROLL CURSOR FOR ${text}`, values, signal);
  const { columns } = await session.simple("FETCH FORWARD 0 FROM described", signal);
  return { types: declared.parameterTypes, columns };
}

/** Those of the columns' types that are arrays. */
async function listTypes(
  session: Session,
  columns: Answer["columns"],
  signal: AbortSignal,
): Promise<ReadonlySet<number>> {
  const unknown = [...new Set(columns.map(({ type }) => type))].filter((type) => !isKnownType(type));
  if (unknown.length === 0) return new Set();
  const { rows } = await session.simple(
    `select oid from pg_catalog.pg_type where typcategory = 'A' and oid in (${unknown.join(", ")})`,
    signal,
  );
  return new Set(rows.map(([oid]) => Number(oid)));
}

/** Of a value more than the whole result may have is not asked for; where columns are many, less of each. */
function longestCell(columns: number, { bytes }: QueryLimits): number {
  return Math.floor((bytes * 8) / Math.max(8, columns)) + 1;
}

async function openCursor(
  session: Session,
  query: PlacedQuery,
  columns: readonly PostgresColumn[],
  limits: QueryLimits,
  signal: AbortSignal,
): Promise<void> {
  const names = columns.map((_, index) => `c${index + 1}`);
  const longest = longestCell(columns.length, limits);
  const cells = columns.map((column, index) => cellExpression(column, `q.c${index + 1}`, longest));
  const named = names.length > 0 ? `(${names.join(", ")})` : "";
  const { text, values } = limitedQuery(query, cells.join(", "), named, limits.rows + 1);
  await session.prepared(`DECLARE answer NO SCROLL CURSOR FOR ${text}`, values, signal);
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

/**
 * The query as the source of another one. The limit is a value, so that there is one at least: only then the server
 * takes the text for one statement.
 */
function limitedQuery(
  { text, parameters }: PlacedQuery,
  columns: string,
  names: string,
  rows: number,
  given: null | undefined = undefined,
): { text: string; values: (string | null)[] } {
  const values = parameters.map(({ value }) => (given === null ? null : toText(value)));
  return {
    text: `select ${columns} from (\n${text}\n) as q${names} limit $${values.length + 1}::pg_catalog.int8`,
    values: [...values, String(rows)],
  };
}

/** The type of a value decides what the server infers, and a list is another one than a text. */
function shapeKey({ text, parameters }: CatalogueQuery): string {
  return JSON.stringify([
    text,
    parameters.map(({ name, type, value }) => [name, type, Array.isArray(value)]),
  ]);
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
