/** How much decoded text looks like text: what its characters beyond ASCII stand beside. */

const FOREIGN = /[^\p{ASCII}]/gu;
/** Replacements, control characters and those that every font means otherwise. */
const MEANINGLESS = /[\ufffd\u{80}-\u{9f}\ue000-\uf8ff]/u;
/** More say no more. */
const MOST_LOOKED_AT = 3_000;

/** Letters beyond ASCII of languages in Latin script, a language each. */
const ALPHABETS = [
  ...[
    "äöüß",
    "àâæçèéêëîïôœùûüÿ",
    "áéíóúüñ",
    "áâãàçéêíóôõú",
    "àèéìòù",
    "éëïöüáó",
    "åäöé",
    "æøåé",
    "áéíóúýþæöð",
  ],
  ...["ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîșşțţ", "çğıöşüâî", "čćđšž"],
  ...["ąčęėįšųūž", "āčēģīķļņšūž", "äöõüšž", "àçèéíïòóúü"],
].map((letters) => new Set(letters));
/** Those of most words in Russian, Ukrainian, Bulgarian and Serbian. */
const COMMON_CYRILLIC = new Set("оеаинтсрвлкмдпуяыьгзбчйжії");
const QUOTES = /^[„“”‘’‚«»‹›]$/;
const USUAL_SIGN = /^[–—…•·€£¥§°©®™±×½¼¾²³µº¿¡\u00a0]$/;
const DRAWN = /^[\u2500-\u259f\u25a0]$/;
const EAST_ASIAN =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff00-\uff60ー]$/u;
const OTHER_SCRIPTS = [
  /^\p{Script=Cyrillic}$/u,
  /^\p{Script=Greek}$/u,
  /^\p{Script=Hebrew}$/u,
  /^\p{Script=Arabic}$/u,
  /^\p{Script=Thai}$/u,
];

/** From about 1 for text in its own encoding down to -3 for bytes that mean nothing in it. 1 for nothing but ASCII. */
export function plausibility(text: string): number {
  const foreign = [...text.matchAll(FOREIGN)].slice(0, MOST_LOOKED_AT);
  if (foreign.length === 0) return 1;
  const alphabet = alphabetOf(foreign.map(([character]) => character.toLowerCase()));
  const worths = foreign.map(({ index }) =>
    worth(text[index] ?? "", text[index - 1] ?? " ", text[index + 1] ?? " ", alphabet),
  );
  return worths.reduce((sum, each) => sum + each, 0) / foreign.length;
}

/** That of the language which most of the letters are of. */
function alphabetOf(letters: readonly string[]): ReadonlySet<string> {
  const countIn = (alphabet: ReadonlySet<string>) => letters.filter((letter) => alphabet.has(letter)).length;
  const counted = ALPHABETS.map((alphabet) => ({ alphabet, count: countIn(alphabet) }));
  return counted.reduce((best, each) => (each.count > best.count ? each : best)).alphabet;
}

function worth(character: string, before: string, after: string, alphabet: ReadonlySet<string>): number {
  if (MEANINGLESS.test(character)) return -3;
  if (EAST_ASIAN.test(character)) return worthOfEastAsian(before, after);
  const script = OTHER_SCRIPTS.find((each) => each.test(character));
  if (script) return worthOfScript(script, character, before, after);
  if (/\p{Script=Latin}/u.test(character)) return worthOfLatin(character, before, after, alphabet);
  return worthOfSign(character, before, after);
}

function worthOfEastAsian(before: string, after: string): number {
  if (isLatin(before) || isLatin(after)) return -1.5;
  return EAST_ASIAN.test(before) || EAST_ASIAN.test(after) ? 0.8 : 0.2;
}

function worthOfScript(script: RegExp, character: string, before: string, after: string): number {
  if (isLatin(before) || isLatin(after)) return -1.5;
  if (isUpper(character) && isLower(before)) return -2;
  if (!script.test(before) && !script.test(after)) return 0.2;
  const isRare = script === OTHER_SCRIPTS[0] && !COMMON_CYRILLIC.has(character.toLowerCase());
  return isRare ? 0.3 : 1;
}

function worthOfLatin(
  character: string,
  before: string,
  after: string,
  alphabet: ReadonlySet<string>,
): number {
  if (isUpper(character) && isLower(before)) return -2;
  // Words with two accented letters side by side are rare.
  if (isAccented(before) || isAccented(after)) return 0;
  const isInWord = isLatin(before) || isLatin(after);
  if (!alphabet.has(character.toLowerCase())) return isInWord ? 0 : -0.5;
  return isInWord ? 1 : 0.3;
}

function worthOfSign(character: string, before: string, after: string): number {
  const isInWord = isLetter(before) && isLetter(after);
  if (isInWord) return character === "’" ? 0.7 : -1.5;
  if (DRAWN.test(character)) return DRAWN.test(before) || DRAWN.test(after) || before === " " ? 0.3 : -1;
  if (QUOTES.test(character) || USUAL_SIGN.test(character)) return 0.6;
  return isLetter(before) || isLetter(after) ? -1 : -0.3;
}

function isLetter(character: string): boolean {
  return /\p{L}/u.test(character);
}
function isLatin(character: string): boolean {
  return /\p{Script=Latin}/u.test(character);
}
function isAccented(character: string): boolean {
  return character > "\x7f" && isLatin(character);
}
function isUpper(character: string): boolean {
  return /\p{Lu}/u.test(character);
}
function isLower(character: string): boolean {
  return /\p{Ll}/u.test(character);
}
