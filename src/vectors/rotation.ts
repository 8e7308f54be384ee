/**
 * A fixed random rotation. It spreads every vector evenly over all dimensions, so that the signs of the
 * rotated vector say as much about it as so many bits can. Rounds of random signs and Hadamard transforms
 * do that in a few microseconds, where a full matrix would need a hundred.
 */
import type { Kernel } from "./kernel.ts";

const ROUNDS = 4;
/** Part of the format: all workers of one process must rotate alike. */
const SEED = 0x50a21e7;

export type Rotation = {
  /** Rotates the `padded` floats at `address` of `floats` (whose memory the kernel shares) in place. */
  apply(floats: Float32Array, address: number): void;
};

export function randomRotation(padded: number, kernel: Kernel): Rotation {
  const length = 2 ** Math.floor(Math.log2(padded));
  const signs = Array.from({ length: ROUNDS }, (_, round) => randomSigns(padded, SEED + round, length));
  const half = padded / 2;
  return {
    apply(floats, address) {
      const start = address / 4;
      for (let round = 0; round < ROUNDS; round++) {
        const sign = signs[round] as Float32Array;
        for (let i = 0; i < padded; i++)
          floats[start + i] = (floats[start + i] as number) * (sign[i] as number);
        const from = round % 2 === 0 ? 0 : padded - length;
        kernel.hadamard(address + from * 4, length);
        if (length === padded) continue;
        const scale = 1 / Math.sqrt(length);
        for (let i = from; i < from + length; i++) floats[start + i] = (floats[start + i] as number) * scale;
        // The transform covers a power of two of the dimensions; this carries what it mixed to the others.
        for (let i = start; i < start + half; i++) {
          const left = floats[i] as number;
          const right = floats[i + half] as number;
          floats[i] = (left + right) * Math.SQRT1_2;
          floats[i + half] = (left - right) * Math.SQRT1_2;
        }
      }
    },
  };
}

/** Plus or minus one for each dimension, scaled so that a transform of all of them keeps lengths. */
function randomSigns(padded: number, seed: number, length: number): Float32Array {
  const size = length === padded ? 1 / Math.sqrt(length) : 1;
  let state = seed;
  return Float32Array.from({ length: padded }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state & 0x10000) === 0 ? size : -size;
  });
}
