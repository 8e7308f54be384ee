/** What a tenant says otherwise than its documents do, found in a question. */
import { plainWord, ruleLine, type SynonymRule } from "../domain/synonym.ts";
import { type Analysis, keyOf, type OtherWords } from "./vocabulary/related.ts";

/** A part of a question that a rule has other words for. */
export type OwnSaying = {
  rule: SynonymRule;
  start: number;
  length: number;
  /** What people typed it for, as the rule writes it. */
  said: string;
  means: string[];
  others: OtherWords[];
};

/** Somebody who knows has said that it is the same; what is spelled as it was asked still comes first. */
const FORM = 0.95;
const LETTERS_AND_DIGITS = /[\p{L}\p{N}\p{M}]+/gu;
/** The words of phrases and what may stand for each, which is the same for every question. */
const MOST_REMEMBERED = 20_000;
const remembered = new Map<string, ReadonlySet<string>[]>();

/**
 * Every part of a question that the rules speak of.
 * @param folded the question's words in order
 * @param isSmall whether the word at a place says nothing by itself, such as "it"
 */
export function ownSayings(
  question: string,
  folded: readonly string[],
  isSmall: (place: number) => boolean,
  rules: readonly SynonymRule[],
  languages: readonly string[],
  analysis: Analysis,
): OwnSaying[] {
  if (rules.length === 0) return [];
  const keysOf = (word: string) => new Set([word, ...languages.map((each) => keyOf(word, each, analysis))]);
  const asked = folded.map(keysOf);
  const anywhere = new Set(asked.flatMap((keys) => [...keys]));
  const typed = new Set(question.match(LETTERS_AND_DIGITS));
  return rules.flatMap((rule) =>
    directionsOf(rule).flatMap(({ said, means }) => {
      const parts = partsOf(said, languages, () => analysis.split(said).map(analysis.fold).map(keysOf));
      return placesOf(parts, asked, anywhere)
        .filter((start) => !parts.every((_, at) => isSmall(start + at)) || isTypedInCapitals(said, typed))
        .map((start) => ({
          ...{ rule, start, length: parts.length, said, means },
          others: means.map((each) => ({ words: analysis.split(each), form: FORM })),
        }));
    }),
  );
}

/** "IT" is a department, and "it" is not. */
function isTypedInCapitals(said: string, typed: ReadonlySet<string>): boolean {
  const capitals = said.toUpperCase();
  return (
    capitals !== said.toLowerCase() &&
    (capitals.match(LETTERS_AND_DIGITS) ?? []).every((each) => typed.has(each))
  );
}

function directionsOf({ asked, written, bothWays }: SynonymRule): { said: string; means: string[] }[] {
  if (!bothWays) return asked.map((said) => ({ said, means: written }));
  const all = [...asked, ...written];
  return all.map((said) => ({ said, means: all.filter((each) => each !== said) }));
}

function partsOf(
  phrase: string,
  languages: readonly string[],
  read: () => ReadonlySet<string>[],
): ReadonlySet<string>[] {
  const key = `${languages.join()} ${phrase}`;
  let parts = remembered.get(key);
  if (parts === undefined) {
    parts = read();
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    remembered.set(key, parts);
  }
  return parts;
}

function placesOf(
  parts: readonly ReadonlySet<string>[],
  asked: readonly ReadonlySet<string>[],
  anywhere: ReadonlySet<string>,
): number[] {
  const [first] = parts;
  // So it is with nearly all of them.
  if (first === undefined || first.isDisjointFrom(anywhere)) return [];
  const starts = Array.from({ length: Math.max(0, asked.length - parts.length + 1) }, (_, start) => start);
  return starts.filter((start) =>
    parts.every((part, at) => !part.isDisjointFrom(asked[start + at] as ReadonlySet<string>)),
  );
}

/** The question with what its words stand for behind it, for models that cannot know: "How much PTO (paid time off)?" */
export function spelledOut(question: string, sayings: readonly OwnSaying[]): string {
  const added = new Set(sayings.flatMap(({ means }) => means));
  return added.size === 0 ? question : `${question} (${[...added].join(", ")})`;
}

/** Of rules that a question meets, each once, as an admin writes them. */
export function linesOfRules(sayings: readonly { rule: SynonymRule }[]): string[] {
  return [...new Set(sayings.map(({ rule }) => ruleLine(rule)))];
}

/**
 * Whether a message is one of the tenant's own words and nothing else, and so asks about it: "kvp" or, where it could be
 * a word of everybody's, "HI" as the rule has it in capitals.
 */
export function isOwnWord(
  message: string,
  rules: readonly SynonymRule[],
  typed: "anyhow" | "in capitals",
): boolean {
  const bare = message.replace(/^[\s\p{P}]+|[\s\p{P}]+$/gu, "");
  const isIt = (said: string) =>
    typed === "anyhow"
      ? plainWord(said) === plainWord(bare)
      : said === bare && said === said.toUpperCase() && said !== said.toLowerCase();
  return bare !== "" && rules.some((rule) => directionsOf(rule).some(({ said }) => isIt(said)));
}
