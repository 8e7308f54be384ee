/** `parley-model.json`: what a model is, and for an embedding model how its vectors are made. */
import { z } from "zod";
import { AppError } from "../errors.ts";

export const MODEL_MANIFEST_FILE = "parley-model.json";

/** Where Transformers.js looks for the weights, by precision. */
export const WEIGHT_FILES = {
  fp32: "onnx/model.onnx",
  fp16: "onnx/model_fp16.onnx",
  q8: "onnx/model_quantized.onnx",
  int8: "onnx/model_int8.onnx",
  uint8: "onnx/model_uint8.onnx",
} as const;

/** A path below the model's folder, with no way out of it. */
const modelPath = z.string().regex(/^\w[\w.-]*(\/\w[\w.-]*)*$/);

const modelManifest = z.strictObject({
  /** Also the name of its folder. */
  name: z.string().regex(/^\w[\w.-]{0,99}$/),
  /** Numbers in a vector; 1 for a reranker, which gives a single number. */
  dimension: z.int().min(1).max(8192),
  /** Longer texts are cut. */
  maxTokens: z.int().min(8).max(32_768),
  /** Put before each question and each passage, as the model was trained with. */
  queryPrefix: z.string(),
  passagePrefix: z.string(),
  /** How the vectors of all tokens become one: their mean, the first or the last. */
  pooling: z.enum(["mean", "cls", "last"]),
  /** Whether vectors have to be scaled to length 1. When false, the model's own have it already. */
  normalize: z.boolean(),
  dtype: z.enum(Object.keys(WEIGHT_FILES) as (keyof typeof WEIGHT_FILES)[]),
  /** SPDX expression. */
  licence: z.string().min(1),
  /** A reranker gives one number for a question with a passage; an embedding model is what it is unless said. */
  kind: z.enum(["embedding", "reranker"]).optional(),
  /** Where the files were downloaded from, and which state of it. */
  origin: z.strictObject({ repository: z.string(), revision: z.string() }).optional(),
  /** SHA-256, hex, of every file the model is made of, by its path. */
  files: z.record(modelPath, z.string().regex(/^[0-9a-f]{64}$/)),
});

export type ModelManifest = z.infer<typeof modelManifest>;
export type ModelKind = NonNullable<ModelManifest["kind"]>;

export function kindOf({ kind = "embedding" }: ModelManifest): ModelKind {
  return kind;
}

/** @throws MODEL_NOT_AVAILABLE with what is wrong in the manifest. */
export function parseModelManifest(text: string): ModelManifest {
  const parsed = modelManifest.safeParse(fromJson(text));
  if (!parsed.success) {
    throw unusable(`${MODEL_MANIFEST_FILE} is not valid: ${z.prettifyError(parsed.error)}`);
  }
  const needed = ["config.json", "tokenizer.json", "tokenizer_config.json", WEIGHT_FILES[parsed.data.dtype]];
  const missing = needed.filter((path) => !(path in parsed.data.files));
  if (missing.length > 0) throw unusable(`${MODEL_MANIFEST_FILE} does not list ${missing.join(", ")}`);
  return parsed.data;
}

/** A model that cannot be used, and why. */
export function unusable(reason: string, cause?: unknown): AppError {
  return new AppError("MODEL_NOT_AVAILABLE", `The model cannot be used: ${reason}. Import it again.`, {
    cause,
  });
}

/** A model that is fine and was chosen for what the other kind does. */
export function wrongKind(manifest: ModelManifest): AppError {
  return new AppError(
    "MODEL_NOT_AVAILABLE",
    kindOf(manifest) === "reranker"
      ? `${manifest.name} is a reranker: it puts passages in order and gives no vectors. Choose an embedding model for an index.`
      : `${manifest.name} is an embedding model: it gives vectors and compares nothing. Choose a reranker to put passages in order.`,
  );
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw unusable(`${MODEL_MANIFEST_FILE} is not JSON`, thrown);
  }
}
