import { AppError } from "../errors.ts";

/**
 * Copies `vector` to `target` at `start`, scaled to length 1, so that a product of two is their cosine.
 * Throws VALIDATION for another dimension, numbers that are not finite, and a vector of zeros.
 */
export function copyNormalised(
  vector: Float32Array,
  dimension: number,
  target: Float32Array,
  start: number,
): void {
  const scale = 1 / lengthOf(vector, dimension);
  for (let i = 0; i < dimension; i++) target[start + i] = (vector[i] as number) * scale;
}

/** The length of `vector`, positive and finite; throws VALIDATION as `copyNormalised` does. */
export function lengthOf(vector: Float32Array, dimension: number): number {
  if (vector.length !== dimension)
    throw new AppError(
      "VALIDATION",
      `The vector has ${vector.length} dimensions, but the index was made for ${dimension}. Rebuild the index with the model in use.`,
    );
  let squares = 0;
  for (let i = 0; i < dimension; i++) squares += (vector[i] as number) ** 2;
  if (squares > 0 && Number.isFinite(squares)) return Math.sqrt(squares);
  throw new AppError(
    "VALIDATION",
    Number.isFinite(squares)
      ? "The vector consists of zeros only, so it is similar to nothing. Check the embedding model."
      : "The vector has numbers that are not finite. Check the embedding model.",
  );
}

/** Whether `lengthOf` would take a vector of the right dimension. */
export function isComparable(vector: Float32Array): boolean {
  let squares = 0;
  for (const value of vector) squares += value ** 2;
  return squares > 0 && Number.isFinite(squares);
}
