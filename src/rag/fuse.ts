/** One ranking from two: by the question's words and by its meaning. */
import type { SimilarityScale } from "../domain/embedding.ts";
import type { VectorHit } from "../domain/knowledge.ts";
import type { RankedCandidate } from "./rank.ts";
import { relevanceOfSimilarity } from "./similarity.ts";

/** `score` is the fused one, unless only one of the two searches was made. */
export type FusedCandidate = RankedCandidate & {
  /** BM25, null when it was not found by its words. */
  lexical: number | null;
  /** Cosine, null when it was not among the nearest. */
  dense: number | null;
  /** What a reranker said of it; null when none was asked, or not of this one. */
  rerank: number | null;
};

export type Fused = {
  /** Best first. */
  candidates: FusedCandidate[];
  /** Relevance of the best of each search, the higher of the two: it decides whether anything was found. */
  bestRelevance: number;
};

/**
 * How slowly a place further down counts less. The usual value: the first ten places differ by little, so what
 * both searches find goes before what one of them finds first.
 */
const DAMPING = 60;
/**
 * What a place in each ranking counts. Equal until questions with a trained model are measured: words win for names
 * and numbers, meaning wins for everything said otherwise, and which questions are asked nobody knows beforehand.
 */
const WEIGHT = { lexical: 1, dense: 1 };

/**
 * Adds up the reciprocal ranks of both searches, because their scores mean different things and their ranks do not.
 * Without dense hits the lexical ranking stays as it is, scores too.
 */
export function fuse(
  lexical: readonly RankedCandidate[],
  dense: { hits: readonly VectorHit[]; scale: SimilarityScale } | null,
): Fused {
  const byWords = lexical.map((candidate) => ({
    ...candidate,
    lexical: candidate.hit.score,
    dense: null,
    rerank: null,
  }));
  const bestByWords = lexical[0]?.relevance ?? 0;
  if (dense === null || dense.hits.length === 0) return { candidates: byWords, bestRelevance: bestByWords };

  const fused = new Map<string, FusedCandidate>();
  for (const [place, candidate] of byWords.entries()) {
    fused.set(candidate.hit.chunk.id, { ...candidate, score: reciprocal(WEIGHT.lexical, place) });
  }
  for (const [place, hit] of dense.hits.entries()) {
    const candidate = fused.get(hit.chunk.id) ?? byMeaning(hit);
    const relevance = relevanceOfSimilarity(hit.similarity, dense.scale);
    fused.set(hit.chunk.id, {
      ...candidate,
      score: candidate.score + reciprocal(WEIGHT.dense, place),
      dense: hit.similarity,
      // Either sign is enough; they are not independent, so they do not add up.
      relevance: Math.max(candidate.relevance, relevance),
      reason: `${candidate.reason}, similarity ${hit.similarity.toFixed(2)}`,
    });
  }
  const nearest = relevanceOfSimilarity(dense.hits[0]?.similarity ?? 0, dense.scale);
  return {
    candidates: [...fused.values()].sort((left, right) => right.score - left.score),
    bestRelevance: Math.max(bestByWords, nearest),
  };
}

function reciprocal(weight: number, place: number): number {
  return weight / (DAMPING + place + 1);
}

/** A passage that shares no word with the question. */
function byMeaning({ chunk }: VectorHit): FusedCandidate {
  return {
    hit: { chunk, score: 0 },
    score: 0,
    relevance: 0,
    reason: "no word of the question",
    lexical: null,
    dense: null,
    rerank: null,
  };
}
