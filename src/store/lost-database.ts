/** Refuses a start that would take a used data directory, whose database is gone, for a new one. */
import { existsSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { AppError } from "../errors.ts";
import { countFiles } from "./files.ts";
import type { ConnectionOptions } from "./sqlite/connection.ts";
import { type DatabaseState, databaseState } from "./sqlite/database-state.ts";
import { newestBackup } from "./sqlite/migrate.ts";

/** What of a used directory is still there. */
type Remains = { files: number; backup: string | null; hasLog: boolean; hasKey: boolean };

const WHAT_IS_WRONG: Record<Exclude<DatabaseState, "in-use">, string> = {
  missing: "is missing",
  empty: "is empty",
  "never-set-up": "was never set up",
};

/**
 * What the database holds. Nothing is changed, so that whatever is there can still be put right. A key alone is no
 * sign of use: it is made before the database, and a first start may have died in between.
 *
 * @throws DB_MISSING naming what is there and what to do
 */
export async function refuseLostDatabase(
  dataDirectory: string,
  connection: ConnectionOptions,
): Promise<DatabaseState> {
  const state = databaseState(connection);
  if (state === "in-use") return state;
  const remains = await findRemains(dataDirectory, connection.path, state);
  if (remains.files > 0 || remains.backup !== null || remains.hasLog) {
    throw lost(dataDirectory, state, remains);
  }
  return state;
}

async function findRemains(
  dataDirectory: string,
  path: string,
  state: Exclude<DatabaseState, "in-use">,
): Promise<Remains> {
  return {
    files: await countFiles(join(dataDirectory, "files")),
    // An upgrade copies a database that was never set up, too.
    backup: state === "never-set-up" ? null : newestBackup(join(dataDirectory, "backups")),
    // Beside a database with content the log is read with it; beside none it is all that is left of one.
    hasLog: sizeOf(path) === 0 && sizeOf(`${path}-wal`) > 0,
    hasKey: existsSync(join(dataDirectory, "secret.key")),
  };
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function lost(dataDirectory: string, state: Exclude<DatabaseState, "in-use">, remains: Remains): AppError {
  const { files, hasLog, hasKey } = remains;
  const backup = remains.backup && relative(dataDirectory, remains.backup);
  const others = [hasLog && "parley.db-wal", hasKey && "secret.key"];
  const there = list(
    files > 0 && `${files} uploaded ${files === 1 ? "file" : "files"} in files/`,
    backup,
    ...others,
  );
  const away = list(files > 0 && "files/", backup && "backups/", ...others);
  const from = backup
    ? `, from a copy of the folder or as a copy of ${backup}`
    : " from a copy of the folder";
  const caution = hasLog
    ? " (with a copy, first move parley.db-wal and parley.db-shm away: they belong to the lost one)"
    : "";
  const message = `${dataDirectory} holds ${there}, but parley.db ${WHAT_IS_WRONG[state]}: Parley does not start, and changed nothing. Put parley.db back${from}${caution}; or, to begin anew, move ${away} to another place.`;
  return new AppError("DB_MISSING", message);
}

function list(...names: (string | false | null)[]): string {
  const given = names.filter((name) => typeof name === "string");
  return given.length < 2 ? given.join("") : `${given.slice(0, -1).join(", ")} and ${given.at(-1)}`;
}
