/** Refuses a start on data that Parley may not read and write, before anything is changed. */
import { accessSync, constants, mkdirSync, statfsSync, statSync } from "node:fs";
import { join } from "node:path";
import { storageTrouble, systemCode } from "../domain/storage.ts";
import { AppError } from "../errors.ts";

const { R_OK, W_OK, X_OK } = constants;

/** What is there after the first start, and what Parley does with it. What is not there is made. */
const NEEDED: Record<string, number> = {
  lock: R_OK | W_OK,
  "parley.db": R_OK | W_OK,
  "parley.db-wal": R_OK | W_OK,
  "parley.db-shm": R_OK | W_OK,
  files: R_OK | W_OK | X_OK,
};

/** The parts of the program, a new database and its log. What is to be stored needs more, and is told so then. */
const START_NEEDS_BYTES = 8 * 1024 ** 2;
const MB = 1024 ** 2;

/** Makes the data directory where there is none. @throws DATA_DIR_NOT_WRITABLE · STORAGE_FULL */
export function makeDataDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (thrown) {
    throw cannotUse(path, path, thrown);
  }
}

/**
 * Makes sure that the data directory and what is in it can be used. What is not there is passed over.
 *
 * @throws DATA_DIR_NOT_WRITABLE naming what cannot be used, why, and what to do
 */
export function requireAccess(dataDirectory: string, { keyIsGiven }: { keyIsGiven: boolean }): void {
  requireOne(dataDirectory, dataDirectory, R_OK | W_OK | X_OK);
  if (!keyIsGiven) requireOne(dataDirectory, join(dataDirectory, "secret.key"), R_OK);
  for (const [name, how] of Object.entries(NEEDED)) requireOne(dataDirectory, join(dataDirectory, name), how);
}

/** @throws STORAGE_FULL with what to do */
export function requireRoom(dataDirectory: string): void {
  const { bavail, bsize } = statfsSync(dataDirectory);
  const freeBytes = bavail * bsize;
  if (freeBytes >= START_NEEDS_BYTES) return;
  const message = `The disk of ${dataDirectory} is full: ${Math.floor(freeBytes / MB)} MB are free, and Parley needs ${START_NEEDS_BYTES / MB} MB to start. Free that much and start it again; nothing was changed.`;
  throw new AppError("STORAGE_FULL", message);
}

function requireOne(dataDirectory: string, path: string, how: number): void {
  try {
    accessSync(path, how);
  } catch (thrown) {
    if (systemCode(thrown) !== "ENOENT") throw cannotUse(dataDirectory, path, thrown);
  }
}

/** What keeps Parley from using `path`, as the sentence that a start ends with. */
export function cannotUse(dataDirectory: string, path: string, cause: unknown): AppError {
  const code = systemCode(cause);
  if (storageTrouble(code) === "full") {
    return new AppError(
      "STORAGE_FULL",
      `The disk is full: Parley cannot write to ${path}. Free some space.`,
      {
        cause,
      },
    );
  }
  return new AppError(
    "DATA_DIR_NOT_WRITABLE",
    `Parley ${may(code)} ${path}${advice(dataDirectory, path, code)}`,
    {
      cause,
    },
  );
}

function may(code: string | null): string {
  return storageTrouble(code) === "denied" ? "may not read and write" : "cannot read and write";
}

function advice(dataDirectory: string, path: string, code: string | null): string {
  const elsewhere = "start it with another --data";
  if (code === "EROFS") return `: its file system is mounted read-only. Mount it writable, or ${elsewhere}.`;
  if (code === "EPERM")
    return `: it is marked as unchangeable. Undo that (chattr -i ${path}), or ${elsewhere}.`;
  const user = process.getuid?.();
  const owner = ownerOf(path);
  if (code !== "EACCES" || user === undefined || owner === null)
    return ` (${code ?? "unknown reason"}). Give it a data directory it may write to, with --data.`;
  const mode = `with mode ${owner.mode.toString(8).padStart(4, "0")}`;
  const change = `chmod -R u+rwX ${dataDirectory}`;
  if (owner.user === user) return `, although it is its own, ${mode}. Give it the right to: ${change}`;
  return `: it belongs to user ${owner.user}, ${mode}, and Parley was started as user ${user}. Start it as that user, or give the data to this one: chown -R ${user} ${dataDirectory} && ${change}`;
}

/** Null where not even that may be looked at. */
function ownerOf(path: string): { user: number; mode: number } | null {
  try {
    const { uid, mode } = statSync(path);
    return { user: uid, mode: mode & 0o777 };
  } catch {
    return null;
  }
}
