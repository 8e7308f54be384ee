/**
 * What the cosines of a model mean in one index. Models spread them differently: one gives unrelated texts 0.1, another
 * 0.8; and the more passages there are, the more like any question the best wrong one is. So the index itself is asked:
 * a sentence of a passage is a question, and the rest of that passage what it should find.
 */
import type { EmbeddingScale } from "../domain/embedding.ts";
import { sentencesOf } from "./sentences.ts";

/** Shorter ones are headings and crumbs of tables, which ask for nothing. */
const LEAST_SENTENCE = 30;
/** Of a passage with fewer, too little is left. */
const LEAST_SENTENCES = 3;

/** A sentence from the middle of `content`, and what is left without it. Null where there are too few. */
export function probeOf(content: string): { question: string; rest: string } | null {
  const sentences = sentencesOf(content).filter(({ length }) => length >= LEAST_SENTENCE);
  const question = sentences[Math.floor(sentences.length / 2)];
  if (question === undefined || sentences.length < LEAST_SENTENCES) return null;
  return { question, rest: content.replace(question, "") };
}

/** Cosines of one question: with its own passage, and with the best of all that is not about it. */
export type ProbedCosines = { own: number; bestOther: number };

/** @param background the mean cosine of questions with passages taken at random */
export function embeddingScale(probed: readonly ProbedCosines[], background: number): EmbeddingScale {
  const own = probed.map((each) => each.own);
  const others = probed.map((each) => each.bestOther);
  return {
    related: mean(own),
    unrelated: mean(others),
    background,
    deviation: Math.sqrt((variance(own) + variance(others)) / 2),
  };
}

/** A scale of texts that are all the same would be divided by nothing. */
const LEAST_SPREAD = 0.02;
/** From here on a model is as good as any that has been seen, and no passage may count without end. */
const MOST_POWER = 2.5;

/**
 * How far above chance the model's own passage is, as a share of how far the best wrong one is. 0 for a model that
 * says nothing, 1 for one that finds right and wrong alike, more for one that tells them apart.
 */
export function powerOf(scale: EmbeddingScale): number {
  const power = (scale.related - scale.background) / aboveBackground(scale, scale.unrelated);
  return Math.min(Math.max(0, power), MOST_POWER);
}

/** A cosine as a share of the best wrong one's, 0 at chance: the same for models that spread theirs differently. */
export function likenessOf(similarity: number, scale: EmbeddingScale): number {
  return Math.max(0, (similarity - scale.background) / aboveBackground(scale, scale.unrelated));
}

function aboveBackground({ background, deviation }: EmbeddingScale, similarity: number): number {
  return Math.max(similarity - background, deviation, LEAST_SPREAD);
}

/** However well a model tells its own sentences apart, people ask otherwise. */
const MOST_APART = 4;
/** Before the cosine is known it is likelier that a passage does not answer. */
const PRIOR = -1;

/**
 * The probability, 0 to 1, that a passage of this cosine bears on the question: which of two normal distributions it is
 * from, that of right passages or that of the best wrong ones. Where the two lie over each other, as a weak model's do
 * in a large index, no cosine says that anything was found.
 */
export function relevanceOfCosine(
  similarity: number,
  { related, unrelated, deviation }: EmbeddingScale,
): number {
  const spread = related - unrelated;
  if (spread < LEAST_SPREAD) return 0;
  const scatter = Math.max(deviation, spread / MOST_APART);
  const apart = spread / scatter;
  const evidence = apart * ((similarity - unrelated) / scatter - apart / 2);
  return 1 / (1 + Math.exp(-(evidence + PRIOR)));
}

/** A model with less finds nothing across languages that it could be believed. */
const LEAST_POWER = 0.5;
/** How much of the way from chance to right passages in one language is as good as found, and how sharply. */
const ELSEWHERE = { even: 0.65, steepness: 10 };

/**
 * The same for a question in another language than the documents. Its cosines are lower, right or wrong, and words hardly
 * help; so less is asked, and whoever is answered is told. Measured in thirty directions with a weak model: of the fifth
 * that reaches it, half have the right passage first and seven in ten among three.
 */
export function relevanceElsewhere(similarity: number, scale: EmbeddingScale): number {
  if (powerOf(scale) < LEAST_POWER) return 0;
  const way = (similarity - scale.background) / aboveBackground(scale, scale.related);
  return 1 / (1 + Math.exp(-ELSEWHERE.steepness * (way - ELSEWHERE.even)));
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((total, value) => total + value, 0) / Math.max(1, numbers.length);
}

function variance(numbers: readonly number[]): number {
  const middle = mean(numbers);
  return mean(numbers.map((value) => (value - middle) ** 2));
}
