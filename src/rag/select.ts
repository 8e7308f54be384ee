/** From ranked candidates to what a model reads: relevant, not twice the same, from more than one document. */
import type { RankedCandidate } from "./rank.ts";
import { estimateTokens } from "./tokens.ts";

/** Below this relevance Parley says that it found nothing. Measured: see `relevanceOf` in rank.ts. */
export const ABSTAIN_BELOW = 0.5;

export type PassageBudget = { maxPassages: number; tokenBudget: number };
export type Selected<Candidate = RankedCandidate> = { candidate: Candidate; reason: string };

const BELOW_THRESHOLD = "below the threshold";
const ONE_SIDED = "enough of this document";
/** Two passages that share this much of their words say the same. */
const SAME_TEXT = 0.8;
/** Passages of one document that are kept while another has something to say, as share of all. */
const SHARE_OF_ONE_DOCUMENT = 0.5;

/** Chooses what a model reads, best first, and says of every candidate why it was kept or dropped. */
export function selectPassages<Candidate extends RankedCandidate>(
  ranked: readonly Candidate[],
  budget: PassageBudget,
  /** Of the best candidate, which speaks for all: among fifty, one looks relevant by chance. */
  bestRelevance = ranked[0]?.relevance ?? 0,
): { kept: Selected<Candidate>[]; dropped: Selected<Candidate>[] } {
  const isRelevant = ({ relevance }: Candidate) => relevance >= ABSTAIN_BELOW;
  const candidates = bestRelevance < ABSTAIN_BELOW ? [] : ranked.filter(isRelevant);
  const dropped = new Map<Candidate, string>();
  const kept = choose(candidates, budget, dropped);
  return {
    kept: candidates
      .filter((candidate) => kept.has(candidate))
      .map((candidate) => ({ candidate, reason: `kept: ${candidate.reason}` })),
    dropped: ranked
      .filter((candidate) => !kept.has(candidate))
      .map((candidate) => ({ candidate, reason: dropped.get(candidate) ?? BELOW_THRESHOLD })),
  };
}

/** Twice from the best on: first not too many of one document, then whatever there is still room for. */
function choose<Candidate extends RankedCandidate>(
  candidates: readonly Candidate[],
  { maxPassages, tokenBudget }: PassageBudget,
  dropped: Map<Candidate, string>,
): ReadonlyMap<Candidate, Set<string>> {
  /** With their words, which every further candidate is compared with. */
  const kept = new Map<Candidate, Set<string>>();
  const ofDocument = new Map<string, number>();
  let tokens = 0;
  let waiting = candidates;
  for (const mostOfDocument of [Math.ceil(maxPassages * SHARE_OF_ONE_DOCUMENT), maxPassages]) {
    for (const candidate of waiting) {
      const { content, documentId } = candidate.hit.chunk;
      const count = ofDocument.get(documentId) ?? 0;
      const cost = estimateTokens(content);
      const isFull = kept.size >= maxPassages;
      const words: Set<string> = isFull ? new Set() : wordsOf(candidate);
      const reason = dropReason(words, kept, {
        isFull,
        isTooLong: kept.size > 0 && tokens + cost > tokenBudget,
        isOneSided: count >= mostOfDocument,
      });
      if (reason !== null) {
        dropped.set(candidate, reason);
        continue;
      }
      kept.set(candidate, words);
      ofDocument.set(documentId, count + 1);
      tokens += cost;
    }
    waiting = waiting.filter((candidate) => dropped.get(candidate) === ONE_SIDED);
  }
  return kept;
}

function dropReason(
  words: Set<string>,
  kept: ReadonlyMap<RankedCandidate, Set<string>>,
  { isFull, isTooLong, isOneSided }: Record<"isFull" | "isTooLong" | "isOneSided", boolean>,
): string | null {
  if (isFull) return "enough better passages";
  if (isTooLong) return "does not fit the token budget";
  if (kept.values().some((other) => isNearlySame(words, other))) return "nearly the same text";
  return isOneSided ? ONE_SIDED : null;
}

/**
 * Passages that follow each other in one section of a document, as one. Each group has the best candidate
 * first; groups are in the order of their best.
 */
export function joinNeighbours<Candidate extends RankedCandidate>(
  kept: readonly Candidate[],
): { best: Candidate; text: string }[] {
  const groups: Candidate[][] = [];
  for (const candidate of kept) {
    const near = groups.filter((group) => group.some((other) => areNeighbours(other, candidate)));
    const [first, ...others] = near;
    if (first === undefined) {
      groups.push([candidate]);
      continue;
    }
    // One that stands between two groups makes them one.
    first.push(candidate, ...others.flat());
    for (const other of others) groups.splice(groups.indexOf(other), 1);
  }
  return groups.map((group) => ({ best: group[0] as Candidate, text: joinedText(group) }));
}

function areNeighbours({ hit: left }: RankedCandidate, { hit: right }: RankedCandidate): boolean {
  return (
    left.chunk.documentId === right.chunk.documentId &&
    Math.abs(left.chunk.ordinal - right.chunk.ordinal) === 1 &&
    left.chunk.headingPath.join("\n") === right.chunk.headingPath.join("\n")
  );
}

function joinedText(group: readonly RankedCandidate[]): string {
  const inOrder = group.map(({ hit }) => hit.chunk).sort((left, right) => left.ordinal - right.ordinal);
  return inOrder.reduce((text, { content }) => (text === "" ? content : append(text, content)), "");
}

/** Fewer characters at the seam that are the same are chance. */
const LEAST_REPEATED = 12;

/** A chunk repeats the last sentences of the one before it; they are wanted once. */
function append(text: string, next: string): string {
  for (let length = Math.min(text.length, next.length); length >= LEAST_REPEATED; length--) {
    if (text.endsWith(next.slice(0, length))) return `${text}${next.slice(length)}`;
  }
  return `${text}\n${next}`;
}

export function wordsOf({ hit }: RankedCandidate): Set<string> {
  return new Set(hit.chunk.content.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
}

/** Whether two passages of these words say the same. */
export function isNearlySame(left: Set<string>, right: Set<string>): boolean {
  return overlap(left, right) > SAME_TEXT && !haveOtherNumbers(left, right);
}

/** Last year's rule and this year's share all words but the one that counts. */
function haveOtherNumbers(left: Set<string>, right: Set<string>): boolean {
  const isNumber = (word: string) => /\p{N}/u.test(word);
  return left.difference(right).values().some(isNumber) && right.difference(left).values().some(isNumber);
}

/** Shared words as share of all words of both. */
function overlap(left: Set<string>, right: Set<string>): number {
  const shared = left.intersection(right).size;
  return shared / Math.max(1, left.size + right.size - shared);
}
