/** The ranking after a reranker has read the question together with each of the best candidates. */
import type { SimilarityScale } from "../domain/embedding.ts";
import type { Fused, FusedCandidate } from "./fuse.ts";
import { relevanceOfSimilarity } from "./similarity.ts";

/** How many of the best are read: where the right passage nearly always is, and what a person can wait for. */
export const RERANKED = 50;

/**
 * The candidates that have a score, best score first, and behind them the rest as it was.
 *
 * @param scores of the first candidates, in their order
 */
export function reranked({ candidates }: Fused, scores: ArrayLike<number>, scale: SimilarityScale): Fused {
  const read = candidates
    .slice(0, scores.length)
    .map((candidate, place) => withScore(candidate, scores[place] ?? 0, scale))
    .sort((left, right) => right.rerank - left.rerank);
  const [best] = read;
  return {
    candidates: [...read, ...candidates.slice(scores.length)],
    // As before it is the best candidate that speaks for all; now it is known better which one that is.
    bestRelevance: best?.relevance ?? 0,
  };
}

function withScore(candidate: FusedCandidate, score: number, scale: SimilarityScale) {
  return {
    ...candidate,
    rerank: score,
    relevance: pooled(candidate.relevance, relevanceOfSimilarity(score, scale)),
    reason: `${candidate.reason}, reranked ${score.toFixed(2)}`,
  };
}

/** No single opinion is taken for surer than this. */
const SUREST = 0.98;

/**
 * One probability from two opinions, of the searches and of the reranker: the mean of their log odds. The reranker
 * has read both texts together, so unlike similarity it may also speak against a passage that shares its words with
 * the question; and as its scale comes from a dozen pairs, in which the tenant's language may be missing, it does not
 * decide alone. Where one is unsure, the other one decides; where both are sure of the opposite, it is even.
 */
function pooled(left: number, right: number): number {
  return 1 / (1 + Math.exp(-(logOdds(left) + logOdds(right)) / 2));
}

function logOdds(probability: number): number {
  const bounded = Math.min(Math.max(probability, 1 - SUREST), SUREST);
  return Math.log(bounded / (1 - bounded));
}
