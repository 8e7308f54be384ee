/**
 * What each measure counts. Fitted by `bun run bench fit-quotes` on the questions with odd numbers, ours in eleven
 * languages and those of the question sets; docs/benchmarks.md has what the others say.
 */
import type { Measure } from "./measure.ts";

export const WEIGHTS: Record<Measure, number> = {
  own: 1.78,
  under: 0.59,
  heading: -0.03,
  near: -0.57,
  passage: -0.82,
  topical: 1.84,
  fit: 1.4,
  fitAbove: 0.54,
  misfit: -1.54,
  focus: 0.66,
  lead: 0.23,
  first: 0.37,
  answersQuestion: 0.3,
  rank: 1.59,
  relevance: 0.74,
  novelty: -0.34,
  announces: -0.26,
  pointsBack: 0.27,
  fragment: -0.26,
  startsLow: -0.07,
  short: -0.06,
  long: -0.07,
};
