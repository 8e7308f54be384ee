/** Walking and changing the lists of partitions and extents in the shared memory. */
import { AppError } from "../errors.ts";
import {
  blockOf,
  EXTENT,
  EXTENT_FLOATS,
  extentParts,
  type Geometry,
  HEADER,
  MAX_TENANT_KEY_BYTES,
  PARTITION,
  PARTITION_BYTES,
} from "./layout.ts";
import type { SharedMemory, Views } from "./shared-memory.ts";

/** Finds partitions by tenant. Each thread has its own; what it has seen once it need not look for again. */
export type PartitionFinder = {
  /** Address of the tenant's partition, or 0 when it has none yet. */
  find(tenant: string): number;
  /** Every partition with its tenant. */
  list(): [string, number][];
};

export function partitionFinder(shared: SharedMemory): PartitionFinder {
  const known = new Map<string, number>();
  let lastSeen = 0;
  /** Partitions are only ever added at the end of the list. */
  const readOn = () => {
    for (;;) {
      const { words } = shared.views();
      const link = lastSeen === 0 ? HEADER.firstPartition : lastSeen / 4 + PARTITION.next;
      const next = Atomics.load(words, link);
      if (next === 0) return;
      known.set(tenantOf(shared.views(), next), next);
      lastSeen = next;
    }
  };
  return {
    find(tenant) {
      if (!known.has(tenant)) readOn();
      return known.get(tenant) ?? 0;
    },
    list() {
      readOn();
      return [...known];
    },
  };
}

/** Adds a partition at the end of the list; readers see it when it is complete. Only the writer may. */
export function addPartition(shared: SharedMemory, finder: PartitionFinder, tenant: string): number {
  const key = new TextEncoder().encode(tenant);
  if (key.length === 0 || key.length > MAX_TENANT_KEY_BYTES)
    throw new AppError("VALIDATION", `A tenant's id has 1 to ${MAX_TENANT_KEY_BYTES} bytes.`);
  const last = finder.list().at(-1)?.[1] ?? 0;
  const partition = shared.allocate(PARTITION_BYTES);
  const { bytes, words } = shared.views();
  words[partition / 4 + PARTITION.keyBytes] = key.length;
  bytes.set(key, partition + PARTITION.key * 4);
  Atomics.store(words, last === 0 ? HEADER.firstPartition : last / 4 + PARTITION.next, partition);
  return partition;
}

function tenantOf({ bytes, words }: Views, partition: number): string {
  const length = words[partition / 4 + PARTITION.keyBytes] ?? 0;
  const start = partition + PARTITION.key * 4;
  // TextDecoder does not take shared memory.
  return new TextDecoder().decode(bytes.slice(start, start + length));
}

/** Addresses of the extents of a partition, first to last. */
export function extentsOf(shared: SharedMemory, partition: number): number[] {
  const extents: number[] = [];
  if (partition === 0) return extents;
  const { words } = shared.views();
  for (let next = Atomics.load(words, partition / 4 + PARTITION.firstExtent); next !== 0; ) {
    extents.push(next);
    next = Atomics.load(shared.views().words, next / 4 + EXTENT.next);
  }
  return extents;
}

/** What is written about one extent, and where its rows are. The views are those of this moment. */
export class Extent {
  readonly address: number;
  readonly capacity: number;
  readonly centroid: number;
  readonly idBase: number;
  readonly parts: ReturnType<typeof extentParts>;
  readonly #views: Views;
  readonly #geometry: Geometry;

  constructor(views: Views, address: number, geometry: Geometry) {
    this.address = address;
    this.#views = views;
    this.#geometry = geometry;
    this.capacity = views.words[address / 4 + EXTENT.capacity] ?? 0;
    this.centroid = views.words[address / 4 + EXTENT.centroid] ?? 0;
    this.idBase = views.doubles[address / 8 + EXTENT_FLOATS.idBase] ?? 0;
    this.parts = extentParts(address, this.capacity, geometry);
  }

  /** Rows that were ever written; later ones hold nothing. */
  get count(): number {
    return Atomics.load(this.#views.words, this.address / 4 + EXTENT.count);
  }

  get liveRows(): number {
    return this.#views.words[this.address / 4 + EXTENT.liveRows] ?? 0;
  }

  /** Whether a row with this id may be here. */
  mayHold(rowId: number): boolean {
    const { doubles } = this.#views;
    const at = this.address / 8;
    return (
      rowId >= (doubles[at + EXTENT_FLOATS.smallestId] ?? 0) &&
      rowId <= (doubles[at + EXTENT_FLOATS.largestId] ?? 0)
    );
  }

  isLive(row: number): boolean {
    return !Number.isNaN(this.#views.floats[this.baseIndex(row)]);
  }

  /** Index of the row's base among 32-bit words. It is NaN where there is no row. */
  baseIndex(row: number): number {
    const block = blockOf(this.parts.blocks, row, this.#geometry);
    return (block + this.#geometry.baseOffset) / 4 + (row & 31);
  }

  factorIndex(row: number): number {
    return this.baseIndex(row) - 32;
  }

  /** Address of the first byte of the row's signs; the others follow at distances of 32 bytes. */
  signsAddress(row: number): number {
    return blockOf(this.parts.blocks, row, this.#geometry) + (row & 31);
  }

  magnitudesAddress(row: number): number {
    return this.parts.magnitudes + row * this.#geometry.magnitudeBytes;
  }

  rowId(row: number): number {
    return this.idBase + ((this.#views.words[this.parts.idOffsets / 4 + row] ?? 0) >>> 0);
  }
}
