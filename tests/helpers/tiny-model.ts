/** An embedding model of a few words, small enough to be written by hand: one row of numbers per word. */
import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { MODEL_MANIFEST_FILE, type ModelManifest } from "../../src/workers/model-manifest.ts";

/** Rows 0 and 1 are padding and every word that is not in the list. */
const RESERVED_WORDS = ["[PAD]", "[UNK]"];
const DIMENSION = 3;

/** Meaning east, north and up: what each word becomes. Unknown words are a little of everything. */
export const TINY_WORDS: Record<string, [number, number, number]> = {
  leave: [3, 0, 0],
  holiday: [2, 0, 0],
  laptop: [0, 3, 0],
  query: [0, 0, 1],
};

/** Writes the model into `directory`, which must have the name that its manifest gives. */
export async function writeTinyModel(
  directory: string,
  change: Partial<ModelManifest> = {},
  unknownWord = [0.1, 0.1, 0.1],
): Promise<void> {
  const words = [...RESERVED_WORDS, ...Object.keys(TINY_WORDS)];
  const rows = [[0, 0, 0], unknownWord, ...Object.values(TINY_WORDS)];
  const files: Record<string, Uint8Array> = {
    "config.json": json({ model_type: "bert", hidden_size: DIMENSION }),
    "tokenizer.json": json(tokenizer(words)),
    "tokenizer_config.json": json({ tokenizer_class: "PreTrainedTokenizerFast", model_max_length: 64 }),
    "onnx/model.onnx": lookUpModel(rows.flat(), rows.length),
  };
  const manifest: ModelManifest = {
    name: "tiny-words",
    dimension: DIMENSION,
    maxTokens: 8,
    queryPrefix: "query ",
    passagePrefix: "",
    pooling: "mean",
    normalize: true,
    dtype: "fp32",
    licence: "Apache-2.0",
    files: Object.fromEntries(Object.entries(files).map(([path, bytes]) => [path, sha256(bytes)])),
    ...change,
  };
  files[MODEL_MANIFEST_FILE] = json(manifest);
  for (const [path, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), bytes);
  }
}

function tokenizer(words: readonly string[]): object {
  const addedToken = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: RESERVED_WORDS.map((content, id) => ({ id, content, ...addedToken })),
    normalizer: { type: "Lowercase" },
    pre_tokenizer: { type: "Whitespace" },
    post_processor: null,
    decoder: null,
    model: {
      type: "WordPiece",
      unk_token: "[UNK]",
      continuing_subword_prefix: "##",
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(words.map((word, id) => [word, id])),
    },
  };
}

// An ONNX file is one protobuf message; the numbers are the field numbers of onnx.proto.
const FLOAT = 1;
const INT64 = 7;

/** `last_hidden_state = table[input_ids]`, and nothing else. */
function lookUpModel(table: readonly number[], rowCount: number): Uint8Array {
  const weights = message(
    number(1, rowCount),
    number(1, DIMENSION),
    number(2, FLOAT),
    text(8, "table"),
    field(9, new Uint8Array(Float32Array.from(table).buffer)),
  );
  const lookUp = message(
    text(1, "table"),
    text(1, "input_ids"),
    text(2, "last_hidden_state"),
    text(3, "look-up"),
    text(4, "Gather"),
  );
  const graph = message(
    field(1, lookUp),
    text(2, "tiny-words"),
    field(5, weights),
    field(11, tensorInfo("input_ids", INT64, ["batch", "tokens"])),
    field(11, tensorInfo("attention_mask", INT64, ["batch", "tokens"])),
    field(12, tensorInfo("last_hidden_state", FLOAT, ["batch", "tokens", DIMENSION])),
  );
  const operators = message(text(1, ""), number(2, 17));
  return message(number(1, 8), text(2, "parley-tests"), field(7, graph), field(8, operators));
}

function tensorInfo(name: string, type: number, shape: readonly (string | number)[]): Uint8Array {
  const sizes = shape.map((size) => field(1, typeof size === "string" ? text(2, size) : number(1, size)));
  const tensor = message(number(1, type), field(2, message(...sizes)));
  return message(text(1, name), field(2, message(field(1, tensor))));
}

function message(...fields: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(fields));
}

function number(fieldNumber: number, value: number): Uint8Array {
  return message(variableLength(fieldNumber << 3), variableLength(value));
}

function text(fieldNumber: number, value: string): Uint8Array {
  return field(fieldNumber, new TextEncoder().encode(value));
}

function field(fieldNumber: number, bytes: Uint8Array): Uint8Array {
  return message(variableLength((fieldNumber << 3) | 2), variableLength(bytes.length), bytes);
}

/** Seven bits a byte, the lowest first; the top bit says that more follow. */
function variableLength(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return Uint8Array.of(...bytes, rest);
}

function json(value: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
