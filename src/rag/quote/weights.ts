/**
 * What each measure counts. Fitted by `bun run bench fit-quotes` on the questions with odd numbers, ours in eleven
 * languages and those of the question sets; docs/benchmarks.md has what the others say.
 */
import type { Measure } from "./measure.ts";

export const WEIGHTS: Record<Measure, number> = {
  own: 1.84,
  under: 0.41,
  heading: 0.05,
  near: -0.52,
  passage: -0.67,
  topical: 2.06,
  fit: 1.49,
  fitAbove: 0.37,
  misfit: -1.5,
  focus: 0.61,
  lead: 0.33,
  first: 0.28,
  answersQuestion: 0.46,
  rank: 1.38,
  relevance: 0.81,
  novelty: -0.33,
  announces: -0.27,
  pointsBack: -0.08,
  fragment: -0.26,
  startsLow: -0.19,
  short: -0.04,
  long: -0.09,
};
