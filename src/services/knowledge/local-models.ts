/** Models in the data directory, taken in and given up over the backoffice. */
import type { Deps } from "../../deps.ts";
import { type EmbeddingIndex, isLocal, type LocalModel } from "../../domain/embedding.ts";
import { AppError } from "../../errors.ts";

type LocalModelDeps = Pick<Deps, "store" | "embeddings" | "modelFolder">;

/** @throws AppError what is wrong with the ZIP, or with the way it came */
export async function importLocalModel(
  { modelFolder, embeddings }: LocalModelDeps,
  zip: AsyncIterable<Uint8Array>,
): Promise<LocalModel> {
  const model = await modelFolder.import(zip);
  // One that was damaged and is repaired now may have been left half open.
  embeddings.release({ source: "local", name: model.name });
  return model;
}

/** @throws AppError NOT_FOUND; CONFLICT while an index needs it or it reranks, and for the packed one */
export async function removeLocalModel(deps: LocalModelDeps, name: string): Promise<void> {
  const indexes = await deps.store.embeddingIndexes.list();
  const user = indexes.find(({ model }) => isLocal(model) && model.name === name);
  if (user) throw isNeeded(name, user);
  if ((await deps.store.reranker.findActive())?.model === name) throw reranks(name);
  await deps.modelFolder.remove(name);
  deps.embeddings.release({ source: "local", name });
}

function reranks(name: string): AppError {
  return new AppError("CONFLICT", `${name} stays: it is the reranker in use. Switch it off first.`);
}

function isNeeded(name: string, { id, state }: EmbeddingIndex): AppError {
  const first =
    state === "active" ? "Switch that index off and delete it first." : "Delete that index first.";
  return new AppError("CONFLICT", `${name} stays: its index ${id} needs it. ${first}`, {
    details: { index: id },
  });
}
