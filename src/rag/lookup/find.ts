/**
 * Which look-up of the catalogue answers a question, with the values that the question leaves no doubt about. A look-up
 * is certain only when every word of the question is accounted for: by the tool's own words, by a value, or by being
 * what people say around a question.
 */
import type { ArgumentValue, CatalogueTool, ToolArguments } from "../../domain/tool.ts";
import { isSmallWord } from "../language.ts";
import { analyzeQuestion } from "../text.ts";
import { askedBy, hasStrictPhrase, isCounting, isFiller, isPointing, isStrict } from "./strict-words.ts";
import { type ToolVocabulary, vocabularyOf } from "./tool-vocabulary.ts";
import { type ReadValues, readValues } from "./values.ts";
import { overlaps, type Question, type QuestionWord, readQuestion, termsOf } from "./words.ts";

export type Lookup = {
  tool: CatalogueTool;
  /** What the question says of the parameters, for a form. */
  values: ToolArguments;
  /** Required parameters that the question does not say. */
  missing: string[];
  /** Arguments of each call that answers the question; empty where something is to be asked first. */
  calls: ToolArguments[];
  /** Share of the question's own words that the tool accounts for. */
  coverage: number;
};

/** Below this a question has too little to do with a tool to offer it. */
export const LEAST_COVERAGE = 0.6;
/** A question put as an example is needs none of its words besides those around it: "how many laptops are in Berlin?" */
const LIKE_AN_EXAMPLE = 0.6;
/** How much nearer its examples have to be to the question than another tool's, where both are certain. */
const CLEAR_LEAD = 0.1;

type Reading = Lookup & { isAbout: boolean; topics: number; likeness: number; valueCount: number };
type Word = "value" | "topic" | "described" | "small" | "pointing" | "unknown";

/** The look-up that fits best; null where none has to do with the question. */
export function findLookup(text: string, tools: readonly CatalogueTool[], today: string): Lookup | null {
  const question = readQuestion(text);
  const readings = tools
    .map((tool) => read(question, tool, today))
    .filter(({ coverage, isAbout }) => coverage >= LEAST_COVERAGE && isAbout)
    .toSorted(byFit);
  const [best, second] = readings;
  if (best === undefined) return null;
  const { isAbout: _isAbout, topics: _topics, likeness: _likeness, valueCount: _count, ...lookup } = best;
  return second !== undefined && isRival(best, second) ? { ...lookup, calls: [] } : lookup;
}

/**
 * A question that only changes a value of the one before it ("and in Hamburg?"), read as that one with the new value;
 * null when it says more than that.
 */
export function continueLookup(
  text: string,
  before: string,
  tools: readonly CatalogueTool[],
  today: string,
): Lookup | null {
  const first = findLookup(before, tools, today);
  if (first === null) return null;
  const question = readQuestion(text);
  const found = readWith(question, vocabularyOf(first.tool), first.tool, today);
  const changes = Object.fromEntries(found.read.values);
  if (found.read.used.length === 0 || found.words.some((word) => word === "unknown")) return null;
  return completed(first.tool, { ...first.values, ...changes }, found.read.several, true, first.coverage);
}

function byFit(left: Reading, right: Reading): number {
  return (
    Number(right.calls.length > 0) - Number(left.calls.length > 0) ||
    right.coverage - left.coverage ||
    right.valueCount - left.valueCount ||
    right.likeness - left.likeness ||
    right.topics - left.topics
  );
}

/** Whether both could be meant: then neither is run. */
function isRival(best: Reading, second: Reading): boolean {
  if (best.calls.length === 0 || second.calls.length === 0) return false;
  return second.valueCount === best.valueCount && best.likeness - second.likeness < CLEAR_LEAD;
}

function read(question: Question, tool: CatalogueTool, today: string): Reading {
  const vocabulary = vocabularyOf(tool);
  const { read: found, words, others } = readWith(question, vocabulary, tool, today);
  const count = (kind: Word) => words.filter((word) => word === kind).length;
  const explained = count("value") + count("topic") + count("described");
  const coverage = explained === 0 ? 0 : explained / (explained + count("unknown"));
  const topics = count("topic");
  const valueCount = found.values.size + (found.several === null ? 0 : 1);
  const likeness = vocabulary.likeness(question, found.used);
  const isCounted = valueCount > 1 && vocabulary.counts && isCounting(question.text);
  const isTold = topics > 0 || likeness >= LIKE_AN_EXAMPLE || isCounted;
  // With no value to hold on to, it has to ask what an example asks, and not only about the same thing.
  const isAsked = valueCount > 0 || vocabulary.asksAll(question, others);
  const isSaid = count("unknown") + count("pointing") === 0;
  const isWhole = isSaid && !hasStrangePhrase(question, vocabulary) && isTold && isAsked;
  return {
    ...completed(tool, Object.fromEntries(found.values), found.several, isWhole, coverage),
    ...{ isAbout: topics > 0 || valueCount > 1 || isTold, topics, likeness, valueCount },
  };
}

function readWith(
  question: Question,
  vocabulary: ToolVocabulary,
  tool: CatalogueTool,
  today: string,
): { read: ReadValues; words: Word[]; others: Others } {
  const others = otherTermsIn(question, vocabulary.languages);
  const kindOf = (word: QuestionWord) => kindIn(vocabulary, question, word, others);
  const languages = [...new Set([...question.languages, ...vocabulary.languages])];
  const read = readValues(question, tool.parameters, {
    ...{ today, languages, others: translated(others) },
    isKnown: (word) => kindOf(word) !== "unknown",
  });
  const words = question.words.map((word) =>
    read.used.some((used) => overlaps(used, word)) ? ("value" as const) : kindOf(word),
  );
  return { read, words, others };
}

function completed(
  tool: CatalogueTool,
  values: Record<string, ArgumentValue>,
  several: ReadValues["several"],
  isWhole: boolean,
  coverage: number,
): Lookup {
  const given = several === null ? values : { ...values, [several.name]: several.values[0] ?? null };
  const missing = tool.parameters
    .filter(({ name, required, boundTo, default: otherwise }) => {
      return required && boundTo === null && otherwise === null && given[name] === undefined;
    })
    .map(({ name }) => name);
  const all =
    several === null ? [values] : several.values.map((value) => ({ ...values, [several.name]: value }));
  return { tool, values, missing, calls: isWhole && missing.length === 0 ? all : [], coverage };
}

function kindIn(vocabulary: ToolVocabulary, question: Question, word: QuestionWord, others: Others): Word {
  const terms = termsOf(word.text, [...question.languages, ...vocabulary.languages]);
  const asked = askedBy(word, question.languages);
  if (asked !== null) return vocabulary.asks.has(asked) ? "small" : "unknown";
  const isSmall = question.languages.some((language) => isSmallWord(word.folded, language));
  const isSaid = !terms.isDisjointFrom(vocabulary.said);
  if (/\p{N}/u.test(word.folded)) return "unknown";
  if (isStrict(word.folded)) return isSaid ? "topic" : "unknown";
  if (!isSaid && isPointing(word.folded, question.languages)) return "pointing";
  if (isSmall || word.folded.length === 1) return "small";
  if (isSaid || isAmong(others, word, vocabulary.said)) return isFiller(word.folded) ? "small" : "topic";
  if (isFiller(word.folded)) return "small";
  const isDescribed =
    !terms.isDisjointFrom(vocabulary.described) || isAmong(others, word, vocabulary.described);
  return isDescribed ? "described" : "unknown";
}

/** Other ways of saying each word of the question, each a list of terms that belong together. */
export type Others = ReadonlyMap<string, { terms: string[]; form: number }[]>;
/** A synonym is nearly the word; something wider is not. */
const LEAST_FORM = 0.7;

function otherTermsIn(question: Question, languages: readonly string[]): Others {
  const { query, spellings } = analyzeQuestion(question.text, languages);
  return new Map(
    spellings.map((spelling, place) => [
      spelling,
      (query.related?.[place] ?? []).filter(({ form }) => form >= LEAST_FORM),
    ]),
  );
}

function isAmong(others: Others, word: QuestionWord, terms: ReadonlySet<string>): boolean {
  return (others.get(word.text.toLowerCase()) ?? []).some((other) =>
    other.terms.every((term) => terms.has(term)),
  );
}

/** For values only what is the same thing in another language counts. */
function translated(others: Others) {
  return (word: QuestionWord): ReadonlySet<string> =>
    new Set(
      (others.get(word.text.toLowerCase()) ?? []).flatMap(({ terms }) => (terms.length === 1 ? terms : [])),
    );
}

function hasStrangePhrase(question: Question, { hasStrictPhrases }: ToolVocabulary): boolean {
  return hasStrictPhrase(question.text) && !hasStrictPhrases;
}
