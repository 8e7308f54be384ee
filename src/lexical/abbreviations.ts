/**
 * Abbreviations that the documents explain themselves: "paid time off (PTO)", "PTO (paid time off)". Seen by the first
 * letters of the words beside one, which stemming leaves as they are.
 */

/** Two letters stand beside words that begin with them by chance. */
const FEWEST_LETTERS = 3;
const MOST_LETTERS = 6;
const ONLY_LETTERS = /^\p{L}+$/u;
/** "Center of Excellence (CoE)" counts its small words, "Department of Justice (DJ)" does not. */
const LONGEST_SKIPPED = 3;

/** Whether a word is short enough to be an abbreviation. */
export function mayAbbreviate(word: string): boolean {
  const { length } = [...word];
  return length >= FEWEST_LETTERS && length <= MOST_LETTERS && ONLY_LETTERS.test(word);
}

/** The words that `abbreviation` is made of where it stands in a text beside them; null when it never does. */
export function explanation(abbreviation: string, words: readonly string[]): string[] | null {
  const letters = [...abbreviation];
  for (let place = words.indexOf(abbreviation); place >= 0; place = words.indexOf(abbreviation, place + 1)) {
    const start = firstPlace(letters, place, words);
    if (start !== null) return words.slice(start, place);
    const end = lastPlace(letters, place, words);
    if (end !== null) return words.slice(place + 1, end);
  }
  return null;
}

function firstPlace(letters: readonly string[], place: number, words: readonly string[]): number | null {
  let at = place;
  for (const letter of letters.toReversed()) {
    at--;
    if (at >= 0 && !words[at]?.startsWith(letter) && isSmall(words[at])) at--;
    if (at < 0 || !words[at]?.startsWith(letter)) return null;
  }
  return at;
}

function lastPlace(letters: readonly string[], place: number, words: readonly string[]): number | null {
  let at = place;
  for (const letter of letters) {
    at++;
    if (!words[at]?.startsWith(letter) && isSmall(words[at])) at++;
    if (!words[at]?.startsWith(letter)) return null;
  }
  return at + 1;
}

function isSmall(word: string | undefined): boolean {
  return word !== undefined && word.length <= LONGEST_SKIPPED;
}
