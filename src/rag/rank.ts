/**
 * Candidates of the lexical index to passages worth reading: rescored by where the matched words stand, and
 * with a probability, independent of the corpus, that a passage bears on the question.
 */
import type { LexicalHit, LexicalQuery } from "../domain/knowledge.ts";
import { estimateTokens } from "./tokens.ts";

export type RankedCandidate = {
  hit: LexicalHit;
  /** Higher is better; comparable only within one query. */
  score: number;
  /** 0 to 1: the probability that the passage bears on the question. */
  relevance: number;
  reason: string;
};

export type TermStatistics = { chunks: number; withWord: number[] };

/** Below this relevance Parley says that it found nothing. Measured: see `relevanceOf`. */
export const ABSTAIN_BELOW = 0.5;

/** What the likeness of characters counts beside BM25. Measured: see docs/benchmarks.md. */
const LIKENESS = 0.5;

/** Tokens of a window: about two sentences. */
const WINDOW_TOKENS = 24;
/** Further apart, two words of the question are not a phrase. */
const ADJACENT_TOKENS = 3;

/** A heading says what its section is about nearly as surely as the section; a title less. */
const HEADING_SHARE = 0.8;
const TITLE_SHARE = 0.3;

type Word = { alternatives: string[]; idf: number; rarity: number };
/** Shares of the question's weight, 0 to 1. */
type Features = {
  coverage: number;
  window: number;
  adjacency: number;
  title: number;
  /** What only the headings and the title say. */
  above: number;
};

/** The hits, best first. Empty when nothing was asked or found. */
export function rankCandidates(
  _question: string,
  query: LexicalQuery,
  hits: readonly LexicalHit[],
  statistics: TermStatistics,
): RankedCandidate[] {
  const words = toWords(query, statistics);
  const best = Math.max(...hits.map(({ score }) => score), Number.EPSILON);
  const mostAlike = Math.max(...hits.map(({ likeness }) => likeness?.score ?? 0), Number.EPSILON);
  return hits
    .map((hit) => {
      const places = placesOf(words, hit);
      const { coverage, window, adjacency, title } = featuresOf(words, places, ({ idf }) => idf);
      const alike = (hit.likeness?.score ?? 0) / mostAlike;
      const score =
        hit.score / best + 0.4 * window + 0.2 * adjacency + 0.3 * coverage + 0.1 * title + LIKENESS * alike;
      return {
        hit,
        score,
        relevance: relevanceOf(words, places, hit.likeness?.words ?? []),
        reason: reasonOf(words, hit),
      };
    })
    .sort((left, right) => right.score - left.score);
}

function toWords(query: LexicalQuery, { chunks, withWord }: TermStatistics): Word[] {
  return query.words.map((alternatives, index) => {
    const holding = Math.min(withWord[index] ?? 0, chunks);
    return {
      alternatives,
      idf: Math.log(1 + (chunks - holding + 0.5) / (holding + 0.5)),
      rarity: rarityOf(chunks, holding),
    };
  });
}

/**
 * How much a word tells, from 0.5 to 6. A small corpus says little about how common its words are, so every
 * word is taken to have been seen as often as usual in this many further chunks.
 */
const PRIOR_CHUNKS = 2_000;
const PRIOR_SHARE = 0.01;
const MOST_RARITY = 6;

function rarityOf(chunks: number, holding: number): number {
  const rarity = Math.log((chunks + PRIOR_CHUNKS) / (holding + PRIOR_CHUNKS * PRIOR_SHARE));
  return Math.min(Math.max(rarity, 0.5), MOST_RARITY);
}

/** For every word of the question whether a part of the chunk holds it, and where the content does. */
type Places = {
  isInContent: boolean[];
  isInTitle: boolean[];
  isInHeading: boolean[];
  positions: readonly number[][];
};

function placesOf(words: readonly Word[], { positions, titleTerms, headingTerms }: LexicalHit): Places {
  return {
    isInContent: words.map((_, index) => (positions[index]?.length ?? 0) > 0),
    isInTitle: holds(titleTerms, words),
    isInHeading: holds(headingTerms, words),
    positions,
  };
}

function featuresOf(words: readonly Word[], places: Places, weightOf: (word: Word) => number): Features {
  const weights = words.map(weightOf);
  const total = sum(weights) || 1;
  const { isInContent, isInTitle, isInHeading, positions } = places;
  const share = (has: (index: number) => boolean | undefined) =>
    weights.reduce((held, weight, index) => (has(index) ? held + weight : held), 0) / total;
  return {
    coverage: share((index) => isInContent[index] || isInTitle[index] || isInHeading[index]),
    window: bestWindow(positions, weights) / total,
    adjacency: adjacencyOf(positions, weights),
    title: share((index) => isInTitle[index] || isInHeading[index]),
    above:
      HEADING_SHARE * share((index) => isInHeading[index] && !isInContent[index]) +
      TITLE_SHARE * share((index) => isInTitle[index] && !isInHeading[index] && !isInContent[index]),
  };
}

/** Which words `terms`, separated by spaces, hold. */
function holds(terms: string, words: readonly Word[]): boolean[] {
  // Faster than a set, which would be made for every candidate.
  const padded = ` ${terms} `;
  return words.map(({ alternatives }) => alternatives.some((term) => padded.includes(` ${term} `)));
}

/** The most weight of different words within WINDOW_TOKENS. */
function bestWindow(positions: readonly number[][], weights: readonly number[]): number {
  const places = positions
    .flatMap((list, word) => list.map((position) => ({ position, word })))
    .sort((left, right) => left.position - right.position);
  const inside = new Map<number, number>();
  let first = 0;
  let weight = 0;
  let best = 0;
  for (const { position, word } of places) {
    const count = inside.get(word) ?? 0;
    inside.set(word, count + 1);
    if (count === 0) weight += weights[word] ?? 0;
    for (let old = places[first]; old && old.position <= position - WINDOW_TOKENS; old = places[++first]) {
      const left = (inside.get(old.word) ?? 1) - 1;
      inside.set(old.word, left);
      if (left === 0) weight -= weights[old.word] ?? 0;
    }
    best = Math.max(best, weight);
  }
  return best;
}

/** Share of the weight of neighbouring question words that stand as neighbours, in order. */
function adjacencyOf(positions: readonly number[][], weights: readonly number[]): number {
  let total = 0;
  let found = 0;
  for (let word = 0; word + 1 < weights.length; word++) {
    const weight = Math.min(weights[word] ?? 0, weights[word + 1] ?? 0);
    total += weight;
    if (areNeighbours(positions[word] ?? [], positions[word + 1] ?? [])) found += weight;
  }
  return total === 0 ? 0 : found / total;
}

/** Whether some of `right` follows some of `left` within ADJACENT_TOKENS; both ascend. */
function areNeighbours(left: readonly number[], right: readonly number[]): boolean {
  let index = 0;
  for (const position of left) {
    while (index < right.length && (right[index] ?? 0) <= position) index++;
    if (index === right.length) return false;
    if ((right[index] ?? 0) - position <= ADJACENT_TOKENS) return true;
  }
  return false;
}

/** From this share of its runs of characters on, a word that is not there is there in another form. */
const LIKE_ENOUGH = 0.5;

/**
 * A logistic model of four signs, none of which depends on how large the corpus is: how much of the question
 * stands close together, how much of it as phrases, how much was found at all, and how telling the most
 * telling word is that was not found. A word that is there in another form is partly found. Fitted on half of
 * answerable and unanswerable questions in six languages against corpora from one paragraph to 22,000 chunks;
 * `bun run bench retrieval` prints what it reaches on the other half.
 */
function relevanceOf(words: readonly Word[], places: Places, likeness: readonly number[]): number {
  const { window, adjacency, above } = featuresOf(words, places, ({ rarity }) => rarity);
  const { isInContent, isInTitle, isInHeading } = places;
  const shares = words.map((_, index) => {
    if (isInContent[index] || isInTitle[index] || isInHeading[index]) return 1;
    const like = likeness[index] ?? 0;
    return like < LIKE_ENOUGH ? 0 : like;
  });
  const found = sum(words.map(({ rarity }, index) => rarity * (shares[index] ?? 0)));
  const missing = Math.max(0, ...words.map(({ rarity }, index) => rarity * (1 - (shares[index] ?? 0))));
  const evidence =
    9.2 + 8.5 * Math.min(1, window + above) + 3 * adjacency + (1.5 * found - 17.9 * missing) / MOST_RARITY;
  return 1 / (1 + Math.exp(-evidence));
}

function reasonOf(words: readonly Word[], hit: LexicalHit): string {
  const found = words.filter((_, index) => (hit.positions[index]?.length ?? 0) > 0).length;
  return `${found} of ${words.length} words of the question`;
}

export type PassageBudget = { maxPassages: number; tokenBudget: number };
export type Selected<Candidate = RankedCandidate> = { candidate: Candidate; reason: string };

const BELOW_THRESHOLD = "below the threshold";
/** Two passages that share this much of their words say the same. */
const SAME_TEXT = 0.8;

/** Chooses what a model reads, best first, and says of every candidate why it was kept or dropped. */
export function selectPassages<Candidate extends RankedCandidate>(
  ranked: readonly Candidate[],
  { maxPassages, tokenBudget }: PassageBudget,
  /** Of the best candidate, which speaks for all: among fifty, one looks relevant by chance. */
  bestRelevance = ranked[0]?.relevance ?? 0,
): { kept: Selected<Candidate>[]; dropped: Selected<Candidate>[] } {
  const kept: Selected<Candidate>[] = [];
  const dropped: Selected<Candidate>[] = [];
  let tokens = 0;
  const abstains = bestRelevance < ABSTAIN_BELOW;
  for (const candidate of ranked) {
    const cost = estimateTokens(candidate.hit.chunk.content);
    const fits = tokens + cost <= tokenBudget || kept.length === 0;
    const reason = abstains ? BELOW_THRESHOLD : dropReason(candidate, kept, maxPassages, fits);
    if (reason) {
      dropped.push({ candidate, reason });
      continue;
    }
    tokens += cost;
    kept.push({ candidate, reason: `kept: ${candidate.reason}` });
  }
  return { kept, dropped };
}

function dropReason(
  candidate: RankedCandidate,
  kept: readonly Selected[],
  maxPassages: number,
  fits: boolean,
): string | null {
  if (candidate.relevance < ABSTAIN_BELOW) return BELOW_THRESHOLD;
  if (kept.length >= maxPassages) return "enough better passages";
  if (!fits) return "does not fit the token budget";
  const words = wordsOf(candidate);
  const isRepeated = kept.some((each) => overlap(words, wordsOf(each.candidate)) > SAME_TEXT);
  return isRepeated ? "nearly the same text" : null;
}

function wordsOf({ hit }: RankedCandidate): Set<string> {
  return new Set(hit.chunk.content.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
}

/** Shared words as share of all words of both. */
function overlap(left: Set<string>, right: Set<string>): number {
  const shared = left.intersection(right).size;
  return shared / Math.max(1, left.size + right.size - shared);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
