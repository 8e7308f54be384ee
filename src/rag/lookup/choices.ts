/** Which of a fixed set of values a question names, in other forms of the word and with a slip of the keyboard. */
import { labelOf, type ToolParameter } from "../../domain/tool.ts";
import { isSmallWord } from "../language.ts";
import { foldWord } from "../text.ts";
import { type Question, type QuestionWord, readQuestion, type Span, termsOf } from "./words.ts";

export type ChoiceMention = Span & { value: string };
/** One way in which a value is written. */
type Writing = { value: string; text: string };

/** What stands for a word of the question besides itself: its translations, as index terms. */
export type OtherTerms = (word: QuestionWord) => ReadonlySet<string>;

/** A word this long may have one slip, and one twice as long two. */
const LETTERS_OF_ONE_SLIP = 5;
const LETTERS_OF_TWO_SLIPS = 10;

type How = "same" | "form" | "elsewhere" | "slip";
const SURENESS: readonly How[] = ["same", "form", "elsewhere", "slip"];
type Found = ChoiceMention & { words: number; how: How };

/** A value that has a label is written as that, and as itself unless it is a number alone, which could be any. */
export function writingsOf(parameter: Pick<ToolParameter, "values" | "labels">): Writing[] {
  return parameter.values.flatMap((value) => {
    const text = labelOf(parameter, value);
    return text === value || /^\p{N}+$/u.test(value)
      ? [{ value, text }]
      : [
          { value, text },
          { value, text: value },
        ];
  });
}

/**
 * The values that are named, each place read as the longest and surest of those that fit there. A place that fits two
 * values equally names none.
 */
export function choiceMentions(
  question: Question,
  writings: readonly Writing[],
  languages: readonly string[],
  others: OtherTerms,
): ChoiceMention[] {
  const exact = new Set(writings.flatMap(({ text }) => readQuestion(text).words.map(({ folded }) => folded)));
  const found = writings.flatMap((writing) => placesOf(question, writing, languages, others, exact));
  const best = found.toSorted(
    (left, right) => right.words - left.words || SURENESS.indexOf(left.how) - SURENESS.indexOf(right.how),
  );
  const kept: Found[] = [];
  for (const each of best) {
    const rival = kept.find((other) => each.start < other.end && other.start < each.end);
    if (rival === undefined) kept.push(each);
    else if (isTie(rival, each)) rival.value = "";
  }
  return kept
    .filter(({ value }) => value !== "")
    .toSorted((left, right) => left.start - right.start)
    .map(({ value, start, end }) => ({ value, start, end }));
}

function isTie(kept: Found, other: Found): boolean {
  return kept.value !== other.value && kept.words === other.words && kept.how === other.how;
}

function placesOf(
  question: Question,
  { value, text }: Writing,
  languages: readonly string[],
  others: OtherTerms,
  exact: ReadonlySet<string>,
): Found[] {
  const wanted = readQuestion(text).words;
  const first = wanted[0];
  if (first === undefined) return [];
  return question.words.flatMap((word, place): Found[] => {
    const here = question.words.slice(place, place + wanted.length);
    const hows = wanted.map((each, index) => {
      const there = here[index];
      return there === undefined ? null : howItFits(there, each, languages, others, exact);
    });
    if (hows.some((how) => how === null)) return [];
    if (!isMeant(question, here, text)) return [];
    const how = SURENESS.findLast((each) => hows.includes(each)) ?? "same";
    return [{ value, start: word.start, end: here.at(-1)?.end ?? word.end, words: wanted.length, how }];
  });
}

/** "IT" is a department and "it" is none: what is a small word by itself has to be written as the value is. */
function isMeant({ languages }: Question, here: readonly QuestionWord[], value: string): boolean {
  const isSmall = here.every(
    ({ folded }) => folded.length < 3 || languages.some((language) => isSmallWord(folded, language)),
  );
  return (
    !isSmall ||
    here.map(({ text }) => text).join(" ") ===
      readQuestion(value)
        .words.map(({ text }) => text)
        .join(" ")
  );
}

function howItFits(
  word: QuestionWord,
  wanted: QuestionWord,
  languages: readonly string[],
  others: OtherTerms,
  exact: ReadonlySet<string>,
): How | null {
  if (word.folded === wanted.folded) return "same";
  if (exact.has(word.folded) || /\p{N}/u.test(wanted.folded)) return null;
  const [asked, named] = [termsOf(word.text, languages), termsOf(wanted.text, languages)];
  if (!asked.isDisjointFrom(named) || withoutUmlauts(word.text) === withoutUmlauts(wanted.text))
    return "form";
  if (!others(word).isDisjointFrom(named)) return "elsewhere";
  const writings = [...asked].flatMap((left) => [...named].map((right): [string, string] => [left, right]));
  return writings.some(([left, right]) => isSlip(left, right) || isSlip(left.replace(/s$/, ""), right))
    ? "slip"
    : null;
}

/** "Muenchen" is how München is typed without its key. */
function withoutUmlauts(word: string): string {
  const spelled = word
    .toLowerCase()
    .replace(/[äöü]/g, (letter) => ({ ä: "ae", ö: "oe", ü: "ue" })[letter] ?? letter);
  return foldWord(spelled);
}

/** One letter too many, too few or wrong, or two that changed places; the first letter is seldom wrong. */
function isSlip(typed: string, meant: string): boolean {
  const shorter = Math.min(typed.length, meant.length);
  if (shorter < LETTERS_OF_ONE_SLIP || typed[0] !== meant[0]) return false;
  return slips(typed, meant) <= (shorter >= LETTERS_OF_TWO_SLIPS ? 2 : 1);
}

/** Optimal string alignment; both words are short. */
function slips(left: string, right: string): number {
  const rows = Array.from({ length: left.length + 1 }, (_, row) =>
    Array.from({ length: right.length + 1 }, (_unused, column) =>
      row === 0 ? column : column === 0 ? row : 0,
    ),
  );
  const at = (row: number, column: number) => rows[row]?.[column] ?? 0;
  for (let row = 1; row <= left.length; row++) {
    for (let column = 1; column <= right.length; column++) {
      const cost = left[row - 1] === right[column - 1] ? 0 : 1;
      const isSwapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      const swapped =
        row > 1 && column > 1 && isSwapped ? at(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY;
      const least = Math.min(
        at(row - 1, column) + 1,
        at(row, column - 1) + 1,
        at(row - 1, column - 1) + cost,
        swapped,
      );
      (rows[row] as number[])[column] = least;
    }
  }
  return at(left.length, right.length);
}
