/** Where everything is remembered; the only switch on the engine. */
import { join } from "node:path";
import type { Log } from "../deps.ts";
import type { Secrets } from "../domain/secret.ts";
import { AppError } from "../errors.ts";
import { embeddedMigrations } from "../native/embedded.ts";
import { openSqliteStore } from "./sqlite/index.ts";
import type { Store } from "./store.ts";

export type StoreOptions = {
  /** Address of a database server; null for the file in the data directory. */
  url: string | null;
  dataDirectory: string;
  /** The compiled parts, as installed below the data directory. */
  native: { sqliteBinding: string; vec0: string };
  secrets: Secrets;
  now: () => number;
  log?: Pick<Log, "info" | "warn" | "error">;
  /** The file of `openReserve`. Omitted, nothing is set aside on the disk. */
  reservePath?: string;
  /** For the one who makes it anew. Omitted, a database whose full-text index is damaged is refused. */
  lexicalIndexMayBeDamaged?: boolean;
};

/** The file of SQLite. */
export function databasePath(dataDirectory: string): string {
  return join(dataDirectory, "parley.db");
}

/**
 * Opens the store, brings it to the schema of this binary and checks the key. The data directory is the caller's alone.
 *
 * @throws CONFIG_INVALID for the address of a database server · whatever `openSqliteStore` throws
 */
export async function openStore({ url, dataDirectory, native, ...options }: StoreOptions): Promise<Store> {
  if (url !== null) {
    const message = `This version of Parley keeps its data in a file and cannot use a ${new URL(url).protocol} server. Remove that setting, or set the data directory instead.`;
    throw new AppError("CONFIG_INVALID", message);
  }
  return await openSqliteStore({
    ...options,
    path: databasePath(dataDirectory),
    nativeBinding: native.sqliteBinding,
    vec0: native.vec0,
    migrations: embeddedMigrations(),
    backupsDirectory: join(dataDirectory, "backups"),
  });
}
