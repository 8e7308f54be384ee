/** Brings a database to the schema of this binary, or refuses it untouched. */
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { AppError } from "../../errors.ts";
import { type ConnectionOptions, makeDurable, openForWriting, type SqliteClient } from "./connection.ts";
import { fromSqliteError, isCorruption } from "./constraint.ts";
import { registerFolded } from "./folded.ts";

/** `name` sorts by age: `0001_initial`. */
export type Migration = { name: string; sql: string };

export type MigrationOptions = {
  migrations: readonly Migration[];
  backupsDirectory: string;
  now: () => number;
  /** For the one who makes it anew. Omitted, a database whose full-text index is damaged is refused. */
  lexicalIndexMayBeDamaged?: boolean;
};

/** About 50 ms: reading more at every start would be felt. */
const WHOLE_CHECK_BYTES = 16 * 1024 * 1024;

/** Tables that grow with the documents, and copies of others, of which a large database's quick check leaves out the pages. */
const LARGE_TABLE = /^(document_chunks|chunks_fts|messages_fts|vectors_|sqlite_)/;

/**
 * Opens the database, checks it and applies what is pending: each migration is one transaction together
 * with its row in schema_migrations. Before the first pending one, a database with content is copied to
 * `<backups>/before-<name>.db`.
 *
 * @throws DB_CORRUPT · SCHEMA_TOO_NEW, both without changing the file · STORAGE_FULL
 */
export function openMigrated(connection: ConnectionOptions, options: MigrationOptions): SqliteClient {
  let client: SqliteClient | undefined;
  try {
    client = openForWriting(connection);
    const applied = appliedMigrations(client);
    requireKnown(applied, options.migrations);
    requireIntact(client, connection.path, options.lexicalIndexMayBeDamaged ?? false);
    makeDurable(client);
    registerFolded(client);
    migrate(client, applied, options);
    return client;
  } catch (thrown) {
    client?.close();
    throw isCorruption(thrown)
      ? corrupt(connection.path, options.backupsDirectory, thrown)
      : fromSqliteError(thrown, connection.path);
  }
}

/** Applies what of `migrations` is not in `applied`, oldest first. */
export function migrate(client: SqliteClient, applied: readonly string[], options: MigrationOptions): void {
  const pending = options.migrations.filter(({ name }) => !applied.includes(name));
  const [first] = pending;
  if (first === undefined) return;
  if (applied.length > 0) snapshot(client, join(options.backupsDirectory, `before-${first.name}.db`));
  for (const migration of pending) apply(client, migration, options.now());
}

function apply(client: SqliteClient, { name, sql }: Migration, now: number): void {
  const run = client.transaction(() => {
    client.exec(sql);
    client.prepare("insert into schema_migrations (name, applied_at) values (?, ?)").run(name, now);
  });
  run.immediate();
}

/** Names of the migrations that were applied, oldest first; empty for a new file. */
export function appliedMigrations(client: SqliteClient): string[] {
  const tables = client
    .prepare("select name from sqlite_schema where type = 'table'")
    .pluck()
    .all() as string[];
  if (tables.length === 0) return [];
  if (!tables.includes("schema_migrations")) throw notOurs();
  return client.prepare("select name from schema_migrations order by name").pluck().all() as string[];
}

function requireKnown(applied: readonly string[], migrations: readonly Migration[]): void {
  const unknown = applied.find((name) => !migrations.some((migration) => migration.name === name));
  if (unknown === undefined) return;
  const message = `The database was written by a newer Parley (it has ${unknown}). Start that version or a later one, or restore a backup made with this one. Nothing was changed.`;
  throw new AppError("SCHEMA_TOO_NEW", message);
}

function requireIntact(client: SqliteClient, path: string, lexicalIndexMayBeDamaged: boolean): void {
  const isLarge = statSync(path).size > WHOLE_CHECK_BYTES;
  const checks = isLarge ? smallTables(client).map((table) => `quick_check("${table}")`) : ["quick_check(1)"];
  for (const check of checks) {
    const found = String(client.pragma(check, { simple: true }));
    // What else is wrong would have been found first.
    const isOfLexicalIndex = /fts5/i.test(found);
    if (found === "ok" || (isOfLexicalIndex && lexicalIndexMayBeDamaged)) continue;
    throw isOfLexicalIndex ? damagedLexicalIndex(path, found) : damaged(found);
  }
}

function smallTables(client: SqliteClient): string[] {
  const tables = client
    .prepare("select name from sqlite_schema where type = 'table'")
    .pluck()
    .all() as string[];
  return tables.filter((name) => !LARGE_TABLE.test(name));
}

/** Under its name only once it is whole; one of an earlier attempt may be out of date and is replaced. */
function snapshot(client: SqliteClient, path: string): void {
  const partial = `${path}.partial`;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  rmSync(partial, { force: true });
  client.prepare("vacuum into ?").run(partial);
  chmodSync(partial, 0o600);
  renameSync(partial, path);
}

/** Marked like SQLite's own finding, so that all damage is reported in one way. */
function damaged(finding: string): Error {
  return Object.assign(new Error(finding), { name: "SqliteError", code: "SQLITE_CORRUPT" });
}

/** No loss: everything in it is made of what the passages say. */
function damagedLexicalIndex(path: string, finding: string): AppError {
  const message = `The full-text index in ${path} is damaged, but the documents are not. Make it anew from them: parley index rebuild --data ${dirname(path)}`;
  return new AppError("DB_CORRUPT", message, { cause: finding });
}

function notOurs(): Error {
  const error = new Error("a database of something else");
  return Object.assign(error, { name: "SqliteError", code: "SQLITE_NOTADB" });
}

function corrupt(path: string, backupsDirectory: string, cause: unknown): AppError {
  const backup = newestBackup(backupsDirectory);
  const advice =
    backup === null
      ? "There is no backup beside it"
      : `The newest backup is ${backup}: move the damaged file away and put a copy of the backup in its place`;
  const message = `${path} is damaged or is not a database of Parley, so Parley did not touch it. ${advice}.`;
  return new AppError("DB_CORRUPT", message, { cause });
}

/** The path of the youngest file in the folder of backups. */
export function newestBackup(directory: string): string | null {
  if (!existsSync(directory)) return null;
  const backups = readdirSync(directory)
    // A copy that was killed leaves its journal, too.
    .filter((name) => !name.startsWith(".") && !/\.partial(-\w+)?$/.test(name))
    .map((name) => join(directory, name))
    .sort((left, right) => statSync(right).mtimeMs - statSync(left).mtimeMs);
  return backups[0] ?? null;
}
