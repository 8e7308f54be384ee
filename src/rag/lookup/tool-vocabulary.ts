/** The words by which a question is known to be a tool's. Made once for each version of the tool. */
import type { CatalogueTool } from "../../domain/tool.ts";
import { detectLanguage, isSmallWord, languagesOfQuestion } from "../language.ts";
import { foldWord } from "../text.ts";
import { askedBy, hasStrictPhrase, isCounting, isFiller, isStrict } from "./strict-words.ts";
import { readValues } from "./values.ts";
import { overlaps, type Question, type QuestionWord, readQuestion, type Span, termsOf } from "./words.ts";

export type ToolVocabulary = {
  /** ISO 639-3, of what the admin wrote. */
  languages: string[];
  /** Index terms of its name, label, example questions, parameters and columns. */
  said: ReadonlySet<string>;
  /** Of its description, where that does not say what it is not for. */
  described: ReadonlySet<string>;
  hasStrictPhrases: boolean;
  /** What the examples ask for, in any language: who, when, where. */
  asks: ReadonlySet<string>;
  /** Whether an example asks how many there are. */
  counts: boolean;
  /** 0 to 1: how much the question is put as the likest example is, leaving values out. */
  likeness(question: Question, used: readonly Span[]): number;
  /** Whether the question says everything that one of the examples is about. */
  asksAll(question: Question, others: ReadonlyMap<string, { terms: string[] }[]>): boolean;
};

const known = new WeakMap<CatalogueTool, ToolVocabulary>();

export function vocabularyOf(tool: CatalogueTool): ToolVocabulary {
  const made = known.get(tool) ?? make(tool);
  known.set(tool, made);
  return made;
}

function make(tool: CatalogueTool): ToolVocabulary {
  const names = [tool.name.replaceAll("_", " "), tool.label];
  const parameters = tool.parameters.filter(({ boundTo }) => boundTo === null);
  const parts = [
    ...parameters.flatMap(({ name, description }) => [name.replaceAll("_", " "), description]),
    ...tool.columns.map(({ name, label }) => label ?? name.replaceAll("_", " ")),
  ];
  const examples = tool.exampleQuestions;
  const languages = [...new Set([...names, ...examples, tool.description].flatMap(languagesIn))];
  const termsOfWords = (words: readonly QuestionWord[]) =>
    words.flatMap(({ text }) => [...termsOf(text, languages)]);
  const terms = (texts: readonly string[]) =>
    new Set(texts.flatMap((text) => termsOfWords(readQuestion(text).words)));
  const named = terms([...names, ...parts]);
  const shown = examples.map((example) => withoutValues(example, tool, languages, named));
  const shapes = shown.map((example) => shapeOf(example, languages));
  const topics = shown.map((example) => topicsOf(example, languages));
  return {
    languages,
    said: new Set([...named, ...shown.flatMap(({ words }) => termsOfWords(words))]),
    described: terms(clausesFor(tool.description)),
    asks: new Set(
      shown.flatMap((example) => example.words.flatMap((word) => askedBy(word, example.languages) ?? [])),
    ),
    hasStrictPhrases: examples.some(hasStrictPhrase),
    counts: examples.some(isCounting),
    asksAll(question, others) {
      const asked = question.words.flatMap(({ text }) => [
        ...termsOf(text, [...question.languages, ...languages]),
        ...(others.get(text.toLowerCase()) ?? []).flatMap((other) => other.terms),
      ]);
      return topics.some(
        (words) => words.length > 0 && words.every((terms) => !terms.isDisjointFrom(new Set(asked))),
      );
    },
    likeness(question, used) {
      const kept = {
        ...question,
        words: question.words.filter((word) => !used.some((each) => overlaps(each, word))),
      };
      const asked = shapeOf(kept, languages);
      return Math.max(0, ...shapes.map((shape) => share(asked, shape)));
    },
  };
}

/** An example's values are examples, too: who asks for somebody else asks for the same look-up. */
function withoutValues(
  example: string,
  { parameters }: CatalogueTool,
  languages: string[],
  named: ReadonlySet<string>,
): Question {
  const question = readQuestion(example);
  const isKnown = ({ text }: QuestionWord) => !termsOf(text, languages).isDisjointFrom(named);
  const { used } = readValues(question, parameters, {
    today: ANY_DAY,
    languages,
    others: () => new Set(),
    isKnown,
  });
  const given = parameters.flatMap((parameter) => placeOf(example, parameter.example));
  return {
    ...question,
    words: question.words.filter((word) => ![...used, ...given].some((each) => overlaps(each, word))),
  };
}

const ANY_DAY = "2026-01-01";

function placeOf(text: string, value: string | null): Span[] {
  const start = value === null ? -1 : text.toLowerCase().indexOf(value.toLowerCase());
  return value === null || value === "" || start < 0 ? [] : [{ start, end: start + value.length }];
}

/** Clauses that say what it is for. "Not for orders" would make it answer questions about orders. */
function clausesFor(description: string): string[] {
  return description
    .split(/[.;,:()!?–—\n。，；]+/)
    .filter(
      (clause) =>
        !clause.split(/\s+/).some((word) => isStrict(foldWord(word)) && NEGATIONS.test(foldWord(word))),
    );
}

const NEGATIONS =
  /^(not|no|never|without|except|excluding|nicht|kein|keine|keinen|ohne|ausser|pas|sans|sauf|sin|excepto|salvo|senza|tranne|sem|exceto|niet|geen|zonder|не|без|кроме|لا|ليس|بدون|غير)$/;

function languagesIn(text: string): string[] {
  const detected = detectLanguage(text);
  if (detected !== "und") return [detected];
  return languagesOfQuestion(readQuestion(text).words.map(({ folded }) => folded)).slice(0, 2);
}

/** The terms of each word of an example that is about something. */
function topicsOf({ words, languages: spoken }: Question, languages: readonly string[]): Set<string>[] {
  return words
    .filter(({ folded }) => !isFiller(folded) && !spoken.some((language) => isSmallWord(folded, language)))
    .map(({ text }) => termsOf(text, languages));
}

/** A set of terms, one for each word. */
function shapeOf({ words }: Question, languages: readonly string[]): Set<string> {
  return new Set(words.map(({ text }) => [...termsOf(text, languages.slice(0, 1))].at(-1) ?? text));
}

/** What two have in common, of what both have together. */
function share(left: ReadonlySet<string>, right: ReadonlySet<string>): number {
  const all = left.union(right).size;
  return all === 0 ? 0 : left.intersection(right).size / all;
}
