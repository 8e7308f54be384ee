/** A real SQLite store in a folder of its own. */
import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { embeddedMigrations } from "../../src/native/embedded.ts";
import { openSecrets } from "../../src/secrets/seal.ts";
import { openSqliteStore, type SqliteStoreOptions } from "../../src/store/sqlite/index.ts";
import type { Migration } from "../../src/store/sqlite/migrate.ts";
import type { Store } from "../../src/store/store.ts";
import { NOW } from "./builders.ts";
import { recycleThreads } from "./recycled-threads.ts";

export const TEST_KEY = new Uint8Array(32).fill(7);

recycleThreads();

const directories: string[] = [];

/** For `afterAll` of every test file that opened a store: removes their folders. */
export function removeTestStores(): void {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
}

export function migrations(): Migration[] {
  return embeddedMigrations();
}

/** What `openSqliteStore` needs, with a database that does not exist yet. */
export async function sqliteOptions(changes: Partial<SqliteStoreOptions> = {}): Promise<SqliteStoreOptions> {
  const directory = await mkdtemp(join(tmpdir(), "parley-store-"));
  directories.push(directory);
  return {
    path: join(directory, "parley.db"),
    backupsDirectory: join(directory, "backups"),
    migrations: migrations(),
    secrets: await openSecrets(TEST_KEY),
    now: () => NOW,
    ...changes,
  };
}

/** An empty store in a folder that `removeTestStores` removes. */
export async function openTestStore(changes: Partial<SqliteStoreOptions> = {}): Promise<Store> {
  return await openSqliteStore(await sqliteOptions(changes));
}
