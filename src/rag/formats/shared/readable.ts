/** Whether characters make words at all: fonts that do not say their letters and wrong encodings give text that means nothing. */

/** Fewer letters tell nothing. */
const ENOUGH_LETTERS = 200;
const SAMPLE = 100_000;
/** Of all that is no blank: replacements, private characters and controls. Symbols of a list have one a line. */
const MOST_MEANINGLESS = 0.15;
/** In any language in these scripts two of three neighbouring letters are a vowel and a consonant; by chance one of three. */
const LEAST_ALTERNATING = 0.46;

const MEANINGLESS = /[\ufffd\ue000-\uf8ff\u{80}-\u{9f}\u{f0000}-\u{10fffd}]/gu;
/** In capitals are abbreviations and codes, too. */
const WORD = /(?=\p{L}{0,3}\p{Ll})(?:[\p{Script=Latin}\p{M}]{4,}|\p{Script=Cyrillic}{4,})/gu;
const VOWEL = /[aeiouyаеёиоуыэюяіїєѐѝ]/;

export function isReadable(text: string): boolean {
  const sample = text.slice(0, SAMPLE);
  const visible = sample.replace(/\s+/g, "");
  const meaningless = visible.match(MEANINGLESS)?.length ?? 0;
  return meaningless <= visible.length * MOST_MEANINGLESS && hasSyllables(sample);
}

/**
 * Names, keys and numbers of parts are no words, so a text of few words is given the benefit of the doubt. One that fails
 * with every word counted once, too, means nothing: a code may stand in every line, and gibberish is new in each.
 */
function hasSyllables(text: string): boolean {
  const words = text.match(WORD) ?? [];
  return alternate(words, ENOUGH_LETTERS) || alternate([...new Set(words)], 0);
}

function alternate(words: readonly string[], leastLetters: number): boolean {
  let letters = 0;
  let pairs = 0;
  let alternating = 0;
  for (const word of words) {
    const plain = word.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
    letters += plain.length;
    pairs += plain.length - 1;
    for (let place = 1; place < plain.length; place++) {
      if (isVowel(plain, place) !== isVowel(plain, place - 1)) alternating++;
    }
  }
  return letters < leastLetters || alternating >= pairs * LEAST_ALTERNATING;
}

function isVowel(word: string, place: number): boolean {
  return VOWEL.test(word[place] ?? "");
}
