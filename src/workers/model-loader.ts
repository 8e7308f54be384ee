/** What each worker with a model begins with: compares its files with the manifest and loads them. */
import { readFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { PreTrainedModel, PreTrainedTokenizer, Tensor } from "@huggingface/transformers";
import { AppError } from "../errors.ts";
import { sha256OfFile } from "../native/copy-out.ts";
import {
  kindOf,
  MODEL_MANIFEST_FILE,
  type ModelKind,
  type ModelManifest,
  parseModelManifest,
  unusable,
  wrongKind,
} from "./model-manifest.ts";

type Transformers = typeof import("@huggingface/transformers");

export type LoadedModel = {
  manifest: ModelManifest;
  tokenizer: PreTrainedTokenizer;
  /** What the network makes of one text, or of a question with a passage; longer ones are cut. */
  run(text: string, pair?: string): Promise<Record<string, Tensor>>;
};

/** Where the model lies, and the folder of ONNX Runtime. */
export type ModelPlace = { modelDirectory: string; onnxRuntime: string };

/**
 * Checks and loads the model in a folder.
 *
 * @throws MODEL_NOT_AVAILABLE when a file is missing, differs from the manifest or does not load, and for a model of
 *   the other kind
 */
export async function loadModel(
  { modelDirectory, onnxRuntime }: ModelPlace,
  kind: ModelKind,
): Promise<LoadedModel> {
  const manifest = await verifyModel(modelDirectory, kind);
  const transformers = await loadTransformers(onnxRuntime);
  try {
    return await loadNetwork(transformers, resolve(modelDirectory), manifest, kind);
  } catch (thrown) {
    throw unusable(thrown instanceof Error ? thrown.message : String(thrown), thrown);
  }
}

export async function loadTransformers(onnxRuntime: string): Promise<Transformers> {
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

async function verifyModel(modelDirectory: string, kind: ModelKind): Promise<ModelManifest> {
  const text = await readFile(join(modelDirectory, MODEL_MANIFEST_FILE), "utf8").catch((thrown: unknown) => {
    throw unusable(`${modelDirectory} has no ${MODEL_MANIFEST_FILE}`, thrown);
  });
  const manifest = parseModelManifest(text);
  if (kindOf(manifest) !== kind) throw wrongKind(manifest);
  for (const [path, expected] of Object.entries(manifest.files)) {
    const actual = await sha256OfFile(join(modelDirectory, path));
    if (actual === null) throw unusable(`its file ${path} is missing`);
    if (actual !== expected) throw unusable(`its file ${path} is not the one that its manifest names`);
  }
  return manifest;
}

async function loadNetwork(
  { AutoModel, AutoModelForSequenceClassification, AutoTokenizer, LogLevel, Tensor, env }: Transformers,
  directory: string,
  manifest: ModelManifest,
  kind: ModelKind,
): Promise<LoadedModel> {
  env.allowRemoteModels = false;
  env.useFSCache = false;
  // It would print what a text was made into; what went wrong is thrown as well.
  env.logLevel = LogLevel.NONE;
  env.localModelPath = dirname(directory);
  const name = basename(directory);
  const networks = kind === "reranker" ? AutoModelForSequenceClassification : AutoModel;
  const tokenizer = await AutoTokenizer.from_pretrained(name, { local_files_only: true });
  const network: PreTrainedModel = await networks.from_pretrained(name, {
    local_files_only: true,
    device: "cpu",
    dtype: manifest.dtype,
  });
  const toTensor = (numbers: readonly number[]) =>
    new Tensor("int64", BigInt64Array.from(numbers, BigInt), [1, numbers.length]);
  return {
    ...{ manifest, tokenizer },
    async run(text, pair) {
      const { ids, texts } = readTokens(tokenizer, manifest.maxTokens, text, pair);
      const inputs = {
        input_ids: toTensor(ids),
        attention_mask: toTensor(ids.map(() => 1)),
        token_type_ids: toTensor(texts),
      };
      try {
        return (await network(inputs)) as Record<string, Tensor>;
      } catch (thrown) {
        throw unusable(
          `it does not run: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
          thrown,
        );
      }
    },
  };
}

/** Numbers of the tokens, and for each whether it is of the first text or the second, 0 or 1. */
function readTokens(
  tokenizer: PreTrainedTokenizer,
  maxTokens: number,
  text: string,
  pair: string | undefined,
): { ids: number[]; texts: number[] } {
  const encoded = tokenizer(text, {
    text_pair: pair ?? null,
    return_tensor: false,
    return_token_type_ids: true,
  }) as { input_ids: number[]; token_type_ids?: number[] };
  const most = Math.min(maxTokens, tokenizer.model_max_length);
  const ids = encoded.input_ids.slice(0, most);
  const texts = (encoded.token_type_ids ?? ids.map(() => 0)).slice(0, most);
  // Models were trained on texts that end, also where they are cut.
  const end = encoded.input_ids.at(-1);
  if (end !== undefined && ids.length < encoded.input_ids.length && end === tokenizer.sep_token_id)
    ids[ids.length - 1] = end;
  return { ids, texts };
}
