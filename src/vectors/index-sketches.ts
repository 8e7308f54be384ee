/**
 * The sketches of the embedding indexes that questions are compared with, loaded from the database in the
 * background and brought up to date before they are used. What they hold is only ever a copy: whoever finds no
 * current sketch asks the database.
 */
import type { EmbeddingIndexId } from "../domain/ids.ts";
import { geometryOf, MAX_DIMENSION, rowBytes } from "./layout.ts";
import { openVectorSketch, type VectorSketchReader } from "./reader.ts";
import { createVectorSketch, type SketchSize, type VectorSketch } from "./sketch.ts";
import { isComparable } from "./vector-check.ts";

export type IndexNow = {
  number: number;
  id: EmbeddingIndexId;
  dimension: number;
  /** Rises by one with every vector that is written or removed. */
  generation: number;
};
export type VectorRow = { rowId: number; tenant: number; vector: Float32Array };
export type VectorChange = { generation: number; tenant: number; rowId: number };

/** Where the vectors come from. All calls within `inSnapshot` see one state of the database. */
export interface VectorReader {
  inSnapshot<T>(work: () => T): T;
  /** Those worth a sketch: the one in use first, then those that it can be exchanged for. */
  indexes(): IndexNow[];
  /** About how many vectors an index has, and no fewer than that. */
  places(indexNumber: number): number;
  /** Some vectors behind place `after`, from 0 on, and the place reached: null at the end. A row never moves unless it changes. */
  load(indexNumber: number, after: number): { rows: VectorRow[]; reached: number | null };
  /** Rows that were written or removed after a generation, oldest first; null when that is not known any more. */
  changes(indexNumber: number, after: number, limit: number): VectorChange[] | null;
  /** Vectors by row, where there are any. */
  vectors(indexNumber: number, rowIds: readonly number[]): Map<number, Float32Array>;
}

export type CurrentSketch = { number: number; dimension: number; reader: VectorSketchReader };

export type HeldSize = SketchSize & { indexNumber: number; isWhole: boolean };

/** So many changes are followed while a question waits: about 10 ms. More are left to the background. */
const AT_ONCE = 512;
const CHANGES_PER_SLICE = 512;
/** Places of removed rows are used again; only when many are empty is it worth looking for gaps to close. */
const REMOVALS_UNTIL_COMPACTION = 1_000;
/** A sketch that could not be made is worth another try after so many changes. */
const CHANGES_UNTIL_RETRY = 1_000;
/** What readers take for themselves, and extents that are not full. */
const SPARE_BYTES = 2_000_000;

type Held = {
  sketch: VectorSketch;
  reader: VectorSketchReader;
  /** All changes up to this generation are in it, once it is whole. */
  seen: number;
  /** How far loading has got; null when it is whole. */
  place: number | null;
  /** Rows that were removed since gaps were closed. */
  removed: number;
};

export class IndexSketches {
  readonly #held = new Map<number, Held>();
  /** Generation of indexes that did not fit the memory, or could not be read. */
  readonly #refused = new Map<number, number>();
  #isDue = false;
  #isWorking = false;
  #isStopped = false;

  /** @param freed called when sketches were dropped, whose memory is only free once garbage was collected */
  constructor(
    readonly reader: VectorReader,
    readonly memoryBytes: number,
    readonly freed: () => void = () => {},
  ) {}

  /**
   * The sketch of an index if it is, or can be made in a moment, what the database holds; otherwise null, and it
   * is loaded in the background. To be called within the snapshot that the rows are then read from.
   */
  current(indexId: EmbeddingIndexId): CurrentSketch | null {
    const index = this.reader.indexes().find(({ id }) => id === indexId);
    if (index === undefined) return null;
    const held = this.#held.get(index.number);
    if (held?.place === null && index.generation - held.seen <= AT_ONCE) {
      this.#follow(held, index, AT_ONCE);
      if (isCurrent(held, index))
        return { number: index.number, dimension: index.dimension, reader: held.reader };
    }
    this.followSoon();
    return null;
  }

  /** Loads and follows all indexes in the background, and drops those that are not used any more. */
  followSoon(): void {
    this.#isDue = true;
    if (this.#isWorking) return;
    this.#isWorking = true;
    void this.#work();
  }

  /** Resolves when nothing is left to do. */
  async settled(): Promise<void> {
    while (this.#isWorking) await othersTurn();
  }

  /** Follows nothing more. Resolves when it no longer reads. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.settled();
  }

  /** What is held now. */
  sizes(): HeldSize[] {
    return [...this.#held].map(([indexNumber, { sketch, place }]) => {
      return { indexNumber, isWhole: place === null, ...sketch.size() };
    });
  }

  async #work(): Promise<void> {
    try {
      while (this.#isDue && !this.#isStopped) {
        this.#isDue = false;
        while (!this.#isStopped && this.#slice()) await othersTurn();
      }
    } catch {
      // The database cannot be read. Whoever asks it learns why, and the next change or question tries again.
    }
    this.#isWorking = false;
  }

  /** A little of what there is to do. Whether there may be more. */
  #slice(): boolean {
    return this.reader.inSnapshot(() => {
      const indexes = this.reader.indexes();
      this.#keepOnly(new Set(indexes.map(({ number }) => number)));
      const behind = indexes.find((index) => this.#isBehind(index));
      if (behind === undefined) return this.#compact();
      try {
        this.#advance(behind);
        this.#makeRoom(indexes);
      } catch {
        // The database answers meanwhile.
        this.#refuse(behind);
      }
      return true;
    });
  }

  #isBehind(index: IndexNow): boolean {
    const refused = this.#refused.get(index.number);
    if (refused !== undefined && index.generation - refused < CHANGES_UNTIL_RETRY) return false;
    const held = this.#held.get(index.number);
    return held === undefined || held.place !== null || !isCurrent(held, index);
  }

  #advance(index: IndexNow): void {
    const held = this.#held.get(index.number);
    if (held === undefined) this.#begin(index);
    else if (held.place !== null) this.#load(held, held.place, index);
    else this.#follow(held, index, CHANGES_PER_SLICE);
  }

  #begin(index: IndexNow): void {
    this.#refused.delete(index.number);
    if (!this.#wouldFit(index)) {
      this.#refuse(index);
      return;
    }
    const sketch = createVectorSketch({ dimension: index.dimension });
    const reader = openVectorSketch(sketch.handle);
    // Whatever changes from here on is looked at again when everything else is there.
    this.#held.set(index.number, { sketch, reader, seen: index.generation, place: 0, removed: 0 });
  }

  #load(held: Held, after: number, { number }: IndexNow): void {
    const { rows, reached } = this.reader.load(number, after);
    held.place = reached;
    for (const [tenant, group] of byTenant(rows)) {
      const present = group.flatMap(({ rowId, vector }) => toComparable(rowId, vector));
      append(held.sketch, tenant, present);
    }
  }

  /** Looks at rows that have changed and takes over what they are now. */
  #follow(held: Held, { number, generation }: IndexNow, most: number): void {
    if (held.seen === generation) return;
    const changes = this.reader.changes(number, held.seen, most);
    const last = changes?.at(-1);
    if (changes === null || last === undefined) {
      this.#held.delete(number);
      this.freed();
      return;
    }
    const vectors = this.reader.vectors(number, [...new Set(changes.map(({ rowId }) => rowId))]);
    for (const [tenant, group] of byTenant(changes)) {
      const changed = [...new Set(group.map(({ rowId }) => rowId))];
      const present = changed.flatMap((rowId) => toComparable(rowId, vectors.get(rowId)));
      const kept = new Set(present.map(({ rowId }) => rowId));
      const gone = changed.filter((rowId) => !kept.has(rowId));
      held.removed += held.sketch.remove(tenant, gone);
      append(held.sketch, tenant, present);
    }
    held.seen = last.generation;
  }

  #keepOnly(wanted: ReadonlySet<number>): void {
    const dropped = [...this.#held.keys()].filter((number) => !wanted.has(number));
    if (dropped.length === 0) return;
    for (const number of dropped) this.#held.delete(number);
    this.#refused.clear();
    this.freed();
  }

  #wouldFit({ number, dimension }: IndexNow): boolean {
    if (dimension > MAX_DIMENSION) return false;
    const size = this.reader.places(number) * rowBytes(geometryOf(dimension)) + SPARE_BYTES;
    return this.#usedBytes() + size <= this.memoryBytes;
  }

  /** The one in use stays longest. */
  #makeRoom(indexes: readonly IndexNow[]): void {
    for (const index of indexes.toReversed()) {
      if (this.#usedBytes() <= this.memoryBytes) return;
      if (this.#held.has(index.number)) this.#refuse(index);
    }
  }

  #refuse({ number, generation }: IndexNow): void {
    this.#refused.set(number, generation);
    if (this.#held.delete(number)) this.freed();
  }

  #usedBytes(): number {
    return [...this.#held.values()].reduce((sum, { sketch }) => sum + sketch.usedBytes(), 0);
  }

  /** Closes gaps that removals have left. Whether there may be more. */
  #compact(): boolean {
    const sparse = [...this.#held.values()].find(({ removed }) => removed >= REMOVALS_UNTIL_COMPACTION);
    if (sparse === undefined) return false;
    if (sparse.sketch.compact() === 0) sparse.removed = 0;
    return true;
  }
}

function isCurrent({ seen, place }: Held, { generation }: IndexNow): boolean {
  return place === null && seen === generation;
}

/** Nothing for what is similar to nothing: the sketch does not take it, and the database would not find it. */
function toComparable(rowId: number, vector: Float32Array | undefined): Omit<VectorRow, "tenant">[] {
  return vector !== undefined && isComparable(vector) ? [{ rowId, vector }] : [];
}

function append(sketch: VectorSketch, tenant: string, rows: readonly Omit<VectorRow, "tenant">[]): void {
  const dimension = rows[0]?.vector.length ?? 0;
  const vectors = new Float32Array(rows.length * dimension);
  for (const [place, { vector }] of rows.entries()) vectors.set(vector, place * dimension);
  const rowIds = rows.map(({ rowId }) => rowId);
  if (rowIds.length > 0) sketch.append(tenant, rowIds, vectors);
}

/** The sketch knows tenants by a text. */
export function partitionOf(tenant: number): string {
  return String(tenant);
}

function byTenant<Row extends { tenant: number }>(rows: readonly Row[]): Map<string, Row[]> {
  return Map.groupBy(rows, ({ tenant }) => partitionOf(tenant));
}

function othersTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
