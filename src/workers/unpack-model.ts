import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { Unzip, type UnzipFile, UnzipInflate } from "fflate";
import { AppError } from "../errors.ts";
import { MODEL_MANIFEST_FILE, unusable } from "./model-manifest.ts";

/** A model is a dozen files; the largest that run on a processor have a few gigabytes. */
const MOST_ENTRIES = 1_000;
const MOST_BYTES = 8 * 1024 ** 3;
/** Weights hardly shrink, so what swells this much is no model. */
const MOST_RATIO = 50;
const RATIO_COUNTS_FROM = 64 * 1024 * 1024;
/** Unpacked and written in one go. What it may swell to, a thousandfold, has to fit into memory. */
const PIECE_BYTES = 16 * 1024;
/** Far more than the files of a model have, folders included. */
const MOST_NAME_CHARACTERS = 200;

/** Parts of a path that stay below the folder and mean the same on every system. */
const SAFE_PATH = /^\w[\w.-]*(\/\w[\w.-]*)*$/;
/** Upwards, from the root or a drive, or with what another system takes for a separator. */
const WAY_OUT = /(^|\/)\.\.(\/|$)|^\/|^[A-Za-z]:|[\\\0]/;

/**
 * Unpacks a ZIP of a model into `directory`, piece by piece. The folder that has the manifest: that one, or the only
 * one in it. What is no file of a model, such as a system's hidden files, is passed over; links become the text that
 * they hold.
 *
 * @throws AppError UNSAFE_ARCHIVE for a name that leads out of the folder, stands there twice, is a file and a folder
 *   or has more than 200 characters; RESOURCE_LIMIT for more than 1,000 files, 8 GB or fiftyfold;
 *   MODEL_NOT_AVAILABLE for no ZIP of a model
 */
export async function unpackModel(path: string, directory: string): Promise<string> {
  const unpacking = newUnpacking(directory);
  try {
    for await (const piece of smallPieces(path)) unpacking.push(piece);
    unpacking.push(new Uint8Array(), true);
  } catch (thrown) {
    if (isNameError(thrown)) throw unsafeNames(thrown);
    if (thrown instanceof AppError || isSystemError(thrown)) throw thrown;
    throw unusable("it is no ZIP file, or a damaged one", thrown);
  } finally {
    unpacking.close();
  }
  const [top] = [...unpacking.manifests].sort((left, right) => left.length - right.length);
  if (unpacking.open.size > 0) throw unusable("it ends in the middle of a file");
  if (top === undefined) throw unusable(`it is no ZIP file with a ${MODEL_MANIFEST_FILE} in it`);
  return join(directory, top);
}

/** The file, with a pause for whatever else the thread has to do after each piece: the server unpacks in its own. */
async function* smallPieces(path: string): AsyncGenerator<Uint8Array> {
  for await (const piece of Bun.file(path).stream()) {
    for (let at = 0; at < piece.length; at += PIECE_BYTES) {
      yield piece.subarray(at, at + PIECE_BYTES);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

/** Counts what really comes out: sizes that an archive declares are anything. */
function newUnpacking(directory: string) {
  const manifests = new Set<string>();
  const open = new Map<string, number>();
  const names = new Set<string>();
  let [read, unpacked] = [0, 0];
  let failure: unknown = null;

  const unzip = new Unzip((entry) => {
    failure ??= refusalOf(entry, names);
    if (failure || !SAFE_PATH.test(entry.name)) return;
    const target = join(directory, entry.name);
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    open.set(entry.name, openSync(target, "w", 0o600));
    entry.ondata = (error, piece, final) => {
      failure ??= error ?? take(entry.name, piece);
      if (failure || !final) return;
      closeSync(open.get(entry.name) as number);
      open.delete(entry.name);
      if (entry.name.split("/").at(-1) === MODEL_MANIFEST_FILE) manifests.add(dirname(entry.name));
    };
    entry.start();
  });
  unzip.register(UnzipInflate);

  function take(name: string, piece: Uint8Array): AppError | null {
    unpacked += piece.length;
    const swells = unpacked > RATIO_COUNTS_FROM && unpacked > MOST_RATIO * read;
    if (unpacked > MOST_BYTES || swells) return tooMuch();
    writeSync(open.get(name) as number, piece);
    return null;
  }

  return {
    manifests,
    open,
    push(piece: Uint8Array, final = false) {
      read += piece.length;
      unzip.push(piece, final);
      if (failure) throw failure;
    },
    close() {
      for (const file of open.values()) closeSync(file);
    },
  };
}

/** Two names that differ in case are one file on some systems. */
function refusalOf({ name }: UnzipFile, names: Set<string>): AppError | null {
  const key = name.toLowerCase();
  if (WAY_OUT.test(name) || name.length > MOST_NAME_CHARACTERS || names.has(key)) return unsafeNames();
  names.add(key);
  return names.size > MOST_ENTRIES ? tooMuch() : null;
}

/** Of the disk, such as that it is full; what the library finds wrong with the archive has numbers for codes. */
function isSystemError(thrown: unknown): boolean {
  return thrown instanceof Error && "code" in thrown && typeof thrown.code === "string";
}

/** A file where another name needs a folder, or the other way round, as a link to a folder unpacks. */
const NAME_ERRORS: ReadonlySet<unknown> = new Set(["EEXIST", "EISDIR", "ENOTDIR", "ENAMETOOLONG", "EINVAL"]);

function isNameError(thrown: unknown): boolean {
  return thrown instanceof Error && "code" in thrown && NAME_ERRORS.has(thrown.code);
}

function unsafeNames(cause?: unknown): AppError {
  return new AppError(
    "UNSAFE_ARCHIVE",
    "The ZIP file holds names that lead out of its folder, are too long, or stand for two things. Nothing was unpacked. Check where it is from.",
    { cause },
  );
}

function tooMuch(): AppError {
  return new AppError(
    "RESOURCE_LIMIT",
    "The ZIP file unpacks to far more than a model is. Check where it is from.",
  );
}
