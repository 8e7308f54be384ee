/** Typing that is no word of any language: a hand on the keyboard, one letter, one letter again and again. */

/** Rows of keyboards as people drum on them: QWERTY, QWERTZ, AZERTY, Russian and Arabic. */
const LETTERS_OF_WORDS = ["qwertyuiop", "qwertzuiop", "azertyuiop"];
const OTHER_ROWS = [
  ...["asdfghjkl", "asdfghjkloa", "zxcvbnm", "yxcvbnm", "qsdfghjklm", "wxcvbn"],
  ...["йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю", "ضصثقفغعهخحجد", "شسيبلاتنمكط", "ئءؤرلاىةوزظ"],
].map((row) => row.normalize("NFKD").replace(/\p{M}/gu, ""));
const HOME_ROW = /^[asdfghjkl]+$/;
const VOWELS = /[aeiouy\u0430\u0435\u0438\u043e\u0443\u044b\u044d\u044e\u044f]/g;
const ALPHABETIC = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Arabic}\p{Script=Greek}]+$/u;

/** "wert" and "asd" are words or names somewhere; five keys of the row with most vowels, or four of another, are not. */
const KEYS_IN_A_ROW = { ofWords: 5, other: 4 };
const LETTERS_WITHOUT_VOWEL = 6;
const LETTERS_OF_THE_HOME_ROW = 7;
const MOST_VOWELS_ON_THE_HOME_ROW = 0.27;

/** Whether `word` (folded) was hardly meant as one. */
export function isGibberish(word: string): boolean {
  if (/^(.)\1{2,}$/u.test(word)) return true;
  if (!ALPHABETIC.test(word)) return false;
  return isKeyboardRun(word) || isChantOfConsonants(word) || hasTooFewVowels(word);
}

/** All of it runs along a row of keys, to and fro. */
function isKeyboardRun(word: string): boolean {
  const along = (rows: readonly string[]) => rows.some((row) => runsAlong(row, word));
  if (word.length >= KEYS_IN_A_ROW.ofWords && along(LETTERS_OF_WORDS)) return true;
  return word.length >= KEYS_IN_A_ROW.other && along(OTHER_ROWS);
}

/** In pieces of three keys at least, each next to the one before it. */
function runsAlong(row: string, word: string): boolean {
  let pieces = 0;
  let length = 1;
  let step = 0;
  for (let at = 1; at <= word.length; at++) {
    const before = row.indexOf(word[at - 1] ?? "");
    const here = row.indexOf(word[at] ?? " ");
    const moved = before < 0 || here < 0 ? 0 : here - before;
    if (Math.abs(moved) === 1 && (step === 0 || moved === step)) {
      step = moved;
      length++;
      continue;
    }
    if (length < 3) return false;
    pieces++;
    length = 1;
    step = 0;
  }
  return pieces > 0;
}

/** "dfgdfg", "jkjkjk": the same few consonants over and over. */
function isChantOfConsonants(word: string): boolean {
  return word.match(VOWELS) === null && /^(.{2,4})\1+$/u.test(word) && word.length >= LETTERS_WITHOUT_VOWEL;
}

function hasTooFewVowels(word: string): boolean {
  if (!/^[a-z]+$/.test(word)) return false;
  const vowels = word.match(VOWELS)?.length ?? 0;
  if (vowels === 0) return word.length >= LETTERS_WITHOUT_VOWEL;
  const isHomeRow = HOME_ROW.test(word) && word.length >= LETTERS_OF_THE_HOME_ROW;
  return isHomeRow && vowels / word.length <= MOST_VOWELS_ON_THE_HOME_ROW;
}
