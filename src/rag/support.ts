/** What stands behind each sentence of a model's answer: which passage holds its words and its numbers. */
import type { SentenceSupport } from "../domain/conversation.ts";
import type { Passage } from "../providers/provider.ts";
import { citedNumbers } from "./citations.ts";
import { claimsTheDocuments } from "./claims.ts";
import { detectLanguage } from "./language.ts";
import { sentencesOf } from "./sentences.ts";
import { contentWords, indexTerms } from "./text.ts";

/** Below it a passage says something else. A model that puts a passage into other words keeps more than half of them. */
const ENOUGH_WORDS = 0.5;
/** From here on a sentence means what a passage says. */
const ENOUGH_MEANING = 0.5;
/** Fewer words about something claim nothing: "Yes.", "Here are the steps:". */
const LEAST_WORDS = 3;
/** Of a longer line, a table or a list without marks, the beginning tells enough; its numbers are all looked at. */
const MOST_CHARACTERS = 600;
/** Longer answers are lists, of which the first sentences tell enough. */
const MOST_SENTENCES = 40;

const MARKS = /\s?\[\s*\d{1,3}(?:\s*[,;]\s*\d{1,3})*\s*\](?!\()/g;
/** What begins a line and is not part of the sentence. */
const LINE_START = /^(?:[-*•>#|\s]|\d{1,3}[.)]\s)+/;

/** What an answer may rest on, by its number. */
export type SupportingText = Pick<Passage, "n" | "title" | "headingPath" | "text">;

/** How near each sentence is to each passage, 0 to 1; null where nothing compared them. */
export type Meanings = readonly (readonly number[] | null)[];

/** Sentences of `answer` that claim something, with the passage that supports each best. */
export function supportOf(answer: string, passages: readonly SupportingText[]): SentenceSupport[] {
  const language = detectLanguage(answer.replace(MARKS, ""));
  const known = passages.map((passage) => new KnownPassage(passage, language));
  return sentencesOf(answer)
    .map((text) => text.replace(LINE_START, "").trim())
    .filter((text) => !text.endsWith("?"))
    .map((text) => ({ text, words: contentWords(text.slice(0, MOST_CHARACTERS).replace(MARKS, "")) }))
    .filter(({ words }) => words.length >= LEAST_WORDS)
    .slice(0, MOST_SENTENCES)
    .map((sentence) => supportByWords(sentence, language, known));
}

/** The same with what a model says of how near sentences and passages are. A number that nowhere stands stays wrong. */
export function withMeanings(
  support: readonly SentenceSupport[],
  passages: readonly SupportingText[],
  meanings: Meanings,
): SentenceSupport[] {
  return support.map((sentence, at) => {
    const near = meanings[at];
    if (!near || near.length === 0) return sentence;
    const best = near.indexOf(Math.max(...near));
    const passage = passages[best];
    const meaning = near[best] ?? 0;
    const isFound =
      meaning >= ENOUGH_MEANING && passage !== undefined && holdsNumbers(sentence.text, passage);
    if (sentence.verdict === "unclear" || sentence.verdict === "unsupported")
      return {
        ...sentence,
        meaning,
        ...(isFound ? { n: passage.n, verdict: "supported" } : { verdict: "unsupported" }),
      };
    return { ...sentence, meaning };
  });
}

class KnownPassage {
  readonly terms: ReadonlySet<string>;
  readonly numbers: ReadonlySet<string>;
  constructor(
    readonly passage: SupportingText,
    readonly language: string,
  ) {
    const text = [passage.title, ...passage.headingPath, passage.text].join("\n");
    this.terms = new Set(indexTerms(text, language));
    this.numbers = new Set(numbersOf(text));
  }

  /** Whether it is in the answer's language, so that their words can be compared. */
  isComparable(): boolean {
    return detectLanguage(this.passage.text) === this.language;
  }

  share(terms: readonly string[]): number {
    return terms.filter((term) => this.terms.has(term)).length / terms.length;
  }
}

function supportByWords(
  { text, words: said }: { text: string; words: readonly string[] },
  language: string,
  known: readonly KnownPassage[],
): SentenceSupport {
  const terms = [...new Set(indexTerms(said.join(" "), language))];
  const numbers = claimedNumbers(text);
  const shares = known.map((each) =>
    numbers.every((number) => each.numbers.has(number)) ? each.share(terms) : 0,
  );
  const words = Math.max(0, ...shares);
  const best = known[shares.indexOf(words)];
  const isSupported = words >= ENOUGH_WORDS;
  const found = { text, n: isSupported ? (best?.passage.n ?? null) : null, words, meaning: null };
  if (claimsTheDocuments(text) && citedNumbers(text).length === 0) return { ...found, verdict: "uncited" };
  if (isSupported) return { ...found, verdict: "supported" };
  // Words of two languages cannot be compared; only a model can.
  const isForeign = known.every((each) => !each.isComparable());
  return { ...found, verdict: isForeign ? "unclear" : "unsupported" };
}

/** Whether all numbers of the sentence stand in the passage, however their thousands are set apart. */
function holdsNumbers(sentence: string, { title, headingPath, text }: SupportingText): boolean {
  const there = new Set(numbersOf([title, ...headingPath, text].join("\n")));
  return claimedNumbers(sentence).every((number) => there.has(number));
}

/** Those of its marks are numbers of passages. */
function claimedNumbers(sentence: string): string[] {
  return numbersOf(sentence.replace(MARKS, ""));
}

function numbersOf(text: string): string[] {
  const numbers =
    text.replace(/(\d)[.,'’\u00a0\u202f](?=\d{3}(?!\d))/g, "$1").match(/\d+(?:[.,]\d+)?/g) ?? [];
  return numbers.map((number) => number.replace(",", "."));
}
