/** `parley model import|list|remove`: embedding models in the data directory. */
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
  if (models.length === 0) return "There are no embedding models. Import one: parley model import DIR|ZIP";
  return models
    .map(({ name, dimension, licence, sizeBytes, problem }) =>
      problem
        ? `${name.padEnd(32)} ${problem}`
        : `${name.padEnd(32)} ${dimension} dimensions, ${(sizeBytes / 1e6).toFixed(1)} MB, ${licence}`,
    )
    .join("\n");
}

/** @throws AppError USAGE for an unknown model; CONFLICT for one that an index needs */
export async function removeModel(dataDirectory: string, name: string): Promise<void> {
  if (!(await modelNames(dataDirectory)).includes(name)) {
    throw new AppError("USAGE", `There is no model named ${name}. See parley model list.`);
  }
  if (await isInUse(dataDirectory, name)) {
    throw new AppError(
      "CONFLICT",
      `${name} stays: An index uses it. Remove the index in the backoffice first.`,
    );
  }
  await rm(join(modelsDirectory(dataDirectory), name), { recursive: true });
}

/** Asked of the database as it is, because Parley may be running. */
async function isInUse(dataDirectory: string, name: string): Promise<boolean> {
  const path = join(dataDirectory, "parley.db");
  if (!existsSync(path)) return false;
  const { sqliteBinding } = await installNativeParts(dataDirectory);
  const database = openForReading({ path, nativeBinding: sqliteBinding });
  try {
    const isThere = database
      .prepare("select count(*) from pragma_table_info('embedding_indexes') where name = 'source'")
      .pluck();
    if (isThere.get() === 0) return false;
    return (
      database
        .prepare(
          "select 1 from embedding_indexes where source = 'local' and name = ? and state <> 'removing'",
        )
        .get(name) !== undefined
    );
  } finally {
    database.close();
  }
}
