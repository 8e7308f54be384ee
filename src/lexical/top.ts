/** The best of many by score, without sorting them all. */
export type Scored = { document: number; score: number };

/** Keeps the `limit` best; `isBefore` decides among equal scores. */
export class Top {
  /** A heap with the worst at its root. */
  readonly #heap: Scored[] = [];

  constructor(
    readonly limit: number,
    readonly isBefore: (left: number, right: number) => boolean,
  ) {}

  /** Below this score `offer` does nothing. */
  floor = 0;

  offer(document: number, score: number): void {
    const heap = this.#heap;
    if (heap.length < this.limit) {
      heap.push({ document, score });
      this.#rise(heap.length - 1);
      if (heap.length === this.limit) this.floor = heap[0]?.score ?? 0;
      return;
    }
    const worst = heap[0];
    if (worst === undefined || score < worst.score) return;
    if (score === worst.score && !this.isBefore(document, worst.document)) return;
    worst.document = document;
    worst.score = score;
    this.#sink();
    this.floor = heap[0]?.score ?? 0;
  }

  /** Best first. */
  sorted(): Scored[] {
    return this.#heap.sort((left, right) => (this.#isWorse(left, right) ? 1 : -1));
  }

  #isWorse(left: Scored, right: Scored): boolean {
    if (left.score !== right.score) return left.score < right.score;
    return this.isBefore(right.document, left.document);
  }

  #rise(from: number): void {
    for (let child = from; child > 0; ) {
      const parent = (child - 1) >> 1;
      if (!this.#swapIfWorse(child, parent)) return;
      child = parent;
    }
  }

  #sink(): void {
    const { length } = this.#heap;
    for (let parent = 0; ; ) {
      const left = parent * 2 + 1;
      if (left >= length) return;
      const right = left + 1;
      const isRightWorse =
        right < length && this.#isWorse(this.#heap[right] as Scored, this.#heap[left] as Scored);
      const child = isRightWorse ? right : left;
      if (!this.#swapIfWorse(child, parent)) return;
      parent = child;
    }
  }

  /** Whether `child` was worse than its parent and took its place. */
  #swapIfWorse(child: number, parent: number): boolean {
    const lower = this.#heap[child] as Scored;
    const upper = this.#heap[parent] as Scored;
    if (!this.#isWorse(lower, upper)) return false;
    this.#heap[child] = upper;
    this.#heap[parent] = lower;
    return true;
  }
}
