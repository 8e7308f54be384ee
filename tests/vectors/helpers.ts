import { seededRandom } from "../bench/clustered-vectors.ts";

/** `count` vectors of `dimension` numbers from -1 to 1, one after the other; the same for the same seed. */
export function randomVectors(count: number, dimension: number, seed = 1): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from({ length: count * dimension }, () => random() * 2 - 1);
}

export function rowOf(vectors: Float32Array, dimension: number, row: number): Float32Array {
  return vectors.subarray(row * dimension, (row + 1) * dimension);
}

export function cosine(left: Float32Array, right: Float32Array): number {
  let product = 0;
  let leftSquares = 0;
  let rightSquares = 0;
  for (const [i, value] of left.entries()) {
    const other = right[i] ?? 0;
    product += value * other;
    leftSquares += value * value;
    rightSquares += other * other;
  }
  return product / Math.sqrt(leftSquares * rightSquares);
}

/** Numbers of the `k` rows most similar to `query`, by looking at all. */
export function nearestRows(vectors: Float32Array, query: Float32Array, k: number): number[] {
  const dimension = query.length;
  const rows = Array.from({ length: vectors.length / dimension }, (_, row) => row);
  const similarity = rows.map((row) => cosine(rowOf(vectors, dimension, row), query));
  return rows.sort((a, b) => (similarity[b] ?? 0) - (similarity[a] ?? 0)).slice(0, k);
}

/** `first`, `first + 1`, … */
export function ids(count: number, first = 0): number[] {
  return Array.from({ length: count }, (_, i) => first + i);
}
