/** How Parley opens SQLite: one connection that writes and others that only read, each in a thread of its own. */
import Database from "better-sqlite3";
import { type BetterSQLite3Database, drizzle } from "drizzle-orm/better-sqlite3";
import { loadVec0 } from "./extension.ts";

export type SqliteClient = Database.Database;
export type SqliteDb = BetterSQLite3Database & { $client: SqliteClient };
/** What queries run on: the database or an open transaction. */
export type SqliteQueries = Pick<SqliteDb, "select" | "insert" | "update" | "delete" | "get">;

/** Long enough for a backup or a checkpoint by another connection to pass. */
const BUSY_TIMEOUT_MS = 5_000;

export type ConnectionOptions = {
  path: string;
  /** Path of better-sqlite3's compiled part; omitted, the package finds its own. */
  nativeBinding?: string;
  /** Path of the sqlite-vec extension; omitted, there are no vector tables. */
  vec0?: string;
  /** How long to wait for a lock that another program holds; omitted, for a backup or a checkpoint to pass. */
  busyTimeoutMs?: number;
};

/** The connection that writes. Makes the file when there is none. Changes nothing in it yet. */
export function openForWriting(options: ConnectionOptions): SqliteClient {
  const client = new Database(options.path, {
    timeout: options.busyTimeoutMs ?? BUSY_TIMEOUT_MS,
    ...binding(options),
  });
  // What is deleted is overwritten, not only left out. FAST leaves it in freed pages.
  client.pragma("secure_delete = on");
  return prepared(client, options);
}

/** A connection that only reads an existing file; each statement sees the last commit before it. */
export function openForReading(options: ConnectionOptions): SqliteClient {
  const readOnly = { readonly: true, fileMustExist: true, timeout: options.busyTimeoutMs ?? BUSY_TIMEOUT_MS };
  return prepared(new Database(options.path, { ...readOnly, ...binding(options) }), options);
}

/** More than Parley has, but for those that name many rows. */
const KEPT_STATEMENTS = 400;

/**
 * Statements are compiled once: Drizzle asks for the same ones anew with each call, which was a third of what a turn
 * cost the database's threads. Only its own are kept, since it sets how rows come before each use; whoever prepares a
 * statement of the client itself has one for themselves.
 */
export function toDrizzle(client: SqliteClient): SqliteDb {
  const kept = new Map<string, Database.Statement>();

  function prepare(source: string): Database.Statement {
    const known = kept.get(source);
    if (known?.busy) return client.prepare(source);
    const statement = known ?? client.prepare(source);
    if (known?.reader) known.raw(false);
    // Last in line again to be let go of.
    kept.delete(source);
    kept.set(source, statement);
    if (kept.size > KEPT_STATEMENTS) kept.delete(kept.keys().next().value ?? "");
    return statement;
  }

  const keeping: SqliteClient = Object.create(client, { prepare: { value: prepare } });
  return Object.assign(drizzle(keeping), { $client: client });
}

/** Kept apart from opening, because it writes: a database that is refused must stay as it was. */
export function makeDurable(client: SqliteClient): void {
  client.pragma("journal_mode = wal");
  // Better-sqlite3's own default in WAL mode is NORMAL, which may lose the last commits in a power cut.
  client.pragma("synchronous = full");
}

/**
 * Moves the write-ahead log into the database and empties it, unless somebody reads from it right now: waiting would
 * hold up everything. Whether it is empty.
 */
export function emptyLog(client: SqliteClient): boolean {
  const timeout = Number(client.pragma("busy_timeout", { simple: true }));
  client.pragma("busy_timeout = 0");
  try {
    const [{ busy }] = client.pragma("wal_checkpoint(truncate)") as [{ busy: number }];
    return busy === 0;
  } finally {
    client.pragma(`busy_timeout = ${timeout}`);
  }
}

function prepared(client: SqliteClient, { vec0 }: ConnectionOptions): SqliteClient {
  client.pragma("foreign_keys = on");
  // A database file made by someone else must not run functions by being read.
  client.pragma("trusted_schema = off");
  client.pragma("cell_size_check = on");
  if (vec0 !== undefined) loadVec0(client, vec0);
  return client;
}

function binding({ nativeBinding }: ConnectionOptions): { nativeBinding?: string } {
  return nativeBinding === undefined ? {} : { nativeBinding };
}
