import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { Unzip, UnzipInflate } from "fflate";
import { AppError } from "../errors.ts";
import { MODEL_MANIFEST_FILE, unusable } from "../workers/model-manifest.ts";

/** A model is a dozen files; the largest that run on a processor have a few gigabytes. */
const MOST_ENTRIES = 1_000;
const MOST_BYTES = 8 * 1024 ** 3;
/** Weights hardly shrink, so what swells this much is no model. */
const MOST_RATIO = 50;
const RATIO_COUNTS_FROM = 64 * 1024 * 1024;

/** Parts of a path that stay below the folder and mean the same on every system. */
const SAFE_PATH = /^\w[\w.-]*(\/\w[\w.-]*)*$/;

/**
 * Unpacks a ZIP of a model into `directory`, piece by piece. The folder that has the manifest: that one, or the only
 * one in it.
 *
 * @throws AppError RESOURCE_LIMIT for more than 1,000 files, 8 GB or fiftyfold; MODEL_NOT_AVAILABLE for no ZIP of a model
 */
export async function unpackModel(path: string, directory: string): Promise<string> {
  const manifests = new Set<string>();
  const open = new Map<string, number>();
  let [entries, read, unpacked] = [0, 0, 0];
  let failure: unknown = null;

  const unzip = new Unzip((entry) => {
    if (failure || entry.name.endsWith("/")) return;
    if (++entries > MOST_ENTRIES) failure = tooMuch();
    if (!SAFE_PATH.test(entry.name)) return;
    const target = join(directory, entry.name);
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    const file = openSync(target, "w", 0o600);
    open.set(entry.name, file);
    entry.ondata = (error, piece, final) => {
      failure ??= error;
      unpacked += piece?.length ?? 0;
      if (unpacked > MOST_BYTES || (unpacked > RATIO_COUNTS_FROM && unpacked > MOST_RATIO * read))
        failure ??= tooMuch();
      if (failure) return;
      writeSync(file, piece);
      if (!final) return;
      closeSync(file);
      open.delete(entry.name);
      if (entry.name.split("/").at(-1) === MODEL_MANIFEST_FILE) manifests.add(dirname(entry.name));
    };
    entry.start();
  });
  unzip.register(UnzipInflate);
  try {
    for await (const piece of Bun.file(path).stream()) {
      read += piece.length;
      unzip.push(piece);
      if (failure) throw failure;
    }
    unzip.push(new Uint8Array(), true);
    if (failure) throw failure;
  } catch (thrown) {
    throw thrown instanceof AppError ? thrown : unusable(`${path} is no ZIP file, or a damaged one`, thrown);
  } finally {
    for (const file of open.values()) closeSync(file);
  }
  const [top] = [...manifests].sort((left, right) => left.length - right.length);
  if (open.size > 0) throw unusable(`${path} ends in the middle of a file`);
  if (top === undefined) throw unusable(`${path} is no ZIP file with a ${MODEL_MANIFEST_FILE} in it`);
  return join(directory, top);
}

function tooMuch(): AppError {
  return new AppError(
    "RESOURCE_LIMIT",
    "The ZIP file unpacks to far more than a model is. Check where it is from.",
  );
}
