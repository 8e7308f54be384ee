/** BM25 as both lexical indexes compute it, the one in SQLite and the one in memory. */

/** How often a term of each part of a chunk counts. */
export type FieldWeights = { title: number; headings: number; content: number };
export const FIELD_WEIGHTS: FieldWeights = { title: 3, headings: 2, content: 1 };

/** How soon more of the same word says nothing new. */
export const K1 = 1.2;
/** How much longer chunks must hold more, from 0 to 1. */
export const B = 0.75;

/** Positive also for a word that is in every chunk, unlike the original formula: one chunk must be able to answer. */
export function inverseFrequency(chunks: number, withWord: number): number {
  return Math.log(1 + (chunks - withWord + 0.5) / (withWord + 0.5));
}
