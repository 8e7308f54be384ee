/**
 * For every term the documents that hold it, ascending, and how often. A term's postings are a chain of blocks, each
 * twice as long as the one before up to a limit, so that a term may be appended to at any time and is still read in
 * long strides.
 *
 * A block is a number that leads to the next one, the first document in it, and postings in as few bytes as they need:
 * how far it is from the document before, doubled, plus one where a frequency follows in a byte of its own. Most words
 * stand once in the text of a passage and need none. Only the first posting of a block is no step, so a 0 ends it.
 */
import { grown, Pool, roomFor } from "./pool.ts";

/** As much as a byte can say. */
export const MOST_FREQUENCY = 255;
/** A step of this many, doubled, still takes four bytes. */
export const MOST_DOCUMENTS = 1 << 24;

/** Of a block, in numbers of four bytes, without the two before its postings. */
const FIRST_BLOCK = 1;
const LONGEST_BLOCK = 64;
const HEAD = 2;
/** Addresses are stored one higher, so that 0 means that no block follows. */
const NONE = 0;

/** Postings of one block: valid until the next one is read. */
export type Block = { documents: Uint32Array; frequencies: Uint8Array; length: number };

export class Postings {
  readonly #pool = new Pool();
  readonly #block: Block = {
    documents: new Uint32Array(4 * LONGEST_BLOCK),
    frequencies: new Uint8Array(4 * LONGEST_BLOCK),
    length: 0,
  };
  #first = new Uint32Array(256);
  #last = new Uint32Array(256);
  #lastDocument = new Uint32Array(256);
  /** Bytes of postings in the last block, and how many numbers it has room for. */
  #filled = new Uint16Array(256);
  #capacity = new Uint8Array(256);

  /** Documents must come in ascending order for each term. A frequency above MOST_FREQUENCY is stored as that. */
  append(term: number, document: number, frequency: number): void {
    if (term >= this.#first.length) this.#growTerms(roomFor(term + 1));
    const isOften = frequency !== 1;
    let step = 2 * (document - (this.#lastDocument[term] as number)) + (isOften ? 1 : 0);
    const room = 4 * (this.#capacity[term] as number) - (this.#filled[term] as number);
    if (bytesOf(step) + (isOften ? 1 : 0) > room) {
      this.#addBlock(term, document);
      step = isOften ? 1 : 0;
    }
    const address = (this.#last[term] as number) - 1;
    const bytes = this.#pool.bytes(address);
    const start = 4 * (this.#pool.offset(address) + HEAD);
    let at = start + (this.#filled[term] as number);
    for (; step > 0x7f; step >>>= 7) bytes[at++] = (step & 0x7f) | 0x80;
    bytes[at++] = step;
    if (isOften) bytes[at++] = Math.min(frequency, MOST_FREQUENCY);
    this.#filled[term] = at - start;
    this.#lastDocument[term] = document;
  }

  /** Calls `visit` for each block of the term. */
  forEachBlock(term: number, visit: (block: Block) => void): void {
    let stored = this.#first[term] ?? NONE;
    for (let capacity = FIRST_BLOCK; stored !== NONE; capacity = longer(capacity)) {
      const next = this.#nextOf(stored);
      visit(this.#read(stored - 1, capacity));
      stored = next;
    }
  }

  /** Calls `visit` for those of `documents`, ascending, that the term has, with their frequencies. */
  forEachAmong(
    term: number,
    documents: Uint32Array,
    visit: (document: number, frequency: number) => void,
  ): void {
    let wanted = 0;
    let stored = this.#first[term] ?? NONE;
    for (let capacity = FIRST_BLOCK; stored !== NONE; capacity = longer(capacity)) {
      if (wanted === documents.length) return;
      const next = this.#nextOf(stored);
      const isBehind = next !== NONE && (documents[wanted] as number) >= this.#firstDocumentOf(next);
      if (!isBehind) wanted = visitCommon(this.#read(stored - 1, capacity), documents, wanted, visit);
      stored = next;
    }
  }

  get sizeBytes(): number {
    const columns = [this.#first, this.#last, this.#lastDocument, this.#filled, this.#capacity];
    return this.#pool.sizeBytes + columns.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  #nextOf(stored: number): number {
    return this.#pool.words(stored - 1)[this.#pool.offset(stored - 1)] as number;
  }

  #firstDocumentOf(stored: number): number {
    return this.#pool.words(stored - 1)[this.#pool.offset(stored - 1) + 1] as number;
  }

  #read(address: number, capacity: number): Block {
    const bytes = this.#pool.bytes(address);
    const block = this.#block;
    const { documents, frequencies } = block;
    let at = 4 * (this.#pool.offset(address) + HEAD);
    const end = at + 4 * capacity;
    let document = this.#firstDocumentOf(address + 1);
    let length = 0;
    while (at < end) {
      let step = bytes[at++] as number;
      if (step === 0 && length > 0) break;
      // Written out, because all that a search does beside this takes no longer.
      if (step > 0x7f) {
        step = (step & 0x7f) | ((bytes[at++] as number) << 7);
        if (step > 0x3fff) step = (step & 0x3fff) | ((bytes[at++] as number) << 14);
        if (step > 0x1f_ffff) step = (step & 0x1f_ffff) | ((bytes[at++] as number) << 21);
      }
      document += step >>> 1;
      documents[length] = document;
      frequencies[length++] = (step & 1) === 0 ? 1 : (bytes[at++] as number);
    }
    block.length = length;
    return block;
  }

  /** A block that begins with `document`. */
  #addBlock(term: number, document: number): void {
    const former = this.#last[term] as number;
    const capacity = former === NONE ? FIRST_BLOCK : longer(this.#capacity[term] as number);
    const stored = this.#pool.allocate(HEAD + capacity) + 1;
    this.#pool.words(stored - 1)[this.#pool.offset(stored - 1) + 1] = document;
    if (former === NONE) this.#first[term] = stored;
    else this.#pool.words(former - 1)[this.#pool.offset(former - 1)] = stored;
    this.#last[term] = stored;
    this.#filled[term] = 0;
    this.#capacity[term] = capacity;
  }

  #growTerms(length: number): void {
    this.#first = grown(this.#first, length);
    this.#last = grown(this.#last, length);
    this.#lastDocument = grown(this.#lastDocument, length);
    this.#filled = grown(this.#filled, length);
    this.#capacity = grown(this.#capacity, length);
  }
}

/** Goes on at `documents[from]`, and tells where the next block has to. */
function visitCommon(
  block: Block,
  documents: Uint32Array,
  from: number,
  visit: (document: number, frequency: number) => void,
): number {
  let wanted = from;
  for (let place = 0; place < block.length; place++) {
    const document = block.documents[place] as number;
    while (wanted < documents.length && (documents[wanted] as number) < document) wanted++;
    if (wanted === documents.length) return wanted;
    if (documents[wanted] === document) visit(document, block.frequencies[place] as number);
  }
  return wanted;
}

function longer(capacity: number): number {
  return Math.min(capacity * 2, LONGEST_BLOCK);
}

/** How many a number takes at seven bits each; it has 25 at most. */
function bytesOf(number: number): number {
  return number < 1 << 7 ? 1 : number < 1 << 14 ? 2 : number < 1 << 21 ? 3 : 4;
}
