/** A local embedding model behind the provider port; the work is done in embedding-worker.ts. */
import { AppError } from "../errors.ts";
import { openChannel, type WorkerChannel } from "./channel.ts";
import type { ModelPlace } from "./model-loader.ts";
import { startWorker } from "./start.ts";

/** What the embedding worker answers. */
export type EmbeddingRequests = {
  /** Loads ONNX Runtime from its folder. */
  loadRuntime: (request: { onnxRuntime: string }) => { version: string };
  /** Checks and loads the model in a folder. */
  openModel: (request: ModelPlace) => { model: string; dimension: number };
  embed: (request: { texts: readonly string[]; kind: EmbeddingKind }) => Float32Array[];
};

export type EmbeddingKind = "query" | "passage";

/** An EmbeddingProvider that has a worker to end. */
export type LocalEmbeddings = {
  readonly model: string;
  readonly dimension: number;
  /** L2-normalised, one per text, in order. Texts beyond the model's length are cut. */
  embed(texts: readonly string[], kind: EmbeddingKind, signal: AbortSignal): Promise<Float32Array[]>;
  close(): void;
};

/** The part of NativeParts that this needs. */
export type OnnxRuntimeSource = { onnxRuntime(): Promise<string | null> };

/**
 * Starts a worker with the model in `modelDirectory`, after comparing its files with the checksums of its
 * parley-model.json.
 *
 * @throws MODEL_NOT_AVAILABLE when the model is incomplete, altered or not what its manifest says, and where
 *   this platform has no ONNX Runtime.
 */
export async function openEmbeddingWorker(
  modelDirectory: string,
  native: OnnxRuntimeSource,
): Promise<LocalEmbeddings> {
  const onnxRuntime = await requireOnnxRuntime(native);
  const channel = openChannel<EmbeddingRequests>(startWorker("embedding-worker"));
  try {
    const opened = await channel.request("openModel", { modelDirectory, onnxRuntime });
    return {
      ...opened,
      embed: (texts, kind, signal) => channel.request("embed", { texts, kind }, signal),
      close: () => channel.terminate(),
    };
  } catch (thrown) {
    channel.terminate();
    throw thrown;
  }
}

/**
 * Loads ONNX Runtime in a worker of its own and tells its version.
 *
 * @throws MODEL_NOT_AVAILABLE where there is none or it does not load.
 */
export async function checkOnnxRuntime(native: OnnxRuntimeSource): Promise<string> {
  const onnxRuntime = await requireOnnxRuntime(native);
  const channel: WorkerChannel<EmbeddingRequests> = openChannel(startWorker("embedding-worker"));
  try {
    return (await channel.request("loadRuntime", { onnxRuntime })).version;
  } finally {
    channel.terminate();
  }
}

/** @throws MODEL_NOT_AVAILABLE where this platform has none */
export async function requireOnnxRuntime(native: OnnxRuntimeSource): Promise<string> {
  const directory = await native.onnxRuntime();
  if (directory !== null) return directory;
  throw new AppError(
    "MODEL_NOT_AVAILABLE",
    `There is no ONNX Runtime for ${process.platform} on ${process.arch}, so no local model can run here. Use a server of embeddings, or none: lexical search works without.`,
  );
}
