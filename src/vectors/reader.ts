/** Searching the sketch, from any worker: candidates by two coarse looks, then exact similarities. */
import { Extent, extentsOf, partitionFinder } from "./extents.ts";
import { instantiateKernel } from "./kernel.ts";
import { BLOCK_ROWS, geometryOf, HEADER } from "./layout.ts";
import { type CoarseScale, writeCoarseTable, writeFineTable } from "./query-tables.ts";
import { randomRotation } from "./rotation.ts";
import { keepBest } from "./select.ts";
import { sharedMemory } from "./shared-memory.ts";
import type { VectorSketchHandle } from "./sketch.ts";
import { copyNormalised, lengthOf } from "./vector-check.ts";

/** Best first, by estimate; `estimates[i]` belongs to `rowIds[i]` and is near its cosine similarity. */
export type Candidates = { rowIds: Float64Array; estimates: Float32Array };

/** Best first; `similarity` is the cosine, -1 to 1. */
export type ExactHit = { rowId: number; similarity: number };

export type VectorSketchReader = {
  /**
   * The `k` × `oversample` rows of `tenant` (2,048 at most, fewer when it has fewer) that are probably most similar
   * to `query`, which has any length but zero. Sees every row whose `append` returned before. Throws VALIDATION for
   * a query that `append` would not take either.
   */
  scan(query: Float32Array, tenant: string, k: number, oversample?: number): Candidates;
  /**
   * The `k` most similar of the candidates whose vectors are given. `vectorOf` brings the stored vector
   * of a row, or null where it is gone by now.
   */
  rescore(
    query: Float32Array,
    rowIds: ArrayLike<number>,
    vectorOf: (rowId: number) => Float32Array | null,
    k: number,
  ): ExactHit[];
};

/** With this many candidates a result, the exact top 10 are found in 99.5 % of 500,000 clustered vectors. */
export const DEFAULT_OVERSAMPLE = 10;
export const MAX_CANDIDATES = 2_048;
/** So many rows a candidate pass from the first look, at signs alone, to the second. */
const COARSE_FACTOR = 8;
const LEAST_COARSE = 512;
const LARGEST_LIST = 2 * COARSE_FACTOR * MAX_CANDIDATES;
/** Bytes of one block's similarities and the address after them, in `scan`'s scratch space. */
const BLOCK_SCRATCH_BYTES = 192;
const WAIT_MS = 20;

/**
 * Opens the sketch for reading. Takes some hundred kilobytes of its memory, so open one a worker and keep it.
 *
 * Long because it is the reader: a closure of short functions over the scratch space that a scan fills step by step.
 */
export function openVectorSketch({ memory, dimension }: VectorSketchHandle): VectorSketchReader {
  const geometry = geometryOf(dimension);
  const { padded } = geometry;
  const shared = sharedMemory(memory);
  const kernel = instantiateKernel(memory);
  const rotation = randomRotation(padded, kernel);
  const finder = partitionFinder(shared);
  const query = shared.allocate(padded * 4);
  const row = shared.allocate(padded * 4);
  const coarseTable = shared.allocate(padded * 4);
  const fineTable = shared.allocate(padded * 256);
  const blockScratch = shared.allocate(BLOCK_SCRATCH_BYTES);
  const list = shared.allocate(LARGEST_LIST * 8);

  function prepare(vector: Float32Array): CoarseScale {
    const { floats, bytes } = shared.views();
    floats.fill(0, query / 4, query / 4 + padded);
    copyNormalised(vector, dimension, floats, query / 4);
    rotation.apply(floats, query);
    writeFineTable(floats, query / 4, padded, fineTable / 4);
    return writeCoarseTable(floats, query / 4, padded, bytes, coarseTable);
  }

  function scan(
    vector: Float32Array,
    tenant: string,
    k: number,
    oversample = DEFAULT_OVERSAMPLE,
  ): Candidates {
    const scale = prepare(vector);
    const wanted = Math.min(MAX_CANDIDATES, Math.max(1, Math.ceil(k * oversample)));
    for (;;) {
      const generation = settledGeneration();
      const candidates = scanOnce(finder.find(tenant), scale, wanted);
      // An exchange, not a load: nothing read before may be read after it.
      if (Atomics.add(shared.views().words, HEADER.generation, 0) === generation) return candidates;
    }
  }

  /** Waits while the writer moves rows, which takes it about a millisecond. */
  function settledGeneration(): number {
    for (;;) {
      const { words } = shared.views();
      const generation = Atomics.load(words, HEADER.generation);
      if (generation % 2 === 0) return generation;
      Atomics.wait(words, HEADER.generation, generation, WAIT_MS);
    }
  }

  function scanOnce(partition: number, scale: CoarseScale, wanted: number): Candidates {
    const centroids = new Map<number, number>();
    const baseOf = (centroid: number) => {
      const known = centroids.get(centroid) ?? kernel.dot(query, centroid, padded);
      centroids.set(centroid, known);
      return known;
    };
    const extents = extentsOf(shared, partition).map(
      (address) => new Extent(shared.views(), address, geometry),
    );
    const count = coarseScan(extents, baseOf, scale, Math.max(LEAST_COARSE, COARSE_FACTOR * wanted));
    const { floats, words } = shared.views();
    for (let i = 0; i < count; i++) {
      const at = list / 4 + 2 * i;
      const tag = words[at + 1] as number;
      const extent = extents[tag >>> 12] as Extent;
      floats[at] = fineEstimate(extent, tag & 0xfff) + baseOf(extent.centroid);
    }
    return best(extents, count, wanted);
  }

  /** Leaves the `keep` rows with the highest coarse estimates in `list`; returns how many there are. */
  function coarseScan(
    extents: readonly Extent[],
    baseOf: (centroid: number) => number,
    { step, bias }: CoarseScale,
    keep: number,
  ): number {
    const limit = list + Math.max(2 * keep, keep + 2 * BLOCK_ROWS) * 8;
    let threshold = Number.NEGATIVE_INFINITY;
    let out = list;
    const shrink = () => {
      const { floats, words } = shared.views();
      const count = (out - list) / 8;
      const lowest = keepBest(floats, words, list / 4, count, keep);
      if (count >= keep) threshold = lowest;
      out = list + Math.min(count, keep) * 8;
    };
    for (const [number, extent] of extents.entries()) {
      const { blocks } = extent.parts;
      const end = blocks + Math.ceil(extent.count / BLOCK_ROWS) * geometry.blockBytes;
      const base = baseOf(extent.centroid);
      for (let block = blocks; block < end; ) {
        const tag = (number << 12) | (((block - blocks) / geometry.blockBytes) * BLOCK_ROWS);
        // biome-ignore format: one call, its arguments in the kernel's groups.
        out = kernel.scan(block, end, padded / 16, coarseTable, step, bias, base, threshold, out, limit, tag, blockScratch);
        block = shared.views().words[(blockScratch + 128) / 4] as number;
        if (block < end) shrink();
      }
    }
    shrink();
    return (out - list) / 8;
  }

  function fineEstimate(extent: Extent, rowNumber: number): number {
    const { floats } = shared.views();
    const signs = extent.signsAddress(rowNumber);
    const sum = kernel.refine(signs, extent.magnitudesAddress(rowNumber), geometry.magnitudeBytes, fineTable);
    const factor = floats[extent.parts.fineFactors / 4 + rowNumber] as number;
    return (floats[extent.parts.fineBases / 4 + rowNumber] as number) + factor * sum;
  }

  function best(extents: readonly Extent[], count: number, wanted: number): Candidates {
    const { floats, words } = shared.views();
    keepBest(floats, words, list / 4, count, wanted);
    const found = new Map<number, number>();
    for (let i = 0; i < Math.min(count, wanted); i++) {
      const at = list / 4 + 2 * i;
      const tag = words[at + 1] as number;
      const extent = extents[tag >>> 12] as Extent;
      const rowId = extent.rowId(tag & 0xfff);
      // A row that was removed since it was scanned has no id any more.
      if (extent.isLive(tag & 0xfff)) found.set(rowId, floats[at] as number);
    }
    const ordered = [...found].sort((left, right) => right[1] - left[1]);
    return {
      rowIds: Float64Array.from(ordered, ([rowId]) => rowId),
      estimates: Float32Array.from(ordered, ([, estimate]) => estimate),
    };
  }

  function rescore(
    vector: Float32Array,
    rowIds: ArrayLike<number>,
    vectorOf: (rowId: number) => Float32Array | null,
    k: number,
  ): ExactHit[] {
    const { floats } = shared.views();
    floats.fill(0, query / 4, query / 4 + padded);
    floats.fill(0, row / 4, row / 4 + padded);
    copyNormalised(vector, dimension, floats, query / 4);
    const hits: ExactHit[] = [];
    for (let i = 0; i < rowIds.length; i++) {
      const rowId = rowIds[i] as number;
      const stored = vectorOf(rowId);
      if (stored === null) continue;
      const length = lengthOf(stored, dimension);
      floats.set(stored, row / 4);
      hits.push({ rowId, similarity: kernel.dot(query, row, padded) / length });
    }
    // What was deleted meanwhile must not stay here until the next question.
    floats.fill(0, row / 4, row / 4 + padded);
    return hits.sort((left, right) => right.similarity - left.similarity).slice(0, k);
  }

  return { scan, rescore };
}
