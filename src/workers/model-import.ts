/** Takes a model into the data directory, from the command line or an upload. */
import { existsSync } from "node:fs";
import { copyFile, mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fromSystemError } from "../domain/storage.ts";
import { AppError } from "../errors.ts";
import type { OnnxRuntimeSource } from "./embedding.ts";
import { MODEL_MANIFEST_FILE, type ModelManifest, parseModelManifest, unusable } from "./model-manifest.ts";
import { tryOut } from "./try-out.ts";
import { unpackModel } from "./unpack-model.ts";

type Native = OnnxRuntimeSource;

/**
 * Copies a model into `models` once it has shown that it works there: manifest, files and their checksums,
 * dimension, and a text embedded. Until then nothing of it is seen, and of what fails nothing stays.
 *
 * @param from a folder with a parley-model.json, or a ZIP of one
 * @param staging a folder below `models` that is this import's own; it is removed
 * @throws AppError USAGE · MODEL_NOT_AVAILABLE · UNSAFE_ARCHIVE · RESOURCE_LIMIT · STORAGE_FULL; CONFLICT for another
 *   model of that name
 */
export async function importModel(
  models: string,
  native: Native,
  from: string,
  staging = join(models, `.import-${crypto.randomUUID()}`),
): Promise<ModelManifest> {
  const found = await stat(from).catch(() => null);
  if (found === null) throw new AppError("USAGE", `There is no folder or ZIP file at ${from}.`);
  try {
    await mkdir(staging, { recursive: true, mode: 0o700 });
    const source = found.isDirectory() ? from : await unpackModel(from, join(staging, "unpacked"));
    const manifest = await readManifest(source);
    const copy = join(staging, manifest.name);
    await takeOver(source, copy, manifest, found.isDirectory() ? copyFile : rename);
    await tryOut(copy, manifest, native);
    await putInPlace(copy, join(models, manifest.name), manifest);
    return manifest;
  } catch (thrown) {
    throw disksFault(thrown) ?? thrown;
  } finally {
    // What cannot be removed now says less than what went wrong; a start removes what uploads left.
    await rm(staging, { recursive: true, force: true }).catch(() => {});
  }
}

/**
 * The same for a ZIP that comes piece by piece, of which no more than a piece is ever held.
 *
 * @param staging a folder below `models` that is this import's own; it is removed
 * @throws AppError as importModel does, and MODEL_INVALID when it is the upload's fault that the model does not work
 */
export async function importUpload(
  models: string,
  native: Native,
  zip: AsyncIterable<Uint8Array>,
  staging: string,
): Promise<ModelManifest> {
  try {
    await mkdir(staging, { recursive: true, mode: 0o700 });
    const path = join(staging, "upload.zip");
    await writePieces(path, zip);
    return await importModel(models, native, path, staging);
  } catch (thrown) {
    const canRunAny = (await native.onnxRuntime()) !== null;
    throw (canRunAny ? uploadsFault(thrown) : null) ?? disksFault(thrown) ?? thrown;
  } finally {
    // What cannot be removed now says less than what went wrong; a start removes what uploads left.
    await rm(staging, { recursive: true, force: true }).catch(() => {});
  }
}

async function writePieces(path: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    for await (const piece of pieces) await file.writeFile(piece);
  } finally {
    await file.close();
  }
}

async function readManifest(directory: string): Promise<ModelManifest> {
  const text = await readFile(join(directory, MODEL_MANIFEST_FILE), "utf8").catch((thrown: unknown) => {
    throw unusable(`its folder has no ${MODEL_MANIFEST_FILE}`, thrown);
  });
  return parseModelManifest(text);
}

/** Only what the manifest names. */
async function takeOver(
  from: string,
  to: string,
  { files }: ModelManifest,
  take: (from: string, to: string) => Promise<void>,
): Promise<void> {
  for (const path of [MODEL_MANIFEST_FILE, ...Object.keys(files)]) {
    try {
      await mkdir(dirname(join(to, path)), { recursive: true, mode: 0o700 });
      await take(join(from, path), join(to, path));
    } catch (thrown) {
      throw disksFault(thrown) ?? unusable(`its file ${path} is missing or cannot be read`, thrown);
    }
  }
}

async function putInPlace(copy: string, target: string, manifest: ModelManifest): Promise<void> {
  if (!existsSync(target)) return rename(copy, target);
  const there = await readManifest(target).catch(() => null);
  // The same model again: what lies there may have been damaged since.
  if (there !== null && Bun.deepEquals(there, manifest)) {
    await rm(target, { recursive: true });
    return rename(copy, target);
  }
  throw new AppError(
    "CONFLICT",
    `Another model named ${manifest.name} is there already. Remove that one first, in the backoffice or with: parley model remove ${manifest.name}`,
  );
}

/** A server that answered 503 would be asked again; this upload will not get better. */
function uploadsFault(thrown: unknown): AppError | null {
  if (!(thrown instanceof AppError) || thrown.code !== "MODEL_NOT_AVAILABLE") return null;
  return new AppError("MODEL_INVALID", thrown.message, { cause: thrown });
}

/** The disk's fault; null when it is not. */
function disksFault(thrown: unknown): AppError | null {
  const error = fromSystemError(thrown);
  if (!(error instanceof AppError) || error === thrown) return null;
  if (error.code !== "STORAGE_FULL") return error;
  const message =
    "The disk is full, so the model was not imported. Free some space: twice the size of the model is enough.";
  return new AppError("STORAGE_FULL", message, { cause: thrown });
}
