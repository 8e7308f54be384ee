/** From the vectors of a text's tokens to the vector of the text. Pure. */

/** How far from 1 the length of a vector may be that counts as normalised: float32 and int8 models round. */
const UNIT_TOLERANCE = 1e-2;

/** `tokens` has the vectors of all tokens, `width` numbers each, one after the other. No token is nothing: zeros. */
export function poolTokens(
  tokens: Float32Array,
  width: number,
  pooling: "mean" | "cls" | "last",
): Float32Array {
  if (tokens.length === 0) return new Float32Array(width);
  if (pooling === "cls") return tokens.slice(0, width);
  if (pooling === "last") return tokens.slice(tokens.length - width);
  return meanOfTokens(tokens, width);
}

/** Counted loops, because iterating over 100,000 numbers took as long as the model itself. */
function meanOfTokens(tokens: Float32Array, width: number): Float32Array {
  const mean = new Float32Array(width);
  for (let start = 0; start < tokens.length; start += width) {
    for (let index = 0; index < width; index++) {
      mean[index] = (mean[index] as number) + (tokens[start + index] as number);
    }
  }
  const count = tokens.length / width;
  return mean.map((sum) => sum / count);
}

/** The same direction at length 1; a vector of zeros stays as it is. */
export function scaleToUnitLength(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}

export function isUnitLength(vector: Float32Array): boolean {
  return Math.abs(Math.hypot(...vector) - 1) < UNIT_TOLERANCE;
}
