/** What the index keeps of each document beside its postings, in columns. */
import { grown, roomFor } from "./pool.ts";
import { TermSequences } from "./term-sequences.ts";

export type NewDocument = {
  /** Of the chunk in the database. */
  row: number;
  /** Title, headings and content, one after another. */
  terms: Uint32Array;
  titleLength: number;
  headingsLength: number;
  /** How many runs of characters its terms have. */
  grams: number;
};

/** What BM25 adds to a frequency below the line: constant + perTerm · length, which is k1·(1 − b + b·length/mean). */
export type Damping = {
  /** By document, 0 for a forgotten one. */
  lengths: Uint32Array;
  constant: number;
  perTerm: number;
};

const BYTES_PER_DOCUMENT = 8 + 5 * 4;

export class DocumentTable {
  readonly #sequences = new TermSequences();
  #rows = new Float64Array(64);
  #addresses = new Uint32Array(64);
  /** Terms of a document in all; 0 for a forgotten one. */
  #lengths = new Uint32Array(64);
  #titleLengths = new Uint32Array(64);
  #headingsLengths = new Uint32Array(64);
  #gramLengths = new Uint32Array(64);
  #totalLength = 0;
  #totalGrams = 0;
  count = 0;
  live = 0;

  get sizeBytes(): number {
    return this.#sequences.sizeBytes + BYTES_PER_DOCUMENT * this.#rows.length;
  }

  /** Terms by document, 0 for a forgotten one. */
  get termLengths(): Uint32Array {
    return this.#lengths;
  }

  /** Runs of characters of all live documents. */
  get grams(): number {
    return this.#totalGrams;
  }

  /** The new document's number. */
  add({ row, terms, titleLength, headingsLength, grams }: NewDocument): number {
    const document = this.count++;
    if (document === this.#rows.length) this.#grow();
    this.#rows[document] = row;
    this.#addresses[document] = this.#sequences.append(terms);
    this.#lengths[document] = terms.length;
    this.#titleLengths[document] = titleLength;
    this.#headingsLengths[document] = headingsLength;
    this.#gramLengths[document] = grams;
    this.#change(1, document);
    return document;
  }

  remove(document: number): void {
    this.#change(-1, document);
    this.#lengths[document] = 0;
    this.#rows[document] = -1;
  }

  isLive(document: number): boolean {
    return this.row(document) >= 0;
  }

  row(document: number): number {
    return this.#rows[document] ?? -1;
  }

  /** Valid until the next call. */
  terms(document: number): Uint32Array {
    return this.#sequences.read(this.#addresses[document] as number, this.#lengths[document] as number);
  }

  lengths(document: number): { titleLength: number; headingsLength: number; gramLength: number } {
    return {
      titleLength: this.#titleLengths[document] as number,
      headingsLength: this.#headingsLengths[document] as number,
      gramLength: this.#gramLengths[document] as number,
    };
  }

  damping(k1: number, b: number): Damping {
    const meanLength = Math.max(this.#totalLength / Math.max(this.live, 1), 1);
    return { lengths: this.#lengths, constant: k1 * (1 - b), perTerm: (k1 * b) / meanLength };
  }

  #change(sign: 1 | -1, document: number): void {
    this.live += sign;
    this.#totalLength += sign * (this.#lengths[document] as number);
    this.#totalGrams += sign * (this.#gramLengths[document] as number);
  }

  #grow(): void {
    const length = roomFor(this.#rows.length);
    this.#rows = grown(this.#rows, length);
    this.#addresses = grown(this.#addresses, length);
    this.#lengths = grown(this.#lengths, length);
    this.#titleLengths = grown(this.#titleLengths, length);
    this.#headingsLengths = grown(this.#headingsLengths, length);
    this.#gramLengths = grown(this.#gramLengths, length);
  }
}
