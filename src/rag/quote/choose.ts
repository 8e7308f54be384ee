/** Which sentences an answer quotes: the best, and further ones while it is not sure and there is room. */
import type { Kind } from "./asked.ts";
import { addedShare, raise } from "./coverage.ts";
import type { Measured, Reading } from "./measure.ts";
import { ANNOUNCES, pointsBack, type Unit } from "./units.ts";

export type Scored = Measured & { score: number };

const MOST_SENTENCES = 4;
/** Of an answer of several sentences. A single one may be longer, since sentences are not cut, */
const MOST_WORDS = 43;
/** and then leaves room for a short one, which may be the answer. */
const ROOM_BESIDE = 20;
/** What a word costs: of two sentences that are about as good, the shorter one is read sooner. */
const WORD_COST = 0.02;
/** Scores are logarithms of odds: with this chance that one of the chosen answers, no more are added, */
const SURE_ENOUGH = 0.9;
/** and one whose odds are this much worse than the best one's is not added. */
const FURTHEST = 4;
/** One that is this much less about the topic than the first is not added, however short it is. */
const LEAST_TOPICAL = 0.25;
/** Two sentences that share this much of the shorter one's words say the same. */
const SAME_WORDS = 0.75;
/** The next sentence goes on with what was said. */
const GOES_ON = 0.5;
/** A question about two things is answered when both are. */
const ADDS = { twoThings: 2, oneThing: 0 };

/** The best first. */
export function chooseUnits(scored: readonly Scored[], { kinds, weights }: Reading): Scored[] {
  const candidates = scored.filter(({ unit }) => mayBeQuoted(unit, scored));
  const best = Math.max(...candidates.map(({ score }) => score));
  const odds = ({ score }: Scored) => Math.exp(score - best);
  const allOdds = candidates.reduce((sum, each) => sum + odds(each), 0);
  const choice = new Choice(weights, addsFor(kinds));
  // Who only names what has happened does not say what an answer would hold.
  const enough = kinds.size > 0 ? SURE_ENOUGH : 1;
  let waiting = candidates;
  let sureness = 0;
  while (waiting.length > 0 && choice.units.length < MOST_SENTENCES && sureness < enough) {
    const { each, worth } = choice.worthiest(waiting);
    if (choice.units.length > 0 && worth < best - FURTHEST) break;
    waiting = waiting.filter((other) => other !== each);
    const [first] = choice.units;
    if (first !== undefined && topicality(each) < LEAST_TOPICAL * topicality(first)) continue;
    if (choice.hasSaid(each) || choice.add([each, ...contextOf(each, scored)]))
      sureness += odds(each) / allOdds;
  }
  return choice.units;
}

/** A question or a label answers nothing; an announcement does with its list; a bare address says not what it is. */
function mayBeQuoted({ kind, text, index, passage }: Unit, scored: readonly Scored[]): boolean {
  if (kind === "question" || kind === "label" || /^\S*[./]\S*$/.test(text)) return false;
  if (!ANNOUNCES.test(text)) return true;
  return !scored.some(
    ({ unit }) => unit.passage === passage && unit.index === index + 1 && unit.kind !== "sentence",
  );
}

function topicality({ measures }: Scored): number {
  return measures.own + measures.under + measures.heading;
}

function addsFor(kinds: ReadonlySet<Kind>): number {
  return kinds.has("difference") ? ADDS.twoThings : ADDS.oneThing;
}

/** The sentence before one that only points back, and the one that another announces. */
function contextOf({ unit }: Scored, scored: readonly Scored[]): Scored[] {
  const step = pointsBack(unit) ? -1 : ANNOUNCES.test(unit.text) ? 1 : 0;
  if (step === 0) return [];
  return scored.filter(
    ({ unit: { passage, index, kind } }) =>
      passage === unit.passage && index === unit.index + step && kind === "sentence",
  );
}

class Choice {
  readonly units: Scored[] = [];
  #words = 0;
  #most = MOST_WORDS;
  /** How well the chosen ones together hold each word of the question. */
  readonly #held: Float64Array;

  constructor(
    readonly weights: Float64Array,
    readonly adds: number,
  ) {
    this.#held = new Float64Array(weights.length);
  }

  worthiest(waiting: readonly Scored[]): { each: Scored; worth: number } {
    const [first, ...others] = waiting.map((each) => ({ each, worth: this.worth(each) }));
    return others.reduce(
      (top, other) => (other.worth > top.worth ? other : top),
      first as NonNullable<typeof first>,
    );
  }

  /** What a sentence is worth beside those that are chosen. */
  worth({ score, unit, held }: Scored): number {
    const alone = score - WORD_COST * unit.words;
    if (this.units.length === 0) return alone;
    const goesOn = this.units.some(
      (other) => other.unit.passage === unit.passage && other.unit.index === unit.index - 1,
    );
    return alone + (goesOn ? GOES_ON : 0) + this.adds * addedShare(this.weights, this.#held, held);
  }

  hasSaid({ terms }: Scored): boolean {
    return this.units.some(({ terms: said }) => {
      const shared = said.intersection(terms).size;
      return shared / Math.max(1, Math.min(said.size, terms.size)) > SAME_WORDS;
    });
  }

  /** Whether there was room. */
  add(several: readonly Scored[]): boolean {
    const news = several.filter((each) => !this.units.includes(each));
    const words = news.reduce((sum, { unit }) => sum + unit.words, 0);
    if (this.units.length > 0 && this.#words + words > this.#most) return false;
    if (this.units.length === 0) this.#most = Math.max(MOST_WORDS, words + ROOM_BESIDE);
    this.units.push(...news);
    this.#words += words;
    for (const { held } of news) raise(this.#held, held);
    return true;
  }
}
