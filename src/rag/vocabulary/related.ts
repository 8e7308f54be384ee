/** Other ways of saying the words of a question: irregular forms, abbreviations, synonyms. */

import { withoutMarks } from "../language.ts";
import { ARABIC } from "./arabic.ts";
import { CHINESE } from "./chinese.ts";
import { DUTCH } from "./dutch.ts";
import { ENGLISH } from "./english.ts";
import { FRENCH } from "./french.ts";
import { GERMAN } from "./german.ts";
import { ITALIAN } from "./italian.ts";
import { PORTUGUESE } from "./portuguese.ts";
import { RUSSIAN } from "./russian.ts";
import { SPANISH } from "./spanish.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** By ISO 639-3 code. */
const VOCABULARIES: Record<string, Vocabulary> = {
  ...{ arb: ARABIC, cmn: CHINESE, deu: GERMAN, eng: ENGLISH, fra: FRENCH, ita: ITALIAN, nld: DUTCH },
  ...{ por: PORTUGUESE, rus: RUSSIAN, spa: SPANISH },
};

/** How much of a word another form of it is, and a synonym. */
const FORM = { sameWord: 1, synonym: 0.75 };

/** One way of saying a part of a question. */
export type OtherWords = { words: string[]; form: number };

/** A part of a question, told by its first word and how many it has, and what else is said for it. */
export type SaidOtherwise = { start: number; length: number; others: OtherWords[] };

type Saying = { keys: string[]; others: OtherWords[] };
/** What a language says otherwise, by the key of the first word, and the keys of all words in it. */
type Sayings = { byFirst: ReadonlyMap<string, Saying[]>; words: ReadonlySet<string> };

/** How texts become words, and what makes two writings of a word the same: its stem. */
export type Analysis = {
  split(text: string): string[];
  fold(word: string): string;
  stem(word: string, language: string): string;
};

const LIGHT_WORDS = new Map(
  Object.entries(VOCABULARIES).map(([language, { light }]) => [
    language,
    new Set(light.split(/\s+/).map(withoutMarks)),
  ]),
);
const sayingsOf = new Map<string, Sayings>();

/** Whether `word` (folded) says how rather than what in one of the languages. */
export function isLightWord(word: string, languages: readonly string[]): boolean {
  return languages.some((language) => LIGHT_WORDS.get(language)?.has(word));
}

/** Every part of a question, told word by word (folded), that `language` has other words for. */
export function saidOtherwise(
  words: readonly string[],
  language: string,
  analysis: Analysis,
): SaidOtherwise[] {
  const sayings = sayingsIn(language, analysis);
  const keys = words.map((word) => keyOf(word, language, analysis));
  return keys.flatMap((key, start) =>
    (sayings?.byFirst.get(key) ?? [])
      .filter((saying) => saying.keys.every((each, place) => keys[start + place] === each))
      .map(({ keys: { length }, others }) => ({ start, length, others })),
  );
}

/** Whether `word` (folded) is one that Parley knows in one of the languages, and so no slip of the keyboard. */
export function isKnownWord(word: string, languages: readonly string[], analysis: Analysis): boolean {
  if (isLightWord(word, languages)) return true;
  return languages.some((language) =>
    sayingsIn(language, analysis)?.words.has(keyOf(word, language, analysis)),
  );
}

function sayingsIn(language: string, analysis: Analysis): Sayings | undefined {
  const vocabulary = VOCABULARIES[language];
  if (vocabulary === undefined) return undefined;
  let sayings = sayingsOf.get(language);
  if (sayings === undefined) {
    sayings = readSayings(vocabulary, language, analysis);
    sayingsOf.set(language, sayings);
  }
  return sayings;
}

/** People leave marks out, and stemmers cut a word otherwise without them. */
export function keyOf(word: string, language: string, { fold, stem }: Analysis): string {
  return stem(fold(word), language);
}

function readSayings({ forms, synonyms }: Vocabulary, language: string, analysis: Analysis): Sayings {
  const byFirst = new Map<string, Saying[]>();
  const known = new Set<string>();
  const add = (group: string[][], form: number) => {
    for (const words of group) {
      const keys = words.map((word) => keyOf(word, language, analysis));
      // A word is among its own other ways: it may have been typed without its marks.
      const others = group
        .filter((other) => other !== words || words.length === 1)
        .map((other) => ({ words: other, form: other === words ? 1 : form }));
      const first = keys[0] ?? "";
      byFirst.set(first, [...(byFirst.get(first) ?? []), { keys, others }]);
      for (const key of keys) known.add(key);
    }
  };
  for (const line of linesOf(forms))
    add(
      line.split(/\s+/).map((word) => [word]),
      FORM.sameWord,
    );
  for (const line of linesOf(synonyms)) {
    add(line.split(",").map(analysis.split), FORM.synonym);
  }
  return { byFirst, words: known };
}

export function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
