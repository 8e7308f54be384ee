/**
 * Fits what each sign counts when the built-in provider chooses its sentences (src/rag/quote/weights.ts): on the half of
 * the questions with odd numbers, those in `quotes` in eleven languages and those of the question sets beside the
 * repository when they are there. Prints the weights to be written there, and how often the sentence that answers comes
 * first, and among the first three, on the other half. Run by `bun run bench fit-quotes`.
 */
import { MEASURES } from "../../src/rag/quote/measure.ts";
import type { Figure } from "./figure.ts";
import { casesOfQuestionSets, casesOfQuotes, type QuoteCase } from "./quote-cases.ts";

const ROUNDS = 1_500;
const STEP = 0.03;
/** Holds the weights near zero where the questions do not tell. */
const RIDGE = 0.02;
const SHOWN_AMONG = 3;

export async function benchFitQuotes(): Promise<Figure[]> {
  const quotes = await casesOfQuotes();
  const sets = await casesOfQuestionSets();
  const weights = fit([...quotes, ...sets].filter(({ number }) => number % 2 === 1));
  const held = (cases: readonly QuoteCase[]) => cases.filter(({ number }) => number % 2 === 0);
  return [
    ...MEASURES.map((what, place) => ({ what, measured: (weights[place] as number).toFixed(2), target: "" })),
    ...sharesFound("own questions, even", held(quotes), weights),
    ...sharesFound("question sets, even", held(sets), weights),
  ];
}

/**
 * Weights that give the sentences which answer the most of the chance, by gradient ascent with moments (Adam): the
 * chances of a question's sentences are in proportion to the exponentials of their scores.
 */
function fit(cases: readonly QuoteCase[]): Float64Array {
  const weights = new Float64Array(MEASURES.length);
  const mean = new Float64Array(MEASURES.length);
  const square = new Float64Array(MEASURES.length);
  for (let round = 1; round <= ROUNDS; round++) {
    const gradient = gradientOf(cases, weights);
    for (let place = 0; place < weights.length; place++) {
      const slope = (gradient[place] as number) / cases.length - RIDGE * (weights[place] as number);
      mean[place] = 0.9 * (mean[place] as number) + 0.1 * slope;
      square[place] = 0.999 * (square[place] as number) + 0.001 * slope * slope;
      const direction = (mean[place] as number) / (1 - 0.9 ** round);
      const size = Math.sqrt((square[place] as number) / (1 - 0.999 ** round)) + 1e-8;
      weights[place] = (weights[place] as number) + (STEP * direction) / size;
    }
  }
  return weights;
}

/** Of the logarithm of the chance that the answers have together, over all cases. */
function gradientOf(cases: readonly QuoteCase[], weights: Float64Array): Float64Array {
  const gradient = new Float64Array(weights.length);
  for (const { rows } of cases) {
    const scores = rows.map(({ measures }) => score(measures, weights));
    const best = Math.max(...scores);
    const odds = scores.map((each) => Math.exp(each - best));
    const all = odds.reduce((sum, each) => sum + each, 0);
    const right = rows.reduce((sum, { answers }, row) => sum + answers * (odds[row] as number), 0);
    for (const [row, { measures, answers }] of rows.entries()) {
      const pull = (odds[row] as number) * (answers / right - 1 / all);
      for (let place = 0; place < weights.length; place++)
        gradient[place] = (gradient[place] as number) + pull * (measures[place] as number);
    }
  }
  return gradient;
}

function sharesFound(name: string, cases: readonly QuoteCase[], weights: Float64Array): Figure[] {
  const places = cases.map(({ rows }) =>
    rows
      .map(({ measures, answers }) => ({ score: score(measures, weights), answers }))
      .sort((left, right) => right.score - left.score)
      .findIndex(({ answers }) => answers > 0),
  );
  return [1, SHOWN_AMONG].map((among) => {
    const found = places.filter((place) => place < among).length;
    const measured = cases.length === 0 ? "not here" : `${found} of ${cases.length}`;
    return { what: `${name}: the answer among the first ${among}`, measured, target: "" };
  });
}

function score(measures: readonly number[], weights: Float64Array): number {
  return measures.reduce((sum, value, place) => sum + value * (weights[place] as number), 0);
}
