/** Uploaded originals and logos on disk. Names are made by the server; a visitor's file name is never one. */
import {
  access,
  constants,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  utimes,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import type { FileSweep, Files, SweptFiles } from "../deps.ts";
import { type FileId, isId, madeAt } from "../domain/ids.ts";
import { onDisk, storageError, systemCode } from "../domain/storage.ts";
import { AppError } from "../errors.ts";
import { cannotUse } from "./data-access.ts";
import { NO_RESERVE, type Reserve } from "./reserve.ts";

/** Ids and content-addressed names: no dot in front, no way up, no other folder. */
const SAFE_NAME = /^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,120}$/;
const PARTIAL = ".partial";
/** Within the folder, so that moving there is a rename wherever the folder is mounted; no name of a file begins so. */
const SET_ASIDE = ".swept";
/** Time to notice that the database is the wrong one, and to put back the right one. */
const GRACE_MS = 7 * 24 * 60 * 60 * 1000;

/**
 * Opens (and makes) the folder of files.
 *
 * @throws DATA_DIR_NOT_WRITABLE
 */
export async function openFiles(
  directory: string,
  reserve: Pick<Reserve, "isHeld"> = NO_RESERVE,
): Promise<Files> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
  } catch (thrown) {
    throw cannotUse(dirname(directory), directory, thrown);
  }
  const path = (fileId: FileId) => join(directory, requireSafe(fileId));

  return {
    path,

    write: (fileId, bytes) =>
      onDisk(async () => {
        if (!reserve.isHeld()) throw storageError("full", "Only the reserve is left.");
        await writeWhole(path(fileId), bytes);
        await syncDirectory(directory);
      }),
    read: (fileId) => onDisk(() => readIfThere(path(fileId))),
    remove: (fileId) => onDisk(() => rm(path(fileId), { force: true })),
    check: () => onDisk(() => access(directory, constants.R_OK | constants.W_OK | constants.X_OK)),

    sweep: (sweep) => sweepFolder(directory, sweep),
  };
}

async function readIfThere(path: string): Promise<Uint8Array | null> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (thrown) {
    if (systemCode(thrown) === "ENOENT") return null;
    throw thrown;
  }
}

/** How many files of Parley's own are in the folder, those set aside included. */
export async function countFiles(directory: string): Promise<number> {
  const names = [...(await namesIn(directory)), ...(await namesIn(join(directory, SET_ASIDE)))];
  return names.filter((name) => isId("file", name)).length;
}

async function sweepFolder(
  directory: string,
  { needed, leftOverSince, now }: FileSweep,
): Promise<SweptFiles> {
  const aside = join(directory, SET_ASIDE);
  const broughtBack = await bringBack(aside, directory, needed);
  const unneeded = (await namesIn(directory)).filter((name) => isOurs(name) && !needed.has(name));
  const isLeftOver = (name: string) => leftOverSince !== null && madeAt(idIn(name)) >= leftOverSince;
  const leftOver = unneeded.filter(isLeftOver);

  // Nobody was ever told that a half-written file is safe, so it needs no grace.
  const unfinished = leftOver.filter((name) => name.endsWith(PARTIAL)).map((name) => join(directory, name));
  const expired = await setAsideBefore(aside, now - GRACE_MS, isLeftOver);
  for (const path of [...unfinished, ...expired]) await rm(path, { force: true });
  const orphans = leftOver.filter((name) => !name.endsWith(PARTIAL));
  for (const name of orphans) await setAside(directory, aside, name, now);
  return {
    broughtBack,
    setAside: orphans.length,
    deleted: unfinished.length + expired.length,
    kept: unneeded.length - leftOver.length,
  };
}

/** A database of another day, put back, may need what the one before it did not. */
async function bringBack(aside: string, directory: string, needed: ReadonlySet<string>): Promise<number> {
  const present = new Set(await namesIn(directory));
  const wanted = (await namesIn(aside)).filter((name) => needed.has(name) && !present.has(name));
  for (const name of wanted) await rename(join(aside, name), join(directory, name));
  return wanted.length;
}

/** Its time becomes that of the move, from which the week counts. */
async function setAside(directory: string, aside: string, name: string, now: number): Promise<void> {
  await mkdir(aside, { recursive: true, mode: 0o700 });
  await utimes(join(directory, name), now / 1000, now / 1000);
  await rename(join(directory, name), join(aside, name));
}

async function setAsideBefore(
  aside: string,
  time: number,
  isLeftOver: (name: string) => boolean,
): Promise<string[]> {
  const names = (await namesIn(aside)).filter((name) => isOurs(name) && isLeftOver(name));
  const paths = names.map((name) => join(aside, name));
  const times = await Promise.all(paths.map(async (path) => (await stat(path)).mtimeMs));
  return paths.filter((_, place) => (times[place] ?? time) < time);
}

/** What somebody else put there is not Parley's to remove. */
function isOurs(name: string): boolean {
  return isId("file", idIn(name));
}

function idIn(name: string): FileId {
  return (name.endsWith(PARTIAL) ? name.slice(0, -PARTIAL.length) : name) as FileId;
}

/** Nothing for what is no folder: making it one says what is wrong. */
async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (thrown) {
    if (systemCode(thrown) === "ENOENT" || systemCode(thrown) === "ENOTDIR") return [];
    throw thrown;
  }
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
    // The reason why it could not be written is the one that counts.
    await rm(partial, { force: true }).catch(() => {});
    throw thrown;
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
