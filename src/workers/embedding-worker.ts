/** Embeds texts with a local model: Transformers.js on native ONNX Runtime. Runs as a Worker, one model each. */
import { readFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { PreTrainedModel, PreTrainedTokenizer, Tensor } from "@huggingface/transformers";
import { AppError } from "../errors.ts";
import { sha256OfFile } from "../native/copy-out.ts";
import { answerRequests } from "./channel.ts";
import type { EmbeddingKind, EmbeddingRequests } from "./embedding.ts";
import { MODEL_MANIFEST_FILE, type ModelManifest, parseModelManifest, unusable } from "./model-manifest.ts";
import { isUnitLength, poolTokens, scaleToUnitLength } from "./pooling.ts";

type LoadedModel = { manifest: ModelManifest; tokenizer: PreTrainedTokenizer; network: PreTrainedModel };

let loaded: LoadedModel | undefined;

answerRequests<EmbeddingRequests>({
  async loadRuntime({ onnxRuntime }) {
    const { env } = await loadTransformers(onnxRuntime);
    return { version: env.backends.onnx.versions?.node ?? "unknown version" };
  },

  async openModel({ modelDirectory, onnxRuntime }) {
    const manifest = await verifyModel(modelDirectory);
    loaded = await loadModel(resolve(modelDirectory), manifest, onnxRuntime);
    await requirePromisedVectors(loaded);
    return { model: manifest.name, dimension: manifest.dimension };
  },

  async embed({ texts, kind }, signal) {
    if (loaded === undefined)
      throw new AppError("INTERNAL", "The embedding worker was asked before it had a model.");
    const vectors: Float32Array[] = [];
    // One at a time: batches pad every text to the longest, which measured slower, and this way the
    // worker hears of a cancellation between two texts.
    for (const text of texts) {
      signal.throwIfAborted();
      vectors.push(await embedOne(loaded, text, kind));
    }
    return vectors;
  },
});

/** @throws MODEL_NOT_AVAILABLE when a file is missing or differs from the manifest. */
async function verifyModel(modelDirectory: string): Promise<ModelManifest> {
  const text = await readFile(join(modelDirectory, MODEL_MANIFEST_FILE), "utf8").catch((thrown: unknown) => {
    throw unusable(`${modelDirectory} has no ${MODEL_MANIFEST_FILE}`, thrown);
  });
  const manifest = parseModelManifest(text);
  if (manifest.kind === "reranker") throw unusable("it is a reranker, which compares and does not embed");
  for (const [path, expected] of Object.entries(manifest.files)) {
    const actual = await sha256OfFile(join(modelDirectory, path));
    if (actual === null) throw unusable(`its file ${path} is missing`);
    if (actual !== expected) throw unusable(`its file ${path} is not the one that its manifest names`);
  }
  return manifest;
}

async function loadTransformers(onnxRuntime: string): Promise<typeof import("@huggingface/transformers")> {
  // Read by onnxruntime-node's binding.js, as the build changed it. From source it finds its own.
  Object.assign(globalThis, { parleyOnnxRuntimeBinding: join(onnxRuntime, "onnxruntime_binding.node") });
  try {
    return await import("@huggingface/transformers");
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new AppError("MODEL_NOT_AVAILABLE", `ONNX Runtime in ${onnxRuntime} does not load: ${reason}`, {
      cause: thrown,
    });
  }
}

async function loadModel(
  directory: string,
  manifest: ModelManifest,
  onnxRuntime: string,
): Promise<LoadedModel> {
  const { AutoModel, AutoTokenizer, env } = await loadTransformers(onnxRuntime);
  env.allowRemoteModels = false;
  env.useFSCache = false;
  env.localModelPath = dirname(directory);
  const name = basename(directory);
  try {
    const tokenizer = await AutoTokenizer.from_pretrained(name, { local_files_only: true });
    const network = await AutoModel.from_pretrained(name, {
      local_files_only: true,
      device: "cpu",
      dtype: manifest.dtype,
    });
    return { manifest, tokenizer, network };
  } catch (thrown) {
    throw unusable(thrown instanceof Error ? thrown.message : String(thrown), thrown);
  }
}

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

async function embedOne({ manifest, tokenizer, network }: LoadedModel, text: string, kind: EmbeddingKind) {
  const prefix = kind === "query" ? manifest.queryPrefix : manifest.passagePrefix;
  const inputs: unknown = await tokenizer([prefix + text], {
    truncation: true,
    max_length: manifest.maxTokens,
  });
  const outputs = (await network(inputs)) as Record<string, Tensor>;
  const vector = pooled(outputs, manifest);
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
