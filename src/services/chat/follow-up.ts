import type { SynonymRule } from "../../domain/synonym.ts";
import {
  bearsOnWhatIsNew,
  dragsAlong,
  type HistoryMessage,
  keepsQuestion,
  type Readings,
  readingsOf,
  withoutSmallTalk,
} from "../../rag/follow-up.ts";
import { isOwnWord } from "../../rag/synonyms.ts";
import type { Retrieval } from "../retrieval/retrieve.ts";

/** By how much a less likely reading has to be found more relevant. */
const CLEARLY_BETTER = 0.2;

/** How the question may be read: one of the tenant's own words may ask for itself, whatever it looks like. */
export function readingsFor(
  history: readonly HistoryMessage[],
  question: string,
  synonyms: readonly SynonymRule[],
): Readings {
  const told = readingsOf(history, question);
  if (told.leaning !== "yes" || !isOwnWord(question, synonyms, "anyhow")) return told;
  return { leaning: "maybe", readings: [...told.readings, question] };
}

/** A model sees more than words tell, but may drag the topic along into a question that has one of its own. */
export function withRewritten(
  turns: readonly HistoryMessage[],
  told: Readings,
  rewritten: string,
  question: string,
): Readings {
  const { leaning, readings } = told;
  if (!keepsQuestion(rewritten, question)) return told;
  const each = (...list: string[]): Readings => ({ leaning, readings: [...new Set(list)] });
  const [joined = rewritten] = readings;
  if (leaning === "maybe") return each(rewritten, withoutSmallTalk(question));
  if (leaning === "no" || dragsAlong(turns, joined, rewritten)) return each(joined, rewritten);
  return each(rewritten, joined);
}

/** What is found for the reading that is found best. A less likely one has to be clearly better. */
export async function searchReadings(
  { leaning, readings }: Readings,
  turns: readonly HistoryMessage[],
  question: string,
  synonyms: readonly SynonymRule[],
  search: (reading: string) => Promise<Retrieval>,
): Promise<{ reading: string; found: Retrieval }> {
  const asked = withoutSmallTalk(question);
  let best: { reading: string; found: Retrieval; relevance: number } | null = null;
  for (const reading of readings) {
    // Nothing can be clearly better.
    if (best !== null && best.relevance + CLEARLY_BETTER >= 1) break;
    const found = await search(reading);
    const isJoined = leaning === "maybe" && reading !== asked;
    const relevance = isJoined && !answersWhatIsNew(turns, reading, found, synonyms) ? 0 : relevanceOf(found);
    const isBetter =
      best === null || relevance > best.relevance + CLEARLY_BETTER || (best.relevance === 0 && relevance > 0);
    if (isBetter) best = { reading, found, relevance };
  }
  if (best === null) throw new Error("a question has at least one reading");
  // What was found only for what was asked before is no answer to this.
  const { reading, found, relevance } = best;
  return { reading, found: relevance > 0 ? found : { ...found, passages: [] } };
}

function answersWhatIsNew(
  turns: readonly HistoryMessage[],
  reading: string,
  { passages }: Retrieval,
  synonyms: readonly SynonymRule[],
): boolean {
  // What comes further down may be there for room only.
  const best = passages.toSorted((left, right) => right.relevance - left.relevance)[0];
  return best !== undefined && bearsOnWhatIsNew(turns, reading, best, synonyms);
}

/** Zero when nothing bears on the question. */
function relevanceOf({ passages }: Retrieval): number {
  return Math.max(0, ...passages.map(({ relevance }) => relevance));
}
