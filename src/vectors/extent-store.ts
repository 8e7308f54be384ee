/** Making extents and centroids, and keeping those that are no longer used for the next that is needed. */
import { Extent, extentsOf } from "./extents.ts";
import {
  BLOCK_ROWS,
  EXTENT,
  EXTENT_FLOATS,
  extentParts,
  type Geometry,
  ID_SPAN,
  MAX_EXTENT_ROWS,
  PARTITION,
} from "./layout.ts";
import type { SharedMemory } from "./shared-memory.ts";

/** A centroid made of few vectors is drawn towards zero by as many imaginary ones. */
const CENTROID_CAUTION = 8;
/** A batch with this many times the rows that made the last centroid gets one of its own. */
const CENTROID_RENEWAL = 4;

/** For the writer only. */
export type ExtentStore = {
  list(partition: number): Extent[];
  /** A new, empty extent at the end of the list, for `rowId` and about as many rows as are expected. */
  add(partition: number, centroid: number, expectedRows: number, rowId: number): Extent;
  /** Takes an extent out of its list and wipes it. Only while readers know that things change. */
  release(partition: number, extent: Extent): void;
  /**
   * The partition's last centroid, unless `sampleRows` vectors make a much better one. Then `sample` must call
   * `add` with the address of each, normalised and rotated.
   */
  centroidFor(
    partition: number,
    sampleRows: number,
    sample: (add: (address: number) => void) => void,
  ): number;
};

/** A closure of short functions over the lists of what is free: as a whole it is longer than any of them. */
export function extentStore(shared: SharedMemory, geometry: Geometry): ExtentStore {
  const { padded } = geometry;
  /** Extents that no list has any more, by capacity. */
  const free = new Map<number, number[]>();
  const freeCentroids: number[] = [];
  /** How many rows made each centroid that is in use. */
  const centroidRows = new Map<number, number>();

  const extentAt = (address: number) => new Extent(shared.views(), address, geometry);
  const list = (partition: number) => extentsOf(shared, partition).map(extentAt);

  function add(partition: number, centroid: number, expectedRows: number, rowId: number): Extent {
    const last = list(partition).at(-1)?.address;
    const rowsBefore = shared.views().words[partition / 4 + PARTITION.liveRows] as number;
    const capacity = capacityFor(Math.max(expectedRows, rowsBefore / 4));
    const address = free.get(capacity)?.pop() ?? shared.allocate(extentParts(0, capacity, geometry).end);
    const { words, floats, doubles } = shared.views();
    words[address / 4 + EXTENT.capacity] = capacity;
    words[address / 4 + EXTENT.centroid] = centroid;
    doubles[address / 8 + EXTENT_FLOATS.idBase] = rowId - (rowId % ID_SPAN);
    doubles[address / 8 + EXTENT_FLOATS.smallestId] = Number.POSITIVE_INFINITY;
    doubles[address / 8 + EXTENT_FLOATS.largestId] = Number.NEGATIVE_INFINITY;
    const extent = extentAt(address);
    for (let row = 0; row < capacity; row++) floats[extent.baseIndex(row)] = Number.NaN;
    Atomics.store(words, linkTo(partition, last), address);
    return extent;
  }

  function release(partition: number, extent: Extent): void {
    const { bytes, words } = shared.views();
    const addresses = extentsOf(shared, partition);
    const before = addresses[addresses.indexOf(extent.address) - 1];
    Atomics.store(words, linkTo(partition, before), words[extent.address / 4 + EXTENT.next] as number);
    bytes.fill(0, extent.address, extent.parts.end);
    free.set(extent.capacity, [...(free.get(extent.capacity) ?? []), extent.address]);
    if (list(partition).some(({ centroid }) => centroid === extent.centroid)) return;
    bytes.fill(0, extent.centroid, extent.centroid + padded * 4);
    centroidRows.delete(extent.centroid);
    freeCentroids.push(extent.centroid);
  }

  function centroidFor(
    partition: number,
    sampleRows: number,
    sample: (add: (address: number) => void) => void,
  ): number {
    const previous = list(partition).at(-1)?.centroid;
    if (previous !== undefined && sampleRows < CENTROID_RENEWAL * (centroidRows.get(previous) ?? 0))
      return previous;
    const centroid = freeCentroids.pop() ?? shared.allocate(padded * 4);
    const { floats } = shared.views();
    sample((address) => {
      for (let i = 0; i < padded; i++) {
        const share = (floats[address / 4 + i] as number) / (sampleRows + CENTROID_CAUTION);
        floats[centroid / 4 + i] = (floats[centroid / 4 + i] as number) + share;
      }
    });
    centroidRows.set(centroid, sampleRows);
    return centroid;
  }

  return { list, add, release, centroidFor };
}

/** Index of the word that leads to the extent after `before`, or to the first. */
function linkTo(partition: number, before: number | undefined): number {
  return before === undefined ? partition / 4 + PARTITION.firstExtent : before / 4 + EXTENT.next;
}

/** A power of two of rows: one block at least, and not so many that small tenants waste memory. */
function capacityFor(rows: number): number {
  const blocks = Math.ceil(Math.min(rows, MAX_EXTENT_ROWS) / BLOCK_ROWS);
  return BLOCK_ROWS * 2 ** Math.ceil(Math.log2(Math.max(1, blocks)));
}
