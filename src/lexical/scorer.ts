/** The best documents for the words of a query, by BM25 over their postings. */
import { B, K1 } from "../domain/bm25.ts";
import type { Damping, DocumentTable } from "./document-table.ts";
import { grown, roomFor } from "./pool.ts";
import { MOST_FREQUENCY, type Postings } from "./postings.ts";
import { type Scored, Top } from "./top.ts";

export type ScoredWord = {
  /** Numbers of its terms; they count as one. */
  terms: number[];
  /** What each time that a document holds the term counts, 0 to 1. */
  shares: number[];
  /** Documents that hold any of them. */
  documents: number;
  rarity: number;
};

export class Scorer {
  /** Room for a search, cleared after each. */
  #scores = new Float64Array(64);
  #frequencies = new Float64Array(64);
  #touched = new Uint32Array(64);
  readonly #postings: Postings;
  readonly #documents: DocumentTable;
  readonly #exactFrequency: (document: number, term: number) => number;

  /** @param exactFrequency of a term that a document holds more often than a posting can say */
  constructor(
    postings: Postings,
    documents: DocumentTable,
    exactFrequency: (document: number, term: number) => number,
  ) {
    this.#postings = postings;
    this.#documents = documents;
    this.#exactFrequency = exactFrequency;
  }

  get sizeBytes(): number {
    return this.#scores.byteLength + this.#frequencies.byteLength + this.#touched.byteLength;
  }

  /** How many documents hold any of the terms. */
  countAny(terms: readonly number[]): number {
    const count = this.#gather({ terms, shares: terms.map(() => 1) }, 0);
    for (let place = 0; place < count; place++) this.#frequencies[this.#touched[place] as number] = 0;
    return count;
  }

  /**
   * Adds words from the most telling on. Once what is left could not lift a new document among the best, the
   * rest is only looked up for those that still can be.
   */
  best(words: readonly ScoredWord[], limit: number): Scored[] {
    const damping = this.#documents.damping(K1, B);
    const order = words.filter(({ terms }) => terms.length > 0).sort((a, b) => b.rarity - a.rarity);
    let left = order.reduce((sum, word) => sum + mostOf(word), 0);
    let postings = order.reduce((sum, { documents }) => sum + documents, 0);
    let found = 0;
    for (const [place, word] of order.entries()) {
      found = this.#scoreWord(word, damping, found);
      left -= mostOf(word);
      postings -= word.documents;
      // Narrowing costs a look at everything found so far.
      if (postings <= found) continue;
      const { floor } = this.#topOf(this.#touched, found, limit);
      if (floor <= left) continue;
      return this.#bestAmong(order.slice(place + 1), damping, this.#keepAbove(floor - left, found), limit);
    }
    const best = this.#topOf(this.#touched, found, limit).sorted();
    this.#clearScores(this.#touched, found);
    return best;
  }

  /** Goes on with `words` for those of `documents`, ascending, that can still become one of the best. */
  #bestAmong(
    words: readonly ScoredWord[],
    damping: Damping,
    documents: Uint32Array,
    limit: number,
  ): Scored[] {
    let left = words.reduce((sum, word) => sum + mostOf(word), 0);
    let count = documents.length;
    for (const word of words) {
      this.#scoreAmong(word, damping, documents.subarray(0, count));
      left -= mostOf(word);
      const least = this.#topOf(documents, count, limit).floor - left;
      let kept = 0;
      for (let place = 0; place < count; place++) {
        const document = documents[place] as number;
        if ((this.#scores[document] as number) >= least) documents[kept++] = document;
        else this.#scores[document] = 0;
      }
      count = kept;
    }
    const best = this.#topOf(documents, count, limit).sorted();
    this.#clearScores(documents, count);
    return best;
  }

  #clearScores(documents: Uint32Array, count: number): void {
    for (let place = 0; place < count; place++) this.#scores[documents[place] as number] = 0;
  }

  /** The best of the first `count` of `documents`. */
  #topOf(documents: Uint32Array, count: number, limit: number): Top {
    const rows = this.#documents;
    const top = new Top(limit, (left, right) => rows.row(left) < rows.row(right));
    for (let place = 0; place < count; place++) {
      const document = documents[place] as number;
      const score = this.#scores[document] as number;
      // Most documents are far from the best: they are not worth a call.
      if (score > 0 && score >= top.floor) top.offer(document, score);
    }
    return top;
  }

  /** Adds the word's part to all documents that hold it. How many are touched now; `#touched` has them. */
  #scoreWord(word: ScoredWord, damping: Damping, before: number): number {
    if (word.terms.length > 1 || word.shares[0] !== 1) return this.#scoreAlternatives(word, damping, before);
    const [scores, touched] = [this.#scores, this.#touched];
    const term = word.terms[0] as number;
    const most = mostOf(word);
    let found = before;
    const { lengths, constant, perTerm } = damping;
    this.#postings.forEachBlock(term, ({ documents, frequencies, length: postings }) => {
      for (let place = 0; place < postings; place++) {
        const document = documents[place] as number;
        const length = lengths[document] as number;
        if (length === 0) continue;
        const damped = constant + perTerm * length;
        const stored = frequencies[place] as number;
        const frequency = stored < MOST_FREQUENCY ? stored : this.#exactFrequency(document, term);
        const former = scores[document] as number;
        if (former === 0) touched[found++] = document;
        scores[document] = former + (most * frequency) / (frequency + damped);
      }
    });
    return found;
  }

  /** The terms of one word count as one: their frequencies are added before they are damped. */
  #scoreAlternatives(word: ScoredWord, damping: Damping, before: number): number {
    const gathered = this.#gather(word, before);
    let found = before;
    for (let place = before; place < before + gathered; place++) {
      const document = this.#touched[place] as number;
      const frequency = this.#frequencies[document] as number;
      this.#frequencies[document] = 0;
      const former = this.#scores[document] as number;
      if (former === 0) this.#touched[found++] = document;
      this.#scores[document] =
        former + (mostOf(word) * frequency) / (frequency + dampingOf(damping, document));
    }
    return found;
  }

  /** Documents of at least this score, ascending. The others are out: their scores become 0. */
  #keepAbove(least: number, found: number): Uint32Array {
    const kept = new Uint32Array(found);
    let count = 0;
    for (let place = 0; place < found; place++) {
      const document = this.#touched[place] as number;
      if ((this.#scores[document] as number) >= least) kept[count++] = document;
      else this.#scores[document] = 0;
    }
    return kept.subarray(0, count).sort();
  }

  /** Adds the word's part to those of `documents` that hold it. */
  #scoreAmong(word: ScoredWord, damping: Damping, documents: Uint32Array): void {
    for (const [each, term] of word.terms.entries()) {
      const share = word.shares[each] as number;
      this.#postings.forEachAmong(term, documents, (document, stored) => {
        const frequency = stored < MOST_FREQUENCY ? stored : this.#exactFrequency(document, term);
        this.#frequencies[document] = (this.#frequencies[document] as number) + share * frequency;
      });
    }
    for (let place = 0; place < documents.length; place++) {
      const document = documents[place] as number;
      const frequency = this.#frequencies[document] as number;
      if (frequency === 0) continue;
      this.#frequencies[document] = 0;
      this.#scores[document] =
        (this.#scores[document] as number) +
        (mostOf(word) * frequency) / (frequency + dampingOf(damping, document));
    }
  }

  /** Adds up the frequencies of several terms. How many documents hold any; `#touched` has them from `start` on. */
  #gather({ terms, shares }: { terms: readonly number[]; shares: readonly number[] }, start: number): number {
    // A document may be in what was touched before, too.
    if (start + this.#documents.count > this.#touched.length) this.#growTouched(start);
    const [gathered, touched, { termLengths: lengths }] = [this.#frequencies, this.#touched, this.#documents];
    let found = start;
    for (const [each, term] of terms.entries()) {
      const share = shares[each] as number;
      this.#postings.forEachBlock(term, ({ documents, frequencies, length }) => {
        for (let place = 0; place < length; place++) {
          const document = documents[place] as number;
          if (lengths[document] === 0) continue;
          const stored = frequencies[place] as number;
          const frequency = stored < MOST_FREQUENCY ? stored : this.#exactFrequency(document, term);
          if (gathered[document] === 0) touched[found++] = document;
          gathered[document] = (gathered[document] as number) + share * frequency;
        }
      });
    }
    return found - start;
  }

  /** For so many documents. */
  makeRoom(documents: number): void {
    if (documents <= this.#scores.length) return;
    const length = roomFor(documents);
    this.#scores = new Float64Array(length);
    this.#frequencies = new Float64Array(length);
    this.#touched = new Uint32Array(length);
  }

  #growTouched(used: number): void {
    this.#touched = grown(this.#touched, used + this.#scores.length);
  }
}

function dampingOf({ lengths, constant, perTerm }: Damping, document: number): number {
  return constant + perTerm * (lengths[document] as number);
}

/** What a word can add to a score at most. */
function mostOf({ rarity }: ScoredWord): number {
  return rarity * (K1 + 1);
}
