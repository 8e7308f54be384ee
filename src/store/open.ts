/** Where everything is remembered; the only switch on the engine. */
import { AppError } from "../errors.ts";
import { openSqliteStore, type SqliteStoreOptions } from "./sqlite/index.ts";
import type { Store } from "./store.ts";

/**
 * Opens the store at `path`, a file of SQLite.
 *
 * @throws CONFIG_INVALID for the address of a database server · whatever `openSqliteStore` throws
 */
export async function openStore(options: SqliteStoreOptions): Promise<Store> {
  const scheme = /^([a-z][a-z0-9+]+):\/\//i.exec(options.path)?.[1];
  if (scheme !== undefined) {
    const message = `This version of Parley keeps its data in a file and cannot use a ${scheme} server. Remove that setting, or set the data directory instead.`;
    throw new AppError("CONFIG_INVALID", message);
  }
  return await openSqliteStore(options);
}
