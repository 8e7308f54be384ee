import type { SentenceSupport } from "../../domain/conversation.ts";
import { cosine, relevanceOfSimilarity } from "../../rag/similarity.ts";
import { type SupportingText, supportOf, withMeanings } from "../../rag/support.ts";
import type { DenseSearch } from "../retrieval/dense.ts";

/** Nobody waits longer for the end of an answer that is written already. */
const PATIENCE_MS = 1_000;
/** Passages that a sentence without support is compared with: those on top are what an answer is made of. */
const MOST_PASSAGES = 12;

/**
 * What stands behind each sentence of an answer: by its words, and by its meaning where those do not say.
 *
 * By words it takes about a millisecond of the thread that serves sockets, so those of answers that end together take
 * turns, with whatever else the thread has to do in between: text that visitors wait for goes first.
 */
export type SupportFinder = (
  answer: string,
  passages: readonly SupportingText[],
) => Promise<SentenceSupport[]>;

export function createSupportFinder({ dense }: { dense: DenseSearch }): SupportFinder {
  let before: Promise<unknown> = Promise.resolve();
  return async (answer, passages) => {
    const byWords = before.then(nextTurnOfTheLoop).then(() => supportOf(answer, passages));
    // One that goes wrong is its own answer's trouble, and not of those behind it.
    before = byWords.catch(() => {});
    return await byMeaning(dense, await byWords, passages);
  };
}

function nextTurnOfTheLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

async function byMeaning(
  dense: DenseSearch,
  support: SentenceSupport[],
  passages: readonly SupportingText[],
): Promise<SentenceSupport[]> {
  const unclear = support.filter(({ verdict }) => verdict === "unclear" || verdict === "unsupported");
  const compared = passages.slice(0, MOST_PASSAGES);
  if (unclear.length === 0 || compared.length === 0) return support;
  const texts = [...unclear.map(({ text }) => text), ...compared.map(({ text }) => text)];
  const embedded = await dense.embed(texts, AbortSignal.timeout(PATIENCE_MS));
  if (embedded === null) return support;
  const { vectors, scale } = embedded;
  const ofPassages = vectors.slice(unclear.length);
  const meanings = support.map((sentence) => {
    const vector = vectors[unclear.indexOf(sentence)];
    return vector === undefined || !unclear.includes(sentence)
      ? null
      : ofPassages.map((other) => relevanceOfSimilarity(cosine(vector, other), scale));
  });
  return withMeanings(support, compared, meanings);
}
