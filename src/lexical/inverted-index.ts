/**
 * A tenant's chunks as an inverted index in typed arrays: postings for finding, and the terms of every
 * document in order, for positions and for forgetting. The same BM25 as SQLite's side, to the last digits.
 */
import { B, FIELD_WEIGHTS, inverseFrequency, K1 } from "../domain/bm25.ts";
import { type LexicalMatches, type LexicalQuery, MatchWriter } from "../domain/lexical.ts";
import { DocumentTable } from "./document-table.ts";
import { Grams, QuestionRuns, UNRELATED } from "./grams.ts";
import { documentOf, frequencyOf, MOST_DOCUMENTS, MOST_FREQUENCY, Postings } from "./postings.ts";
import { type Scored, Top } from "./top.ts";
import { TypoIndex } from "./typos.ts";

/** Terms of one chunk by part; `number` is its row. */
export type IndexedDocument = { number: number; title: string[]; headings: string[]; content: string[] };

/** What a term costs beside its postings: a string and its entry in the dictionary. */
const BYTES_PER_TERM = 112;
/** How many words' counts are remembered until the next change. */
const MOST_COUNTED = 2_000;

/** A word of the query as the index knows it. */
type Word = {
  index: number;
  /** Numbers of its terms; they count as one. */
  terms: number[];
  /** How much of the word its terms are: 1 unless they stand in for it. */
  form: number;
  documents: number;
  rarity: number;
  /** What stands in for a word that no document holds. */
  replacement: string | null;
};

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
  /** Room for a search, cleared after each. */
  #scores = new Float64Array(64);
  #frequencies = new Float64Array(64);
  #touched = new Uint32Array(64);

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
      this.#scores.byteLength * 2.5 +
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
    this.#makeRoom(document + 1);
    const frequencies = this.#weightedFrequencies(document);
    this.#grams.count(frequencies.keys(), 1);
    for (const [term, frequency] of frequencies) {
      this.#postings.append(term, document, frequency);
      this.#withTerm[term] = (this.#withTerm[term] ?? 0) + 1;
    }
    this.#counted.clear();
    return document;
  }

  /** Nothing finds the document any more. */
  remove(document: number): void {
    if (!this.#documents.isLive(document)) return;
    const terms = new Set(this.#documents.terms(document));
    for (const term of terms) this.#withTerm[term] = (this.#withTerm[term] ?? 1) - 1;
    this.#grams.count(terms, -1);
    this.#documents.remove(document);
    this.#counted.clear();
  }

  /** The best documents, best first; the earlier row where scores are equal. */
  search(query: LexicalQuery, limit: number): LexicalMatches {
    const words = query.words.map((alternatives, index) => this.#wordOf(index, alternatives));
    const best = this.#best(words, limit);
    const matches = new MatchWriter(words.length, best.length);
    const runs = new QuestionRuns(this.#grams, this.size);
    for (const { index, terms, form } of words) {
      for (const alternative of query.words[index] ?? []) runs.addAlternative(index, alternative);
      for (const term of terms) runs.setTerm(term, index, form);
    }
    const relativeGrams = this.size / Math.max(this.#documents.grams, 1);
    for (const scored of best) this.#writeHit(scored, runs, relativeGrams, matches);
    runs.close();
    return matches.finish({
      chunks: this.size,
      withWord: words.map(({ documents, form }) => (form < 1 ? 0 : documents)),
      replaced: words.map(({ replacement }) => replacement),
    });
  }

  #wordOf(index: number, alternatives: readonly string[]): Word {
    const terms = new Set<number>();
    for (const alternative of alternatives) {
      const term = this.#dictionary.get(alternative);
      if (term !== undefined && (this.#withTerm[term] ?? 0) > 0) terms.add(term);
    }
    const known = { index, terms: [...terms], form: 1, replacement: null };
    return this.#counting(terms.size === 0 ? { ...known, ...this.#standIn(alternatives) } : known);
  }

  /** What was meant by a word that no document holds, as the most frequent language stems it or as it stands. */
  #standIn(alternatives: readonly string[]): Partial<Pick<Word, "terms" | "form" | "replacement">> {
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
    return {};
  }

  #counting(word: Omit<Word, "documents" | "rarity">): Word {
    const documents = this.#countOf(word.terms);
    return { ...word, documents, rarity: word.form * inverseFrequency(this.size, documents) };
  }

  #countOf(terms: readonly number[]): number {
    if (terms.length < 2) return this.#withTerm[terms[0] ?? -1] ?? 0;
    const key = terms.join(" ");
    let count = this.#counted.get(key);
    if (count === undefined) {
      count = this.#gather(terms, 0);
      for (let place = 0; place < count; place++) this.#frequencies[this.#touched[place] as number] = 0;
      if (this.#counted.size < MOST_COUNTED) this.#counted.set(key, count);
    }
    return count;
  }

  /**
   * Adds words from the most telling on. Once what is left could not lift a new document among the best, the
   * rest is only looked up for those that still can be.
   */
  #best(words: readonly Word[], limit: number): Scored[] {
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
  #bestAmong(words: readonly Word[], damping: Float64Array, documents: Uint32Array, limit: number): Scored[] {
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
  #scoreWord(word: Word, damping: Float64Array, before: number): number {
    if (word.terms.length > 1) return this.#scoreAlternatives(word, damping, before);
    const [scores, touched] = [this.#scores, this.#touched];
    const term = word.terms[0] as number;
    const most = mostOf(word);
    let found = before;
    this.#postings.forEachBlock(term, (page, from, to) => {
      for (let place = from; place < to; place++) {
        const posting = page[place] as number;
        const document = documentOf(posting);
        const damped = damping[document] as number;
        if (damped === 0) continue;
        const stored = frequencyOf(posting);
        const frequency = stored < MOST_FREQUENCY ? stored : this.#exactFrequency(document, term);
        const former = scores[document] as number;
        if (former === 0) touched[found++] = document;
        scores[document] = former + (most * frequency) / (frequency + damped);
      }
    });
    return found;
  }

  /** The terms of one word count as one: their frequencies are added before they are damped. */
  #scoreAlternatives(word: Word, damping: Float64Array, before: number): number {
    const gathered = this.#gather(word.terms, before);
    let found = before;
    for (let place = before; place < before + gathered; place++) {
      const document = this.#touched[place] as number;
      const frequency = this.#frequencies[document] as number;
      this.#frequencies[document] = 0;
      const former = this.#scores[document] as number;
      if (former === 0) this.#touched[found++] = document;
      this.#scores[document] =
        former + (mostOf(word) * frequency) / (frequency + (damping[document] as number));
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
  #scoreAmong(word: Word, damping: Float64Array, documents: Uint32Array): void {
    for (const term of word.terms) {
      this.#postings.forEachAmong(term, documents, (document, stored) => {
        const frequency = stored < MOST_FREQUENCY ? stored : this.#exactFrequency(document, term);
        this.#frequencies[document] = (this.#frequencies[document] as number) + frequency;
      });
    }
    for (let place = 0; place < documents.length; place++) {
      const document = documents[place] as number;
      const frequency = this.#frequencies[document] as number;
      if (frequency === 0) continue;
      this.#frequencies[document] = 0;
      this.#scores[document] =
        (this.#scores[document] as number) +
        (mostOf(word) * frequency) / (frequency + (damping[document] as number));
    }
  }

  /** Adds up the frequencies of several terms. How many documents hold any; `#touched` has them from `start` on. */
  #gather(terms: readonly number[], start: number): number {
    // A document may be in what was touched before, too.
    if (start + this.#documents.count > this.#touched.length) this.#growTouched(start);
    const [frequencies, touched] = [this.#frequencies, this.#touched];
    let found = start;
    for (const term of terms) {
      this.#postings.forEachBlock(term, (page, from, to) => {
        for (let place = from; place < to; place++) {
          const posting = page[place] as number;
          const document = documentOf(posting);
          if (!this.#documents.isLive(document)) continue;
          const stored = frequencyOf(posting);
          const frequency = stored < MOST_FREQUENCY ? stored : this.#exactFrequency(document, term);
          if (frequencies[document] === 0) touched[found++] = document;
          frequencies[document] = (frequencies[document] as number) + frequency;
        }
      });
    }
    return found - start;
  }

  #exactFrequency(document: number, term: number): number {
    return this.#weightedFrequencies(document).get(term) ?? 0;
  }

  #writeHit({ document, score }: Scored, runs: QuestionRuns, relativeGrams: number, matches: MatchWriter) {
    const terms = this.#documents.terms(document);
    const { titleLength, headingsLength, gramLength } = this.#documents.lengths(document);
    const before = titleLength + headingsLength;
    const frequencies = new Uint32Array(runs.weights.length);
    matches.hit(this.#documents.row(document), score);
    for (let place = 0; place < terms.length; place++) {
      const relation = runs.relationOf(terms[place] as number);
      // Most terms: not even worth a loop.
      if (relation === UNRELATED) continue;
      const { words, forms, slots } = relation;
      for (let each = 0; each < slots.length; each++) {
        const slot = slots[each] as number;
        frequencies[slot] = (frequencies[slot] as number) + 1;
      }
      for (let each = 0; each < words.length; each++) {
        const [word, form] = [words[each] as number, forms[each] as number];
        if (place < titleLength) matches.inTitle(word, form);
        else if (place < before) matches.inHeadings(word, form);
        else matches.inContent(place - before, word, form);
      }
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

  #makeRoom(documents: number): void {
    if (documents <= this.#scores.length) return;
    const length = this.#scores.length * 2;
    this.#scores = new Float64Array(length);
    this.#frequencies = new Float64Array(length);
    this.#touched = new Uint32Array(length);
  }

  #growTouched(used: number): void {
    const longer = new Uint32Array(used + this.#scores.length);
    longer.set(this.#touched.subarray(0, used));
    this.#touched = longer;
  }
}

/** What a word can add to a score at most. */
function mostOf({ rarity }: Word): number {
  return rarity * (K1 + 1);
}

function likenessOf(frequencies: Uint32Array, weights: readonly number[], damping: number): number {
  let score = 0;
  for (let slot = 0; slot < frequencies.length; slot++) {
    const frequency = frequencies[slot] as number;
    if (frequency > 0) score += ((weights[slot] as number) * frequency * (K1 + 1)) / (frequency + damping);
  }
  return score;
}
