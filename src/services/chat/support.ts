import type { SentenceSupport } from "../../domain/conversation.ts";
import type { Passage } from "../../providers/provider.ts";
import { cosine, relevanceOfSimilarity } from "../../rag/similarity.ts";
import { supportOf, withMeanings } from "../../rag/support.ts";
import type { DenseSearch } from "../retrieval/dense.ts";

/** Nobody waits longer for the end of an answer that is written already. */
const PATIENCE_MS = 1_000;
/** Passages that a sentence without support is compared with: those on top are what an answer is made of. */
const MOST_PASSAGES = 12;

/** What stands behind each sentence of an answer: by its words, and by its meaning where those do not say. Never throws. */
export async function findSupport(
  { dense }: { dense: DenseSearch },
  answer: string,
  passages: readonly Passage[],
): Promise<SentenceSupport[]> {
  const support = supportOf(answer, passages);
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
