/**
 * A tenant's chunks as an inverted index in typed arrays: postings for finding, and the terms of every
 * document in order, for positions and for forgetting. The same BM25 as SQLite's side, to the last digits.
 */
import { B, FIELD_WEIGHTS, inverseFrequency, K1 } from "../domain/bm25.ts";
import { type LexicalMatches, type LexicalQuery, MatchWriter, type RelatedTerms } from "../domain/lexical.ts";
import { explanation, mayAbbreviate } from "./abbreviations.ts";
import { compoundParts } from "./compounds.ts";
import { DocumentTable } from "./document-table.ts";
import { Grams, QuestionRuns, UNRELATED } from "./grams.ts";
import { Phrases, type Saying } from "./phrases.ts";
import { MOST_DOCUMENTS, Postings } from "./postings.ts";
import { queryTerms } from "./query-terms.ts";
import { type ScoredWord, Scorer } from "./scorer.ts";
import type { Scored } from "./top.ts";
import { TypoIndex } from "./typos.ts";

/** Terms of one chunk by part; `number` is its row. */
export type IndexedDocument = { number: number; title: string[]; headings: string[]; content: string[] };

/** What a term costs beside its postings: a string and its entry in the dictionary. */
const BYTES_PER_TERM = 112;
/** How much of a compound each of its parts is. */
const PART_OF_COMPOUND = 0.7;
/** How much of an abbreviation the words are that it stands for. */
const EXPLAINED = 0.9;
/** Documents that are searched for what an abbreviation stands for. */
const MOST_EXPLAINING = 64;
/** How many words' counts are remembered until the next change. */
const MOST_COUNTED = 2_000;

/** A word of the query as the index knows it. */
type Word = ScoredWord & {
  index: number;
  /** How much of the word each of its terms is, 0 to 1. */
  forms: number[];
  /** Several terms that say together what it says. */
  sayings: Saying[];
  /** What stands in for a word that no document holds, neither itself nor another word for it. */
  replacement: string | null;
};
/** How much of a word its terms are, all the same. */
type StandIn = { terms: number[]; form: number; replacement: string };

export class InvertedIndex {
  readonly #dictionary = new Map<string, number>();
  readonly #terms: string[] = [];
  /** How many live documents hold a term, by the term's number. */
  readonly #withTerm: number[] = [];
  readonly #postings = new Postings();
  readonly #grams = new Grams();
  readonly #typos = new TypoIndex();
  readonly #documents = new DocumentTable();
  /** Documents that hold any of several terms, by their numbers. */
  readonly #counted = new Map<string, number>();
  /** What abbreviations stand for, by their terms' numbers. */
  readonly #explained = new Map<number, RelatedTerms[]>();
  readonly #scorer = new Scorer(this.#postings, this.#documents, (document, term) =>
    this.#exactFrequency(document, term),
  );

  /** Documents that can be found. */
  get size(): number {
    return this.#documents.live;
  }

  /** Documents that are forgotten but still take room. */
  get forgotten(): number {
    return this.#documents.count - this.#documents.live;
  }

  get isFull(): boolean {
    return this.#documents.count >= MOST_DOCUMENTS;
  }

  get sizeBytes(): number {
    return (
      this.#postings.sizeBytes +
      this.#grams.sizeBytes +
      this.#documents.sizeBytes +
      this.#scorer.sizeBytes +
      BYTES_PER_TERM * this.#dictionary.size
    );
  }

  /** Adds a document and returns what `remove` takes. */
  add({ number, title, headings, content }: IndexedDocument): number {
    const terms = new Uint32Array(title.length + headings.length + content.length);
    let next = 0;
    for (const part of [title, headings, content])
      for (const term of part) terms[next++] = this.#numberOf(term);
    const document = this.#documents.add({
      ...{ row: number, terms, grams: this.#grams.lengthOf(terms) },
      ...{ titleLength: title.length, headingsLength: headings.length },
    });
    this.#scorer.makeRoom(document + 1);
    const frequencies = this.#weightedFrequencies(document);
    for (const [term, frequency] of frequencies) {
      this.#grams.count(term, 1);
      this.#postings.append(term, document, frequency);
      this.#withTerm[term] = (this.#withTerm[term] ?? 0) + 1;
    }
    this.#counted.clear();
    this.#explained.clear();
    return document;
  }

  /** Nothing finds the documents any more. About a microsecond for each: what they hold is counted before it is taken off. */
  remove(documents: readonly number[]): void {
    const lost = new Uint32Array(this.#terms.length);
    /** 1 + the document that a term was seen in last. */
    const seenIn = new Uint32Array(this.#terms.length);
    for (const document of documents) {
      if (!this.#documents.isLive(document)) continue;
      for (const term of this.#documents.terms(document)) {
        if (seenIn[term] === document + 1) continue;
        seenIn[term] = document + 1;
        lost[term] = (lost[term] as number) + 1;
      }
      this.#documents.remove(document);
    }
    for (let term = 0; term < lost.length; term++) {
      const count = lost[term] as number;
      if (count === 0) continue;
      this.#withTerm[term] = (this.#withTerm[term] as number) - count;
      this.#grams.count(term, -count);
    }
    this.#counted.clear();
    this.#explained.clear();
  }

  /** The best documents, best first; the earlier row where scores are equal. */
  search(query: LexicalQuery, limit: number): LexicalMatches {
    const words = query.words.map((_, index) => this.#wordOf(query, index));
    const best = this.#scorer.best(words, limit);
    const matches = new MatchWriter(words.length, best.length);
    const runs = new QuestionRuns(this.#grams, this.size);
    const phrases = new Phrases();
    for (const { index, terms, forms, sayings } of words) {
      for (const alternative of query.words[index] ?? []) runs.addAlternative(index, alternative);
      for (const saying of sayings) phrases.add({ ...saying, word: index });
      for (const [place, term] of terms.entries()) {
        // A term that a saying is looked for by need not be a form of the word by itself.
        const form = forms[place] as number;
        if (form > 0) runs.setTerm(term, index, form);
      }
    }
    const relativeGrams = this.size / Math.max(this.#documents.grams, 1);
    for (const scored of best) this.#writeHit(scored, { runs, phrases }, relativeGrams, matches);
    runs.close();
    return matches.finish({
      chunks: this.size,
      withWord: words.map((word) => this.#countOwn(word)),
      replaced: words.map(({ replacement }) => replacement),
    });
  }

  #wordOf({ words, related, weights, certain }: LexicalQuery, index: number): Word {
    const alternatives = words[index] ?? [];
    const explained = alternatives.flatMap((alternative) => this.#explanationOf(alternative));
    const found = queryTerms(alternatives, [...explained, ...(related?.[index] ?? [])], {
      find: (term) => this.#liveTerm(term),
      countOf: (term) => this.#withTerm[term] ?? 0,
    });
    const standIn = found.terms.length > 0 || certain?.[index] ? null : this.#standIn(alternatives);
    const { terms, form, replacement } = standIn ?? { terms: found.terms, form: 1, replacement: null };
    const documents = this.#countOf(terms);
    const rarity = (weights?.[index] ?? 1) * form * inverseFrequency(this.size, documents);
    const same = standIn && { forms: terms.map(() => form), shares: terms.map(() => 1) };
    return { index, ...found, ...same, terms, replacement, documents, rarity };
  }

  /** What the documents say that an abbreviation stands for. */
  #explanationOf(abbreviation: string): RelatedTerms[] {
    const term = mayAbbreviate(abbreviation) ? this.#liveTerm(abbreviation) : null;
    if (term === null) return [];
    let explained = this.#explained.get(term);
    if (explained === undefined) {
      const found = this.#documentsWith(term, MOST_EXPLAINING)
        .map((document) => Array.from(this.#documents.terms(document), (each) => this.#terms[each] as string))
        .map((words) => explanation(abbreviation, words))
        .find((words) => words !== null);
      explained = found ? [{ terms: found, form: EXPLAINED }] : [];
      this.#explained.set(term, explained);
    }
    return explained;
  }

  #documentsWith(term: number, most: number): number[] {
    const found: number[] = [];
    this.#postings.forEachBlock(term, ({ documents, length }) => {
      for (let place = 0; place < length && found.length < most; place++) {
        const document = documents[place] as number;
        if (this.#documents.isLive(document)) found.push(document);
      }
    });
    return found;
  }

  /** What was meant by a word that no document holds, as the most frequent language stems it or as it stands. */
  #standIn(alternatives: readonly string[]): StandIn | null {
    for (const writing of new Set([alternatives[0] ?? "", alternatives.at(-1) ?? ""])) {
      const found = this.#typos.closest(
        writing,
        (term) => this.#terms[term] as string,
        (term) => this.#withTerm[term] as number,
      );
      const [first] = found;
      if (first === undefined) continue;
      const replacement = this.#terms[first.term] as string;
      return { terms: found.map(({ term }) => term), form: first.form, replacement };
    }
    const parts = compoundParts(alternatives[0] ?? "", (text) => this.#liveTerm(text));
    if (parts === null) return null;
    const replacement = parts.map((term) => this.#terms[term]).join(" + ");
    return { terms: parts, form: PART_OF_COMPOUND, replacement };
  }

  #liveTerm(text: string): number | null {
    const term = this.#dictionary.get(text);
    return term !== undefined && (this.#withTerm[term] ?? 0) > 0 ? term : null;
  }

  /** Documents with the word itself, or where none has it, with what else is said for it. */
  #countOwn({ terms, shares, documents }: Word): number {
    return this.#countOf(terms.filter((_, place) => shares[place] === 1)) || documents;
  }

  #countOf(terms: readonly number[]): number {
    if (terms.length < 2) return this.#withTerm[terms[0] ?? -1] ?? 0;
    const key = terms.join(" ");
    let count = this.#counted.get(key);
    if (count === undefined) {
      count = this.#scorer.countAny(terms);
      if (this.#counted.size < MOST_COUNTED) this.#counted.set(key, count);
    }
    return count;
  }

  #exactFrequency(document: number, term: number): number {
    return this.#weightedFrequencies(document).get(term) ?? 0;
  }

  #writeHit(
    { document, score }: Scored,
    { runs, phrases }: { runs: QuestionRuns; phrases: Phrases },
    relativeGrams: number,
    matches: MatchWriter,
  ): void {
    const terms = this.#documents.terms(document);
    const { titleLength, headingsLength, gramLength } = this.#documents.lengths(document);
    const before = titleLength + headingsLength;
    const frequencies = new Uint32Array(runs.weights.length);
    const write = (place: number, word: number, form: number) => {
      if (place < titleLength) matches.inTitle(word, form);
      else if (place < before) matches.inHeadings(word, form);
      else matches.inContent(place - before, word, form);
    };
    matches.hit(this.#documents.row(document), score);
    for (let place = 0; place < terms.length; place++) {
      const start = place < titleLength ? 0 : place < before ? titleLength : before;
      for (const { word, form } of phrases.endingAt(terms, place, start)) write(place, word, form);
      const relation = runs.relationOf(terms[place] as number);
      // Most terms: not even worth a loop.
      if (relation === UNRELATED) continue;
      const { words, forms, slots } = relation;
      for (let each = 0; each < slots.length; each++) {
        const slot = slots[each] as number;
        frequencies[slot] = (frequencies[slot] as number) + 1;
      }
      for (let each = 0; each < words.length; each++)
        write(place, words[each] as number, forms[each] as number);
    }
    const damping = K1 * (1 - B + B * gramLength * relativeGrams);
    matches.likeness(likenessOf(frequencies, runs.weights, damping));
  }

  #weightedFrequencies(document: number): Map<number, number> {
    const terms = this.#documents.terms(document);
    const { titleLength, headingsLength } = this.#documents.lengths(document);
    const frequencies = new Map<number, number>();
    for (let place = 0; place < terms.length; place++) {
      const isAbove = place < titleLength + headingsLength;
      const aboveWeight = place < titleLength ? FIELD_WEIGHTS.title : FIELD_WEIGHTS.headings;
      const term = terms[place] as number;
      frequencies.set(term, (frequencies.get(term) ?? 0) + (isAbove ? aboveWeight : FIELD_WEIGHTS.content));
    }
    return frequencies;
  }

  #numberOf(term: string): number {
    let number = this.#dictionary.get(term);
    if (number === undefined) {
      number = this.#dictionary.size;
      this.#dictionary.set(term, number);
      this.#terms.push(term);
      this.#grams.addTerm(term);
      this.#typos.add(number, term);
      this.#withTerm.push(0);
    }
    return number;
  }
}

function likenessOf(frequencies: Uint32Array, weights: readonly number[], damping: number): number {
  let score = 0;
  for (let slot = 0; slot < frequencies.length; slot++) {
    const frequency = frequencies[slot] as number;
    if (frequency > 0) score += ((weights[slot] as number) * frequency * (K1 + 1)) / (frequency + damping);
  }
  return score;
}
