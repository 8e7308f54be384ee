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
/** Forgotten documents are skipped at every search and keep room: with more than these a new start is better. */
const MOST_FORGOTTEN = 2_000;

type LoadedSet = { analysis: number; documents: number[]; lastRow: number };
type Held = {
  index: InvertedIndex;
  /** The generation that `missing` was worked out for. */
  seen: number;
  /** By version. */
  sets: Map<number, LoadedSet>;
  /** Sets that are not whole yet, last first. */
  missing: TermSet[];
  usedAt: number;
};

export class TenantIndexes {
  readonly #held = new Map<TenantId, Held>();
  readonly #waiting = new Set<TenantId>();
  /** Generation of tenants whose index did not fit the memory: worth another try only when they change. */
  readonly #refused = new Map<TenantId, number>();
  #isWorking = false;
  #isStopped = false;
  #clock = 0;

  constructor(
    readonly reader: TermReader,
    readonly memoryBytes: number,
  ) {}

  /**
   * The tenant's index if it is, or can be made in a moment, what the database holds; otherwise null, and it
   * is loaded in the background. To be called within the snapshot that the rows are then read from.
   */
  current(tenantId: TenantId): InvertedIndex | null {
    const generation = this.reader.generation(tenantId);
    if (generation === null) return null;
    const held = this.#heldOf(tenantId);
    this.#refresh(held, tenantId, generation);
    if (held.missing.length > 0) this.#load(held, AT_ONCE);
    if (held.missing.length === 0 && !isWasteful(held.index)) return held.index;
    if (this.#refused.get(tenantId) !== generation) this.loadSoon(tenantId);
    return null;
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
  }

  /** Whether the tenant is done, one way or the other. */
  #loadSlice(tenantId: TenantId): boolean {
    return this.reader.inSnapshot(() => {
      const generation = this.reader.generation(tenantId);
      if (generation === null) return true;
      const existing = this.#held.get(tenantId);
      if (existing && isWasteful(existing.index)) this.#held.delete(tenantId);
      const held = this.#heldOf(tenantId);
      this.#refresh(held, tenantId, generation);
      this.#load(held, ROWS_PER_SLICE);
      if (!this.#fits(tenantId) || held.index.isFull) {
        this.#held.delete(tenantId);
        this.#refused.set(tenantId, generation);
        return true;
      }
      return held.missing.length === 0;
    });
  }

  /** Makes room for the tenant by dropping those unused the longest. False when it does not fit alone. */
  #fits(tenantId: TenantId): boolean {
    let size = 0;
    for (const { index } of this.#held.values()) size += index.sizeBytes;
    const others = [...this.#held]
      .filter(([id]) => id !== tenantId)
      .sort(([, left], [, right]) => left.usedAt - right.usedAt);
    for (const [id, { index }] of others) {
      if (size <= this.memoryBytes) return true;
      this.#held.delete(id);
      size -= index.sizeBytes;
    }
    return size <= this.memoryBytes;
  }

  #heldOf(tenantId: TenantId): Held {
    let held = this.#held.get(tenantId);
    if (held === undefined) {
      held = { index: new InvertedIndex(), seen: -1, sets: new Map(), missing: [], usedAt: 0 };
      this.#held.set(tenantId, held);
    }
    held.usedAt = ++this.#clock;
    return held;
  }

  /** Forgets what is no longer visible and works out what is missing. */
  #refresh(held: Held, tenantId: TenantId, generation: number): void {
    if (held.seen === generation) return;
    const visible = this.reader.sets(tenantId);
    const analyses = new Map(visible.map(({ version, analysis }) => [version, analysis]));
    for (const [version, { analysis, documents }] of held.sets) {
      if (analyses.get(version) === analysis) continue;
      for (const document of documents) held.index.remove(document);
      held.sets.delete(version);
    }
    const unfinished = new Set(held.missing.map(({ version }) => version));
    held.missing = visible.filter(({ version }) => unfinished.has(version) || !held.sets.has(version));
    held.missing.reverse();
    held.seen = generation;
  }

  #load(held: Held, most: number): void {
    for (let left = most; left > 0; ) {
      const set = held.missing.at(-1);
      if (set === undefined) return;
      const loaded = held.sets.get(set.version) ?? { analysis: set.analysis, documents: [], lastRow: -1 };
      held.sets.set(set.version, loaded);
      const rows = this.reader.terms(set.version, loaded.lastRow, left);
      for (const row of rows) {
        loaded.documents.push(held.index.add(toDocument(row)));
        loaded.lastRow = row.number;
      }
      if (rows.length < left) held.missing.pop();
      // A set without chunks takes time, too.
      left -= Math.max(rows.length, 1);
    }
  }
}

function isWasteful({ forgotten, size }: InvertedIndex): boolean {
  return forgotten > MOST_FORGOTTEN && forgotten > size;
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
