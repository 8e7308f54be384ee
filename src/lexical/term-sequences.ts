/**
 * The terms of every document in order. Numbers are written in as few bytes as they need, seven bits each: terms
 * that are frequent come early and have small numbers, so a term takes less than two bytes.
 */

const PAGE_BITS = 20;
const PAGE_BYTES = 1 << PAGE_BITS;
/** Most tenants have little. */
const FIRST_PAGE_BYTES = 1 << 14;
const MOST_BYTES_PER_TERM = 5;

export class TermSequences {
  readonly #pages: Uint8Array[] = [new Uint8Array(FIRST_PAGE_BYTES)];
  #used = 0;
  #scratch = new Uint32Array(1_024);

  get sizeBytes(): number {
    return this.#pages.reduce((sum, page) => sum + page.length, 0);
  }

  /** Keeps the terms and returns what `read` takes. A sequence never crosses pages. */
  append(terms: Uint32Array): number {
    const page = this.#pageFor(terms.length * MOST_BYTES_PER_TERM);
    const start = this.#used;
    let at = start;
    for (const term of terms) {
      let rest = term;
      for (; rest > 0x7f; rest >>>= 7) page[at++] = (rest & 0x7f) | 0x80;
      page[at++] = rest;
    }
    this.#used = at;
    return (this.#pages.length - 1) * PAGE_BYTES + start;
  }

  /** The `length` terms at `address`. What is returned is valid until the next call. */
  read(address: number, length: number): Uint32Array {
    if (length > this.#scratch.length) this.#scratch = new Uint32Array(length * 2);
    const scratch = this.#scratch;
    const page = this.#pages[Math.floor(address / PAGE_BYTES)] as Uint8Array;
    let at = address % PAGE_BYTES;
    for (let i = 0; i < length; i++) {
      let byte = page[at++] as number;
      let term = byte & 0x7f;
      for (let shift = 7; byte > 0x7f; shift += 7) {
        byte = page[at++] as number;
        term |= (byte & 0x7f) << shift;
      }
      scratch[i] = term;
    }
    return scratch.subarray(0, length);
  }

  /** The last page, with room for so many bytes. */
  #pageFor(bytes: number): Uint8Array {
    const last = this.#pages.at(-1) as Uint8Array;
    if (this.#used + bytes <= last.length) return last;
    if (this.#pages.length === 1 && this.#used + bytes <= PAGE_BYTES) {
      const longer = new Uint8Array(Math.min(PAGE_BYTES, Math.max(last.length * 2, this.#used + bytes)));
      longer.set(last);
      this.#pages[0] = longer;
      return longer;
    }
    const next = new Uint8Array(Math.max(PAGE_BYTES, bytes));
    this.#pages.push(next);
    this.#used = 0;
    return next;
  }
}
