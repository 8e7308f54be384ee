/** What a database file holds, told without changing it: a start must not take a lost database for a new one. */
import { statSync } from "node:fs";
import { type ConnectionOptions, openForReading, openForWriting, type SqliteClient } from "./connection.ts";

/**
 * `empty`: without a table, as a first start leaves it that died at once. `never-set-up`: without anybody who could
 * sign in. What cannot be read counts as `in-use`: opening it for good says what is wrong, and destroys nothing.
 */
export type DatabaseState = "missing" | "empty" | "never-set-up" | "in-use";

/** A file without a byte is never opened: SQLite would delete the write-ahead log beside it. */
export function databaseState(options: ConnectionOptions): DatabaseState {
  const file = statSync(options.path, { throwIfNoEntry: false });
  if (file === undefined) return "missing";
  if (file.size === 0) return "empty";
  try {
    return read(openForReading(options));
  } catch (thrown) {
    return isHalfWritten(thrown) ? stateAfterRollback(options) : "in-use";
  }
}

/** A write that died is rolled back by whoever opens the file next; only a writer can. */
function stateAfterRollback(options: ConnectionOptions): DatabaseState {
  try {
    return read(openForWriting(options));
  } catch {
    return "in-use";
  }
}

function read(client: SqliteClient): DatabaseState {
  try {
    const tables = client.prepare("select name from sqlite_schema where type = 'table'").pluck().all();
    if (tables.length === 0) return "empty";
    const isOurs = tables.includes("schema_migrations") && tables.includes("users");
    const hasUser = isOurs && client.prepare("select 1 from users limit 1").get() !== undefined;
    return isOurs && !hasUser ? "never-set-up" : "in-use";
  } finally {
    client.close();
  }
}

function isHalfWritten(thrown: unknown): boolean {
  return thrown instanceof Error && "code" in thrown && thrown.code === "SQLITE_READONLY_ROLLBACK";
}
