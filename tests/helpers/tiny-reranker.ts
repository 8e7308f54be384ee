/**
 * A cross-encoder of a few words, written by hand: each group of words that mean the same is a direction, the
 * directions of all words of question and passage are added up, and the score is the square of the sum's length.
 * So a meaning counts for as often as it is there, squared, and a passage that has the question's meanings wins.
 */
import { KNOWN_PAIRS } from "../../src/rag/similarity.ts";
import type { ModelManifest } from "../../src/workers/model-manifest.ts";
import { NOT_A_NUMBER, SEPARATOR, wordFiles, writeModelFolder } from "./model-folder.ts";
import { constant, FLOAT, INT64, node, onnxFile, type Part, tensorInfo } from "./onnx-file.ts";

const RESERVED_WORDS = ["[PAD]", "[UNK]", SEPARATOR];
/** Words that mean the same are in the same list. */
const MEANINGS = [
  ["leave", "holiday", "vacation"],
  ["laptop", "notebook", "computer"],
];
export type TinyRerankerFault =
  /** No text gets a number, not even the first. */
  | "never a number"
  /** As many numbers as there are meanings, like a model that sorts texts into classes. */
  | "several numbers"
  /** Vectors of tokens, like an embedding model. */
  | "no score"
  /** Every text is the same to it. */
  | "no difference";

/** Writes the model into `directory`, which must have the name that its manifest gives. */
export async function writeTinyReranker(
  directory: string,
  { fault, ...change }: Partial<ModelManifest> & { fault?: TinyRerankerFault } = {},
): Promise<void> {
  const meanings = fault === "no difference" ? [] : [...MEANINGS, ...KNOWN_PAIRS.map(tellingWords)];
  const words = [...RESERVED_WORDS, NOT_A_NUMBER, ...meanings.flat()];
  const width = Math.max(1, meanings.length);
  const rows = words.map((word) => {
    const isBroken = word === NOT_A_NUMBER || (fault === "never a number" && word === "[UNK]");
    const value = isBroken ? Number.NaN : 1;
    const own = meanings.findIndex((group) => group.includes(word));
    return Array.from({ length: width }, (_, at) => (at === own || isBroken ? value : 0));
  });
  const files = { ...wordFiles(words), "onnx/model.onnx": network(rows, width, fault) };
  await writeModelFolder(directory, files, {
    name: "tiny-reranker",
    kind: "reranker",
    normalize: false,
    ...change,
  });
}

/** One word of the question and one of the answer that no other known text has. */
function tellingWords(pair: readonly [string, string]): string[] {
  return pair.map((text) => {
    const others = KNOWN_PAIRS.flat().filter((other) => other !== text);
    const own = wordsOf(text).find((word) => !others.some((other) => wordsOf(other).includes(word)));
    if (own === undefined) throw new Error(`No word of “${text}” is its own.`);
    return own;
  });
}

/** Longest first, without those that tokenizers may cut otherwise. */
function wordsOf(text: string): string[] {
  const words = text.toLowerCase().match(/(?<!\p{L})[a-z]{3,}(?!\p{L})/gu) ?? [];
  return words.sort((left, right) => right.length - left.length);
}

function network(rows: readonly number[][], width: number, fault: TinyRerankerFault | undefined): Uint8Array {
  const nodes: Part[] = [
    node("Gather", ["table", "input_ids"], ["tokens"]),
    node("ReduceSum", ["tokens", "over-tokens"], ["sum"], { keepdims: 0 }),
    node("Mul", ["sum", "sum"], ["squares"]),
    node("ReduceSum", ["squares", "over-meanings"], ["score"], { keepdims: 1 }),
  ];
  const [given, output, shape] =
    fault === "no score"
      ? (["tokens", "last_hidden_state", ["batch", "tokens", width]] as const)
      : fault === "several numbers"
        ? (["squares", "logits", ["batch", width]] as const)
        : (["score", "logits", ["batch", 1]] as const);
  return onnxFile({
    nodes: [...nodes, node("Identity", [given], [output])],
    constants: [
      constant("table", FLOAT, [rows.length, width], Float32Array.from(rows.flat())),
      constant("over-tokens", INT64, [1], BigInt64Array.of(1n)),
      constant("over-meanings", INT64, [1], BigInt64Array.of(1n)),
    ],
    inputs: ["input_ids", "attention_mask"].map((name) => tensorInfo(name, INT64, ["batch", "tokens"])),
    outputs: [tensorInfo(output, FLOAT, shape)],
  });
}
