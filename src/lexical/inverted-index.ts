/**
 * A tenant's chunks as an inverted index in typed arrays: postings for finding, and the terms of every
 * document in order, for positions and for forgetting. The same BM25 as SQLite's side, to the last digits.
 */
import { B, FIELD_WEIGHTS, inverseFrequency, K1 } from "../domain/bm25.ts";
import type { LexicalQuery } from "../domain/knowledge.ts";
import { type GramQuery, Grams, type Likeness } from "./grams.ts";
import { documentOf, frequencyOf, MOST_DOCUMENTS, MOST_FREQUENCY, Postings } from "./postings.ts";
import { type Scored, Top } from "./top.ts";

/** Terms of one chunk by part; `number` is its row. */
export type IndexedDocument = { number: number; title: string[]; headings: string[]; content: string[] };

export type IndexHit = {
  number: number;
  score: number;
  /** For each word of the query its places in the content, ascending. */
  positions: number[][];
  /** Terms of the content. */
  length: number;
  titleTerms: string;
  headingTerms: string;
  likeness: Likeness;
};

type Stored = {
  number: number;
  terms: Uint32Array;
  titleLength: number;
  headingsLength: number;
  gramLength: number;
};

/** What a term costs beside its postings: a string and its entry in the dictionary. */
const BYTES_PER_TERM = 104;
const BYTES_PER_DOCUMENT = 160;
const FORGOTTEN: Stored = {
  ...{ number: -1, terms: new Uint32Array(0) },
  ...{ titleLength: 0, headingsLength: 0, gramLength: 0 },
};

export class InvertedIndex {
  readonly #dictionary = new Map<string, number>();
  readonly #terms: string[] = [];
  /** How many live documents hold a term, by the term's number. */
  readonly #withTerm: number[] = [];
  readonly #postings = new Postings();
  readonly #grams = new Grams();
  readonly #documents: Stored[] = [];
  /** Terms of a document in all; 0 for a forgotten one. */
  #lengths = new Float64Array(64);
  /** Room for a search, cleared after each. */
  #scores = new Float64Array(64);
  #frequencies = new Float64Array(64);
  #touched = new Uint32Array(64);
  #live = 0;
  #totalLength = 0;
  #totalGrams = 0;
  #storedTerms = 0;

  /** Documents that can be found. */
  get size(): number {
    return this.#live;
  }

  /** Documents that are forgotten but still take room. */
  get forgotten(): number {
    return this.#documents.length - this.#live;
  }

  get isFull(): boolean {
    return this.#documents.length >= MOST_DOCUMENTS;
  }

  get sizeBytes(): number {
    return (
      this.#postings.sizeBytes +
      this.#grams.sizeBytes +
      4 * this.#storedTerms +
      BYTES_PER_DOCUMENT * this.#documents.length +
      BYTES_PER_TERM * this.#dictionary.size
    );
  }

  /** Adds a document and returns what `remove` takes. */
  add({ number, title, headings, content }: IndexedDocument): number {
    const document = this.#documents.length;
    const terms = new Uint32Array(title.length + headings.length + content.length);
    let next = 0;
    for (const part of [title, headings, content])
      for (const term of part) terms[next++] = this.#numberOf(term);
    const gramLength = this.#grams.lengthOf(terms);
    const stored = { number, terms, gramLength, titleLength: title.length, headingsLength: headings.length };
    this.#documents.push(stored);
    this.#makeRoom(document + 1);
    const frequencies = weightedFrequencies(stored);
    this.#grams.count(frequencies.keys(), 1);
    for (const [term, frequency] of frequencies) {
      this.#postings.append(term, document, frequency);
      this.#withTerm[term] = (this.#withTerm[term] ?? 0) + 1;
    }
    this.#lengths[document] = terms.length;
    this.#storedTerms += terms.length;
    this.#totalLength += terms.length;
    this.#totalGrams += gramLength;
    this.#live++;
    return document;
  }

  /** Nothing finds the document any more, and its terms are gone. */
  remove(document: number): void {
    const stored = this.#documents[document];
    if (stored === undefined || stored.number < 0) return;
    const terms = new Set(stored.terms);
    for (const term of terms) this.#withTerm[term] = (this.#withTerm[term] ?? 1) - 1;
    this.#grams.count(terms, -1);
    this.#totalLength -= stored.terms.length;
    this.#storedTerms -= stored.terms.length;
    this.#totalGrams -= stored.gramLength;
    this.#documents[document] = FORGOTTEN;
    this.#lengths[document] = 0;
    this.#live--;
  }

  /** How many documents hold each word of the query. */
  withWord(query: LexicalQuery): number[] {
    return query.words.map((alternatives) => {
      const terms = this.#known(alternatives);
      if (terms.length < 2) return this.#withTerm[terms[0] ?? -1] ?? 0;
      const found = this.#gather(terms);
      for (let place = 0; place < found; place++) this.#frequencies[this.#touched[place] as number] = 0;
      return found;
    });
  }

  /** The best documents, best first; the earlier row where scores are equal. */
  search(query: LexicalQuery, limit: number): IndexHit[] {
    const known = query.words.map((alternatives) => this.#known(alternatives));
    const found = this.#score(known);
    const top = new Top(limit, (left, right) => this.#row(left) < this.#row(right));
    for (let place = 0; place < found; place++) {
      const document = this.#touched[place] as number;
      const score = this.#scores[document] as number;
      this.#scores[document] = 0;
      // Most documents are far from the best: they are not worth a call.
      if (score >= top.floor) top.offer(document, score);
    }
    return this.#grams.withQuery(query.words, this.#live, (grams) =>
      top.sorted().map((scored) => this.#toHit(scored, known, grams)),
    );
  }

  #row(document: number): number {
    return this.#documents[document]?.number ?? -1;
  }

  #known(alternatives: readonly string[]): number[] {
    const terms = new Set<number>();
    for (const alternative of alternatives) {
      const term = this.#dictionary.get(alternative);
      if (term !== undefined && (this.#withTerm[term] ?? 0) > 0) terms.add(term);
    }
    return [...terms];
  }

  /** Adds up the scores of all documents that hold any of the words. How many; `#touched` has them. */
  #score(words: readonly number[][]): number {
    const meanLength = Math.max(this.#totalLength / Math.max(this.#live, 1), 1);
    let found = 0;
    for (const terms of words) {
      if (terms.length === 1) found = this.#scoreTerm(terms[0] as number, meanLength, found);
      if (terms.length > 1) found = this.#scoreAlternatives(terms, meanLength, found);
    }
    return found;
  }

  #scoreTerm(term: number, meanLength: number, before: number): number {
    const [lengths, scores, touched] = [this.#lengths, this.#scores, this.#touched];
    const rarity = inverseFrequency(this.#live, this.#withTerm[term] as number);
    const constant = K1 * (1 - B);
    const perTerm = (K1 * B) / meanLength;
    let found = before;
    this.#postings.forEachBlock(term, (page, from, to) => {
      for (let place = from; place < to; place++) {
        const posting = page[place] as number;
        const document = documentOf(posting);
        const length = lengths[document] as number;
        if (length === 0) continue;
        const stored = frequencyOf(posting);
        const frequency = stored < MOST_FREQUENCY ? stored : this.#exactFrequency(document, term);
        const former = scores[document] as number;
        if (former === 0) touched[found++] = document;
        scores[document] =
          former + (rarity * frequency * (K1 + 1)) / (frequency + constant + perTerm * length);
      }
    });
    return found;
  }

  /** The terms of one word count as one: their frequencies are added before they are damped. */
  #scoreAlternatives(terms: readonly number[], meanLength: number, before: number): number {
    // What was touched before stays; the gathered documents are put behind it.
    const earlier = this.#touched.slice(0, before);
    const gathered = this.#gather(terms);
    const documents = this.#touched.slice(0, gathered);
    this.#touched.set(earlier);
    const rarity = inverseFrequency(this.#live, gathered);
    let found = before;
    for (const document of documents) {
      const frequency = this.#frequencies[document] as number;
      this.#frequencies[document] = 0;
      const damping = K1 * (1 - B + (B * (this.#lengths[document] as number)) / meanLength);
      const former = this.#scores[document] as number;
      if (former === 0) this.#touched[found++] = document;
      this.#scores[document] = former + (rarity * frequency * (K1 + 1)) / (frequency + damping);
    }
    return found;
  }

  /** Adds up the frequencies of several terms. How many documents hold any; `#touched` begins with them. */
  #gather(terms: readonly number[]): number {
    let found = 0;
    for (const term of terms) {
      this.#postings.forEachBlock(term, (page, from, to) => {
        for (let place = from; place < to; place++) {
          const posting = page[place] as number;
          const document = documentOf(posting);
          if (this.#lengths[document] === 0) continue;
          const stored = frequencyOf(posting);
          const frequency = stored < MOST_FREQUENCY ? stored : this.#exactFrequency(document, term);
          if (this.#frequencies[document] === 0) this.#touched[found++] = document;
          this.#frequencies[document] = (this.#frequencies[document] as number) + frequency;
        }
      });
    }
    return found;
  }

  #exactFrequency(document: number, term: number): number {
    return weightedFrequencies(this.#documents[document] as Stored).get(term) ?? 0;
  }

  #toHit({ document, score }: Scored, words: readonly number[][], grams: GramQuery): IndexHit {
    const { number, terms, titleLength, headingsLength, gramLength } = this.#documents[document] as Stored;
    const before = titleLength + headingsLength;
    const positions = words.map((wanted) => {
      const places: number[] = [];
      if (wanted.length === 0) return places;
      const [only] = wanted;
      for (let place = before; place < terms.length; place++) {
        const term = terms[place] as number;
        if (wanted.length === 1 ? term === only : wanted.includes(term)) places.push(place - before);
      }
      return places;
    });
    return {
      number,
      score,
      positions,
      length: terms.length - before,
      titleTerms: this.#text(terms.subarray(0, titleLength)),
      headingTerms: this.#text(terms.subarray(titleLength, before)),
      likeness: this.#grams.likeness(grams, terms, (gramLength * this.#live) / Math.max(this.#totalGrams, 1)),
    };
  }

  #text(terms: Uint32Array): string {
    return Array.from(terms, (term) => this.#terms[term]).join(" ");
  }

  #numberOf(term: string): number {
    let number = this.#dictionary.get(term);
    if (number === undefined) {
      number = this.#dictionary.size;
      this.#dictionary.set(term, number);
      this.#terms.push(term);
      this.#grams.addTerm(term);
      this.#withTerm.push(0);
    }
    return number;
  }

  #makeRoom(documents: number): void {
    if (documents <= this.#lengths.length) return;
    const length = this.#lengths.length * 2;
    const lengths = new Float64Array(length);
    lengths.set(this.#lengths);
    this.#lengths = lengths;
    this.#scores = new Float64Array(length);
    this.#frequencies = new Float64Array(length);
    this.#touched = new Uint32Array(length);
  }
}

function weightedFrequencies({ terms, titleLength, headingsLength }: Stored): Map<number, number> {
  const frequencies = new Map<number, number>();
  for (let place = 0; place < terms.length; place++) {
    const isAbove = place < titleLength + headingsLength;
    const aboveWeight = place < titleLength ? FIELD_WEIGHTS.title : FIELD_WEIGHTS.headings;
    const term = terms[place] as number;
    frequencies.set(term, (frequencies.get(term) ?? 0) + (isAbove ? aboveWeight : FIELD_WEIGHTS.content));
  }
  return frequencies;
}
