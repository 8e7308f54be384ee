/**
 * Answers by quoting: the sentences that answer, word for word, with their sources. What the built-in provider replies
 * without any model.
 */
import type { SynonymRule } from "../domain/synonym.ts";
import type { Passage } from "../providers/provider.ts";
import { withChoice } from "./choices.ts";
import { detectLanguage } from "./language.ts";
import { partNotFound, partsOf } from "./parts.ts";
import { chooseUnits, type Scored } from "./quote/choose.ts";
import { explain, explainVariants } from "./quote/explain.ts";
import { MEASURES, type Measured, measureUnits, type Reading } from "./quote/measure.ts";
import { render, renderVariants } from "./quote/render.ts";
import { isSureEnough } from "./quote/sureness.ts";
import { unitsOf } from "./quote/units.ts";
import { type Variant, variantsOf } from "./quote/variants.ts";
import { WEIGHTS } from "./quote/weights.ts";
import { type WholeList, wholeList } from "./quote/whole-list.ts";

export { abstentionText } from "./abstention.ts";
export { detectLanguage } from "./language.ts";

/**
 * A few whole sentences, a small table, or one whole list, each followed by a space and its `[n]`, never a whole passage.
 * Empty when there is no passage, or none that has more than the topic.
 */
export function extractAnswer(
  question: string,
  passages: readonly Passage[],
  synonyms: readonly SynonymRule[] = [],
): string {
  if (passages.some(({ askedAs }) => askedAs !== undefined)) return answerParts(question, passages, synonyms);
  const read = readPassages(question, passages, synonyms);
  if (read === null) return "";
  const { best, list, chosen, reading, open } = read;
  if (open.length > 0) return renderVariants(open, detectLanguage(question));
  return list ? `${list.text} [${best.unit.passage.n}]` : render(chosen, reading.isAsked);
}

/** Where the question leaves out what decides the answer: it once for each case, to go on with. */
export function choicesOf(
  question: string,
  passages: readonly Passage[],
  synonyms: readonly SynonymRule[] = [],
): string[] {
  const asked = [...new Set(passages.map(({ askedAs }) => askedAs))];
  return asked.flatMap((part) => {
    const open = readPassages(part ?? question, foundFor(part, passages), synonyms)?.open ?? [];
    return open.map(({ label }) => withChoice(part ?? question, label));
  });
}

/** Part by part, and of each that nothing was found for that it is so. */
function answerParts(
  question: string,
  passages: readonly Passage[],
  synonyms: readonly SynonymRule[],
): string {
  const language = detectLanguage(question);
  const answers = partsOf(question).map((part) => {
    const answer = extractAnswer(part, withoutPart(foundFor(part, passages)), synonyms);
    return answer === "" ? partNotFound(part, language) : answer;
  });
  return answers.join("\n\n");
}

function foundFor(part: string | undefined, passages: readonly Passage[]): Passage[] {
  return passages.filter(({ askedAs }) => askedAs === part);
}

function withoutPart(passages: readonly Passage[]): Passage[] {
  return passages.map(({ askedAs: _askedAs, ...passage }) => passage);
}

/** Why `extractAnswer` quotes what it does, in words for an admin; null when it quotes nothing. */
export function explainAnswer(
  question: string,
  passages: readonly Passage[],
  synonyms: readonly SynonymRule[] = [],
): string | null {
  const [asked] = passages.flatMap(({ askedAs }) => askedAs ?? []);
  const read = readPassages(asked ?? question, foundFor(asked, passages), synonyms);
  if (read === null) return null;
  const { best, list, chosen, reading, open } = read;
  if (open.length > 0) return explainVariants(open);
  const first = list ? best : (chosen[0] ?? best);
  const others = list ? list.units.filter((unit) => unit !== first.unit).length : chosen.length - 1;
  return explain(first, Math.max(0, others), reading);
}

type Read = {
  reading: Reading;
  best: Scored;
  list: WholeList | null;
  chosen: Scored[];
  /** What is said instead, where several cases are equally good. */
  open: Variant[];
};

function readPassages(
  question: string,
  passages: readonly Passage[],
  synonyms: readonly SynonymRule[],
): Read | null {
  const units = passages.flatMap(unitsOf);
  const reading = measureUnits(question, units, synonyms);
  const scored = reading.measured.map((each) => ({ ...each, score: scoreOf(each) }));
  const quotable = scored.filter(({ unit }) => unit.kind !== "question" && unit.kind !== "label");
  const best = bestOf(quotable);
  if (best === undefined || !isSureEnough(best, reading.isNamed)) return null;
  const list = wholeList(reading.kinds, best.unit, scored);
  if (list) return { reading, best, list, chosen: [], open: [] };
  const { open, others } = variantsOf(scored, best, reading);
  const own = scored.filter(({ unit }) => !others.has(unit.passage));
  return { reading, best, list, chosen: chooseUnits(own, reading), open };
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
