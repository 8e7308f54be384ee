/** What tells at start whether the key in use is the one that this database's secrets were sealed with. */
import { existsSync } from "node:fs";
import { type ConnectionOptions, openForReading, type SqliteClient } from "./connection.ts";

const KEY = "key-check";

/**
 * Whether the database at `path` holds anything sealed, so that a missing key must not be replaced by a new
 * one. A file that cannot be read counts as one that does: refusing to start destroys nothing.
 */
export function hasSealedValues(options: ConnectionOptions): boolean {
  if (!existsSync(options.path)) return false;
  let client: SqliteClient | undefined;
  try {
    client = openForReading(options);
    const hasTable =
      client.prepare("select 1 from sqlite_schema where name = 'instance'").get() !== undefined;
    return hasTable && findCheckValue(client) !== null;
  } catch {
    return true;
  } finally {
    client?.close();
  }
}

/** Null before the first start has left one. */
export function findCheckValue(client: SqliteClient): string | null {
  return (
    client.prepare<[string], string>("select value from instance where key = ?").pluck().get(KEY) ?? null
  );
}

export function keepCheckValue(client: SqliteClient, sealed: string): void {
  client.prepare("insert into instance (key, value) values (?, ?)").run(KEY, sealed);
}
