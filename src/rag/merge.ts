/** One ranking from those of several questions that mean the same. */
import type { FusedCandidate } from "./fuse.ts";

/** How slowly a place further down counts less. Small: what one wording finds first must not drown in the others. */
const DAMPING = 10;

/**
 * What stands first in any of the rankings comes first, what stands in several before what stands in one. Scores of
 * different questions cannot be compared, places can. A single ranking stays as it is.
 */
export function mergeRankings(rankings: readonly (readonly FusedCandidate[])[]): FusedCandidate[] {
  const merged = new Map<string, { candidate: FusedCandidate; score: number }>();
  for (const ranking of rankings) {
    for (const [place, candidate] of ranking.entries()) {
      const { id } = candidate.hit.chunk;
      const known = merged.get(id);
      const score = 1 / (DAMPING + place);
      const isBetter = known === undefined || candidate.relevance > known.candidate.relevance;
      merged.set(id, {
        candidate: isBetter ? candidate : known.candidate,
        score: (known?.score ?? 0) + score,
      });
    }
  }
  const inOrder = [...merged.values()].sort((left, right) => right.score - left.score);
  if (rankings.length < 2) return inOrder.map(({ candidate }) => candidate);
  return inOrder.map(({ candidate, score }) => ({ ...candidate, score }));
}
