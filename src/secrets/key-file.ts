/** The master key: given from outside, or kept in `secret.key` beside the database. */
import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, linkSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import type { UnixMs } from "../domain/ids.ts";
import { storageTrouble, systemCode } from "../domain/storage.ts";
import { AppError } from "../errors.ts";
import { readSmallFile, UnfitFile } from "./small-file.ts";

export const KEY_BYTES = 32;

export type MasterKeyOptions = {
  dataDirectory: string;
  /** From PARLEY_SECRET_KEY or the file that it names; `secret.key` is not read then. */
  given: Uint8Array | null;
  /** Whether something is sealed already, with a key that must be found and not made. */
  isNeeded: () => boolean;
};

type KeyPlace = Pick<MasterKeyOptions, "dataDirectory" | "given">;

/** Room for a comment or an end of line or two. */
const MOST_BYTES_OF_FILE = 4096;

/**
 * The 32 bytes that everything secret hangs on. At the very first start the key file is made: before the
 * database, so that no database is ever without its key.
 *
 * @throws KEY_INVALID when the key is not 32 bytes · KEY_MISSING naming the file, when secrets were sealed
 *   with a key that is gone · DATA_DIR_NOT_WRITABLE · STORAGE_FULL
 */
export function openMasterKey({ dataDirectory, given, isNeeded }: MasterKeyOptions): Uint8Array {
  if (given !== null) return requireLength(given, "The given secret key");
  const path = join(dataDirectory, "secret.key");
  const stored = readKey(path);
  if (stored !== null) return stored;
  if (isNeeded()) throw missing(path);
  return createKey(path);
}

/** When the key file in use was written; null for a key that is given. */
export function keyFileMadeAt({ dataDirectory, given }: KeyPlace): UnixMs | null {
  return given === null ? statSync(join(dataDirectory, "secret.key")).mtimeMs : null;
}

function readKey(path: string): Uint8Array | null {
  let text: string;
  try {
    text = readSmallFile(path, MOST_BYTES_OF_FILE);
  } catch (thrown) {
    if (systemCode(thrown) === "ENOENT") return null;
    throw thrown instanceof UnfitFile ? unfit(path, thrown) : notWritable(path, thrown);
  }
  return requireLength(Buffer.from(text.trim(), "base64"), path);
}

/** The permissions of the key file in use, when others than its owner have some; null otherwise. */
export function keyFileOpenTo({ dataDirectory, given }: KeyPlace): string | null {
  // Windows has other rights, of which the mode says nothing.
  if (given !== null || process.platform === "win32") return null;
  const mode = statSync(join(dataDirectory, "secret.key")).mode & 0o777;
  return (mode & 0o077) === 0 ? null : mode.toString(8).padStart(4, "0");
}

/** Whole under its name or not at all, and never in place of another: `link` fails where a file is. */
function createKey(path: string): Uint8Array {
  const key = new Uint8Array(randomBytes(KEY_BYTES));
  const partial = `${path}.partial`;
  try {
    rmSync(partial, { force: true });
    writeSynced(partial, `${Buffer.from(key).toString("base64")}\n`);
    linkSync(partial, path);
    rmSync(partial);
    syncDirectory(dirname(path));
  } catch (thrown) {
    rmSync(partial, { force: true });
    throw storageTrouble(systemCode(thrown)) === "full"
      ? storageFull(path, thrown)
      : notWritable(path, thrown);
  }
  return key;
}

function writeSynced(path: string, text: string): void {
  const file = openSync(path, "wx", 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function syncDirectory(path: string): void {
  // Windows cannot open a directory; there a rename is durable by itself.
  if (process.platform === "win32") return;
  const directory = openSync(path, "r");
  fsyncSync(directory);
  closeSync(directory);
}

function requireLength(key: Uint8Array, where: string): Uint8Array {
  if (key.length === KEY_BYTES) return key;
  const message = `${where} holds ${key.length} bytes, but Parley's key has ${KEY_BYTES}, written as base64. Put back the right one.`;
  throw new AppError("KEY_INVALID", message);
}

function unfit(path: string, cause: UnfitFile): AppError {
  const message = `${path} ${cause.message}, but Parley's key is a file with ${KEY_BYTES} bytes, written as base64. Put back the right one.`;
  return new AppError("KEY_INVALID", message, { cause });
}

function missing(path: string): AppError {
  const message = `${path} is missing, and the database holds secrets that only that key opens. Put the file back, or give the key as PARLEY_SECRET_KEY. No new key was made.`;
  return new AppError("KEY_MISSING", message);
}

function notWritable(path: string, cause: unknown): AppError {
  const message = `Parley cannot read or write ${path}. Check who owns the data directory.`;
  return new AppError("DATA_DIR_NOT_WRITABLE", message, { cause });
}

function storageFull(path: string, cause: unknown): AppError {
  return new AppError("STORAGE_FULL", `The disk is full: ${path} could not be written. Free some space.`, {
    cause,
  });
}
