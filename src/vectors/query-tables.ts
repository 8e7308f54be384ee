/** A query as the tables that the kernel looks codes up in. */

/** Four entries are added in one byte. */
const LARGEST_ENTRY = 63;

export type CoarseScale = {
  /** A sum of table entries times this, minus `bias`, is the product of the query with a row's signs. */
  step: number;
  bias: number;
};

/**
 * Writes 16 bytes for each 4 of the `padded` floats at index `query` of `floats`: the sum of the four with the signs
 * that the entry's number gives, as a step from 0 to 63, to `bytes` at `table`.
 */
export function writeCoarseTable(
  floats: Float32Array,
  query: number,
  padded: number,
  bytes: Uint8Array,
  table: number,
): CoarseScale {
  let widest = 0;
  let bias = 0;
  for (let from = query; from < query + padded; from += 4) {
    const reach = sizeOfFour(floats, from);
    widest = Math.max(widest, reach);
    bias += reach;
  }
  const step = (2 * widest) / LARGEST_ENTRY;
  for (let group = 0; group * 4 < padded; group++) {
    const from = query + group * 4;
    const reach = sizeOfFour(floats, from);
    for (let entry = 0; entry < 16; entry++) {
      let sum = reach;
      for (let bit = 0; bit < 4; bit++) {
        const value = floats[from + bit] as number;
        sum += (entry >> bit) & 1 ? value : -value;
      }
      bytes[table + group * 16 + entry] = Math.round(sum / step);
    }
  }
  return { step, bias };
}

/**
 * Writes 256 floats for each 4 of the `padded` floats at index `query`: the sum of the four times ±1 or ±3, by signs
 * (low half of the entry's number) and sizes (high half), at index `table` of the same array.
 */
export function writeFineTable(floats: Float32Array, query: number, padded: number, table: number): void {
  const lower = new Float32Array(256);
  const upper = new Float32Array(256);
  for (let group = 0; group * 4 < padded; group++) {
    const from = query + group * 4;
    // Two dimensions have 16 cases; each of the 256 entries is the sum of two of those.
    writePair(lower, floats[from] as number, floats[from + 1] as number);
    writePair(upper, floats[from + 2] as number, floats[from + 3] as number);
    const start = table + group * 256;
    for (let entry = 0; entry < 256; entry++)
      floats[start + entry] = (lower[entry & 0x33] as number) + (upper[(entry >> 2) & 0x33] as number);
  }
}

/** The sums of two values times ±1 or ±3, at the numbers made of the signs (bits 0, 1) and sizes (bits 4, 5). */
function writePair(sums: Float32Array, first: number, second: number): void {
  for (let signs = 0; signs < 4; signs++) {
    const left = signs & 1 ? first : -first;
    const right = signs & 2 ? second : -second;
    sums[signs] = left + right;
    sums[signs | 16] = 3 * left + right;
    sums[signs | 32] = left + 3 * right;
    sums[signs | 48] = 3 * left + 3 * right;
  }
}

function sizeOfFour(floats: Float32Array, from: number): number {
  return (
    Math.abs(floats[from] as number) +
    Math.abs(floats[from + 1] as number) +
    Math.abs(floats[from + 2] as number) +
    Math.abs(floats[from + 3] as number)
  );
}
