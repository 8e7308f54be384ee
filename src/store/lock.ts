/** One Parley per data directory. */
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { AppError } from "../errors.ts";
import { cannotUse, makeDataDirectory } from "./data-access.ts";
import { lockForMyself } from "./posix.ts";

export type DataDirectoryLock = { release(): void };

/**
 * Makes the data directory where there is none and locks it until `release` or the end of the process, `kill -9`
 * included: the operating system drops both locks then. One is on the folder itself, so that there is nothing to
 * delete; one is SQLite's own on an empty database, for Windows, where nobody can delete a file that is open, and for
 * file systems that lock files only.
 *
 * @param nativeBinding path of better-sqlite3's compiled part; omitted, the package finds its own
 * @throws DATA_DIR_LOCKED · DATA_DIR_NOT_WRITABLE
 */
export function lockDataDirectory(dataDirectory: string, nativeBinding?: string): DataDirectoryLock {
  makeDataDirectory(dataDirectory);
  const folder = lockFolder(dataDirectory);
  try {
    const file = lockFile(dataDirectory, nativeBinding);
    return {
      release() {
        file.close();
        folder.release();
      },
    };
  } catch (thrown) {
    folder.release();
    throw thrown;
  }
}

function lockFolder(dataDirectory: string): DataDirectoryLock {
  if (process.platform === "win32") return { release() {} };
  const descriptor = openFolder(dataDirectory);
  const release = () => closeSync(descriptor);
  if (lockForMyself(descriptor) === "held-by-another") {
    release();
    throw locked(dataDirectory);
  }
  return { release };
}

function openFolder(path: string): number {
  try {
    return openSync(path, "r");
  } catch (thrown) {
    throw cannotUse(path, path, thrown);
  }
}

function lockFile(dataDirectory: string, nativeBinding: string | undefined): Database.Database {
  const path = join(dataDirectory, "lock");
  let lock: Database.Database | undefined;
  try {
    lock = new Database(path, { timeout: 0, ...(nativeBinding === undefined ? {} : { nativeBinding }) });
    lock.exec("begin exclusive");
    return lock;
  } catch (thrown) {
    lock?.close();
    throw isBusy(thrown) ? locked(dataDirectory, thrown) : cannotUse(dataDirectory, path, thrown);
  }
}

function isBusy(thrown: unknown): boolean {
  return thrown instanceof Error && "code" in thrown && /^SQLITE_(BUSY|LOCKED)/.test(String(thrown.code));
}

function locked(path: string, cause?: unknown): AppError {
  const message = `Another Parley is running on ${path}. Stop it first, or start this one with another --data.`;
  return new AppError("DATA_DIR_LOCKED", message, { cause });
}
