/** Room for many short runs of 32-bit numbers, handed out one after another and never given back one by one. */

const PAGE_BITS = 16;
const PAGE = 1 << PAGE_BITS;
const FIRST_PAGE = 1 << 10;

/** The same memory twice. */
type Page = { words: Uint32Array; bytes: Uint8Array };

/** A run's address has its page above PAGE_BITS and its place in the page below. What is handed out is all 0. */
export class Pool {
  readonly #pages: Page[] = [pageOf(new Uint32Array(FIRST_PAGE))];
  #used = 0;

  /** Where `length` numbers, at most 65,536, may be written. A run never crosses pages. */
  allocate(length: number): number {
    if (this.#used + length > PAGE) {
      this.#pages.push(pageOf(new Uint32Array(PAGE)));
      this.#used = 0;
    }
    const last = this.#pages.length - 1;
    const { words } = this.#pages[last] as Page;
    // Only the first page starts small: most tenants have little.
    if (this.#used + length > words.length)
      this.#pages[last] = pageOf(
        grown(words, Math.min(PAGE, Math.max(this.#used + length, words.length * 2))),
      );
    const address = (last << PAGE_BITS) + this.#used;
    this.#used += length;
    return address;
  }

  /** The numbers of the page that `address` is in. */
  words(address: number): Uint32Array {
    return (this.#pages[address >>> PAGE_BITS] as Page).words;
  }

  /** The same memory, byte by byte. */
  bytes(address: number): Uint8Array {
    return (this.#pages[address >>> PAGE_BITS] as Page).bytes;
  }

  offset(address: number): number {
    return address & (PAGE - 1);
  }

  get sizeBytes(): number {
    return this.#pages.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }
}

function pageOf(words: Uint32Array): Page {
  return { words, bytes: new Uint8Array(words.buffer) };
}

type Column = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/** A copy of `numbers` that is `length` long. */
export function grown<Numbers extends Column>(numbers: Numbers, length: number): Numbers {
  const copy = new (numbers.constructor as new (length: number) => Numbers)(length);
  copy.set(numbers);
  return copy;
}

/** How long a column becomes that has to hold `length`: a quarter more, so that little of it is empty. */
export function roomFor(length: number): number {
  return Math.ceil((length * 5) / 4);
}
