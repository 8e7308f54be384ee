/** One ranking from two: by the question's words and by its meaning. */
import type { EmbeddingScale } from "../domain/embedding.ts";
import type { VectorHit } from "../domain/knowledge.ts";
import { likenessOf, powerOf, relevanceElsewhere, relevanceOfCosine } from "./calibration.ts";
import { isElsewhere, type RankedCandidate } from "./rank.ts";
import { ABSTAIN_BELOW } from "./select.ts";

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
 * What likeness counts beside the lexical score, as a share of the best of either. Where the words say much, a model
 * only breaks ties, unless it is a strong one; where they say little, as in another language, it decides. Both fall away
 * with the model's power, so that one that knows nothing changes nothing. Chosen on the odd questions of the sets, with
 * models from random vectors to nearly perfect ones; docs/benchmarks.md has what they reach on the even ones.
 */
const WEIGHT = { ties: 0.1, instead: 1.2 };

/**
 * Adds the cosine to the lexical score, both on a scale that is the same for every question and every model. Without
 * dense hits the lexical ranking stays as it is, scores too.
 */
export function fuse(
  lexical: readonly RankedCandidate[],
  dense: { hits: readonly VectorHit[]; scale: EmbeddingScale } | null,
  /** The question's language, where most documents are in another one. */
  askedIn: string | null = null,
): Fused {
  const byWords = lexical.map((candidate) => ({
    ...candidate,
    lexical: candidate.hit.score,
    dense: null,
    rerank: null,
  }));
  const bestByWords = lexical[0]?.relevance ?? 0;
  if (dense === null || dense.hits.length === 0) return { candidates: byWords, bestRelevance: bestByWords };

  const bestScore = Math.max(...lexical.map(({ score }) => score), Number.EPSILON);
  const weight = weightOf(dense.scale, bestByWords);
  const relevanceOf = ({ chunk, similarity }: VectorHit) =>
    isElsewhere(chunk, askedIn)
      ? relevanceElsewhere(similarity, dense.scale)
      : relevanceOfCosine(similarity, dense.scale);
  const fused = new Map<string, FusedCandidate>();
  for (const candidate of byWords) {
    fused.set(candidate.hit.chunk.id, { ...candidate, score: candidate.score / bestScore });
  }
  for (const hit of dense.hits) {
    const candidate = fused.get(hit.chunk.id) ?? byMeaning(hit);
    fused.set(hit.chunk.id, {
      ...candidate,
      score: candidate.score + weight * likenessOf(hit.similarity, dense.scale),
      dense: hit.similarity,
      // Either sign is enough; they are not independent, so they do not add up.
      relevance: Math.max(candidate.relevance, relevanceOf(hit)),
      // Where its meaning alone is enough, words that are not there are said otherwise.
      gaps: relevanceOf(hit) >= ABSTAIN_BELOW ? null : candidate.gaps,
      reason: `${candidate.reason}, similarity ${hit.similarity.toFixed(2)}`,
    });
  }
  const nearest = Math.max(...dense.hits.map(relevanceOf));
  return {
    candidates: [...fused.values()].sort((left, right) => right.score - left.score),
    bestRelevance: Math.max(bestByWords, nearest),
  };
}

/** @param bestByWords how relevant the best passage is by its words */
function weightOf(scale: EmbeddingScale, bestByWords: number): number {
  const power = powerOf(scale);
  return WEIGHT.ties * power ** 4 + WEIGHT.instead * Math.min(1, power ** 2) * (1 - bestByWords);
}

/** A passage that shares no word with the question. */
function byMeaning({ chunk }: VectorHit): FusedCandidate {
  return {
    hit: { chunk, score: 0 },
    score: 0,
    relevance: 0,
    gaps: null,
    reason: "no word of the question",
    lexical: null,
    dense: null,
    rerank: null,
  };
}
