/**
 * The sketch of all vectors of one embedding index, in memory that workers share. One thread writes, through
 * this; others read, through reader.ts, and see each row as soon as `append` has written it.
 */
import { AppError } from "../errors.ts";
import { emptySketch, encode, type Sketch } from "./encode.ts";
import { addPartition, Extent, extentsOf, partitionFinder } from "./extents.ts";
import { instantiateKernel } from "./kernel.ts";
import {
  BLOCK_ROWS,
  EXTENT,
  EXTENT_FLOATS,
  extentParts,
  geometryOf,
  HEADER,
  MAX_EXTENT_ROWS,
  PARTITION,
} from "./layout.ts";
import { randomRotation } from "./rotation.ts";
import { createMemory, sharedMemory } from "./shared-memory.ts";
import { copyNormalised, lengthOf } from "./vector-check.ts";

/** What a reader in another worker needs; goes through `postMessage` as it is. */
export type VectorSketchHandle = { memory: WebAssembly.Memory; dimension: number };

export type SketchSize = {
  liveRows: number;
  /** Places for rows, free and deleted ones included. */
  capacityRows: number;
  tenants: number;
  /** Shared memory in use, all of it: rows, centroids, the readers' own scratch space. */
  usedBytes: number;
};

export type VectorSketch = {
  handle: VectorSketchHandle;
  /**
   * Adds rows of one tenant, or replaces those whose id it has. `vectors` holds one vector per id, one after
   * the other, of any length but zero. All or nothing: throws VALIDATION for a wrong dimension, numbers that are not
   * finite, a vector of zeros, an id that is no integer from 0 to 2⁵³; RESOURCE_LIMIT when memory is used up.
   */
  append(tenant: string, rowIds: ArrayLike<number>, vectors: Float32Array): void;
  /** Removes and wipes the rows that are there; returns how many were. */
  remove(tenant: string, rowIds: Iterable<number>): number;
  /** Removes and wipes everything of one tenant. */
  removeTenant(tenant: string): void;
  /** Closes gaps that removals left, for at most `maxRows` rows a call; returns how many rows it moved. */
  compact(maxRows?: number): number;
  size(): SketchSize;
};

/** A centroid made of few vectors is drawn towards zero by as many imaginary ones. */
const CENTROID_CAUTION = 8;
/** A batch with this many times the rows that made the last centroid gets one of its own. */
const CENTROID_RENEWAL = 4;
/** Rows whose gaps `compact` closes in one go, which readers wait for: about a millisecond. */
const COMPACT_ROWS = 4_096;
/** An extent keeps 32 bits of each id, and the rest once. */
const ID_SPAN = 2 ** 32;

/** An empty sketch for vectors of `dimension` numbers. It grows as needed, without copying. */
export function createVectorSketch({ dimension }: { dimension: number }): VectorSketch {
  const geometry = geometryOf(dimension);
  const { padded } = geometry;
  const shared = sharedMemory(createMemory());
  const kernel = instantiateKernel(shared.memory);
  const rotation = randomRotation(padded, kernel);
  const finder = partitionFinder(shared);
  const scratch = shared.allocate(padded * 4);
  const sketch = emptySketch(geometry);
  /** Extents that no list has any more, by capacity. */
  const free = new Map<number, number[]>();
  /** How many rows made each centroid that is in use, and centroids that no extent uses any more. */
  const centroidRows = new Map<number, number>();
  const freeCentroids: number[] = [];
  shared.views().words[HEADER.dimension] = dimension;

  const extentAt = (address: number) => new Extent(shared.views(), address, geometry);
  const extents = (partition: number) => extentsOf(shared, partition).map(extentAt);

  function append(tenant: string, rowIds: ArrayLike<number>, vectors: Float32Array): void {
    requireRows(rowIds, vectors, dimension);
    const partition = finder.find(tenant) || addPartition(shared, finder, tenant);
    removeRows(partition, new Set(Array.from(rowIds)));
    let places: Extent | undefined = extents(partition).findLast(
      (extent) => extent.liveRows < extent.capacity,
    );
    let row = 0;
    for (let i = 0; i < rowIds.length; i++) {
      const rowId = rowIds[i] as number;
      row = places === undefined ? -1 : freeRow(places, row, rowId);
      if (places === undefined || row < 0) {
        const rest = vectors.subarray(i * dimension);
        places =
          extents(partition).find((extent) => freeRow(extent, 0, rowId) >= 0) ??
          addExtent(partition, rest, rowId);
        row = freeRow(places, 0, rowId);
      }
      rotate(vectors.subarray(i * dimension, (i + 1) * dimension));
      encode(shared.views().floats, scratch / 4, places.centroid / 4, padded, sketch);
      writeRow(partition, places, row, rowId, sketch);
    }
    shared.views().floats.fill(0, scratch / 4, scratch / 4 + padded);
  }

  /** Leaves the vector, normalised and rotated, at `scratch`. */
  function rotate(vector: Float32Array): void {
    const { floats } = shared.views();
    floats.fill(0, scratch / 4 + dimension, scratch / 4 + padded);
    copyNormalised(vector, dimension, floats, scratch / 4);
    rotation.apply(floats, scratch);
  }

  /** The first row from `from` on that can take `rowId`, or -1. */
  function freeRow(extent: Extent, from: number, rowId: number): number {
    const offset = rowId - extent.idBase;
    if (extent.liveRows === extent.capacity || offset < 0 || offset >= ID_SPAN) return -1;
    for (let row = from; row < extent.capacity; row++) if (!extent.isLive(row)) return row;
    return -1;
  }

  /** Writes the row so that a reader sees either nothing of it or, once the base is there, all of it. */
  function writeRow(partition: number, extent: Extent, row: number, rowId: number, made: Sketch): void {
    const { bytes, words, floats, doubles } = shared.views();
    const signs = extent.signsAddress(row);
    for (let byte = 0; byte < geometry.magnitudeBytes; byte++)
      bytes[signs + byte * 32] = made.signs[byte] as number;
    bytes.set(made.magnitudes, extent.magnitudesAddress(row));
    floats[extent.factorIndex(row)] = made.factor;
    floats[extent.parts.fineFactors / 4 + row] = made.fineFactor;
    floats[extent.parts.fineBases / 4 + row] = made.fineBase;
    words[extent.parts.idOffsets / 4 + row] = (rowId - extent.idBase) | 0;
    const at = extent.address / 8;
    doubles[at + EXTENT_FLOATS.smallestId] = Math.min(
      rowId,
      doubles[at + EXTENT_FLOATS.smallestId] as number,
    );
    doubles[at + EXTENT_FLOATS.largestId] = Math.max(rowId, doubles[at + EXTENT_FLOATS.largestId] as number);
    Atomics.store(words, extent.baseIndex(row), bitsOf(made.base));
    if (row >= extent.count) Atomics.store(words, extent.address / 4 + EXTENT.count, row + 1);
    countRows(partition, extent, 1);
  }

  function countRows(partition: number, extent: Extent, change: number): void {
    const { words } = shared.views();
    Atomics.add(words, extent.address / 4 + EXTENT.liveRows, change);
    Atomics.add(words, partition / 4 + PARTITION.liveRows, change);
    Atomics.add(words, HEADER.liveRows, change);
  }

  /** A new extent for `rowId` and the vectors that come with it, at the end of the partition's list. */
  function addExtent(partition: number, vectors: Float32Array, rowId: number): Extent {
    const others = extents(partition);
    const centroid = centroidFor(others.at(-1)?.centroid ?? 0, vectors);
    const rows = shared.views().words[partition / 4 + PARTITION.liveRows] as number;
    const capacity = capacityFor(Math.max(vectors.length / dimension, rows / 4));
    const reused = free.get(capacity)?.pop();
    const address = reused ?? shared.allocate(extentParts(0, capacity, geometry).end);
    const views = shared.views();
    views.words[address / 4 + EXTENT.capacity] = capacity;
    views.words[address / 4 + EXTENT.centroid] = centroid;
    views.doubles[address / 8 + EXTENT_FLOATS.idBase] = rowId - (rowId % ID_SPAN);
    views.doubles[address / 8 + EXTENT_FLOATS.smallestId] = Number.POSITIVE_INFINITY;
    views.doubles[address / 8 + EXTENT_FLOATS.largestId] = Number.NEGATIVE_INFINITY;
    const extent = extentAt(address);
    for (let row = 0; row < capacity; row++) views.floats[extent.baseIndex(row)] = Number.NaN;
    const last = others.at(-1)?.address;
    const link = last === undefined ? partition / 4 + PARTITION.firstExtent : last / 4 + EXTENT.next;
    Atomics.store(views.words, link, address);
    return extent;
  }

  /** The centroid of the extent before it, unless these vectors can make a much better one. */
  function centroidFor(previous: number, vectors: Float32Array): number {
    const rows = Math.min(vectors.length / dimension, MAX_EXTENT_ROWS);
    if (previous !== 0 && rows < CENTROID_RENEWAL * (centroidRows.get(previous) ?? 0)) return previous;
    const centroid = freeCentroids.pop() ?? shared.allocate(padded * 4);
    for (let i = 0; i < rows; i++) {
      rotate(vectors.subarray(i * dimension, (i + 1) * dimension));
      const { floats } = shared.views();
      for (let j = 0; j < padded; j++)
        floats[centroid / 4 + j] =
          (floats[centroid / 4 + j] as number) +
          (floats[scratch / 4 + j] as number) / (rows + CENTROID_CAUTION);
    }
    centroidRows.set(centroid, rows);
    return centroid;
  }

  function removeRows(partition: number, rowIds: ReadonlySet<number>): number {
    const wanted = [...rowIds];
    let removed = 0;
    for (const extent of extents(partition)) {
      if (!wanted.some((rowId) => extent.mayHold(rowId))) continue;
      for (let row = 0; row < extent.count; row++) {
        if (!rowIds.has(extent.rowId(row)) || !extent.isLive(row)) continue;
        wipe(extent, row);
        countRows(partition, extent, -1);
        removed++;
      }
      if (extent.liveRows === 0) changing(() => release(partition, extent));
    }
    return removed;
  }

  /** First no longer found, then zeroed: what was deleted leaves no trace in memory. */
  function wipe(extent: Extent, row: number): void {
    const { bytes, words, floats } = shared.views();
    Atomics.store(words, extent.baseIndex(row), bitsOf(Number.NaN));
    const signs = extent.signsAddress(row);
    for (let byte = 0; byte < geometry.magnitudeBytes; byte++) bytes[signs + byte * 32] = 0;
    bytes.fill(0, extent.magnitudesAddress(row), extent.magnitudesAddress(row) + geometry.magnitudeBytes);
    floats[extent.factorIndex(row)] = 0;
    floats[extent.parts.fineFactors / 4 + row] = 0;
    floats[extent.parts.fineBases / 4 + row] = 0;
    words[extent.parts.idOffsets / 4 + row] = 0;
  }

  /** Takes an extent out of its list and keeps it for another. Only while readers know that things change. */
  function release(partition: number, extent: Extent): void {
    const { bytes, words } = shared.views();
    const list = extentsOf(shared, partition);
    const before = list[list.indexOf(extent.address) - 1];
    const link = before === undefined ? partition / 4 + PARTITION.firstExtent : before / 4 + EXTENT.next;
    Atomics.store(words, link, words[extent.address / 4 + EXTENT.next] as number);
    bytes.fill(0, extent.address, extent.parts.end);
    free.set(extent.capacity, [...(free.get(extent.capacity) ?? []), extent.address]);
    if (extents(partition).some(({ centroid }) => centroid === extent.centroid)) return;
    bytes.fill(0, extent.centroid, extent.centroid + padded * 4);
    centroidRows.delete(extent.centroid);
    freeCentroids.push(extent.centroid);
  }

  /** Runs `change` with an odd generation. A reader that scanned meanwhile notices and scans again. */
  function changing(change: () => void): void {
    const { words } = shared.views();
    Atomics.add(words, HEADER.generation, 1);
    try {
      change();
    } finally {
      Atomics.add(words, HEADER.generation, 1);
      Atomics.notify(words, HEADER.generation);
    }
  }

  function compact(maxRows = COMPACT_ROWS): number {
    let moved = 0;
    for (const [, partition] of finder.list()) {
      for (let budget = maxRows - moved; budget > 0; budget = maxRows - moved) {
        const pair = mergeable(extents(partition), budget);
        if (pair === undefined) break;
        changing(() => {
          moved += merge(partition, pair.from, pair.into);
        });
      }
      if (moved >= maxRows) break;
    }
    return moved;
  }

  function merge(partition: number, from: Extent, into: Extent): number {
    let moved = 0;
    let place = 0;
    for (let row = 0; row < from.count; row++) {
      if (!from.isLive(row)) continue;
      place = freeRow(into, place, from.rowId(row));
      readRow(from, row);
      writeRow(partition, into, place, from.rowId(row), sketch);
      countRows(partition, from, -1);
      moved++;
    }
    release(partition, from);
    return moved;
  }

  /** Fills `sketch` from what was written. */
  function readRow(extent: Extent, row: number): void {
    const { bytes, floats } = shared.views();
    const signs = extent.signsAddress(row);
    for (let byte = 0; byte < geometry.magnitudeBytes; byte++)
      sketch.signs[byte] = bytes[signs + byte * 32] as number;
    const magnitudes = extent.magnitudesAddress(row);
    sketch.magnitudes.set(bytes.subarray(magnitudes, magnitudes + geometry.magnitudeBytes));
    sketch.factor = floats[extent.factorIndex(row)] as number;
    sketch.base = floats[extent.baseIndex(row)] as number;
    sketch.fineFactor = floats[extent.parts.fineFactors / 4 + row] as number;
    sketch.fineBase = floats[extent.parts.fineBases / 4 + row] as number;
  }

  return {
    handle: { memory: shared.memory, dimension },
    append,
    remove(tenant, rowIds) {
      const partition = finder.find(tenant);
      return partition === 0 ? 0 : removeRows(partition, new Set(rowIds));
    },
    removeTenant(tenant) {
      const partition = finder.find(tenant);
      if (partition === 0) return;
      changing(() => {
        for (const extent of extents(partition)) {
          countRows(partition, extent, -extent.liveRows);
          release(partition, extent);
        }
      });
    },
    compact,
    size() {
      const partitions = finder.list();
      const capacities = partitions.flatMap(([, partition]) =>
        extents(partition).map(({ capacity }) => capacity),
      );
      return {
        liveRows: shared.views().words[HEADER.liveRows] as number,
        capacityRows: capacities.reduce((sum, capacity) => sum + capacity, 0),
        tenants: partitions.length,
        usedBytes: shared.usedBytes(),
      };
    },
  };
}

/** Two extents of one centroid whose rows fit into the second, at most `budget` of them to move. */
function mergeable(extents: readonly Extent[], budget: number): { from: Extent; into: Extent } | undefined {
  for (const from of extents) {
    // Halves that are full are left alone, so that rows do not wander for nothing.
    if (from.liveRows > from.capacity / 2 || from.liveRows > budget) continue;
    const into = extents.find(
      (extent) =>
        extent !== from &&
        extent.centroid === from.centroid &&
        extent.idBase === from.idBase &&
        extent.capacity - extent.liveRows >= from.liveRows,
    );
    if (into !== undefined) return { from, into };
  }
  return undefined;
}

/** A power of two of rows: one block at least, and not so many that small tenants waste memory. */
function capacityFor(rows: number): number {
  const blocks = Math.ceil(Math.min(rows, MAX_EXTENT_ROWS) / BLOCK_ROWS);
  return BLOCK_ROWS * 2 ** Math.ceil(Math.log2(Math.max(1, blocks)));
}

function requireRows(rowIds: ArrayLike<number>, vectors: Float32Array, dimension: number): void {
  if (vectors.length !== rowIds.length * dimension)
    throw new AppError(
      "VALIDATION",
      `There are ${vectors.length} numbers for ${rowIds.length} vectors of ${dimension} dimensions. Rebuild the index with the model in use.`,
    );
  for (let i = 0; i < rowIds.length; i++) {
    const rowId = rowIds[i] as number;
    if (!Number.isSafeInteger(rowId) || rowId < 0) throw new AppError("VALIDATION", `${rowId} is no row id.`);
    lengthOf(vectors.subarray(i * dimension, (i + 1) * dimension), dimension);
  }
  if (new Set(Array.from(rowIds)).size < rowIds.length)
    throw new AppError("VALIDATION", "One row id is there twice. Each vector needs an id of its own.");
}

const floatBox = new Float32Array(1);
const wordBox = new Int32Array(floatBox.buffer);

/** A float as the bits that `Atomics` can store. */
function bitsOf(value: number): number {
  floatBox[0] = value;
  return wordBox[0] as number;
}
