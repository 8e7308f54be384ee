/** Uploaded originals and logos on disk. Names are made by the server; a visitor's file name is never one. */
import { mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Files } from "../deps.ts";
import type { FileId } from "../domain/ids.ts";
import { AppError } from "../errors.ts";

/** Ids and content-addressed names: no dot in front, no way up, no other folder. */
const SAFE_NAME = /^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,120}$/;
const PARTIAL = ".partial";

/**
 * Opens (and makes) the folder of files.
 *
 * @throws DATA_DIR_NOT_WRITABLE
 */
export async function openFiles(directory: string): Promise<Files> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
  } catch (thrown) {
    const message = `Parley cannot write to ${directory}. Give it a data directory it may write to, with --data.`;
    throw new AppError("DATA_DIR_NOT_WRITABLE", message, { cause: thrown });
  }
  const path = (fileId: FileId) => join(directory, requireSafe(fileId));

  return {
    path,

    async write(fileId, bytes) {
      await writeWhole(path(fileId), bytes);
      await syncDirectory(directory);
    },

    async read(fileId) {
      try {
        return new Uint8Array(await readFile(path(fileId)));
      } catch (thrown) {
        if (codeOf(thrown) === "ENOENT") return null;
        throw thrown;
      }
    },

    async remove(fileId) {
      await rm(path(fileId), { force: true });
    },

    async sweep(isNeeded) {
      const names = await readdir(directory);
      const unneeded = names.filter((name) => name.endsWith(PARTIAL) || !isNeeded(name));
      await Promise.all(unneeded.map((name) => rm(join(directory, name), { force: true })));
      return unneeded.length;
    },
  };
}

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const partial = path + PARTIAL;
  try {
    const file = await open(partial, "w", 0o600);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
  } catch (thrown) {
    await rm(partial, { force: true });
    throw fromDiskError(thrown);
  }
}

/** Without it, a power cut could forget the rename. */
async function syncDirectory(directory: string): Promise<void> {
  // Windows cannot open a directory; there a rename is durable by itself.
  if (process.platform === "win32") return;
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function requireSafe(fileId: string): string {
  if (SAFE_NAME.test(fileId) && !fileId.endsWith(PARTIAL)) return fileId;
  throw new AppError("NOT_FOUND", "There is no such file.");
}

function fromDiskError(thrown: unknown): unknown {
  const code = codeOf(thrown);
  if (code !== "ENOSPC" && code !== "EDQUOT") return thrown;
  const message = "The server's disk is full, so the file was not saved. Free some space and try again.";
  return new AppError("STORAGE_FULL", message, { cause: thrown });
}

function codeOf(thrown: unknown): unknown {
  return thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
}
