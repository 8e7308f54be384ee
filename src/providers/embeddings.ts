/** What is put around every way of making vectors: batches, checks, deadlines, turns and a memory for questions. */
import { AppError } from "../errors.ts";
import { type Breaker, outcomeOf } from "./breaker.ts";
import type { Clock } from "./clock.ts";
import { withDeadline } from "./deadline.ts";
import { type EmbeddingAdapter, type EmbeddingKind, toVectors } from "./embedding-adapter.ts";
import { createLane } from "./lane.ts";
import type { EmbeddingProvider } from "./provider.ts";

export type EmbeddingDeadlines = Record<EmbeddingKind, number>;

/** A person waits for the query and gets an answer without it; a batch may wait for a server to load its model. */
export const EMBEDDING_DEADLINES: EmbeddingDeadlines = { query: 5_000, passage: 60_000 };

/** Larger batches measured slower on a processor: every text is padded to the longest. */
const MOST_TEXTS = 16;
/** Of one batch, so that servers with a small limit on requests take it. */
const MOST_BATCH_CHARACTERS = 32_000;
/** No model reads further; a question may be a megabyte. */
const MOST_TEXT_CHARACTERS = 8_000;
/** Questions whose vectors are remembered: 1.5 MB at 768 dimensions. */
const REMEMBERED = 512;

const LANES = { query: { running: 4, waiting: 64 }, passage: { running: 1, waiting: 8 } };

export type EmbeddingOptions = {
  model: string;
  dimension: number;
  breaker: Breaker;
  clock: Clock;
  deadlines?: EmbeddingDeadlines;
};

export function toEmbeddingProvider(
  adapter: EmbeddingAdapter,
  { model, dimension, breaker, clock, deadlines = EMBEDDING_DEADLINES }: EmbeddingOptions,
): EmbeddingProvider {
  const lanes = {
    query: createLane(LANES.query.running, LANES.query.waiting),
    passage: createLane(LANES.passage.running, LANES.passage.waiting),
  };

  const embedPassages = (texts: string[], signal: AbortSignal) =>
    lanes.passage.run(
      () => guarded(adapter, texts, "passage", { dimension, breaker, clock, ms: deadlines.passage, signal }),
      signal,
    );

  /** The deadline counts from when it was asked: to the person it is the same who lets them wait. */
  async function embedQuestion(texts: string[], signal: AbortSignal) {
    const until = clock.monotonicMs() + deadlines.query;
    const line = new AbortController();
    const cancel = clock.after(deadlines.query, () =>
      line.abort(tooSlowToEmbed(adapter.host, deadlines.query)),
    );
    const atTheServer = () => {
      cancel();
      const ms = until - clock.monotonicMs();
      return guarded(adapter, texts, "query", { dimension, breaker, clock, ms, signal });
    };
    try {
      return await lanes.query.run(atTheServer, AbortSignal.any([signal, line.signal]));
    } finally {
      cancel();
    }
  }

  async function embed(texts: readonly string[], kind: EmbeddingKind, signal: AbortSignal) {
    const vectors: Float32Array[] = new Array(texts.length);
    for (const batch of toBatches(texts.map(toEmbeddable))) {
      signal.throwIfAborted();
      const inBatch = batch.map(({ text }) => text);
      const made = await (kind === "query" ? embedQuestion : embedPassages)(inBatch, signal);
      for (const [place, { index }] of batch.entries()) vectors[index] = made[place] as Float32Array;
    }
    return vectors;
  }

  return { model, dimension, embed: rememberingQueries(embed) };
}

/** One call, ended at its deadline, seen by the breaker, its answer checked. */
async function guarded(
  adapter: EmbeddingAdapter,
  texts: readonly string[],
  kind: EmbeddingKind,
  {
    dimension,
    breaker,
    clock,
    ms,
    signal,
  }: Pick<EmbeddingOptions, "dimension" | "breaker" | "clock"> & { ms: number; signal: AbortSignal },
): Promise<Float32Array[]> {
  breaker.enter();
  try {
    const tooSlow = () => tooSlowToEmbed(adapter.host, ms);
    const given = await withDeadline(clock, ms, tooSlow, signal, (limited) =>
      adapter.embed(texts, kind, limited),
    );
    const vectors = toVectors(adapter.host, given, texts.length, dimension);
    breaker.succeeded();
    return vectors;
  } catch (thrown) {
    outcomeOf(breaker, thrown, signal)();
    throw thrown;
  }
}

export function tooSlowToEmbed(host: string, ms: number): AppError {
  return new AppError(
    "PROVIDER_TIMEOUT",
    `${host} took longer than ${Math.max(1, Math.round(ms / 1000))} seconds to embed a text. Look whether it runs, or choose a smaller model.`,
  );
}

/** Half a character, which some tokenizers refuse, becomes the sign for one that is missing. */
function toEmbeddable(text: string): string {
  return text.slice(0, MOST_TEXT_CHARACTERS).toWellFormed();
}

type Batch = { index: number; text: string }[];

/** Texts of about the same length together. */
export function toBatches(texts: readonly string[]): Batch[] {
  const byLength = texts
    .map((text, index) => ({ index, text }))
    .sort((left, right) => left.text.length - right.text.length);
  const batches: Batch[] = [];
  let characters = 0;
  for (const entry of byLength) {
    const batch = batches.at(-1);
    characters += entry.text.length;
    if (batch && batch.length < MOST_TEXTS && characters <= MOST_BATCH_CHARACTERS) batch.push(entry);
    else {
      batches.push([entry]);
      characters = entry.text.length;
    }
  }
  return batches;
}

/** People ask the same questions, and each page of a test bench asks again. The least recently asked is forgotten. */
function rememberingQueries(embed: EmbeddingProvider["embed"]): EmbeddingProvider["embed"] {
  const remembered = new Map<string, Float32Array>();

  function remember(text: string, vector: Float32Array): void {
    remembered.delete(text);
    remembered.set(text, vector);
    const [oldest] = remembered.keys();
    if (remembered.size > REMEMBERED && oldest !== undefined) remembered.delete(oldest);
  }

  return async (texts, kind, signal) => {
    const [text] = texts;
    if (kind !== "query" || text === undefined || texts.length > 1) return embed(texts, kind, signal);
    const known = remembered.get(text);
    const vector = known ?? (await embed(texts, kind, signal))[0];
    if (vector === undefined) return [];
    if (text.length <= MOST_TEXT_CHARACTERS) remember(text, vector);
    return [vector];
  };
}
