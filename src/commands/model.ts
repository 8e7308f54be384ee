/** `parley model import|list|remove`: models in the data directory. */
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { AppError } from "../errors.ts";
import { installNativeParts } from "../native/native.ts";
import { openForReading } from "../store/sqlite/connection.ts";
import { createLocalModels, modelNames, modelsDirectory } from "../workers/local-models.ts";
import { importModel as importInto } from "../workers/model-import.ts";
import type { ModelManifest } from "../workers/model-manifest.ts";

/** Checks a model and copies it into the data directory. @throws AppError as `model-import.ts` says */
export async function importModel(dataDirectory: string, from: string): Promise<ModelManifest> {
  return importInto(modelsDirectory(dataDirectory), await installNativeParts(dataDirectory), from);
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
