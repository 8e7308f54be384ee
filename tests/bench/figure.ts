/** One line of a benchmark. `target` is what it should reach, or empty. */
export type Figure = { what: string; measured: string; target: string };

/** The value that half of the sorted `values` are below. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
