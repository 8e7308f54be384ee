/** Embedding models in this thread: each word of the list has a direction of its own, all other words share one. */
import type { Embeddings } from "../../src/deps.ts";
import type { EmbeddingProvider } from "../../src/providers/provider.ts";
import { KNOWN_PAIRS } from "../../src/rag/similarity.ts";

/** Words that mean the same are in the same list, with one of which no table of synonyms knows it. */
const MEANINGS: readonly (readonly string[])[] = [
  ["leave", "holiday", "vacation", "wanderlust"],
  ["laptop", "computer", "notebook"],
];
const DIMENSION = MEANINGS.length + KNOWN_PAIRS.length + 1;

export type FakeEmbeddings = Embeddings & {
  /** What was asked for, a list of texts per call. */
  readonly calls: { texts: readonly string[]; kind: "query" | "passage"; model: string }[];
  /** Thrown, or awaited, before each call is answered. */
  before: (kind: "query" | "passage", signal: AbortSignal) => unknown;
};

export function fakeEmbeddings(): FakeEmbeddings {
  const fake: FakeEmbeddings = {
    calls: [],
    before: () => {},
    open: async (model) => provider(model.name),
    localModels: async () => [],
    release() {},
    close() {},
  };
  const provider = (model: string): EmbeddingProvider => ({
    model,
    dimension: DIMENSION,
    async embed(texts, kind, signal) {
      fake.calls.push({ texts, kind, model });
      await fake.before(kind, signal);
      signal.throwIfAborted();
      return texts.map(vectorOf);
    },
  });
  return fake;
}

/** Known pairs are recognised whole, so that questions are like their answers and like nothing else. */
function vectorOf(text: string): Float32Array {
  const vector = new Float32Array(DIMENSION).fill(0);
  const pair = KNOWN_PAIRS.findIndex((texts) => texts.includes(text as never));
  if (pair >= 0) vector[MEANINGS.length + pair] = 1;
  else {
    for (const word of text.toLowerCase().match(/\p{L}+/gu) ?? []) {
      const meaning = MEANINGS.findIndex((words) => words.includes(word));
      if (meaning >= 0) vector[meaning] = 1;
    }
    if (vector.every((value) => value === 0)) vector[DIMENSION - 1] = 1;
  }
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
