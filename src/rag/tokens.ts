/** How many tokens a text is to a language model, without its tokenizer: measured averages per script. */

/** Characters of one token. Multilingual tokenizers agree on these within about a fifth. */
const LATIN_CHARACTERS = 4.2;
const OTHER_ALPHABET_CHARACTERS = 2.6;
/** Chinese, Japanese, Korean and Thai: a character is most of a token. */
const DENSE_CHARACTERS = 1.3;
/** Digits are cut into groups of one to three. */
const DIGIT_CHARACTERS = 2;

/** Estimated tokens of `text`; 0 only for an empty one. Linear in its length, allocates nothing. */
export function estimateTokens(text: string): number {
  let tokens = 0;
  for (let i = 0; i < text.length; i++) tokens += tokensOfUnit(text.charCodeAt(i));
  return Math.ceil(tokens);
}

function tokensOfUnit(unit: number): number {
  if (unit === 0x20) return 0.05;
  if (unit >= 0x30 && unit <= 0x39) return 1 / DIGIT_CHARACTERS;
  if (unit < 0x250) return isLetterUnit(unit) ? 1 / LATIN_CHARACTERS : 0.6;
  if (unit < 0xe00 || (unit >= 0x10a0 && unit < 0x1100) || (unit >= 0x1e00 && unit < 0x2000)) {
    return 1 / OTHER_ALPHABET_CHARACTERS;
  }
  return 1 / DENSE_CHARACTERS;
}

function isLetterUnit(unit: number): boolean {
  return (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x41 && unit <= 0x5a) || unit >= 0xc0;
}
