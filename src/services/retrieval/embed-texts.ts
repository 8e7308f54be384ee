import type { Deps } from "../../deps.ts";
import { AppError } from "../../errors.ts";
import { estimateTokens } from "../../rag/tokens.ts";

/**
 * Vectors of texts, in order, by the model that this Parley searches with, that model's name, and about how many tokens
 * it read.
 *
 * @throws AppError MODEL_NOT_AVAILABLE while there is none · what the model's provider fails with
 */
export async function embedTexts(
  { store, embeddings }: Pick<Deps, "store" | "embeddings">,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<{ model: string; vectors: Float32Array[]; tokens: number }> {
  const index = await store.embeddingIndexes.findActive();
  if (index === null)
    throw new AppError(
      "MODEL_NOT_AVAILABLE",
      "No model for search by meaning is in use. An operator chooses one under Search models.",
    );
  const provider = await embeddings.open(index.model, index.dimension);
  const vectors = await provider.embed(texts, "passage", signal);
  return { model: index.model.name, vectors, tokens: estimateTokens(texts.join("\n")) };
}
