import type { Database } from "better-sqlite3";

/**
 * Loads sqlite-vec from `path`, whose file name must be vec0.* because SQLite derives the entry point
 * from it. better-sqlite3 allows extensions during this one call only, and SQL cannot load any.
 */
export function loadVec0(client: Database, path: string): void {
  client.loadExtension(path);
}
