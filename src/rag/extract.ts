/**
 * Answers by quoting: the sentences that say most of what was asked, word for word, with their sources.
 * What the built-in provider replies without any model.
 */
import type { Passage } from "../providers/provider.ts";
import { detectLanguage } from "./language.ts";
import { sentenceSpans } from "./sentences.ts";
import { foldWord, indexTerms, toLexicalQuery } from "./text.ts";

export { abstentionText } from "./abstention.ts";
export { detectLanguage } from "./language.ts";

const MOST_SENTENCES = 3;
/**
 * Share of the best score that a further one must reach: a sentence beside the best adds to it, one from
 * elsewhere must be about the same, and another row of a table must fit as well as the best.
 */
const FURTHER = { samePassage: 0.62, otherPassage: 0.75, row: 0.95 };
/** More than this is no answer but a document; then only the best lines are quoted. */
const LONGEST_LIST = 1_500;
const MOST_LIST_LINES = 20;
/** What the headings above a sentence say counts for it, but less than its own words. */
const HEADING_SHARE = 0.4;
const SAME_SENTENCE = 0.8;

const ANNOUNCES = /[:：]$/;
const LIST_LINE = /^\s*(?:[-*•]|\d{1,3}[.)])\s+\S/;
const TABLE_LINE = /^[^\n:;|]{1,60}: [^\n]*; [^\n:;]{1,60}: |\s\|\s/;
/** Questions that want all of something (folded). */
const ASKS_FOR_ALL =
  /\b(which|list|what are|what kinds|what types|steps?|how do i|how can i|requirements?|documents|items|welche|liste|schritte|quels|quelles|liste|etapes|cuales|lista|pasos|quali|quais|stappen|какие|список)\b|哪些|步骤/u;
/** Questions that want to know what to do, in order (folded). */
const ASKS_FOR_STEPS =
  /\b(steps?|how (do|can|should) (i|we|you)|what (do|should|must) (i|we|you) do|what to do|schritte|wie (kann|soll|muss|mache) ich|was (soll|muss|mache) ich|etapes|comment (faire|puis)|que (faire|dois)|pasos|como (puedo|debo|hago)|que (hago|debo))\b|步骤|怎么办|如何/u;
const ASKS_FOR_NUMBER =
  /\b(how (many|much|long|old|far|high|large|big|often|late|early|fast|tall|deep)|when|what (year|date|time|percentage|number|amount|day)|which (year|date|day)|limit|price|cost|maximum|minimum|wie (viel|viele|lange|hoch|oft|gross|alt|weit)|wann|combien|quand|cuanto|cuanta|cuantos|cuantas|cuando|quanto|quanti|quando|hoeveel|wanneer|сколько|когда)\b|كم|متى|多少|几|何时|哪一年/u;
const ASKS_FOR_PERSON = /\b(who|whom|whose|wer|wem|wen|qui|quien|quienes|chi|quem|wie is|кто|кому)\b|谁/u;
/** Such a sentence needs the one before it. */
const POINTS_BACK =
  /^(it|its|they|their|this|these|those|that|he|she|his|her|such|es|er|sie|dies|diese|dieser|dieses|il|elle|ils|elles|cela|esto|este|esta|estos|estas|он|она|оно|они|это)\b/iu;

type Unit = {
  passage: Passage;
  text: string;
  kind: "sentence" | "item" | "row";
  /** Place among the units of the passage, and of the list or table that it belongs to. */
  index: number;
  group: number;
  terms: Set<string>;
  score: number;
};

/**
 * One to three verbatim sentences, or one whole list or table, each followed by a space and its `[n]`.
 * Empty when there is no passage, never a whole passage.
 */
export function extractAnswer(question: string, passages: readonly Passage[]): string {
  const units = passages.flatMap(unitsOf);
  if (units.length === 0) return "";
  scoreUnits(question, units);
  const best = units.reduce((top, unit) => (unit.score > top.score ? unit : top));
  const whole = wholeList(question, best, units);
  if (whole) return whole;
  return chooseSentences(best, units).map(quote).join(" ");
}

/** A list's mark makes no sense outside its list. */
function quote({ text, kind, passage }: Unit): string {
  const shown = kind === "item" ? text.replace(/^\s*(?:[-*•]|\d{1,3}[.)])\s+/, "") : text;
  return `${shown} [${passage.n}]`;
}

function unitsOf(passage: Passage): Unit[] {
  const language = detectLanguage(passage.text);
  const units: Unit[] = [];
  let group = 0;
  let before: Unit["kind"] = "sentence";
  for (const line of passage.text.split("\n")) {
    if (line.trim() === "") {
      before = "sentence";
      continue;
    }
    const kind = LIST_LINE.test(line) ? "item" : TABLE_LINE.test(line) ? "row" : "sentence";
    if (kind === "sentence" || kind !== before) group++;
    before = kind;
    for (const text of kind === "sentence" ? sentencesOf(line) : [line.trim()]) {
      const terms = new Set(indexTerms(text, language));
      units.push({ passage, text, kind, index: units.length, group, terms, score: 0 });
    }
  }
  return units;
}

function sentencesOf(line: string): string[] {
  return sentenceSpans(line).map(({ start, end }) => line.slice(start, end));
}

function scoreUnits(question: string, units: readonly Unit[]): void {
  const languages = new Set(units.map(({ passage }) => detectLanguage(passage.text)));
  const { words } = toLexicalQuery(question, [...languages]);
  const weights = words.map((alternatives) => {
    const holding = units.filter(({ terms }) => alternatives.some((term) => terms.has(term))).length;
    return Math.log(1 + (units.length + 1) / (holding + 0.5));
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0) || 1;
  const headings = new Map(units.map(({ passage }) => [passage, headingTerms(passage, [...languages])]));
  const folded = question.split(/\s+/).map(foldWord).join(" ");
  const best = Math.max(...units.map(({ passage }) => passage.relevance), Number.EPSILON);
  for (const unit of units) {
    let matched = 0;
    for (const [index, alternatives] of words.entries()) {
      const weight = weights[index] ?? 0;
      if (alternatives.some((term) => unit.terms.has(term))) matched += weight;
      else if (alternatives.some((term) => headings.get(unit.passage)?.has(term)))
        matched += weight * HEADING_SHARE;
    }
    const rank = 0.15 * (unit.passage.relevance / best) + 0.15 / unit.passage.n;
    unit.score = matched / total + rank + expectationBonus(folded, unit) - lengthPenalty(unit.text);
  }
}

function headingTerms({ title, headingPath }: Passage, languages: readonly string[]): Set<string> {
  const text = [title, ...headingPath].join("\n");
  return new Set(["und", ...languages].flatMap((language) => indexTerms(text, language)));
}

/** Whether the sentence holds the kind of thing that was asked for. */
function expectationBonus(question: string, { text }: Unit): number {
  if (ASKS_FOR_NUMBER.test(question)) return /\p{N}/u.test(text) ? 0.15 : 0;
  if (ASKS_FOR_PERSON.test(question)) return /\s\p{Lu}\p{Ll}+\s+\p{Lu}\p{Ll}+/u.test(text) ? 0.08 : 0;
  return 0;
}

/** A fragment answers nothing, and an endless sentence matches everything. */
function lengthPenalty(text: string): number {
  if (text.length < 20) return 0.2;
  return text.length > 400 ? 0.1 : 0;
}

/** The list or table that the best line is of, or that the best sentence announces, when all of it is wanted. */
function wholeList(question: string, best: Unit, units: readonly Unit[]): string | null {
  const own = units.filter(({ passage }) => passage === best.passage);
  const start = listStart(question.split(/\s+/).map(foldWord).join(" "), best, own);
  if (!start || start.kind === "sentence") return null;
  const lines = own.filter((unit) => unit.group === start.group);
  const text = lines.map((unit) => unit.text).join("\n");
  if (lines.length > MOST_LIST_LINES || text.length > LONGEST_LIST) return null;
  const before = own[(lines[0]?.index ?? 0) - 1];
  const opening = before?.kind === "sentence" && ANNOUNCES.test(before.text) ? `${before.text}\n` : "";
  return `${opening}${text} [${best.passage.n}]`;
}

/** Some line of the list that is wanted as a whole, if one is. */
function listStart(question: string, best: Unit, own: readonly Unit[]): Unit | undefined {
  if (best.kind === "sentence" && ANNOUNCES.test(best.text)) return own[best.index + 1];
  if (best.kind === "item" && ASKS_FOR_ALL.test(question)) return best;
  if (!ASKS_FOR_STEPS.test(question)) return undefined;
  return own.find(({ kind, text }) => kind === "item" && /^\s*1[.)]/.test(text));
}

function chooseSentences(best: Unit, units: readonly Unit[]): Unit[] {
  const chosen = [best];
  const previous = units.find(({ passage, index }) => passage === best.passage && index === best.index - 1);
  if (previous && previous.kind === "sentence" && POINTS_BACK.test(best.text)) chosen.unshift(previous);
  const others = units
    .filter((unit) => !chosen.includes(unit) && unit.score >= best.score * furtherShare(best, unit))
    .sort((left, right) => right.score - left.score);
  for (const unit of others) {
    if (chosen.length >= MOST_SENTENCES) break;
    if (chosen.every((each) => !saysTheSame(each, unit))) chosen.push(unit);
  }
  return chosen.length > 2 ? [...chosen.slice(0, 1), ...inOrder(chosen.slice(1))] : chosen;
}

function furtherShare(best: Unit, unit: Unit): number {
  if (best.kind !== "sentence" && unit.kind === best.kind) return FURTHER.row;
  return unit.passage === best.passage ? FURTHER.samePassage : FURTHER.otherPassage;
}

/** Sentences after the first in the order in which a reader meets them. */
function inOrder(units: Unit[]): Unit[] {
  return units.sort((left, right) => left.passage.n - right.passage.n || left.index - right.index);
}

function saysTheSame(left: Unit, right: Unit): boolean {
  const shared = left.terms.intersection(right.terms).size;
  return shared / Math.max(1, Math.min(left.terms.size, right.terms.size)) > SAME_SENTENCE;
}
