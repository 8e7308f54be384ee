/**
 * Whether what would be quoted answers, or is only about the topic. A search that finds the topic is not yet an answer:
 * half of the questions that documents do not answer are about something that they speak of.
 */
import type { Gaps } from "../../domain/knowledge.ts";
import type { Scored } from "./choose.ts";

/** What speaks for an answer: what its passage lacks of the question, and how good the sentence is. */
export const SIGNS_OF_ANSWER = [
  "unheld",
  "apart",
  "head",
  "number",
  /** A kind of thing is named that the sentence does not hold: a price, a telephone number. */
  "lacksKind",
  "score",
  /** How much the heading that it opens says of the topic. */
  "lead",
] as const;
export type SignOfAnswer = (typeof SIGNS_OF_ANSWER)[number];

/**
 * What each counts, in logarithms of odds. Fitted on questions of ours in eleven languages and on the question sets, with
 * the passages that answer them and without; weights of one half of the questions hold on the other.
 */
const SURENESS: Record<SignOfAnswer | "intercept", number> = {
  ...{ intercept: 0.7, unheld: -3.8, apart: -9, head: -2.3, number: -4.4, lacksKind: -1.3 },
  ...{ score: 0.3, lead: 1.7 },
};
/** With less nothing is quoted. Chosen so that for one right answer that is lost two wrong ones are. */
const LEAST_SURENESS = -0.6;

/**
 * Whether the `best` sentence answers, as far as words tell. Without `gaps` they do not, and the search is believed.
 * @param isNamed whether the question names the kind of thing that is wanted
 */
export function isSureEnough(best: Scored, isNamed: boolean): boolean {
  const { gaps } = best.unit.passage;
  if (!gaps) return true;
  const signs = signsOfAnswer(best, gaps, isNamed);
  const sureness = SIGNS_OF_ANSWER.reduce(
    (sum, sign) => sum + SURENESS[sign] * signs[sign],
    SURENESS.intercept,
  );
  return sureness >= LEAST_SURENESS;
}

export function signsOfAnswer(
  { score, measures }: Scored,
  gaps: Gaps,
  isNamed: boolean,
): Record<SignOfAnswer, number> {
  return { ...gaps, lacksKind: isNamed ? measures.misfit : 0, score, lead: measures.lead };
}
