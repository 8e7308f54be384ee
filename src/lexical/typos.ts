/** Terms that differ from a word by a slip of the keyboard. Only for words that no document holds. */

/** Shorter words have too many neighbours. */
const SHORTEST = 4;
/** From this length on a word may hold two slips. */
const LONG = 8;
const MOST_FOUND = 3;
/** Part numbers that differ by one sign are different parts. */
const HAS_DIGIT = /\p{N}/u;

export type Neighbour = {
  term: number;
  /** How much of the word it is, 0.5 to 1. */
  form: number;
};

/** Terms by their first letter and their length: the first letter is nearly always typed right. */
export class TypoIndex {
  readonly #groups = new Map<string, number[]>();

  add(term: number, text: string): void {
    if (text.length < SHORTEST - 1 || HAS_DIGIT.test(text)) return;
    const key = keyOf(text, text.length);
    const group = this.#groups.get(key);
    if (group === undefined) this.#groups.set(key, [term]);
    else group.push(term);
  }

  /** The closest terms, none when all are too far away. */
  closest(
    word: string,
    textOf: (term: number) => string,
    documentsOf: (term: number) => number,
  ): Neighbour[] {
    if (word.length < SHORTEST || HAS_DIGIT.test(word)) return [];
    let allowed = word.length < LONG ? 1 : 2;
    let found: number[] = [];
    for (let length = word.length - allowed; length <= word.length + allowed; length++) {
      for (const term of this.#groups.get(keyOf(word, length)) ?? []) {
        if (documentsOf(term) === 0) continue;
        const distance = slips(word, textOf(term), allowed);
        if (distance > allowed) continue;
        if (distance < allowed) found = [];
        allowed = distance;
        found.push(term);
      }
    }
    const form = Math.max(0.5, 1 - (2 * allowed) / word.length);
    return found
      .sort((left, right) => documentsOf(right) - documentsOf(left))
      .slice(0, MOST_FOUND)
      .map((term) => ({ term, form }));
  }
}

function keyOf(text: string, length: number): string {
  return `${text[0]}${length}`;
}

/**
 * Letters added, left out, replaced or swapped with their neighbour between two words (optimal string alignment).
 * Anything above `most` may be told as more than it is.
 */
function slips(left: string, right: string, most: number): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    let lowest = row;
    for (let column = 1; column <= right.length; column++) {
      const isSame = left[row - 1] === right[column - 1];
      let cost = Math.min(
        (last[column] as number) + 1,
        (current[column - 1] as number) + 1,
        (last[column - 1] as number) + (isSame ? 0 : 1),
      );
      const isSwapped =
        row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (isSwapped) cost = Math.min(cost, (beforeLast[column - 2] as number) + 1);
      current.push(cost);
      lowest = Math.min(lowest, cost);
    }
    if (lowest > most) return lowest;
    [beforeLast, last] = [last, current];
  }
  return last[right.length] as number;
}
