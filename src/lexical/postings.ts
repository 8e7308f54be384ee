/**
 * For every term the documents that hold it, ascending, and how often. A term's postings are a chain of
 * blocks, each twice as long as the one before up to a limit, so that a term may be appended to at any time
 * and is still read in long strides.
 */
import { grown, Pool } from "./pool.ts";

/** A posting is a document's number above and its frequency in the lowest bits. */
const FREQUENCY_BITS = 8;
export const MOST_FREQUENCY = (1 << FREQUENCY_BITS) - 1;
export const MOST_DOCUMENTS = 1 << (32 - FREQUENCY_BITS);

const FIRST_BLOCK = 2;
const LONGEST_BLOCK = 4_096;
/** Addresses are stored one higher, so that 0 means that no block follows. */
const NONE = 0;

export class Postings {
  readonly #pool = new Pool();
  #first = new Uint32Array(256);
  #last = new Uint32Array(256);
  /** Postings in the last block, and how many it takes. */
  #filled = new Uint32Array(256);
  #capacity = new Uint32Array(256);

  /** Documents must come in ascending order for each term. A frequency above MOST_FREQUENCY is stored as that. */
  append(term: number, document: number, frequency: number): void {
    if (term >= this.#first.length) this.#growTerms(term + 1);
    if (this.#filled[term] === this.#capacity[term]) this.#addBlock(term);
    const address = (this.#last[term] as number) - 1;
    const filled = this.#filled[term] as number;
    this.#pool.page(address)[this.#pool.offset(address) + 1 + filled] =
      document * (MOST_FREQUENCY + 1) + Math.min(frequency, MOST_FREQUENCY);
    this.#filled[term] = filled + 1;
  }

  /** Calls `visit` for each block of the term: the postings are `page[from]` up to before `page[to]`. */
  forEachBlock(term: number, visit: (page: Uint32Array, from: number, to: number) => void): void {
    let stored = this.#first[term] ?? NONE;
    let capacity = FIRST_BLOCK;
    while (stored !== NONE) {
      const page = this.#pool.page(stored - 1);
      const offset = this.#pool.offset(stored - 1);
      const isLast = stored === this.#last[term];
      const length = isLast ? (this.#filled[term] as number) : capacity;
      visit(page, offset + 1, offset + 1 + length);
      stored = isLast ? NONE : (page[offset] as number);
      capacity = longer(capacity);
    }
  }

  /** Calls `visit` for those of `documents`, ascending, that the term has, with their frequencies. */
  forEachAmong(
    term: number,
    documents: Uint32Array,
    visit: (document: number, frequency: number) => void,
  ): void {
    let next = 0;
    this.forEachBlock(term, (page, from, to) => {
      if (next === documents.length) return;
      const last = documentOf(page[to - 1] as number);
      let start = from;
      for (; next < documents.length && (documents[next] as number) <= last; next++) {
        start = firstFrom(page, start, to, documents[next] as number);
        const posting = page[start] as number;
        if (documentOf(posting) === documents[next]) visit(documentOf(posting), frequencyOf(posting));
      }
    });
  }

  get sizeBytes(): number {
    return this.#pool.sizeBytes + 4 * this.#first.byteLength;
  }

  #addBlock(term: number): void {
    const former = this.#last[term] as number;
    const capacity = former === NONE ? FIRST_BLOCK : longer(this.#capacity[term] as number);
    const stored = this.#pool.allocate(capacity + 1) + 1;
    if (former === NONE) this.#first[term] = stored;
    else this.#pool.page(former - 1)[this.#pool.offset(former - 1)] = stored;
    this.#last[term] = stored;
    this.#filled[term] = 0;
    this.#capacity[term] = capacity;
  }

  #growTerms(length: number): void {
    this.#first = grown(this.#first, length);
    this.#last = grown(this.#last, length);
    this.#filled = grown(this.#filled, length);
    this.#capacity = grown(this.#capacity, length);
  }
}

/** Place of the first posting of `document` or a later one; there is one. Quick when it is near `from`. */
function firstFrom(page: Uint32Array, from: number, to: number, document: number): number {
  let low = from;
  let step = 1;
  while (low + step < to && documentOf(page[low + step] as number) < document) {
    low += step;
    step *= 2;
  }
  let high = Math.min(low + step, to - 1);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (documentOf(page[middle] as number) < document) low = middle + 1;
    else high = middle;
  }
  return low;
}

function longer(capacity: number): number {
  return Math.min(capacity * 2, LONGEST_BLOCK);
}

export function documentOf(posting: number): number {
  return posting >>> FREQUENCY_BITS;
}

export function frequencyOf(posting: number): number {
  return posting & MOST_FREQUENCY;
}
