/** A local reranker in a worker; the work is done in rerank-worker.ts. */
import { openChannel } from "./channel.ts";
import { type OnnxRuntimeSource, requireOnnxRuntime } from "./embedding.ts";
import type { ModelPlace } from "./model-loader.ts";
import { startWorker } from "./start.ts";

/** What the rerank worker answers. */
export type RerankRequests = {
  /** Checks and loads the model in a folder, and scores a passage with it. */
  openModel: (request: ModelPlace) => { model: string };
  score: (request: { question: string; passages: readonly string[] }) => Float32Array;
};

export type LocalReranker = {
  readonly model: string;
  /** One score per passage, in order; higher answers better. Both texts are cut to what the model reads. */
  score(question: string, passages: readonly string[], signal: AbortSignal): Promise<Float32Array>;
  close(): void;
};

/**
 * Starts a worker with the reranker in `modelDirectory`, after comparing its files with the checksums of its
 * parley-model.json.
 *
 * @throws MODEL_NOT_AVAILABLE when the model is incomplete, altered or no reranker, when it gives no number, and where
 *   this platform has no ONNX Runtime.
 */
export async function openRerankWorker(
  modelDirectory: string,
  native: OnnxRuntimeSource,
): Promise<LocalReranker> {
  const onnxRuntime = await requireOnnxRuntime(native);
  const channel = openChannel<RerankRequests>(startWorker("rerank-worker"));
  try {
    const { model } = await channel.request("openModel", { modelDirectory, onnxRuntime });
    return {
      model,
      score: (question, passages, signal) => channel.request("score", { question, passages }, signal),
      close: () => channel.terminate(),
    };
  } catch (thrown) {
    channel.terminate();
    throw thrown;
  }
}
