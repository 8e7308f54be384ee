/**
 * The local models' machinery: how many texts a second Parley's embedding worker turns into vectors, beside ONNX
 * Runtime alone with the same network, the same numbers of tokens and the same batch, and how long it takes to rerank
 * fifty passages. The networks are random ones of MiniLM's shape, so the vectors mean nothing.
 *
 *     PARLEY_BENCH_ROUNDS=3 bun run bench embedding     a quick look
 */
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { installNativeParts } from "../../src/native/native.ts";
import { openEmbeddingWorker } from "../../src/workers/embedding.ts";
import { openRerankWorker } from "../../src/workers/rerank.ts";
import { wordFiles, writeModelFolder } from "../helpers/model-folder.ts";
import { type Figure, median } from "./figure.ts";
import { type EncoderShape, randomEncoder } from "./random-encoder.ts";

/** A real tokenizer without weights; without it, one that only knows the words used here. */
const TOKENIZER =
  process.env.PARLEY_BENCH_TOKENIZER ??
  join(import.meta.dir, "../../../shared/models/all-MiniLM-L6-v2-tokenizer-only");
const TOKENIZER_FILES = ["config.json", "tokenizer.json", "tokenizer_config.json"];
const LAYERS = 6;
const VOCABULARY = 30_522;
const ROUNDS = Number(process.env.PARLEY_BENCH_ROUNDS ?? 9);
/** As one call of Parley's has, and enough to even out a scheduler's moods. */
const TEXTS = 16;
/** Parley runs texts one by one; whether batches would be faster on a machine is worth knowing. */
const BATCH = 8;
const CANDIDATES = 50;
const LENGTHS = [128, 256];
const NEVER = new AbortController().signal;

/** Whole words of both tokenizers, so that a word is a token. */
const WORDS =
  "the report says that every employee must hand in a form before the end of each month and wait for an answer".split(
    " ",
  );

export async function benchEmbedding(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "parley-bench-embedding-"));
  try {
    const figures: Figure[] = [];
    for (const precision of ["int8", "fp32"] as const)
      figures.push(...(await benchVectors(folder, precision)));
    figures.push(...(await benchReranking(folder)));
    return figures;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function benchVectors(folder: string, precision: EncoderShape["precision"]): Promise<Figure[]> {
  const directory = await writeModel(folder, { precision, gives: "vectors" });
  const alone = await openAlone(directory);
  const parley = await openEmbeddingWorker(directory, await installNativeParts(folder));
  const figures: Figure[] = [];
  for (const tokens of LENGTHS) {
    const texts = Array.from({ length: TEXTS }, (_, number) => textOf(tokens - 2, number));
    const [own = [], bare = [], batched = []] = await inTurns(
      () => parley.embed(texts, "passage", NEVER),
      () => alone.runEach(TEXTS, tokens),
      () => alone.runEach(TEXTS, tokens, BATCH),
    );
    const perSecond = (ms: number) => `${((1000 * TEXTS) / ms).toFixed(1)}/s`;
    const share = median(own.map((ms, round) => (bare[round] ?? 0) / ms));
    const what = `${precision}, ${tokens} tokens`;
    figures.push(
      { what: `${what}: ONNX Runtime alone`, measured: perSecond(median(bare)), target: "" },
      { what: `${what}: ONNX Runtime, ${BATCH} a batch`, measured: perSecond(median(batched)), target: "" },
      { what: `${what}: Parley`, measured: perSecond(median(own)), target: "" },
      { what: `${what}: share of ONNX Runtime alone`, measured: percent(share), target: "≥ 90 %" },
    );
  }
  parley.close();
  await alone.close();
  return figures;
}

async function benchReranking(folder: string): Promise<Figure[]> {
  const directory = await writeModel(folder, { precision: "int8", gives: "score" });
  const alone = await openAlone(directory);
  const parley = await openRerankWorker(directory, await installNativeParts(folder));
  const question = textOf(10, 0);
  const figures: Figure[] = [];
  for (const tokens of LENGTHS) {
    // Both texts with the three marks around them.
    const passages = Array.from({ length: CANDIDATES }, (_, number) => textOf(tokens - 13, number));
    const [own = [], bare = []] = await inTurns(
      () => parley.score(question, passages, NEVER),
      () => alone.runEach(CANDIDATES, tokens),
    );
    const what = `int8, rerank ${CANDIDATES} of ${tokens} tokens`;
    figures.push(
      { what: `${what}: ONNX Runtime alone`, measured: `${median(bare).toFixed(0)} ms`, target: "" },
      { what: `${what}: Parley`, measured: `${median(own).toFixed(0)} ms`, target: "< 1,500 ms" },
    );
  }
  parley.close();
  await alone.close();
  return figures;
}

/** Milliseconds of each work's rounds. One after the other in turns, so that a busy moment hits them all. */
async function inTurns(...works: (() => Promise<unknown>)[]): Promise<number[][]> {
  const times: number[][] = works.map(() => []);
  // The first round warms up.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [index, work] of works.entries()) {
      const startedAt = performance.now();
      await work();
      if (round > 0) times[index]?.push(performance.now() - startedAt);
    }
  }
  return times;
}

/** The network as ONNX Runtime's own package runs it: no tokenizer, no pooling, no thread to hop to. */
async function openAlone(directory: string) {
  const session = await InferenceSession.create(join(directory, "onnx/model.onnx"));
  const inputsOf = (batch: number, tokens: number) => {
    const all = (value: bigint) =>
      new Tensor("int64", new BigInt64Array(batch * tokens).fill(value), [batch, tokens]);
    return { input_ids: all(2_000n), attention_mask: all(1n), token_type_ids: all(0n) };
  };
  return {
    async runEach(count: number, tokens: number, batch = 1): Promise<void> {
      for (let done = 0; done < count; done += batch) await session.run(inputsOf(batch, tokens));
    },
    close: () => session.release(),
  };
}

async function writeModel(folder: string, shape: Pick<EncoderShape, "precision" | "gives">): Promise<string> {
  const directory = join(folder, `${shape.precision}-${shape.gives}`);
  await mkdir(directory);
  const network = randomEncoder({ ...shape, layers: LAYERS, vocabulary: VOCABULARY });
  const files = { ...(await tokenizerFiles()), "onnx/model.onnx": network };
  const isReranker = shape.gives === "score";
  await writeModelFolder(directory, files, {
    ...{ maxTokens: 512, dimension: isReranker ? 1 : 384 },
    ...(isReranker && { kind: "reranker" as const }),
  });
  return directory;
}

async function tokenizerFiles(): Promise<Record<string, Uint8Array>> {
  if (!existsSync(TOKENIZER)) {
    console.log(
      "  Without a real tokenizer in shared/models, cutting texts into tokens is cheaper than it would be.",
    );
    const words = ["[PAD]", "[UNK]", "[SEP]", ...new Set(WORDS)];
    return wordFiles(words, 512);
  }
  const files = TOKENIZER_FILES.map(async (name) => [name, await readFile(join(TOKENIZER, name))] as const);
  return Object.fromEntries(await Promise.all(files));
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}

/** So many words, other ones for each number. */
function textOf(words: number, number: number): string {
  return Array.from({ length: words }, (_, place) => WORDS[(place * 7 + number * 3) % WORDS.length]).join(
    " ",
  );
}
