import { type OnnxRuntimeSource, openEmbeddingWorker } from "./embedding.ts";
import { kindOf, type ModelManifest } from "./model-manifest.ts";
import { openRerankWorker } from "./rerank.ts";

/**
 * Lets a model show that it works: its worker compares checksums, loads it and gives it a text before it says that it
 * is open.
 *
 * @throws MODEL_NOT_AVAILABLE
 */
export async function tryOut(
  directory: string,
  manifest: ModelManifest,
  native: OnnxRuntimeSource,
): Promise<void> {
  const open = kindOf(manifest) === "reranker" ? openRerankWorker : openEmbeddingWorker;
  (await open(directory, native)).close();
}
