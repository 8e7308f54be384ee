/**
 * Text to index terms. Chunks and questions go through the same functions, so they meet; terms are letters
 * and digits only, so user text never reaches the index's query syntax.
 */
import snowball from "snowball-stemmers";
import type { LexicalQuery, RelatedTerms } from "../domain/lexical.ts";
import type { SynonymRule } from "../domain/synonym.ts";
import {
  detectLanguage,
  isSmallWord,
  languageOfPiece,
  languagesOfQuestion,
  removeMarks,
  withoutAskingPhrases,
} from "./language.ts";
import { linesOfRules, type OwnSaying, ownSayings } from "./synonyms.ts";
import { acrossLanguages, everydayWords, saidElsewhere } from "./vocabulary/across.ts";
import { isKnownWord, isLightWord, saidOtherwise } from "./vocabulary/related.ts";

export type ChunkTerms = {
  /** ISO 639-3, "und" when unknown. */
  language: string;
  titleTerms: string;
  headingTerms: string;
  contentTerms: string;
};

/** More than any chunk; whoever sends more gets the beginning indexed. */
const LONGEST_TEXT = 200_000;
const LONGEST_QUESTION = 4_000;
/** Each costs a lookup in the index. */
const MOST_QUERY_WORDS = 48;
/** A longer run of letters is a key or a hash, which nobody asks for by its end. */
const LONGEST_WORD = 40;

const STEMMER_OF: Record<string, string> = {
  ...{ eng: "english", deu: "german", fra: "french", spa: "spanish", ita: "italian", por: "portuguese" },
  ...{ nld: "dutch", rus: "russian", arb: "arabic", swe: "swedish", dan: "danish", nob: "norwegian" },
  ...{ fin: "finnish", ces: "czech", hun: "hungarian", ron: "romanian", tur: "turkish", cat: "catalan" },
  ...{ slv: "slovene" },
};

/** Inflected languages without a stemmer: the first letters of a word say what it is about. */
const CUT_LANGUAGES = new Set(["ell", "pol", "ukr", "bul", "srp", "hrv", "slk", "lit", "lav", "est"]);
const CUT_LETTERS = 6;
/** Hindi and its neighbours inflect by the last vowel and its nasal sign. */
const LAST_VOWELS = /(?<=..)[\u093e-\u094c\u0901-\u0903]+$/u;
const DEVANAGARI_LANGUAGES = new Set(["hin", "mar", "nep"]);

/** Soft hyphens and the like stand inside words and are not seen. */
const INVISIBLE = /[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]/g;
const RUNS = /[\p{L}\p{N}\p{M}'’]+/gu;
/** Scripts written without spaces, or with endings glued on: indexed as overlapping pairs of characters. */
const PAIRED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Hangul}ー々]/u;
const PAIRED_RUNS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Hangul}ー々]+|[^\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Hangul}ー々]+/gu;
/** Also written without spaces, but a pair of characters says little: the Segmenter's dictionary cuts them. */
const SEGMENTED = /[\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const segmenter = new Intl.Segmenter("und", { granularity: "word" });

/**
 * Raised with every change of what is made of the same text: stored terms of another version are then made anew in
 * the background. A test knows what each version makes of a sample.
 */
export const ANALYSIS_VERSION = 2;

/** What the lexical index stores for a chunk: terms separated by spaces, one for each word in its place. */
export function analyzeChunk(input: {
  title: string;
  headingPath: string[];
  content: string;
  /** Counts where the chunk is too short to tell its own. */
  documentLanguage?: string;
}): ChunkTerms {
  const content = withoutAddresses(input.content);
  const whole = `${content.slice(0, 2_000)}\n${input.headingPath.join("\n")}`;
  const language =
    input.documentLanguage === undefined
      ? detectLanguage(whole)
      : languageOfPiece(whole, input.documentLanguage);
  const terms = (text: string) => indexTerms(text, language).join(" ");
  return {
    language,
    titleTerms: terms(input.title),
    headingTerms: terms(input.headingPath.join("\n")),
    contentTerms: terms(content),
  };
}

/** An address in brackets is where a link leads: what it is about says the link. */
const LINKED_ADDRESS = / \(https?:\/\/[^\s()]+\)/g;

function withoutAddresses(text: string): string {
  return text.replace(LINKED_ADDRESS, "");
}

/** The index terms of `text`, one for each word, in order. */
export function indexTerms(text: string, language: string): string[] {
  return splitWords(text.slice(0, LONGEST_TEXT)).map((word) => indexTerm(word, language));
}

/** A question as the index takes it, and for each of the query's words how the question spells it, in lower case. */
export type AnalyzedQuestion = {
  /** As it was asked. */
  text: string;
  query: LexicalQuery;
  spellings: string[];
  /** Its language, where most documents are in another one and it meets them only by translations; else null. */
  askedIn: string | null;
  /** Where the tenant's synonyms speak of it. */
  own: OwnSaying[];
};

/**
 * The question as a query: for every word that is about something, the terms that stand for it in the
 * `languages` of the corpus (ISO 639-3). Words that only ask ("what", "wie") are dropped, unless nothing
 * else is left.
 *
 * @param synonyms of the tenant
 */
export function analyzeQuestion(
  question: string,
  languages: readonly string[],
  synonyms: readonly SynonymRule[] = [],
): AnalyzedQuestion {
  const stemIn = [...stemmingLanguages(question, languages), "und"];
  const asked = questionWords(question);
  const speaks = spokenIn(asked, languages);
  const others = otherWords(asked.folded, speaks, stemIn);
  const own = ownWords(question, asked, synonyms, [...new Set([...speaks, ...stemIn])]);
  addOwnWords(own, stemIn, others);
  const ownPlaces = new Set(own.flatMap(placesIn));
  const elsewhere = elsewhereOf(question, languages);
  if (elsewhere !== null) addTranslations(asked.folded, elsewhere, others);
  const seen = new Set<string>();
  const [words, related, weights]: [string[][], RelatedTerms[][], number[]] = [[], [], []];
  const certain: boolean[] = [];
  const spellings: string[] = [];
  for (const place of [...new Set([...asked.kept, ...ownPlaces])].sort((left, right) => left - right)) {
    const word = asked.words[place] ?? "";
    const alternatives = [...new Set(stemIn.map((language) => indexTerm(word, language)))];
    const key = alternatives.join(" ");
    if (seen.has(key) || words.length === MOST_QUERY_WORDS) continue;
    seen.add(key);
    words.push(alternatives);
    related.push(others.get(place) ?? []);
    const folded = asked.folded[place] ?? "";
    const isOwn = ownPlaces.has(place);
    certain.push(isOwn || isKnownWord(folded, speaks, ANALYSIS));
    weights.push(!isOwn && isLightWord(folded, speaks) ? LIGHT : 1);
    spellings.push(word);
  }
  return {
    text: question,
    query: { words, related, weights, certain },
    spellings,
    askedIn: elsewhere?.from ?? null,
    own,
  };
}

/** The languages that a question is taken to be in. One without small words may be in that of most documents. */
function spokenIn(asked: QuestionWords, languages: readonly string[]): string[] {
  const known = languages.filter((language) => language !== "und");
  return isTold(asked) ? asked.languages : [...new Set([...known.slice(0, 1), ...asked.languages])];
}

/** What a word counts that says how rather than what. */
const LIGHT = 0.5;

const ANALYSIS = { split: splitWords, fold: foldWord, stem: indexTerm };

/** The other words for each place of the question, as index terms. */
function otherWords(
  folded: readonly string[],
  speaks: readonly string[],
  stemIn: readonly string[],
): Map<number, RelatedTerms[]> {
  const found = new Map<number, RelatedTerms[]>();
  for (const language of speaks) {
    for (const { start, length, others } of saidOtherwise(folded, language, ANALYSIS)) {
      const terms = others.flatMap(({ words, form }) =>
        (words.length > 1 ? [language, "und"] : [...new Set([language, ...stemIn])]).map((stem) => ({
          terms: words.map((word) => indexTerm(word, stem)),
          form,
        })),
      );
      for (let place = start; place < start + length; place++) {
        found.set(place, [...(found.get(place) ?? []), ...terms]);
      }
    }
  }
  return found;
}

function ownWords(
  question: string,
  { folded, kept }: QuestionWords,
  synonyms: readonly SynonymRule[],
  languages: readonly string[],
): OwnSaying[] {
  const isSmall = (place: number) => !kept.includes(place);
  return ownSayings(question, folded, isSmall, synonyms, languages, ANALYSIS);
}

function addOwnWords(
  own: readonly OwnSaying[],
  stemIn: readonly string[],
  found: Map<number, RelatedTerms[]>,
): void {
  for (const saying of own) {
    const terms = saying.others.flatMap(({ words, form }) =>
      stemIn.map((stem) => ({ terms: words.map((word) => indexTerm(word, stem)), form })),
    );
    for (const place of placesIn(saying)) found.set(place, [...(found.get(place) ?? []), ...terms]);
  }
}

/** Which of the tenant's synonyms a question meets, as lines. */
export function meaningsIn(question: string, synonyms: readonly SynonymRule[]): string[] {
  if (synonyms.length === 0) return [];
  return linesOfRules(analyzeQuestion(question, [detectLanguage(question)], synonyms).own);
}

function placesIn({ start, length }: OwnSaying): number[] {
  return Array.from({ length }, (_, at) => start + at);
}

/** How far down the languages of the documents a question in another one is put into. */
const MOST_TARGETS = 2;

/** The language that a question is in, and those of the documents, where most of these are in others; else null. */
export function elsewhereOf(
  question: string,
  languages: readonly string[],
): { from: string; to: string[] } | null {
  const to = languages.filter((language) => language !== "und").slice(0, MOST_TARGETS);
  const [main] = to;
  if (main === undefined) return null;
  const asked = questionWords(question);
  const everyday = (language: string) => everydayWords(asked.folded, language, ANALYSIS);
  const detected = detectLanguage(question.slice(0, LONGEST_QUESTION));
  const spoken = isTold(asked) ? asked.languages : detected === "und" ? null : [detected];
  if (detected === main || spoken?.includes(main)) return null;
  const ranked = (spoken ?? acrossLanguages()).toSorted((left, right) => everyday(right) - everyday(left));
  const from = ranked[0] ?? main;
  // Small words are few and shared, and some questions have none: then it is everyday words that tell.
  const lead = everyday(from) - everyday(main);
  if (lead < 0 || (spoken === null && lead === 0)) return null;
  return { from, to: to.filter((language) => language !== from) };
}

function isTold({ folded, languages }: QuestionWords): boolean {
  return folded.some((word) => languages.some((language) => isSmallWord(word, language)));
}

function addTranslations(
  folded: readonly string[],
  { from, to }: { from: string; to: readonly string[] },
  found: Map<number, RelatedTerms[]>,
): void {
  for (const { start, length, others } of saidElsewhere(folded, from, to, ANALYSIS)) {
    const terms = others.flatMap(({ words, language, form }) =>
      [language, "und"].map((stem) => ({ terms: words.map((word) => indexTerm(word, stem)), form })),
    );
    for (let place = start; place < start + length; place++) {
      found.set(place, [...(found.get(place) ?? []), ...terms]);
    }
  }
}

/** The query of `analyzeQuestion` alone. */
export function toLexicalQuery(question: string, languages: readonly string[]): LexicalQuery {
  return analyzeQuestion(question, languages).query;
}

/** Letter statistics see a dozen languages in code and part numbers; each would cost a term for every word. */
const FREQUENT_LANGUAGES = 3;
/** Small words tell most languages apart in a question, but not all. */
const FREQUENT_LANGUAGES_OF_UNKNOWN = 8;

/** Those of the corpus that are frequent there or are the question's own. */
function stemmingLanguages(question: string, languages: readonly string[]): string[] {
  const sample = question.slice(0, LONGEST_QUESTION);
  const detected = detectLanguage(sample);
  const asked = new Set([detected, ...languagesOfQuestion(splitWords(sample).map(foldWord))]);
  const frequent = detected === "und" ? FREQUENT_LANGUAGES_OF_UNKNOWN : FREQUENT_LANGUAGES;
  return languages
    .filter((language) => language !== "und")
    .filter((language, rank) => rank < frequent || asked.has(language));
}

/** The words of a question that are about something, lower-cased, in order, with repetitions. */
export function contentWords(question: string): string[] {
  const { words, kept } = questionWords(question);
  return kept.map((place) => words[place] ?? "");
}

type QuestionWords = {
  /** In lower case, and folded. */
  words: string[];
  folded: string[];
  /** Places of those that are about something. */
  kept: number[];
  /** Those that the question may be in. */
  languages: string[];
};

function questionWords(question: string): QuestionWords {
  const asked = question.slice(0, LONGEST_QUESTION);
  let words = splitWords(withoutAskingPhrases(asked));
  let folded = words.map(foldWord);
  const languages = languagesOfQuestion(folded);
  let kept = [...words.keys()].filter((place) => !isAskingWord(folded[place] ?? "", languages));
  if (kept.length === 0) {
    words = splitWords(asked);
    folded = words.map(foldWord);
    kept = [...words.keys()];
  }
  return { words, folded, kept, languages };
}

/** Lower case, compatibility forms unified, marks removed. */
export function foldWord(word: string): string {
  // Most words of most documents, and every word of a question passes here several times.
  if (PLAIN.test(word)) return word.slice(0, LONGEST_WORD);
  const lower = word.normalize("NFKC").toLowerCase();
  const folded = removeMarks(lower.normalize("NFKD"))
    .replace(/[^\p{L}\p{N}\p{M}]/gu, "")
    .replace(/[ßæœøłđðþıـ]/g, (letter) => UNMARKED[letter] ?? letter);
  return folded.slice(0, LONGEST_WORD).toWellFormed();
}

const PLAIN = /^[a-z0-9]*$/;

/** Letters that Unicode does not take apart, as people type them who lack the key. */
const UNMARKED: Record<string, string> = {
  ...{ ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ð: "d", þ: "th", ı: "i" },
  /** Arabic tatweel only stretches a word. */
  ـ: "",
};

function isAskingWord(word: string, languages: readonly string[]): boolean {
  return languages.some((language) => isSmallWord(word, language));
}

/** Words in order, lower-cased but with their marks, which stemmers need. */
function splitWords(text: string): string[] {
  const words: string[] = [];
  const visible = text.replace(INVISIBLE, "").normalize("NFKC").toLowerCase();
  for (const [run] of visible.matchAll(RUNS)) {
    if (PAIRED.test(run)) pushPairs(run, words);
    else if (SEGMENTED.test(run)) pushSegments(run, words);
    else pushWord(run, words);
  }
  return words;
}

/** "l'hôtel" is about hotels and "company's" about companies: a lone letter beside an apostrophe says nothing. */
function pushWord(run: string, words: string[]): void {
  if (!/['’]/.test(run)) {
    if (foldWord(run) !== "") words.push(run);
    return;
  }
  const parts = run.split(/['’]+/).filter((part) => foldWord(part) !== "");
  const longest = Math.max(...parts.map((part) => part.length));
  for (const part of parts) if (part.length > 2 || part.length === longest) words.push(part);
}

function pushPairs(run: string, words: string[]): void {
  for (const [part] of run.matchAll(PAIRED_RUNS)) {
    if (!PAIRED.test(part)) {
      pushWord(part, words);
      continue;
    }
    const characters = [...part.replace(/\p{M}/gu, "")];
    if (characters.length === 1) words.push(part);
    for (let i = 0; i + 1 < characters.length; i++) words.push(`${characters[i]}${characters[i + 1]}`);
  }
}

function pushSegments(run: string, words: string[]): void {
  for (const { segment, isWordLike } of segmenter.segment(run)) {
    if (isWordLike) pushWord(segment, words);
  }
}

/** Terms are looked up for every word of every chunk; languages repeat their words. */
const MOST_REMEMBERED = 50_000;
const remembered = new Map<string, Map<string, string>>();
const stemmers = new Map<string, ReturnType<typeof snowball.newStemmer>>();

function indexTerm(word: string, language: string): string {
  // Part numbers have no endings, a stemmer would cut their letters, and there is no end of them to remember.
  if (/\p{N}/u.test(word)) return foldWord(word);
  let terms = remembered.get(language);
  if (!terms || terms.size >= MOST_REMEMBERED) {
    terms = new Map();
    remembered.set(language, terms);
  }
  let term = terms.get(word);
  if (term === undefined) {
    term = foldWord(stem(word, language)) || foldWord(word);
    terms.set(word, term);
  }
  return term;
}

function stem(word: string, language: string): string {
  if (word.length > LONGEST_WORD) return word;
  if (CUT_LANGUAGES.has(language)) return foldWord(word).slice(0, CUT_LETTERS);
  if (DEVANAGARI_LANGUAGES.has(language)) return word.replace(LAST_VOWELS, "");
  const algorithm = STEMMER_OF[language];
  if (!algorithm) return word;
  let stemmer = stemmers.get(algorithm);
  if (!stemmer) {
    stemmer = snowball.newStemmer(algorithm);
    stemmers.set(algorithm, stemmer);
  }
  return stemmer.stem(word);
}
