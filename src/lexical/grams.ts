/**
 * Runs of four characters of each term. Words that share many are related where no stemmer sees it: parts of
 * a compound, other forms, a slip of the keyboard.
 */
import { B, inverseFrequency, K1 } from "../domain/bm25.ts";

const LENGTH = 4;
/** Runs are kept as 16-bit hashes; two that meet in one only blur a likeness a little. */
const BUCKETS = 1 << 16;

export type Likeness = {
  /** BM25 over the runs of the whole question. */
  score: number;
  /** For each word the share of its runs that the most similar term of the document has, 0 to 1. */
  words: number[];
};

/** What stands for a question: made once, compared with many documents. */
export type GramQuery = {
  /** 1 + the place in `weights` by bucket, 0 for a run that the question does not have. */
  slots: Uint8Array;
  buckets: number[];
  weights: number[];
  /** By slot the words that have the run, as bits. */
  owners: number[];
  /** Runs of each word. */
  counts: number[];
};

/** Slots are bytes, owners are bits. */
const MOST_SLOTS = 250;
const MOST_WORDS = 31;

export class Grams {
  /** Where the runs of a term begin; the next term's beginning ends them. */
  #starts = new Uint32Array(256);
  #runs = new Uint16Array(1_024);
  #terms = 0;
  /** About how many live documents have a run. */
  readonly #documents = new Uint32Array(BUCKETS);
  readonly #slots = new Uint8Array(BUCKETS);

  get sizeBytes(): number {
    return this.#starts.byteLength + this.#runs.byteLength + this.#documents.byteLength + BUCKETS;
  }

  /** Terms must be added in the order of their numbers. */
  addTerm(term: string): void {
    const runs = runsOf(term);
    const start = this.#starts[this.#terms] as number;
    const end = start + runs.length;
    if (end > this.#runs.length) {
      const longer = new Uint16Array(Math.max(end, this.#runs.length * 2));
      longer.set(this.#runs);
      this.#runs = longer;
    }
    this.#runs.set(runs, start);
    this.#terms++;
    if (this.#terms === this.#starts.length) {
      const longer = new Uint32Array(this.#starts.length * 2);
      longer.set(this.#starts);
      this.#starts = longer;
    }
    this.#starts[this.#terms] = end;
  }

  /** A document with these different terms appeared (1) or went (-1). */
  count(terms: Iterable<number>, change: 1 | -1): void {
    for (const term of terms) {
      const end = this.#starts[term + 1] as number;
      for (let place = this.#starts[term] as number; place < end; place++) {
        const bucket = this.#runs[place] as number;
        this.#documents[bucket] = (this.#documents[bucket] as number) + change;
      }
    }
  }

  /** How many runs the terms have together. */
  lengthOf(terms: Uint32Array): number {
    let length = 0;
    for (const term of terms) length += (this.#starts[term + 1] as number) - (this.#starts[term] as number);
    return length;
  }

  /** Calls `use` with the question's runs, of which only one at a time is there. */
  withQuery<T>(words: readonly (readonly string[])[], documents: number, use: (query: GramQuery) => T): T {
    const query: GramQuery = { slots: this.#slots, buckets: [], weights: [], owners: [], counts: [] };
    for (const [word, alternatives] of words.slice(0, MOST_WORDS).entries()) {
      const runs = new Set(alternatives.flatMap((term) => runsOf(term)));
      query.counts.push(runs.size);
      for (const bucket of runs) this.#addRun(query, bucket, 1 << word, documents);
    }
    try {
      return use(query);
    } finally {
      for (const bucket of query.buckets) this.#slots[bucket] = 0;
    }
  }

  likeness(query: GramQuery, terms: Uint32Array, relativeLength: number): Likeness {
    const frequencies = new Uint32Array(query.weights.length);
    const words = new Array<number>(query.counts.length).fill(0);
    const shared = new Uint32Array(query.counts.length);
    for (const term of terms) {
      let owning = 0;
      const start = this.#starts[term] as number;
      const end = this.#starts[term + 1] as number;
      for (let place = start; place < end; place++) {
        const slot = query.slots[this.#runs[place] as number] as number;
        if (slot === 0) continue;
        frequencies[slot - 1] = (frequencies[slot - 1] as number) + 1;
        const owners = query.owners[slot - 1] as number;
        owning |= owners;
        for (let bits = owners; bits !== 0; bits &= bits - 1) {
          const word = 31 - Math.clz32(bits & -bits);
          shared[word] = (shared[word] as number) + 1;
        }
      }
      for (let bits = owning; bits !== 0; bits &= bits - 1) {
        const word = 31 - Math.clz32(bits & -bits);
        const like = (shared[word] as number) / Math.max(query.counts[word] as number, 1);
        if (like > (words[word] as number)) words[word] = Math.min(like, 1);
        shared[word] = 0;
      }
    }
    const damping = K1 * (1 - B + B * relativeLength);
    let score = 0;
    for (let slot = 0; slot < frequencies.length; slot++) {
      const frequency = frequencies[slot] as number;
      if (frequency > 0)
        score += ((query.weights[slot] as number) * frequency * (K1 + 1)) / (frequency + damping);
    }
    return { score, words };
  }

  #addRun(query: GramQuery, bucket: number, owner: number, documents: number): void {
    const slot = query.slots[bucket] as number;
    if (slot > 0) {
      query.owners[slot - 1] = (query.owners[slot - 1] as number) | owner;
      return;
    }
    if (query.weights.length === MOST_SLOTS) return;
    query.buckets.push(bucket);
    query.owners.push(owner);
    query.weights.push(inverseFrequency(documents, Math.min(this.#documents[bucket] as number, documents)));
    query.slots[bucket] = query.weights.length;
  }
}

/** Hashes of the runs of a term between marks of its beginning and end. */
function runsOf(term: string): number[] {
  const marked = `^${term}$`;
  const runs: number[] = [];
  for (let start = 0; start === 0 || start + LENGTH <= marked.length; start++) runs.push(hash(marked, start));
  return runs;
}

/** FNV-1a, folded to 16 bits. */
function hash(text: string, start: number): number {
  let value = 0x811c9dc5;
  const end = Math.min(start + LENGTH, text.length);
  for (let place = start; place < end; place++) {
    value = Math.imul(value ^ text.charCodeAt(place), 0x01000193);
  }
  return (value ^ (value >>> 16)) & (BUCKETS - 1);
}
