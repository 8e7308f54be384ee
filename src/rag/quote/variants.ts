/**
 * Passages that say the same of different cases: two years, countries or roles. Which of them counts stands in the
 * question, or is for whoever asks to say.
 */
import type { Passage } from "../../providers/provider.ts";
import { isSmallWord } from "../language.ts";
import { foldWord } from "../text.ts";
import type { Scored } from "./choose.ts";
import type { Reading } from "./measure.ts";

export type Variant = {
  /** What tells it from the others: "France", "2024". */
  label: string;
  best: Scored;
};

export type Variants = {
  /** Two or more that are equally good for all that the question says; else none. */
  open: Variant[];
  /** Passages on cases that the question is not about. */
  others: ReadonlySet<Passage>;
};

/** Scores are logarithms of odds: one that is further behind is no equal. */
const FURTHEST = 2.5;
/** Shared words of two sentences, as share of the shorter one: under the same heading, and under another one. */
const ALIKE = { sameHeading: 0.3, otherHeading: 0.6 };
/** Sentences share at least so many words at their beginning, or this much of all. */
const LEAST_BEGINNING = 3;
const ALL_BUT_NUMBERS = 0.75;
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
/** Of one case: several are read beside each other. */
const MOST_WORDS = 40;
const LONGEST_LABEL = 48;
const MOST_VARIANTS = 4;
const NOTHING: Variants = { open: [], others: new Set() };

export function variantsOf(scored: readonly Scored[], best: Scored, reading: Reading): Variants {
  if (!mayVary(best)) return NOTHING;
  const rivals = bestOfEach(scored.filter(({ unit }) => unit.passage !== best.unit.passage));
  const equals = [
    best,
    ...rivals.filter((rival) => isParallel(best, rival) && isEqual(best, rival, reading)),
  ];
  const labels = labelsOf(
    equals.map(({ unit }) => unit.passage),
    reading.languages,
  );
  const variants = equals.flatMap((each, at): Variant[] => {
    const label = labels[at];
    return label ? [{ label, best: each }] : [];
  });
  if (variants.length < equals.length || variants.length < 2) return NOTHING;
  const decided = variants.filter(({ label }) => reading.held(label).some((held) => held > 0));
  if (decided.length === 0) return { open: ordered(variants).slice(0, MOST_VARIANTS), others: new Set() };
  const others = variants.filter((variant) => !decided.includes(variant));
  return { open: [], others: new Set(others.map(({ best: { unit } }) => unit.passage)) };
}

/** Whether it is when something was written that tells them apart, and not what it is about. */
export function differInTime(variants: readonly Variant[]): boolean {
  return variants.every(({ label }) => yearIn(label) !== null);
}

function mayVary({ unit }: Scored): boolean {
  return (unit.kind === "sentence" || unit.kind === "item") && unit.words <= MOST_WORDS;
}

function bestOfEach(scored: readonly Scored[]): Scored[] {
  const best = new Map<Passage, Scored>();
  for (const each of scored.filter(mayVary)) {
    const known = best.get(each.unit.passage);
    if (known === undefined || each.score > known.score) best.set(each.unit.passage, each);
  }
  return [...best.values()];
}

/** Built alike, and not saying the same. */
function isParallel(left: Scored, right: Scored): boolean {
  const shared = left.terms.intersection(right.terms).size;
  const share = shared / Math.max(1, Math.min(left.terms.size, right.terms.size));
  const isUnderSame = lastHeading(left) !== "" && lastHeading(left) === lastHeading(right);
  if (share < (isUnderSame ? ALIKE.sameHeading : ALIKE.otherHeading)) return false;
  const haveNumbers = numbersIn(left) !== "" && numbersIn(right) !== "";
  const isSameBut = haveNumbers && share >= ALL_BUT_NUMBERS;
  return areAtOdds(left, right) && (isSameBut || beginAlike(left.unit.text, right.unit.text));
}

/** "The notice period is …": what is said of each case is said in the same words. */
function beginAlike(left: string, right: string): boolean {
  const [one, other] = [stepsIn(left), stepsIn(right)];
  const apart = one.findIndex((step, at) => step !== other[at]);
  return (apart < 0 ? one.length : apart) >= LEAST_BEGINNING;
}

/** Words, or characters where none are set apart. */
function stepsIn(text: string): string[] {
  const words = wordsIn(text);
  return UNSPACED.test(text) ? [...words.join("")] : words;
}

/** With numbers it is these that count; without, each says something that the other does not. */
function areAtOdds(left: Scored, right: Scored): boolean {
  const [one, other] = [numbersIn(left), numbersIn(right)];
  if (one !== "" && other !== "") return one !== other;
  return !left.terms.isSubsetOf(right.terms) && !right.terms.isSubsetOf(left.terms);
}

/** Holds all of the question that the best does, with what stands above it. */
function isEqual(best: Scored, rival: Scored, { held, weights }: Reading): boolean {
  if (rival.score < best.score - FURTHEST) return false;
  const [theirs, ours] = [best, rival].map(({ unit }) =>
    held([...pathOf(unit.passage), unit.text].join("\n")),
  );
  return weights.every((weight, word) => weight === 0 || (ours?.[word] ?? 0) >= (theirs?.[word] ?? 0));
}

function lastHeading({ unit }: Scored): string {
  return wordsIn(unit.passage.headingPath.at(-1) ?? "").join(" ");
}

function numbersIn({ terms }: Scored): string {
  return [...terms]
    .filter((term) => /\p{N}/u.test(term))
    .sort()
    .join(" ");
}

function pathOf({ title, headingPath }: Passage): string[] {
  return [title, ...headingPath];
}

/** For each what of its headings, or else of its title, is in none of the others'; null where nothing is. */
function labelsOf(passages: readonly Passage[], languages: readonly string[]): (string | null)[] {
  const words = passages.map((passage) => new Set(pathOf(passage).flatMap(wordsIn)));
  return passages.map((passage, at) => {
    const elsewhere = new Set(words.flatMap((own, other) => (other === at ? [] : [...own])));
    const saysNothing = (word: string) =>
      languages.some((language) => isSmallWord(word, language)) || elsewhere.has(word);
    const parts = [...passage.headingPath].reverse().concat(passage.title);
    const labels = parts.map((part) => ownPart(part, saysNothing)).filter((label) => label !== "");
    const [label = ""] = labels;
    return label === "" || label.length > LONGEST_LABEL ? null : label;
  });
}

function ownPart(part: string, saysNothing: (word: string) => boolean): string {
  const tokens = part.match(/[\p{L}\p{N}\p{M}]+(?:['’.-][\p{L}\p{N}\p{M}]+)*/gu) ?? [];
  return tokens.filter((token) => !wordsIn(token).every(saysNothing)).join(" ");
}

function wordsIn(text: string): string[] {
  return (text.match(/[\p{L}\p{N}\p{M}]+/gu) ?? []).map(foldWord).filter((word) => word !== "");
}

/** The newest first; else as they were found. */
function ordered(variants: readonly Variant[]): Variant[] {
  if (!differInTime(variants)) return variants.toSorted((left, right) => nOf(left) - nOf(right));
  return variants.toSorted((left, right) => Number(yearIn(right.label)) - Number(yearIn(left.label)));
}

function nOf({ best: { unit } }: Variant): number {
  return unit.passage.n;
}

function yearIn(label: string): string | null {
  return /(?<!\p{N})(?:19|20)\d\d(?!\p{N})/u.exec(label)?.[0] ?? null;
}
