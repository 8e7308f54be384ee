/** From ranked candidates to what a language model reads: as much as fits, and what stands around the best of it. */
import type { FoundChunk } from "../domain/knowledge.ts";
import type { FusedCandidate } from "./fuse.ts";
import { isNearlySame, type Selected, wordsOf } from "./select.ts";
import { estimateTokens } from "./tokens.ts";

/** A model reads only so much before it overlooks things, and an answer rarely needs more than a few passages whole. */
export const SURROUNDED = 2;
/** How far around a passage its section is looked at. */
export const SURROUNDINGS = 4;
/** A section of at most so many tokens is read whole; of a longer one, what stands next to the passage. */
const SHORT_SECTION_TOKENS = 500;
/** Title and headings that a passage is given with. */
const PLACE_TOKENS = 12;
/** Of the budget, for one document, while others have something to say. */
const SHARE_OF_ONE_DOCUMENT = 0.5;

const AROUND = "kept: stands beside a passage that was found";

export type Reading = { kept: Selected<FusedCandidate>[]; dropped: Selected<FusedCandidate>[] };

/**
 * Chooses what a model reads, best first, until `tokenBudget` is used up. Whether a passage answers is for the model to
 * say, so none is left out for being unlikely.
 *
 * @param around chunks of the same document near each of the first few candidates
 */
export function chooseReading(
  ranked: readonly FusedCandidate[],
  around: ReadonlyMap<FusedCandidate, readonly FoundChunk[]>,
  tokenBudget: number,
): Reading {
  const reading = new Budget(tokenBudget);
  const known = new Map(ranked.map((candidate) => [candidate.hit.chunk.id, candidate]));
  const waiting: FusedCandidate[] = [];
  const dropped = new Map<FusedCandidate, string>();
  const take = (candidate: FusedCandidate, share: number): void => {
    const problem = reading.problem(candidate, share);
    if (problem === ONE_SIDED && share < 1) waiting.push(candidate);
    if (problem !== null) dropped.set(candidate, problem);
    else {
      reading.add(candidate, `kept: ${candidate.reason}`);
      for (const chunk of surroundings(candidate.hit.chunk, around.get(candidate) ?? []))
        reading.addIfItFits(known.get(chunk.id) ?? besides(candidate, chunk), AROUND);
    }
  };
  for (const candidate of ranked) take(candidate, SHARE_OF_ONE_DOCUMENT);
  for (const candidate of waiting) take(candidate, 1);
  return {
    kept: reading.kept,
    dropped: ranked
      .filter((candidate) => !reading.has(candidate))
      .map((candidate) => ({ candidate, reason: dropped.get(candidate) ?? NO_ROOM })),
  };
}

const NO_ROOM = "does not fit the token budget";
const SAME = "nearly the same text";
const ONE_SIDED = "enough of this document";

class Budget {
  readonly kept: Selected<FusedCandidate>[] = [];
  readonly #words = new Map<string, Set<string>>();
  readonly #ofDocument = new Map<string, number>();
  #tokens = 0;

  constructor(readonly tokens: number) {}

  has({ hit }: FusedCandidate): boolean {
    return this.#words.has(hit.chunk.id);
  }

  /** Why it is not to be read, or null. The best is read however long it is. */
  problem(candidate: FusedCandidate, share: number): string | null {
    const { documentId } = candidate.hit.chunk;
    if (this.has(candidate)) return SAME;
    const cost = costOf(candidate);
    if (this.kept.length > 0 && this.#tokens + cost > this.tokens) return NO_ROOM;
    const words = wordsOf(candidate);
    if (this.#words.values().some((other) => isNearlySame(words, other))) return SAME;
    const ofDocument = this.#ofDocument.get(documentId) ?? 0;
    return ofDocument > 0 && ofDocument + cost > this.tokens * share ? ONE_SIDED : null;
  }

  add(candidate: FusedCandidate, reason: string): void {
    const { id, documentId } = candidate.hit.chunk;
    const cost = costOf(candidate);
    this.kept.push({ candidate, reason });
    this.#words.set(id, wordsOf(candidate));
    this.#ofDocument.set(documentId, (this.#ofDocument.get(documentId) ?? 0) + cost);
    this.#tokens += cost;
  }

  addIfItFits(candidate: FusedCandidate, reason: string): void {
    if (!this.has(candidate) && this.#tokens + costOf(candidate) <= this.tokens) this.add(candidate, reason);
  }
}

function costOf({ hit }: FusedCandidate): number {
  return estimateTokens(hit.chunk.content) + PLACE_TOKENS;
}

/** The rest of the chunk's section when that is short, otherwise what stands right before and behind it. */
function surroundings(chunk: FoundChunk, near: readonly FoundChunk[]): FoundChunk[] {
  const section = sectionOf(chunk, near);
  const others = section.filter(({ id }) => id !== chunk.id);
  const tokens = section.reduce((sum, { content }) => sum + estimateTokens(content), 0);
  if (tokens <= SHORT_SECTION_TOKENS) return others;
  return others.filter(({ ordinal }) => Math.abs(ordinal - chunk.ordinal) === 1);
}

/** What hangs together with the chunk under the same headings, in the order of the document. */
function sectionOf(chunk: FoundChunk, near: readonly FoundChunk[]): FoundChunk[] {
  const inOrder = near.toSorted((left, right) => left.ordinal - right.ordinal);
  const at = inOrder.findIndex(({ id }) => id === chunk.id);
  if (at < 0) return [chunk];
  const isElsewhere = ({ headingPath }: FoundChunk) =>
    headingPath.join("\n") !== chunk.headingPath.join("\n");
  const before = inOrder.slice(0, at).findLastIndex(isElsewhere);
  const behind = inOrder.findIndex((other, index) => index > at && isElsewhere(other));
  return inOrder.slice(before + 1, behind < 0 ? undefined : behind);
}

/** A chunk that no search found. */
function besides({ relevance }: FusedCandidate, chunk: FoundChunk): FusedCandidate {
  const nowhere = { gaps: null, lexical: null, dense: null, rerank: null };
  return { hit: { chunk, score: 0 }, score: 0, relevance, reason: AROUND, ...nowhere };
}
