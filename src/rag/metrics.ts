/** How good rankings are, by the measures of information retrieval. */

export type JudgedRanking = {
  /** Ids, best first, each once. */
  ranked: readonly string[];
  /** Ids that answer the question; never empty. */
  relevant: readonly string[];
};

/** The share of the relevant ids among the first `depth`, averaged over the questions. 0 to 1. */
export function recallAt(depth: number, rankings: readonly JudgedRanking[]): number {
  return mean(
    rankings.map(({ ranked, relevant }) => {
      const found = new Set(ranked.slice(0, depth));
      return relevant.filter((id) => found.has(id)).length / relevant.length;
    }),
  );
}

/** Mean reciprocal rank of the first relevant id among the first `depth`. 0 to 1. */
export function reciprocalRankAt(depth: number, rankings: readonly JudgedRanking[]): number {
  return mean(
    rankings.map(({ ranked, relevant }) => {
      const first = ranked.slice(0, depth).findIndex((id) => relevant.includes(id));
      return first < 0 ? 0 : 1 / (first + 1);
    }),
  );
}

/**
 * Normalised discounted cumulative gain with binary relevance among the first `depth`. 0 to 1.
 * @see Järvelin & Kekäläinen, "Cumulated gain-based evaluation of IR techniques", TOIS 2002
 */
export function discountedGainAt(depth: number, rankings: readonly JudgedRanking[]): number {
  const discount = (index: number) => 1 / Math.log2(index + 2);
  return mean(
    rankings.map(({ ranked, relevant }) => {
      const gain = sum(
        ranked.slice(0, depth).map((id, index) => (relevant.includes(id) ? discount(index) : 0)),
      );
      const ideal = sum(
        Array.from({ length: Math.min(depth, relevant.length) }, (_, index) => discount(index)),
      );
      return gain / ideal;
    }),
  );
}

/** The value below which `share` of the values lie, by the nearest rank; 0 for none. */
export function percentile(share: number, values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : sum(values) / values.length;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
