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
  for (let group = 0; group * 4 < padded; group++) {
    const from = query + group * 4;
    for (let entry = 0; entry < 256; entry++) {
      let sum = 0;
      for (let bit = 0; bit < 4; bit++) {
        const value = (floats[from + bit] as number) * ((entry >> (bit + 4)) & 1 ? 3 : 1);
        sum += (entry >> bit) & 1 ? value : -value;
      }
      floats[table + group * 256 + entry] = sum;
    }
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
