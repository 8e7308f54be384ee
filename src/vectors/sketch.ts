/**
 * The sketch of all vectors of one embedding index, in memory that workers share. One thread writes, through
 * this; others read, through reader.ts, and see each row as soon as `append` has written it.
 */
import { AppError } from "../errors.ts";
import { emptySketch, encode } from "./encode.ts";
import { extentStore } from "./extent-store.ts";
import { addPartition, type Extent, partitionFinder } from "./extents.ts";
import { instantiateKernel } from "./kernel.ts";
import { EXTENT, geometryOf, HEADER, MAX_EXTENT_ROWS, PARTITION } from "./layout.ts";
import { randomRotation } from "./rotation.ts";
import { freeRow, rowAccess } from "./rows.ts";
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
   * the other, of any length but zero. Throws VALIDATION, and then changes nothing, for a wrong dimension, numbers
   * that are not finite, a vector of zeros, an id that is no integer from 0 to 2⁵³ or there twice; throws
   * RESOURCE_LIMIT when memory is used up, and then some of the rows may be there.
   */
  append(tenant: string, rowIds: ArrayLike<number>, vectors: Float32Array): void;
  /** Removes and wipes the rows that are there; returns how many were. */
  remove(tenant: string, rowIds: Iterable<number>): number;
  /** Removes and wipes everything of one tenant. */
  removeTenant(tenant: string): void;
  /** Closes gaps that removals left, for at most `maxRows` rows a call; returns how many rows it moved. */
  compact(maxRows?: number): number;
  size(): SketchSize;
  /** The same as in `size`, without looking through all tenants. */
  usedBytes(): number;
};

/** Rows whose gaps `compact` closes in one go, which readers wait for: about a millisecond. */
const COMPACT_ROWS = 4_096;

/**
 * An empty sketch for vectors of `dimension` numbers. It grows as needed, without copying.
 *
 * Long because it is the sketch: a closure of short functions over one memory, one kernel and one table of rows.
 */
export function createVectorSketch({ dimension }: { dimension: number }): VectorSketch {
  const geometry = geometryOf(dimension);
  const { padded } = geometry;
  const shared = sharedMemory(createMemory());
  const kernel = instantiateKernel(shared.memory);
  const rotation = randomRotation(padded, kernel);
  const finder = partitionFinder(shared);
  const scratch = shared.allocate(padded * 4);
  const sketch = emptySketch(geometry);
  const rows = rowAccess(shared, geometry);
  const store = extentStore(shared, geometry);
  const extents = store.list;

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
      rows.write(places, row, rowId, sketch);
      countRows(partition, places, 1);
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

  /** A new extent for `rowId` and the vectors that come with it. */
  function addExtent(partition: number, vectors: Float32Array, rowId: number): Extent {
    const count = vectors.length / dimension;
    const sample = Math.min(count, MAX_EXTENT_ROWS);
    const centroid = store.centroidFor(partition, sample, (add) => {
      for (let i = 0; i < sample; i++) {
        rotate(vectors.subarray(i * dimension, (i + 1) * dimension));
        add(scratch);
      }
    });
    return store.add(partition, centroid, count, rowId);
  }

  function countRows(partition: number, extent: Extent, change: number): void {
    const { words } = shared.views();
    Atomics.add(words, extent.address / 4 + EXTENT.liveRows, change);
    Atomics.add(words, partition / 4 + PARTITION.liveRows, change);
    Atomics.add(words, HEADER.liveRows, change);
  }

  function removeRows(partition: number, rowIds: ReadonlySet<number>): number {
    const wanted = [...rowIds];
    let removed = 0;
    for (const extent of extents(partition)) {
      if (!wanted.some((rowId) => extent.mayHold(rowId))) continue;
      for (let row = 0; row < extent.count; row++) {
        if (!rowIds.has(extent.rowId(row)) || !extent.isLive(row)) continue;
        rows.wipe(extent, row);
        countRows(partition, extent, -1);
        removed++;
      }
      if (extent.liveRows === 0) changing(() => store.release(partition, extent));
    }
    return removed;
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
      rows.read(from, row, sketch);
      rows.write(into, place, from.rowId(row), sketch);
      countRows(partition, into, 1);
      countRows(partition, from, -1);
      moved++;
    }
    store.release(partition, from);
    return moved;
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
          store.release(partition, extent);
        }
      });
    },
    compact,
    usedBytes: shared.usedBytes,
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
