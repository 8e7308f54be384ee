/** Room for many short runs of 32-bit numbers, handed out one after another and never given back one by one. */

const PAGE_BITS = 16;
const PAGE = 1 << PAGE_BITS;
const FIRST_PAGE = 1 << 10;

/** A run's address has its page above PAGE_BITS and its place in the page below. */
export class Pool {
  readonly pages: Uint32Array[] = [new Uint32Array(FIRST_PAGE)];
  #used = 0;

  /** Where `length` numbers, at most 65,536, may be written. A run never crosses pages. */
  allocate(length: number): number {
    if (this.#used + length > PAGE) {
      this.pages.push(new Uint32Array(PAGE));
      this.#used = 0;
    }
    const last = this.pages.length - 1;
    const page = this.pages[last] as Uint32Array;
    // Only the first page starts small: most tenants have little.
    if (this.#used + length > page.length) this.pages[last] = grown(page, this.#used + length);
    const address = (last << PAGE_BITS) + this.#used;
    this.#used += length;
    return address;
  }

  page(address: number): Uint32Array {
    return this.pages[address >>> PAGE_BITS] as Uint32Array;
  }

  offset(address: number): number {
    return address & (PAGE - 1);
  }

  get sizeBytes(): number {
    return this.pages.reduce((sum, page) => sum + page.byteLength, 0);
  }
}

/** A longer copy of `numbers`, at least `length` long. */
export function grown(numbers: Uint32Array, length: number): Uint32Array<ArrayBuffer> {
  const copy = new Uint32Array(Math.max(length, numbers.length * 2));
  copy.set(numbers);
  return copy;
}
