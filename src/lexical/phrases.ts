/** Several terms that say together what a word of a question says: "paid time off" for "pto". */

export type Saying = {
  terms: number[];
  /** How much of the word it is, 0 to 1. */
  form: number;
};
type SayingOfWord = Saying & { word: number };

const NONE: SayingOfWord[] = [];

/** The sayings of a question, to be looked for in one document after another. */
export class Phrases {
  readonly #byLast = new Map<number, SayingOfWord[]>();

  add(saying: SayingOfWord): void {
    const last = saying.terms.at(-1) as number;
    this.#byLast.set(last, [...(this.#byLast.get(last) ?? []), saying]);
  }

  /** Those whose last term stands at `place`, all of them from `from` on. */
  endingAt(terms: Uint32Array, place: number, from: number): readonly SayingOfWord[] {
    const ending = this.#byLast.size === 0 ? undefined : this.#byLast.get(terms[place] as number);
    if (ending === undefined) return NONE;
    return ending.filter(({ terms: saying }) => {
      const start = place - saying.length + 1;
      return start >= from && saying.every((term, offset) => terms[start + offset] === term);
    });
  }
}
