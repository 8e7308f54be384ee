/**
 * From a vector to its sketch: two bits a dimension and four numbers.
 *
 * The vector x, rotated, is c + r: a centroid that its neighbours share and a rest. Of r the signs are kept,
 * and one bit more that tells large from small. With s = signs (±1), or signs and sizes (±1, ±3),
 *
 *     q·x ≈ q·c + base + factor · (q·s)      factor = r·r / r·s,  base = c·r − factor · (c·s)
 *
 * which is right on average over all rotations (Gao and Long, RaBitQ, SIGMOD 2024): the error of (q − c)·r
 * that signs alone leave is about 0.75/√dimension of both lengths, and half of that with sizes.
 */
import type { Geometry } from "./layout.ts";

/** Beyond this many standard deviations a coordinate counts as ±3, else as ±1: the best cut for a normal distribution. */
const LARGE = 0.98;

export type Sketch = {
  /** One byte for each 8 dimensions; bit i is set where dimension i is positive, or large. */
  signs: Uint8Array;
  magnitudes: Uint8Array;
  factor: number;
  base: number;
  fineFactor: number;
  fineBase: number;
};

export function emptySketch({ magnitudeBytes }: Geometry): Sketch {
  return {
    signs: new Uint8Array(magnitudeBytes),
    magnitudes: new Uint8Array(magnitudeBytes),
    factor: 0,
    base: 0,
    fineFactor: 0,
    fineBase: 0,
  };
}

/** Fills `sketch` from `padded` floats at index `start` of `rotated`; the centroid's begin at `centroid` of the same array. */
export function encode(
  rotated: Float32Array,
  start: number,
  centroid: number,
  padded: number,
  sketch: Sketch,
): void {
  let squares = 0;
  let sumOfSizes = 0;
  let withCentroid = 0;
  for (let i = 0; i < padded; i++) {
    const middle = rotated[centroid + i] as number;
    const rest = (rotated[start + i] as number) - middle;
    rotated[start + i] = rest;
    squares += rest * rest;
    sumOfSizes += Math.abs(rest);
    withCentroid += rest * middle;
  }
  const cut = LARGE * Math.sqrt(squares / padded);
  let largeSizes = 0;
  let signsWithCentroid = 0;
  let largeWithCentroid = 0;
  for (let byte = 0; byte * 8 < padded; byte++) {
    let signs = 0;
    let magnitudes = 0;
    for (let bit = 0; bit < 8; bit++) {
      const rest = rotated[start + byte * 8 + bit] as number;
      const middle = rotated[centroid + byte * 8 + bit] as number;
      const size = Math.abs(rest);
      const signed = rest > 0 ? middle : -middle;
      if (rest > 0) signs |= 1 << bit;
      signsWithCentroid += signed;
      if (size <= cut) continue;
      magnitudes |= 1 << bit;
      largeSizes += size;
      largeWithCentroid += signed;
    }
    sketch.signs[byte] = signs;
    sketch.magnitudes[byte] = magnitudes;
  }
  // A vector that equals its centroid has no rest, and nothing to estimate.
  sketch.factor = squares > 0 ? squares / sumOfSizes : 0;
  sketch.base = withCentroid - sketch.factor * signsWithCentroid;
  sketch.fineFactor = squares > 0 ? squares / (sumOfSizes + 2 * largeSizes) : 0;
  sketch.fineBase = withCentroid - sketch.fineFactor * (signsWithCentroid + 2 * largeWithCentroid);
}
