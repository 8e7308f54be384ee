/** An embedding model of a few words, small enough to be written by hand: one row of numbers per word. */
import type { ModelManifest } from "../../src/workers/model-manifest.ts";
import { NOT_A_NUMBER, wordFiles, writeModelFolder } from "./model-folder.ts";
import { constant, FLOAT, INT64, node, onnxFile, tensorInfo } from "./onnx-file.ts";

/** Rows 0 and 1 are padding and every word that is not in the list. */
const RESERVED_WORDS = ["[PAD]", "[UNK]"];
const DIMENSION = 3;

/** Meaning east, north and up: what each word becomes. Unknown words are a little of everything. */
export const TINY_WORDS: Record<string, [number, number, number]> = {
  leave: [3, 0, 0],
  holiday: [2, 0, 0],
  // Of which no table of synonyms knows that it is the same.
  wanderlust: [2, 0, 0],
  laptop: [0, 3, 0],
  query: [0, 0, 1],
  [NOT_A_NUMBER]: [Number.NaN, 0, 0],
};

/** Writes the model into `directory`, which must have the name that its manifest gives. */
export async function writeTinyModel(
  directory: string,
  change: Partial<ModelManifest> = {},
  unknownWord = [0.1, 0.1, 0.1],
): Promise<void> {
  const words = [...RESERVED_WORDS, ...Object.keys(TINY_WORDS)];
  const rows = [[0, 0, 0], unknownWord, ...Object.values(TINY_WORDS)];
  const files = { ...wordFiles(words), "onnx/model.onnx": lookUpModel(rows.flat(), rows.length) };
  await writeModelFolder(directory, files, {
    ...{ name: "tiny-words", dimension: DIMENSION, maxTokens: 8, queryPrefix: "query " },
    ...change,
  });
}

/** `last_hidden_state = table[input_ids]`, and nothing else. */
function lookUpModel(table: readonly number[], rowCount: number): Uint8Array {
  return onnxFile({
    nodes: [node("Gather", ["table", "input_ids"], ["last_hidden_state"])],
    constants: [constant("table", FLOAT, [rowCount, DIMENSION], Float32Array.from(table))],
    inputs: ["input_ids", "attention_mask"].map((name) => tensorInfo(name, INT64, ["batch", "tokens"])),
    outputs: [tensorInfo("last_hidden_state", FLOAT, ["batch", "tokens", DIMENSION])],
  });
}
