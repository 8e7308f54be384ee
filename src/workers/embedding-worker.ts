/** Embeds texts with a local model: Transformers.js on native ONNX Runtime. Runs as a Worker, one model each. */
import type { Tensor } from "@huggingface/transformers";
import { AppError } from "../errors.ts";
import { answerRequests } from "./channel.ts";
import type { EmbeddingKind, EmbeddingRequests } from "./embedding.ts";
import { type LoadedModel, loadModel, loadTransformers } from "./model-loader.ts";
import { type ModelManifest, unusable } from "./model-manifest.ts";
import { isUnitLength, poolTokens, scaleToUnitLength } from "./pooling.ts";

let loaded: LoadedModel | undefined;

answerRequests<EmbeddingRequests>({
  async loadRuntime({ onnxRuntime }) {
    const { env } = await loadTransformers(onnxRuntime);
    return { version: env.backends.onnx.versions?.node ?? "unknown version" };
  },

  async openModel(place) {
    loaded = await loadModel(place, "embedding");
    await requirePromisedVectors(loaded);
    return { model: loaded.manifest.name, dimension: loaded.manifest.dimension };
  },

  async embed({ texts, kind }, signal) {
    if (loaded === undefined)
      throw new AppError("INTERNAL", "The embedding worker was asked before it had a model.");
    const vectors: Float32Array[] = [];
    // One at a time: batches pad every text to the longest, and 8-bit networks scale by the whole batch, so a
    // text's vector would depend on its neighbours. This way the worker also hears of a cancellation in between.
    for (const text of texts) {
      signal.throwIfAborted();
      vectors.push(await embedOne(loaded, text, kind));
    }
    return vectors;
  },
});

/** A model whose vectors are not what the manifest says would fill an index with nonsense. */
async function requirePromisedVectors(model: LoadedModel): Promise<void> {
  const { dimension, normalize } = model.manifest;
  const vector = await embedOne(model, "A text to see what the model makes of it.", "passage");
  if (vector.length !== dimension) {
    throw unusable(`its manifest says ${dimension} dimensions but its vectors have ${vector.length}`);
  }
  if (!normalize && !isUnitLength(vector)) {
    throw unusable("its manifest says that vectors need no scaling, but they are not of length 1");
  }
}

async function embedOne({ manifest, run }: LoadedModel, text: string, kind: EmbeddingKind) {
  const prefix = kind === "query" ? manifest.queryPrefix : manifest.passagePrefix;
  const vector = pooled(await run(prefix + text), manifest);
  if (!vector.every(Number.isFinite)) throw unusable("it gives vectors that are not numbers");
  return manifest.normalize ? scaleToUnitLength(vector) : vector;
}

/** Models give one vector per token, [1, tokens, width], or have the pooling inside, [1, width]. */
function pooled(outputs: Record<string, Tensor>, { pooling }: ModelManifest): Float32Array {
  const sentence = outputs.sentence_embedding;
  if (sentence) return Float32Array.from(sentence.data as Float32Array);
  const tokens = outputs.last_hidden_state ?? outputs.token_embeddings;
  const width = tokens?.dims.at(-1);
  if (!tokens || !width) throw unusable(`it gives ${Object.keys(outputs).join(", ")}, which is no embedding`);
  return poolTokens(tokens.data as Float32Array, width, pooling);
}
