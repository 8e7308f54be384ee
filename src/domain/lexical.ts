/** What passes between retrieval and the lexical indexes: words that are looked for, and where they stand. */

/**
 * A query for the lexical index. Each entry is one word of the question with the index terms that
 * stand for it (its stems in the languages at hand); they are made by rag/text, so user text never
 * reaches the engine's query syntax.
 */
export type LexicalQuery = {
  words: string[][];
  /** For each word what else it may be called, none where it is left out. */
  related?: RelatedTerms[][];
  /** What each word counts, 0 to 1; 1 where it is left out. */
  weights?: number[];
  /** Which words are surely spelled as they were meant, so that nothing stands in for them; none where it is left out. */
  certain?: boolean[];
};

/** One term, or several that stand one after another, and how much of the word they are, 0 to 1. */
export type RelatedTerms = { terms: string[]; form: number };

/**
 * What an index found, best first. In columns, so that fifty hits cross from thread to thread at the price of one:
 * `rows[h]`, `scores[h]` and so on belong to one hit; what is told of each word of the query stands in runs of
 * `withWord.length`, one run a hit.
 */
export type LexicalMatches = {
  /** Chunks of the tenant, and how many of them hold each word of the query or, where none does, what stands in for it. */
  chunks: number;
  withWord: number[];
  /** What was looked for in place of a word that no chunk holds: the closest term. Null for all other words. */
  replaced: (string | null)[];
  /** Rows of the chunks; `findByRows` of the store takes them. */
  rows: Float64Array;
  /** BM25, higher is better. Comparable only within one query. */
  scores: Float64Array;
  /** BM25 over runs of characters, which see compounds and other forms. 0 from an index that knows no runs. */
  likeness: Float64Array;
  /** For each word how well the title, or the headings, hold it: 1 itself, less in another form, 0 not at all. */
  inTitle: Float32Array;
  inHeadings: Float32Array;
  /** Where the matches of hit `h` begin in the next columns; those of hit `h + 1` end them. */
  starts: Uint32Array;
  /** Token positions in the content, ascending within a hit; one position may match several words. */
  places: Uint32Array;
  /** Which word matches there, and how well: 1 itself, less in another form. */
  words: Uint16Array;
  forms: Float32Array;
};

/** Writes matches hit by hit. `words` is how many words the query has. */
export class MatchWriter {
  #hits = 0;
  #matches = 0;
  readonly #rows: number[] = [];
  readonly #scores: number[] = [];
  readonly #likeness: number[] = [];
  readonly #starts: number[] = [0];
  readonly #inTitle: Float32Array;
  readonly #inHeadings: Float32Array;
  #places = new Uint32Array(512);
  #words = new Uint16Array(512);
  #forms = new Float32Array(512);

  constructor(
    readonly words: number,
    mostHits: number,
  ) {
    this.#inTitle = new Float32Array(words * mostHits);
    this.#inHeadings = new Float32Array(words * mostHits);
  }

  /** Begins the next hit; what is added from here on belongs to it. */
  hit(row: number, score: number): void {
    this.#hits++;
    this.#rows.push(row);
    this.#scores.push(score);
    this.#likeness.push(0);
    this.#starts.push(this.#matches);
  }

  inTitle(word: number, form: number): void {
    keepHighest(this.#inTitle, (this.#hits - 1) * this.words + word, form);
  }

  inHeadings(word: number, form: number): void {
    keepHighest(this.#inHeadings, (this.#hits - 1) * this.words + word, form);
  }

  /** Places must come in ascending order. */
  inContent(place: number, word: number, form: number): void {
    if (this.#matches === this.#places.length) this.#grow();
    this.#places[this.#matches] = place;
    this.#words[this.#matches] = word;
    this.#forms[this.#matches] = form;
    this.#starts[this.#hits] = ++this.#matches;
  }

  likeness(score: number): void {
    this.#likeness[this.#hits - 1] = score;
  }

  /** Everything written. The writer is not to be used afterwards. */
  finish(told: Pick<LexicalMatches, "chunks" | "withWord" | "replaced">): LexicalMatches {
    const cells = this.#hits * this.words;
    return {
      ...told,
      rows: Float64Array.from(this.#rows),
      scores: Float64Array.from(this.#scores),
      likeness: Float64Array.from(this.#likeness),
      // Copies, because a view would take all of its buffer to the other thread.
      inTitle: this.#inTitle.slice(0, cells),
      inHeadings: this.#inHeadings.slice(0, cells),
      starts: Uint32Array.from(this.#starts),
      places: this.#places.slice(0, this.#matches),
      words: this.#words.slice(0, this.#matches),
      forms: this.#forms.slice(0, this.#matches),
    };
  }

  #grow(): void {
    const [places, words, forms] = [this.#places, this.#words, this.#forms];
    this.#places = new Uint32Array(places.length * 2);
    this.#places.set(places);
    this.#words = new Uint16Array(words.length * 2);
    this.#words.set(words);
    this.#forms = new Float32Array(forms.length * 2);
    this.#forms.set(forms);
  }
}

function keepHighest(column: Float32Array, cell: number, form: number): void {
  if (form > (column[cell] as number)) column[cell] = form;
}
