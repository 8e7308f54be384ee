/** `parley model import|list|remove`: models in the data directory. */
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AppError } from "../errors.ts";
import { installNativeParts } from "../native/native.ts";
import { openForReading } from "../store/sqlite/connection.ts";
import { createLocalModels, modelNames, modelsDirectory } from "../workers/local-models.ts";
import {
  MODEL_MANIFEST_FILE,
  type ModelManifest,
  parseModelManifest,
  unusable,
} from "../workers/model-manifest.ts";
import { tryOut } from "../workers/try-out.ts";
import { unpackModel } from "./unpack-model.ts";

/**
 * Copies a model into the data directory once it has shown that it works there: manifest, files and their
 * checksums, dimension, and a text embedded or scored. Until then nothing of it is seen.
 *
 * @param from a folder with a parley-model.json, or a ZIP of one
 * @throws AppError USAGE · MODEL_NOT_AVAILABLE · RESOURCE_LIMIT · CONFLICT for another model of that name
 */
export async function importModel(dataDirectory: string, from: string): Promise<ModelManifest> {
  const found = await stat(from).catch(() => null);
  if (found === null) throw new AppError("USAGE", `There is no folder or ZIP file at ${from}.`);
  const staging = join(modelsDirectory(dataDirectory), `.import-${crypto.randomUUID()}`);
  await mkdir(staging, { recursive: true, mode: 0o700 });
  try {
    const source = found.isDirectory() ? from : await unpackModel(from, join(staging, "unpacked"));
    const manifest = await readManifest(source);
    const copy = join(staging, manifest.name);
    await copyModel(source, copy, manifest);
    await tryOut(copy, manifest, await installNativeParts(dataDirectory));
    await putInPlace(copy, join(modelsDirectory(dataDirectory), manifest.name), manifest);
    return manifest;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** One line per model. */
export async function listModels(dataDirectory: string): Promise<string> {
  const models = await createLocalModels(dataDirectory, await installNativeParts(dataDirectory)).list();
  if (models.length === 0) return "There are no models. Import one: parley model import DIR|ZIP";
  return models
    .map(({ name, kind, dimension, licence, sizeBytes, problem }) => {
      const what = kind === "reranker" ? "reranker" : `embedding model, ${dimension} dimensions`;
      return `${name.padEnd(32)} ${problem ?? `${what}, ${(sizeBytes / 1e6).toFixed(1)} MB, ${licence}`}`;
    })
    .join("\n");
}

/** @throws AppError USAGE for an unknown model; CONFLICT for one that an index needs or that reranks */
export async function removeModel(dataDirectory: string, name: string): Promise<void> {
  if (!(await modelNames(dataDirectory)).includes(name)) {
    throw new AppError("USAGE", `There is no model named ${name}. See parley model list.`);
  }
  const use = await useOf(dataDirectory, name);
  if (use !== null) throw new AppError("CONFLICT", `${name} stays: ${use}`);
  await rm(join(modelsDirectory(dataDirectory), name), { recursive: true });
}

async function readManifest(directory: string): Promise<ModelManifest> {
  const text = await readFile(join(directory, MODEL_MANIFEST_FILE), "utf8").catch((thrown: unknown) => {
    throw unusable(`${directory} has no ${MODEL_MANIFEST_FILE}`, thrown);
  });
  return parseModelManifest(text);
}

/** Only what the manifest names. */
async function copyModel(from: string, to: string, { files }: ModelManifest): Promise<void> {
  for (const path of [MODEL_MANIFEST_FILE, ...Object.keys(files)]) {
    await mkdir(dirname(join(to, path)), { recursive: true, mode: 0o700 });
    await copyFile(join(from, path), join(to, path)).catch((thrown: unknown) => {
      throw unusable(`its file ${path} is missing or cannot be read`, thrown);
    });
  }
}

async function putInPlace(copy: string, target: string, { name, files }: ModelManifest): Promise<void> {
  if (!existsSync(target)) return rename(copy, target);
  const there = await readManifest(target).catch(() => null);
  // The same model again: what lies there may have been damaged since.
  if (there !== null && JSON.stringify(there.files) === JSON.stringify(files)) {
    await rm(target, { recursive: true });
    return rename(copy, target);
  }
  throw new AppError(
    "CONFLICT",
    `Another model named ${name} is there already. Remove that one first: parley model remove ${name}`,
  );
}

/** What a model is needed for, and what to do about that. */
const USES = [
  {
    table: "embedding_indexes",
    needs: "select 1 from embedding_indexes where source = 'local' and name = ? and state <> 'removing'",
    use: "An index uses it. Remove the index in the backoffice first.",
  },
  {
    table: "active_reranker",
    needs: "select 1 from active_reranker where model = ?",
    use: "It is the reranker in use. Switch it off in the backoffice first.",
  },
] as const;

/** Asked of the database as it is, because Parley may be running; it may be older than a table. */
async function useOf(dataDirectory: string, name: string): Promise<string | null> {
  const path = join(dataDirectory, "parley.db");
  if (!existsSync(path)) return null;
  const { sqliteBinding } = await installNativeParts(dataDirectory);
  const database = openForReading({ path, nativeBinding: sqliteBinding });
  try {
    const isThere = database.prepare("select 1 from sqlite_schema where type = 'table' and name = ?");
    const found = USES.find(
      ({ table, needs }) =>
        isThere.get(table) !== undefined && database.prepare(needs).get(name) !== undefined,
    );
    return found?.use ?? null;
  } finally {
    database.close();
  }
}
