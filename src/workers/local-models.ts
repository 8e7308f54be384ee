/** Models in the data directory: a folder each, with its manifest. */
import { readdir, readFile, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { ModelFolder } from "../deps.ts";
import type { LocalModel } from "../domain/embedding.ts";
import { onDisk } from "../domain/storage.ts";
import { AppError, toAppError } from "../errors.ts";
import { installPackedModel } from "../native/packed-model.ts";
import { type LocalEmbeddings, openEmbeddingWorker } from "./embedding.ts";
import { importUpload } from "./model-import.ts";
import { kindOf, MODEL_MANIFEST_FILE, parseModelManifest, unusable } from "./model-manifest.ts";
import { type LocalReranker, openRerankWorker } from "./rerank.ts";

export type LocalModels = ModelFolder & {
  /** Starts a worker with the embedding model. @throws MODEL_NOT_AVAILABLE */
  open(name: string): Promise<LocalEmbeddings>;
  /** Starts a worker with the reranker. @throws MODEL_NOT_AVAILABLE */
  openReranker(name: string): Promise<LocalReranker>;
  list(): Promise<LocalModel[]>;
  /** Removes what is left of uploads that were at work when the process died. Only for whoever has the lock. */
  sweep(): Promise<void>;
};

/** What an upload lies in until it has shown that it works. */
const UPLOAD = ".upload-";

export function modelsDirectory(dataDirectory: string): string {
  return join(dataDirectory, "models");
}

/** Nothing is read, copied or started before it is asked for. */
export function createLocalModels(
  dataDirectory: string,
  native: Parameters<typeof openEmbeddingWorker>[1],
): LocalModels {
  let packed: Promise<string | null> | undefined;
  let isImporting = false;
  const models = modelsDirectory(dataDirectory);
  const withPacked = () => {
    packed ??= installPackedModel(dataDirectory).catch((thrown: unknown) => {
      packed = undefined;
      throw thrown;
    });
    return packed;
  };
  async function folderOf(name: string): Promise<string> {
    await withPacked();
    if ((await modelNames(dataDirectory)).includes(name)) return join(models, name);
    throw unusable(`there is no model named ${name} in ${models}`);
  }

  return {
    open: async (name) => openEmbeddingWorker(await folderOf(name), native),
    openReranker: async (name) => openRerankWorker(await folderOf(name), native),
    async list() {
      const packedFolder = await withPacked();
      const names = await modelNames(dataDirectory);
      return Promise.all(names.map((name) => describe(join(models, name), packedFolder)));
    },
    async import(zip) {
      // Each needs room for the model twice, and all the processor while it is tried out.
      if (isImporting) throw atWork();
      isImporting = true;
      try {
        const packedFolder = await withPacked();
        const staging = join(models, UPLOAD + crypto.randomUUID());
        const { name } = await importUpload(models, native, zip, staging);
        return await describe(join(models, name), packedFolder);
      } finally {
        isImporting = false;
      }
    },
    async remove(name) {
      const packedFolder = await withPacked();
      if (!(await modelNames(dataDirectory)).includes(name)) throw unknownModel();
      if (isPacked(join(models, name), packedFolder)) throw packedStays(name);
      await onDisk(() => rm(join(models, name), { recursive: true }));
    },
    async sweep() {
      const entries = await readdir(models).catch(() => []);
      const left = entries.filter((name) => name.startsWith(UPLOAD));
      await Promise.all(left.map((name) => rm(join(models, name), { recursive: true, force: true })));
    },
  };
}

/** Folders that begin with a dot are imports at work. */
export async function modelNames(dataDirectory: string): Promise<string[]> {
  const entries = await readdir(modelsDirectory(dataDirectory), { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map(({ name }) => name)
    .sort();
}

/** What its manifest says; whether the files are the ones it names is found out when it is opened. */
async function describe(directory: string, packedFolder: string | null): Promise<LocalModel> {
  const named = { name: basename(directory), packed: isPacked(directory, packedFolder) };
  try {
    const manifest = parseModelManifest(await readFile(join(directory, MODEL_MANIFEST_FILE), "utf8"));
    const sizes = await Promise.all(
      Object.keys(manifest.files).map(async (path) => (await stat(join(directory, path))).size),
    );
    const sizeBytes = sizes.reduce((total, size) => total + size, 0);
    const [kind, { licence }] = [kindOf(manifest), manifest];
    const dimension = kind === "reranker" ? null : manifest.dimension;
    return { ...named, kind, dimension, licence, sizeBytes, problem: null };
  } catch (thrown) {
    const { code, message } = toAppError(thrown);
    const problem =
      code === "INTERNAL" ? "Files of this model are missing. Remove it and import it again." : message;
    return { ...named, kind: "embedding", dimension: null, licence: null, sizeBytes: 0, problem };
  }
}

function isPacked(directory: string, packedFolder: string | null): boolean {
  return packedFolder !== null && basename(packedFolder) === basename(directory);
}

function atWork(): AppError {
  return new AppError("CONFLICT", "Another model is being imported. Import this one when that is done.");
}

function unknownModel(): AppError {
  return new AppError("NOT_FOUND", "There is no model of this name on this machine. Load the page again.");
}

function packedStays(name: string): AppError {
  return new AppError(
    "CONFLICT",
    `${name} stays: it is part of the program and costs no memory while unused.`,
  );
}
