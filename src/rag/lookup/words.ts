/** A question word by word, with where each stands, so that what one reading has used no other uses again. */
import { languagesOfQuestion } from "../language.ts";
import { foldWord, indexTerms } from "../text.ts";

/** From the first character of a part of the question to the one behind it. */
export type Span = { start: number; end: number };

export type QuestionWord = Span & {
  /** As it was typed, and folded. */
  text: string;
  folded: string;
};

export type Question = {
  text: string;
  words: QuestionWord[];
  /** ISO 639-3: what it may be in. */
  languages: string[];
};

const WORDS = /[\p{L}\p{N}\p{M}]+/gu;
/** Written without spaces: a word is a pair of characters, as in the index. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Hangul}]/u;

export function readQuestion(text: string): Question {
  const words = [...text.matchAll(WORDS)].flatMap((found) => wordsOf(found[0], found.index));
  return { text, words, languages: languagesOfQuestion(words.map(({ folded }) => folded)) };
}

/** Terms by which two writings of a word are the same, one for each language. */
export function termsOf(word: string, languages: readonly string[]): Set<string> {
  return new Set(["und", ...languages].flatMap((language) => indexTerms(word, language)));
}

export function overlaps(left: Span, right: Span): boolean {
  return left.start < right.end && right.start < left.end;
}

function wordsOf(run: string, at: number): QuestionWord[] {
  const whole = { text: run, folded: foldWord(run), start: at, end: at + run.length };
  if (!UNSPACED.test(run) || run.length < 3) return [whole];
  return [...run].slice(1).map((_, place) => {
    const pair = run.slice(place, place + 2);
    return { text: pair, folded: foldWord(pair), start: at + place, end: at + place + 2 };
  });
}
