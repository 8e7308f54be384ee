/** Models in the data directory: a folder each, with its manifest. */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { LocalModel } from "../domain/embedding.ts";
import { toAppError } from "../errors.ts";
import { installPackedModel } from "../native/packed-model.ts";
import { type LocalEmbeddings, openEmbeddingWorker } from "./embedding.ts";
import { kindOf, MODEL_MANIFEST_FILE, parseModelManifest, unusable } from "./model-manifest.ts";
import { type LocalReranker, openRerankWorker } from "./rerank.ts";

export type LocalModels = {
  /** Starts a worker with the embedding model. @throws MODEL_NOT_AVAILABLE */
  open(name: string): Promise<LocalEmbeddings>;
  /** Starts a worker with the reranker. @throws MODEL_NOT_AVAILABLE */
  openReranker(name: string): Promise<LocalReranker>;
  list(): Promise<LocalModel[]>;
};

export function modelsDirectory(dataDirectory: string): string {
  return join(dataDirectory, "models");
}

/** Nothing is read, copied or started before it is asked for. */
export function createLocalModels(
  dataDirectory: string,
  native: Parameters<typeof openEmbeddingWorker>[1],
): LocalModels {
  let packed: Promise<string | null> | undefined;
  const withPacked = () => {
    packed ??= installPackedModel(dataDirectory).catch((thrown: unknown) => {
      packed = undefined;
      throw thrown;
    });
    return packed;
  };
  async function folderOf(name: string): Promise<string> {
    await withPacked();
    if (!(await modelNames(dataDirectory)).includes(name)) {
      throw unusable(`there is no model named ${name} in ${modelsDirectory(dataDirectory)}`);
    }
    return join(modelsDirectory(dataDirectory), name);
  }

  return {
    open: async (name) => openEmbeddingWorker(await folderOf(name), native),
    openReranker: async (name) => openRerankWorker(await folderOf(name), native),
    async list() {
      await withPacked();
      const names = await modelNames(dataDirectory);
      return Promise.all(names.map((name) => describe(join(modelsDirectory(dataDirectory), name), name)));
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
async function describe(directory: string, name: string): Promise<LocalModel> {
  try {
    const manifest = parseModelManifest(await readFile(join(directory, MODEL_MANIFEST_FILE), "utf8"));
    const sizes = await Promise.all(
      Object.keys(manifest.files).map(async (path) => (await stat(join(directory, path))).size),
    );
    const sizeBytes = sizes.reduce((total, size) => total + size, 0);
    const [kind, { licence }] = [kindOf(manifest), manifest];
    const dimension = kind === "reranker" ? null : manifest.dimension;
    return { name, kind, dimension, licence, sizeBytes, problem: null };
  } catch (thrown) {
    const { code, message } = toAppError(thrown);
    const problem =
      code === "INTERNAL" ? "Files of this model are missing. Remove it and import it again." : message;
    return { name, kind: "embedding", dimension: null, licence: null, sizeBytes: 0, problem };
  }
}
