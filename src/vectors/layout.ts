/**
 * What lies where in the memory that the writer and all readers share.
 *
 *     header      one page: who allocates next, generation, first partition
 *     partition   one per tenant, a linked list: key, first extent, live rows
 *     extent      up to 4,096 rows of one tenant, a linked list: header, blocks, fine columns
 *     centroid    what was subtracted from the vectors of one or more extents
 *
 * A block holds 32 rows so that one instruction works on 16 of them: for each 8 dimensions 32 bytes, one a
 * row, with the signs of 4 dimensions in each half; then 32 factors and 32 bases. The fine columns of an
 * extent (magnitudes, fine factor, fine base, row id) are touched only for candidates and lie behind its blocks.
 */
import { AppError } from "../errors.ts";

export const PAGE_BYTES = 65_536;
/** Reserved as addresses only. 2 GiB hold 17 million vectors of 384 dimensions. */
export const MAX_PAGES = 32_768;
export const BLOCK_ROWS = 32;
export const MAX_EXTENT_ROWS = 4_096;
/** Sums of table entries below 64 over groups of 4 dimensions must stay below 65,536. */
export const MAX_DIMENSION = 4_096;
export const MAX_TENANT_KEY_BYTES = 64;

/** Indexes of 32-bit words in the header. */
export const HEADER = { nextFree: 0, generation: 1, firstPartition: 2, liveRows: 3 } as const;
export const HEADER_BYTES = 1_024;
/** Everything is allocated in multiples of this, the size of a cache line. */
export const GRAIN_BYTES = 64;

/** Indexes of 32-bit words from the start of a partition. */
export const PARTITION = { next: 0, firstExtent: 1, liveRows: 2, keyBytes: 3, key: 4 } as const;
export const PARTITION_BYTES = 128;

/** Indexes of 32-bit words from the start of an extent, then of 64-bit floats. */
export const EXTENT = { next: 0, capacity: 1, count: 2, liveRows: 3, centroid: 4 } as const;
export const EXTENT_FLOATS = { idBase: 4, smallestId: 5, largestId: 6 } as const;
export const EXTENT_HEADER_BYTES = 64;
/** An extent keeps 32 bits of each id, and the rest once. */
export const ID_SPAN = 2 ** 32;

export type Geometry = {
  dimension: number;
  /** Dimensions after padding to a multiple of 16. */
  padded: number;
  blockBytes: number;
  /** Offset of a block's factors, then its bases, from its start. */
  factorOffset: number;
  baseOffset: number;
  magnitudeBytes: number;
};

export function geometryOf(dimension: number): Geometry {
  if (!Number.isInteger(dimension) || dimension < 1 || dimension > MAX_DIMENSION)
    throw new AppError(
      "VALIDATION",
      `Vectors can have 1 to ${MAX_DIMENSION} dimensions, not ${dimension}. Choose another embedding model.`,
    );
  const padded = Math.ceil(dimension / 16) * 16;
  return {
    dimension,
    padded,
    blockBytes: padded * 4 + BLOCK_ROWS * 8,
    factorOffset: padded * 4,
    baseOffset: padded * 4 + BLOCK_ROWS * 4,
    magnitudeBytes: padded / 8,
  };
}

/** What one row takes where extents are full. */
export function rowBytes({ blockBytes, magnitudeBytes }: Geometry): number {
  return blockBytes / BLOCK_ROWS + magnitudeBytes + 3 * 4;
}

/** Where the parts of one extent are, as byte addresses. */
export type ExtentParts = {
  blocks: number;
  magnitudes: number;
  fineFactors: number;
  fineBases: number;
  idOffsets: number;
  end: number;
};

export function extentParts(address: number, capacity: number, geometry: Geometry): ExtentParts {
  const blocks = address + EXTENT_HEADER_BYTES;
  const magnitudes = blocks + (capacity / BLOCK_ROWS) * geometry.blockBytes;
  const fineFactors = magnitudes + capacity * geometry.magnitudeBytes;
  const fineBases = fineFactors + capacity * 4;
  const idOffsets = fineBases + capacity * 4;
  return { blocks, magnitudes, fineFactors, fineBases, idOffsets, end: idOffsets + capacity * 4 };
}

/** Address of the block that holds `row` of an extent whose blocks start at `blocks`. */
export function blockOf(blocks: number, row: number, geometry: Geometry): number {
  return blocks + (row >>> 5) * geometry.blockBytes;
}
