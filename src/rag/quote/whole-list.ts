/** Lists that are quoted whole: steps in their order, and short ones of which all was asked for. */
import type { Kind } from "./asked.ts";
import type { Scored } from "./choose.ts";
import { ANNOUNCES, type Unit, wordsOf } from "./units.ts";

/** More than this is no answer but a document. */
const MOST_STEPS = 20;
const LONGEST_STEPS = 1_500;
/** Of a list that is none of steps. */
const MOST_WORDS = 60;

export type WholeList = { units: Unit[]; text: string };

/** The list that the best line is of, that it announces, or that stands beside it, when all of it is wanted. */
export function wholeList(kinds: ReadonlySet<Kind>, best: Unit, scored: readonly Scored[]): WholeList | null {
  const own = scored.map(({ unit }) => unit).filter(({ passage }) => passage === best.passage);
  const member = memberOf(kinds, best, own);
  if (member === undefined) return null;
  const units = own.filter(({ group, kind }) => group === member.group && kind !== "label");
  const lines = [...new Map(units.map(({ line, written }) => [line, written])).values()];
  const list = lines.join("\n");
  const areSteps = kinds.has("steps") && member.isNumbered;
  const isTooLong = areSteps
    ? lines.length > MOST_STEPS || list.length > LONGEST_STEPS
    : wordsOf(list) > MOST_WORDS;
  if (isTooLong) return null;
  const before = own[(units[0]?.index ?? 0) - 1];
  const opens = before?.kind === "sentence" && ANNOUNCES.test(before.text);
  return opens ? { units: [before, ...units], text: `${before.text}\n${list}` } : { units, text: list };
}

/** Some line of the list that is wanted as a whole, if one is. */
function memberOf(kinds: ReadonlySet<Kind>, best: Unit, own: readonly Unit[]): Unit | undefined {
  const next = own[best.index + 1];
  if (best.kind === "sentence" && ANNOUNCES.test(best.text)) return next?.kind === "item" ? next : undefined;
  const wantsAll = kinds.has("steps") || kinds.has("list");
  if (best.kind === "item") return wantsAll ? best : undefined;
  if (!kinds.has("steps")) return undefined;
  return own.find(({ isNumbered, group }) => isNumbered && Math.abs(group - best.group) <= 1);
}
