/**
 * Answers by quoting: the sentences that answer, word for word, with their sources. What the built-in provider replies
 * without any model.
 */
import type { Passage } from "../providers/provider.ts";
import { chooseUnits, type Scored } from "./quote/choose.ts";
import { MEASURES, type Measured, measureUnits } from "./quote/measure.ts";
import { render } from "./quote/render.ts";
import { unitsOf } from "./quote/units.ts";
import { WEIGHTS } from "./quote/weights.ts";
import { wholeList } from "./quote/whole-list.ts";

export { abstentionText } from "./abstention.ts";
export { detectLanguage } from "./language.ts";

/**
 * A few whole sentences, a small table, or one whole list, each followed by a space and its `[n]`. Empty when there is
 * no passage, never a whole passage.
 */
export function extractAnswer(question: string, passages: readonly Passage[]): string {
  const units = passages.flatMap(unitsOf);
  if (units.length === 0) return "";
  const reading = measureUnits(question, units);
  const scored = reading.measured.map((each) => ({ ...each, score: scoreOf(each) }));
  const chosen = chooseUnits(scored, reading);
  const best = bestOf(scored.filter(({ unit }) => unit.kind !== "question" && unit.kind !== "label"));
  const list = best && wholeList(reading.kinds, best.unit, scored);
  if (best && list) return `${list.text} [${best.unit.passage.n}]`;
  return render(chosen, reading.isAsked);
}

function bestOf(scored: readonly Scored[]): Scored | undefined {
  return scored.reduce<Scored | undefined>(
    (top, each) => (top && top.score >= each.score ? top : each),
    undefined,
  );
}

function scoreOf({ measures }: Measured): number {
  return MEASURES.reduce((sum, measure) => sum + WEIGHTS[measure] * measures[measure], 0);
}
