/**
 * Moves the `keep` pairs with the highest scores to the front of a list of `count` pairs (score, tag), in no
 * particular order, and returns the lowest score among them. Both arrays are views of the same bytes.
 */
export function keepBest(
  scores: Float32Array,
  tags: Uint32Array | Int32Array,
  start: number,
  count: number,
  keep: number,
): number {
  if (count > keep) partition(scores, tags, start, count, keep);
  let lowest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < Math.min(count, keep); i++) lowest = Math.min(lowest, scores[start + 2 * i] as number);
  return lowest;
}

/** Hoare's selection, descending: after it the first `keep` pairs are no worse than the others. */
function partition(
  scores: Float32Array,
  tags: Uint32Array | Int32Array,
  start: number,
  count: number,
  keep: number,
): void {
  let left = 0;
  let right = count - 1;
  while (left < right) {
    const pivot = scores[start + 2 * ((left + right) >> 1)] as number;
    let i = left;
    let j = right;
    while (i <= j) {
      while ((scores[start + 2 * i] as number) > pivot) i++;
      while ((scores[start + 2 * j] as number) < pivot) j--;
      if (i > j) break;
      swap(scores, tags, start + 2 * i, start + 2 * j);
      i++;
      j--;
    }
    if (keep - 1 <= j) right = j;
    else if (keep - 1 >= i) left = i;
    else return;
  }
}

/** The tag's bits must not pass through a float, which could change those of a NaN. */
function swap(scores: Float32Array, tags: Uint32Array | Int32Array, i: number, j: number): void {
  const score = scores[i] as number;
  const tag = tags[i + 1] as number;
  scores[i] = scores[j] as number;
  tags[i + 1] = tags[j + 1] as number;
  scores[j] = score;
  tags[j + 1] = tag;
}
