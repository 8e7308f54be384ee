/**
 * The inverted indexes of many tenants, loaded from the database in the background and brought up to date
 * before they are used. What they hold is only ever a copy: whoever finds no current index asks the database.
 */
import type { TenantId } from "../domain/ids.ts";
import { InvertedIndex } from "./inverted-index.ts";

/** Chunks that are seen together. Another analysis of the same chunks makes another set of it. */
export type TermSet = { version: number; analysis: number };
export type TermRow = { number: number; titleTerms: string; headingTerms: string; contentTerms: string };

/** Where the terms come from. All calls within `inSnapshot` see one state of the database. */
export interface TermReader {
  inSnapshot<T>(work: () => T): T;
  tenants(): TenantId[];
  /** Rises whenever the tenant's sets change; null for a tenant that is not there. */
  generation(tenantId: TenantId): number | null;
  /**
   * Sets of chunks that are visible now. While terms are made anew a set changes, chunk by chunk, and it has
   * another analysis afterwards; otherwise it never changes.
   */
  sets(tenantId: TenantId): TermSet[];
  /** Chunks of a set behind row `after`, ascending. */
  terms(version: number, after: number, limit: number): TermRow[];
}

/** So many chunks are added while a question waits; more are left to the background. */
const AT_ONCE = 48;
const ROWS_PER_SLICE = 64;
/** The same for chunks that are forgotten, about a microsecond each. */
const FORGOTTEN_AT_ONCE = 10_000;
const FORGOTTEN_PER_SLICE = 2_000;
/** Forgotten documents are skipped at every search and keep room: with more than these a new start is better. */
const MOST_FORGOTTEN = 2_000;
/** Loading so many leaves enough behind that it is worth looking for. */
const MANY_ROWS = 1_000;

type LoadedSet = { analysis: number; documents: number[]; lastRow: number };
type Held = {
  index: InvertedIndex;
  /** The generation that `missing` and `hidden` were worked out for. */
  seen: number;
  /** By version. */
  sets: Map<number, LoadedSet>;
  /** Sets that are not whole yet, last first. */
  missing: TermSet[];
  /** Documents of sets that are not visible any more, and can still be found. */
  hidden: number[][];
  /** When a question asked last, as a counter; 0 for a tenant that was only prepared for. */
  usedAt: number;
  /** What will take its place, without what was forgotten. It answers until that is whole. */
  successor: Held | null;
};

export class TenantIndexes {
  readonly #held = new Map<TenantId, Held>();
  readonly #waiting = new Set<TenantId>();
  /** Generation of tenants whose index does not fit the memory by itself: worth another try only when they change. */
  readonly #refused = new Map<TenantId, number>();
  #isWorking = false;
  #isStopped = false;
  #clock = 0;
  #loadedRows = 0;

  /** @param tidy called when much has been loaded in the background */
  constructor(
    readonly reader: TermReader,
    readonly memoryBytes: number,
    readonly tidy: () => void = () => {},
  ) {}

  /** What is in memory now. */
  get sizeBytes(): number {
    let size = 0;
    for (const held of this.#held.values()) size += sizeOf(held);
    return size;
  }

  /**
   * The tenant's index if it is, or can be made in a moment, what the database holds; otherwise null, and it
   * is loaded in the background. To be called within the snapshot that the rows are then read from.
   */
  current(tenantId: TenantId): InvertedIndex | null {
    const generation = this.reader.generation(tenantId);
    if (generation === null || this.#refused.get(tenantId) === generation) return null;
    const held = this.#heldOf(tenantId);
    held.usedAt = ++this.#clock;
    this.#refresh(held, tenantId, generation);
    this.#forget(held, FORGOTTEN_AT_ONCE);
    const isLarger = this.#load(held, AT_ONCE) > 0;
    if (isLarger && !this.#fits(tenantId)) {
      this.#drop(tenantId, generation);
      return null;
    }
    if (!isWhole(held) || isWasteful(held)) this.loadSoon(tenantId);
    return isWhole(held) ? held.index : null;
  }

  /** Loads all tenants in the background. */
  loadAll(): void {
    for (const tenantId of this.reader.tenants()) this.loadSoon(tenantId);
  }

  loadSoon(tenantId: TenantId): void {
    this.#waiting.add(tenantId);
    if (this.#isWorking) return;
    this.#isWorking = true;
    void this.#work();
  }

  /** Resolves when nothing is left to load. */
  async settled(): Promise<void> {
    while (this.#isWorking) await othersTurn();
  }

  /** Loads nothing more. Resolves when it no longer reads. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.settled();
  }

  async #work(): Promise<void> {
    // Whoever noticed that there is something to load has an answer to give first.
    await othersTurn();
    for (const tenantId of this.#waiting) {
      try {
        while (!this.#isStopped && !this.#loadSlice(tenantId)) await othersTurn();
      } catch {
        // The database answers meanwhile, and the next question tries again.
        this.#held.delete(tenantId);
      }
      this.#waiting.delete(tenantId);
      await othersTurn();
    }
    this.#isWorking = false;
    if (this.#loadedRows < MANY_ROWS) return;
    this.#loadedRows = 0;
    this.tidy();
  }

  /** Whether the tenant is done, one way or the other. */
  #loadSlice(tenantId: TenantId): boolean {
    return this.reader.inSnapshot(() => {
      const generation = this.reader.generation(tenantId);
      if (generation === null || this.#refused.get(tenantId) === generation) return true;
      const held = this.#heldOf(tenantId);
      this.#refresh(held, tenantId, generation);
      this.#forget(held, FORGOTTEN_PER_SLICE);
      if (!isWasteful(held)) return this.#loadInto(held, tenantId, generation);
      held.successor ??= newHeld(held.usedAt);
      this.#refresh(held.successor, tenantId, generation);
      return this.#loadInto(held.successor, tenantId, generation);
    });
  }

  /** Loads a slice into what is held for the tenant, or into its successor. Whether the tenant is done. */
  #loadInto(target: Held, tenantId: TenantId, generation: number): boolean {
    this.#loadedRows += this.#load(target, ROWS_PER_SLICE);
    const isSuccessor = this.#held.get(tenantId) !== target;
    const isTooLarge = !this.#fits(tenantId) || target.index.isFull;
    // Where there is no room for both, the database answers until the successor is whole.
    if (isSuccessor && (isTooLarge || isWhole(target))) {
      this.#held.set(tenantId, target);
      return isWhole(target);
    }
    if (isTooLarge) this.#drop(tenantId, generation);
    return isTooLarge || isWhole(target);
  }

  /**
   * Makes room for the tenant by dropping those that were used before it, the longest unused first. False when it does
   * not fit beside the others.
   */
  #fits(tenantId: TenantId): boolean {
    const usedAt = this.#held.get(tenantId)?.usedAt ?? 0;
    let size = this.sizeBytes;
    const others = [...this.#held]
      .filter(([id, held]) => id !== tenantId && held.usedAt <= usedAt)
      .sort(([, left], [, right]) => left.usedAt - right.usedAt);
    for (const [id, held] of others) {
      if (size <= this.memoryBytes) return true;
      this.#held.delete(id);
      size -= sizeOf(held);
    }
    return size <= this.memoryBytes;
  }

  #drop(tenantId: TenantId, generation: number): void {
    const held = this.#held.get(tenantId);
    const isTooLargeAlone = held !== undefined && (sizeOf(held) > this.memoryBytes || held.index.isFull);
    if (isTooLargeAlone) this.#refused.set(tenantId, generation);
    this.#held.delete(tenantId);
  }

  #heldOf(tenantId: TenantId): Held {
    let held = this.#held.get(tenantId);
    if (held === undefined) {
      held = newHeld(0);
      this.#held.set(tenantId, held);
    }
    return held;
  }

  /** Works out what is no longer visible and what is missing. */
  #refresh(held: Held, tenantId: TenantId, generation: number): void {
    if (held.seen === generation) return;
    const visible = this.reader.sets(tenantId);
    const analyses = new Map(visible.map(({ version, analysis }) => [version, analysis]));
    for (const [version, { analysis, documents }] of held.sets) {
      if (analyses.get(version) === analysis) continue;
      held.hidden.push(documents);
      held.sets.delete(version);
    }
    const unfinished = new Set(held.missing.map(({ version }) => version));
    held.missing = visible.filter(({ version }) => unfinished.has(version) || !held.sets.has(version));
    held.missing.reverse();
    held.seen = generation;
  }

  #forget({ index, hidden }: Held, most: number): void {
    for (let left = most; left > 0; ) {
      const documents = hidden.at(-1);
      if (documents === undefined) return;
      const some = documents.splice(-left);
      index.remove(some);
      left -= Math.max(some.length, 1);
      if (documents.length === 0) hidden.pop();
    }
  }

  /** How many chunks were added. */
  #load(held: Held, most: number): number {
    let added = 0;
    for (let left = most; left > 0; ) {
      const set = held.missing.at(-1);
      if (set === undefined) break;
      const loaded = held.sets.get(set.version) ?? { analysis: set.analysis, documents: [], lastRow: -1 };
      held.sets.set(set.version, loaded);
      const rows = this.reader.terms(set.version, loaded.lastRow, left);
      for (const row of rows) {
        loaded.documents.push(held.index.add(toDocument(row)));
        loaded.lastRow = row.number;
      }
      if (rows.length < left) held.missing.pop();
      added += rows.length;
      // A set without chunks takes time, too.
      left -= Math.max(rows.length, 1);
    }
    return added;
  }
}

function newHeld(usedAt: number): Held {
  return {
    ...{ index: new InvertedIndex(), seen: -1, sets: new Map(), missing: [], hidden: [] },
    ...{ usedAt, successor: null },
  };
}

/** Whether it is what the database held when it was looked at last. */
function isWhole({ missing, hidden }: Held): boolean {
  return missing.length === 0 && hidden.length === 0;
}

function isWasteful({ index: { forgotten, size } }: Held): boolean {
  return forgotten > MOST_FORGOTTEN && forgotten > size;
}

function sizeOf({ index, successor }: Held): number {
  return index.sizeBytes + (successor?.index.sizeBytes ?? 0);
}

function toDocument({ number, titleTerms, headingTerms, contentTerms }: TermRow) {
  const [title, headings, content] = [titleTerms, headingTerms, contentTerms].map(split);
  return { number, title: title ?? [], headings: headings ?? [], content: content ?? [] };
}

function split(terms: string): string[] {
  return terms.split(" ").filter((term) => term !== "");
}

function othersTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
