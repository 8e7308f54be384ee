/** What is seen in a hit of the lexical index: how much of the question it holds, how close together, and where. */
import type { LexicalMatches } from "../domain/lexical.ts";

/** Tokens of a window: about two sentences. */
const WINDOW_TOKENS = 24;
/** Further apart, two words of the question are not a phrase. */
const ADJACENT_TOKENS = 3;

/** A heading says what its section is about nearly as surely as the section; a title less. */
const HEADING_SHARE = 0.8;
const TITLE_SHARE = 0.3;

/** Shares of the question's weight, 0 to 1. A word that is there in another form counts in part. */
export type Features = {
  /** Anywhere. */
  coverage: number;
  /** Closest together. */
  window: number;
  /** Neighbours of the question that are neighbours here, in order. */
  adjacency: number;
  /** In the title or the headings. */
  title: number;
  /** What the headings and the title say beyond the content. */
  above: number;
};

/** Reads one hit after another, weighing the words of the question in one or more ways. */
export class FeatureReader {
  /** For each word how well the hit holds it: anywhere, and in its content. */
  readonly anywhere: Float64Array;
  readonly #inContent: Float64Array;
  readonly #inWindow: Float64Array;
  readonly #pairs: Float64Array;
  readonly #totals: number[];

  constructor(
    readonly matches: LexicalMatches,
    /** One weight a word, in each of the ways. */
    readonly weights: readonly Float64Array[],
  ) {
    const words = matches.withWord.length;
    this.anywhere = new Float64Array(words);
    this.#inContent = new Float64Array(words);
    this.#inWindow = new Float64Array(words);
    this.#pairs = new Float64Array(words);
    this.#totals = weights.map((weight) => weight.reduce((sum, each) => sum + each, 0) || 1);
  }

  /** Those of a hit, by way of weighing. `anywhere` is of this hit until the next call. */
  read(hit: number): Features[] {
    const [from, to] = [this.matches.starts[hit] as number, this.matches.starts[hit + 1] as number];
    this.#readContent(from, to);
    const windows = this.#windows(from, to);
    return this.weights.map((weight, way) => {
      const total = this.#totals[way] as number;
      const { coverage, title, above } = this.#parts(hit, weight);
      return {
        coverage: coverage / total,
        window: (windows[way] as number) / total,
        adjacency: this.#adjacency(weight),
        title: title / total,
        above: above / total,
      };
    });
  }

  /** The best form of each word in the content, and of each pair of neighbours. */
  #readContent(from: number, to: number): void {
    const { places, words, forms } = this.matches;
    this.#inContent.fill(0);
    this.#pairs.fill(0);
    for (let right = from; right < to; right++) {
      const [word, form] = [words[right] as number, forms[right] as number];
      if (form > (this.#inContent[word] as number)) this.#inContent[word] = form;
      if (word === 0) continue;
      const place = places[right] as number;
      for (
        let left = right - 1;
        left >= from && place - (places[left] as number) <= ADJACENT_TOKENS;
        left--
      ) {
        if ((words[left] as number) + 1 !== word || places[left] === place) continue;
        const pair = (forms[left] as number) * form;
        if (pair > (this.#pairs[word - 1] as number)) this.#pairs[word - 1] = pair;
      }
    }
  }

  /** The most weight of different words within WINDOW_TOKENS, by way of weighing. */
  #windows(from: number, to: number): number[] {
    const { places, words, forms } = this.matches;
    const inside = this.#inWindow;
    const best = this.weights.map(() => 0);
    for (let first = from; first < to; first++) {
      inside.fill(0);
      const end = (places[first] as number) + WINDOW_TOKENS;
      for (let each = first; each < to && (places[each] as number) < end; each++) {
        const word = words[each] as number;
        if ((forms[each] as number) > (inside[word] as number)) inside[word] = forms[each] as number;
      }
      for (const [way, weight] of this.weights.entries()) {
        let sum = 0;
        for (let word = 0; word < inside.length; word++)
          sum += (weight[word] as number) * (inside[word] as number);
        if (sum > (best[way] as number)) best[way] = sum;
      }
    }
    return best;
  }

  #parts(hit: number, weight: Float64Array): { coverage: number; title: number; above: number } {
    const { inTitle, inHeadings } = this.matches;
    const before = hit * weight.length;
    const sums = { coverage: 0, title: 0, above: 0 };
    for (let word = 0; word < weight.length; word++) {
      const each = weight[word] as number;
      const content = this.#inContent[word] as number;
      const title = inTitle[before + word] as number;
      const heading = inHeadings[before + word] as number;
      this.anywhere[word] = Math.max(content, title, heading);
      sums.coverage += each * (this.anywhere[word] as number);
      sums.title += each * Math.max(title, heading);
      sums.above += each * Math.max(0, Math.max(HEADING_SHARE * heading, TITLE_SHARE * title) - content);
    }
    return sums;
  }

  /** Share of the weight of neighbouring words that stand as neighbours, in order. */
  #adjacency(weight: Float64Array): number {
    let total = 0;
    let found = 0;
    for (let word = 0; word + 1 < weight.length; word++) {
      const each = Math.min(weight[word] as number, weight[word + 1] as number);
      total += each;
      found += each * (this.#pairs[word] as number);
    }
    return total === 0 ? 0 : found / total;
  }
}
