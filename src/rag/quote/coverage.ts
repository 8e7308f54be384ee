/** How much of a question a text holds: word by word, in another form or with a slip of the keyboard in part. */
import type { LexicalQuery, RelatedTerms } from "../../domain/lexical.ts";
import { indexTerms } from "../text.ts";

/** What a word counts that only begins like the question's, or is a slip of it. */
const ALIKE = 0.6;
/** Shorter beginnings are shared by words that have nothing to do with each other. */
const LEAST_WHOLE_BEGINNING = 4;
const LEAST_BEGINNING = 5;
const BEGINNING_SHARE = 0.75;
/** In shorter words another letter makes another word. */
const LEAST_SLIP_LENGTH = 5;

/** Compares texts with the words of one question. */
export class Coverage {
  readonly #query: LexicalQuery;
  readonly #languages: readonly string[];
  readonly #ofTerm = new Map<string, Float64Array>();
  readonly #phrases: readonly { word: number; phrase: RelatedTerms }[];

  constructor(query: LexicalQuery, languages: readonly string[]) {
    this.#query = query;
    this.#languages = languages;
    this.#phrases = (query.related ?? []).flatMap((related, word) =>
      related.filter(({ terms }) => terms.length > 1).map((phrase) => ({ word, phrase })),
    );
  }

  /** For each word of the question how well `text` holds it, or what else it may be called, 0 to 1. */
  of(text: string, language: string): Float64Array {
    return this.ofTerms(termsIn(text, language, this.#languages));
  }

  /** The same, of a text's terms. */
  ofTerms(inText: ReadonlySet<string>): Float64Array {
    const held = new Float64Array(this.#query.words.length);
    for (const term of inText) raise(held, this.#strengths(term));
    for (const { word, phrase } of this.#phrases) {
      if (phrase.form > (held[word] as number) && phrase.terms.every((term) => inText.has(term)))
        held[word] = phrase.form;
    }
    return held;
  }

  /** What each word tells, as `weight` says. */
  weigh(weight: (word: number) => number): Float64Array {
    return Float64Array.from(
      this.#query.words,
      (_, word) => (this.#query.weights?.[word] ?? 1) * weight(word),
    );
  }

  #strengths(term: string): Float64Array {
    let strengths = this.#ofTerm.get(term);
    if (strengths === undefined) {
      strengths = Float64Array.from(this.#query.words, (_, word) => this.#strength(word, term));
      this.#ofTerm.set(term, strengths);
    }
    return strengths;
  }

  #strength(word: number, term: string): number {
    const spellings = this.#query.words[word] ?? [];
    // A word that the language knows is spelled as it was meant.
    const maySlip = this.#query.certain?.[word] !== true;
    const related = this.#query.related?.[word] ?? [];
    return Math.max(
      0,
      ...spellings.map((spelling) => alikeness(spelling, term, maySlip)),
      ...related.map(({ terms: [only, ...more], form }) => (only === term && more.length === 0 ? form : 0)),
    );
  }
}

/** In a heading of one word no language can be told, so it is read in those of the documents. */
function termsIn(text: string, language: string, languages: readonly string[]): Set<string> {
  const read = language === "und" ? ["und", ...languages] : [language];
  return new Set(read.flatMap((each) => indexTerms(text, each)));
}

/** What each layer adds to those before it, as shares of the question's weight. */
export function layersOf(weights: Float64Array, layers: readonly Float64Array[]): number[] {
  const soFar = new Float64Array(weights.length);
  return layers.map((layer) => {
    const added = addedShare(weights, soFar, layer);
    raise(soFar, layer);
    return added;
  });
}

/** What `layer` adds to what is held so far, as share of the question's weight. */
export function addedShare(weights: Float64Array, soFar: Float64Array, layer: Float64Array): number {
  let added = 0;
  let total = 0;
  for (let word = 0; word < weights.length; word++) {
    const weight = weights[word] as number;
    total += weight;
    added += weight * Math.max(0, (layer[word] as number) - (soFar[word] as number));
  }
  return total === 0 ? 0 : added / total;
}

/** Lifts each of `held` to that of `others` where it is higher. */
export function raise(held: Float64Array, others: Float64Array): void {
  for (let word = 0; word < held.length; word++) {
    const other = others[word] as number;
    if (other > (held[word] as number)) held[word] = other;
  }
}

function alikeness(word: string, term: string, maySlip: boolean): number {
  if (word === term) return 1;
  // A number is that number or another one.
  if (/\p{N}/u.test(word) || /\p{N}/u.test(term)) return 0;
  return beginsAlike(word, term) || (maySlip && isSlipOf(word, term)) ? ALIKE : 0;
}

/** One is the beginning of the other, or they part only at their ends: "admin" and "administrator". */
function beginsAlike(word: string, term: string): boolean {
  const shorter = Math.min(word.length, term.length);
  let same = 0;
  while (same < shorter && word[same] === term[same]) same++;
  if (same === shorter) return same >= LEAST_WHOLE_BEGINNING;
  return same >= LEAST_BEGINNING && same >= BEGINNING_SHARE * Math.max(word.length, term.length);
}

/** One letter is missing, added, changed, or swapped with its neighbour. */
function isSlipOf(word: string, term: string): boolean {
  if (Math.min(word.length, term.length) < LEAST_SLIP_LENGTH) return false;
  if (Math.abs(word.length - term.length) > 1) return false;
  let start = 0;
  while (start < word.length && word[start] === term[start]) start++;
  let end = 0;
  const most = Math.min(word.length, term.length) - start;
  while (end < most && word.at(-1 - end) === term.at(-1 - end)) end++;
  const [left, right] = [word.slice(start, word.length - end), term.slice(start, term.length - end)];
  if (left.length <= 1 && right.length <= 1) return true;
  return left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0];
}
