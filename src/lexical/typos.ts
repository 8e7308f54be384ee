/** Terms that differ from a word by a slip of the keyboard. Only for words that no document holds. */

/** Shorter words have too many neighbours. */
const SHORTEST = 4;
/** Below this length only letters that changed places or were doubled are taken for a slip. */
const SHORT = 5;
/** As long as a word of the index can be. */
const LONGEST = 40;
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

/** Terms of one first letter and one length; `letters` are those that a term has, as bits. */
type Group = { terms: number[]; letters: number[] };

/** Terms by their first letter and their length: the first letter is nearly always typed right. */
export class TypoIndex {
  readonly #groups = new Map<string, Group>();

  add(term: number, text: string): void {
    if (text.length < SHORTEST - 1 || text.length > LONGEST || HAS_DIGIT.test(text)) return;
    const key = keyOf(text, text.length);
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = { terms: [], letters: [] };
      this.#groups.set(key, group);
    }
    group.terms.push(term);
    group.letters.push(lettersOf(text));
  }

  /** The closest terms, none when all are too far away. */
  closest(
    word: string,
    textOf: (term: number) => string,
    documentsOf: (term: number) => number,
  ): Neighbour[] {
    if (word.length < SHORTEST || word.length > LONGEST || HAS_DIGIT.test(word)) return [];
    const letters = lettersOf(word);
    let allowed = word.length < LONG ? 1 : 2;
    let found: number[] = [];
    for (let length = word.length - allowed; length <= word.length + allowed; length++) {
      const group = this.#groups.get(keyOf(word, length));
      for (let place = 0; group !== undefined && place < group.terms.length; place++) {
        // A slip changes two letters at most: most terms are out by that alone.
        if (bitsIn(letters ^ (group.letters[place] as number)) > 2 * allowed) continue;
        const term = group.terms[place] as number;
        if (documentsOf(term) === 0) continue;
        const distance = slips(word, textOf(term), allowed);
        if (distance > allowed || (word.length < SHORT && !isSureSlip(word, textOf(term)))) continue;
        if (distance < allowed) found = [];
        allowed = distance;
        found.push(term);
      }
    }
    return found
      .sort((left, right) => documentsOf(right) - documentsOf(left))
      .slice(0, MOST_FOUND)
      .map((term) => ({ term, form: formOf(word, textOf(term), allowed) }));
  }
}

function formOf(word: string, term: string, slips: number): number {
  return Math.max(0.5, 1 - ((isSureSlip(word, term) ? 1 : 2) * slips) / word.length);
}

/** Letters that changed places or are doubled are hardly ever another word; any other slip may be. */
function isSureSlip(word: string, term: string): boolean {
  return lettersInOrder(word) === lettersInOrder(term) || undoubled(word) === undoubled(term);
}

function lettersInOrder(text: string): string {
  return [...text].sort().join("");
}

function undoubled(text: string): string {
  return text.replace(/(.)\1/gu, "$1");
}

function keyOf(text: string, length: number): string {
  return `${text[0]}${length}`;
}

/** Which letters a text has; 32 share a bit with others. */
function lettersOf(text: string): number {
  let letters = 0;
  for (let place = 0; place < text.length; place++) letters |= 1 << (text.charCodeAt(place) & 31);
  return letters;
}

function bitsIn(number: number): number {
  let count = 0;
  for (let rest = number; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** Lines of the table that `slips` fills, the latest three. */
const LINES = [0, 1, 2].map(() => new Uint8Array(LONGEST + 2));

/**
 * Letters added, left out, replaced or swapped with their neighbour between two words (optimal string alignment).
 * Anything above `most` may be told as more than it is.
 */
function slips(left: string, right: string, most: number): number {
  let [beforeLast, last, current] = LINES as [Uint8Array, Uint8Array, Uint8Array];
  for (let column = 0; column <= right.length; column++) last[column] = column;
  for (let row = 1; row <= left.length; row++) {
    current[0] = row;
    let lowest = row;
    const letter = left.charCodeAt(row - 1);
    for (let column = 1; column <= right.length; column++) {
      const other = right.charCodeAt(column - 1);
      const replaced = (last[column - 1] as number) + (letter === other ? 0 : 1);
      let cost = Math.min((last[column] as number) + 1, (current[column - 1] as number) + 1, replaced);
      const isSwapped =
        row > 1 &&
        column > 1 &&
        letter === right.charCodeAt(column - 2) &&
        left.charCodeAt(row - 2) === other;
      if (isSwapped) cost = Math.min(cost, (beforeLast[column - 2] as number) + 1);
      current[column] = cost;
      if (cost < lowest) lowest = cost;
    }
    if (lowest > most) return lowest;
    [beforeLast, last, current] = [last, current, beforeLast];
  }
  return last[right.length] as number;
}
