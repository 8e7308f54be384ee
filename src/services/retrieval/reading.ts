/** What a language model is given to read: more than what is quoted from, since it judges for itself what answers. */
import type { TenantId } from "../../domain/ids.ts";
import type { FoundChunk } from "../../domain/knowledge.ts";
import type { FusedCandidate } from "../../rag/fuse.ts";
import { mergeRankings } from "../../rag/merge.ts";
import { chooseReading, type Reading, SURROUNDED, SURROUNDINGS } from "../../rag/reading.ts";
import {
  type JudgedCandidate,
  type Retrieval,
  type RetrievalDeps,
  rankByBoth,
  toJudged,
  toRetrieval,
} from "./retrieve.ts";

/** Candidates whose texts are read: about what the largest usual budget takes of short passages. */
const CANDIDATES_READ = 50;

/**
 * Passages for a model, found by every one of `questions`, of which the first is the visitor's; empty when none of them
 * finds anything at all.
 *
 * @throws the signal's reason as soon as it is aborted, wherever a model is at work
 */
export async function retrieveReading(
  deps: RetrievalDeps,
  tenantId: TenantId,
  questions: readonly string[],
  tokenBudget: number,
  signal: AbortSignal,
): Promise<Retrieval> {
  const { ranked, reading } = await read(deps, tenantId, questions, tokenBudget, signal);
  return toRetrieval(ranked, reading);
}

/** Candidates for `question`, best first, with what a model would be given of them and why, in `reason`. */
export async function judgeReading(
  deps: RetrievalDeps,
  tenantId: TenantId,
  question: string,
  tokenBudget: number,
  signal: AbortSignal,
): Promise<JudgedCandidate[]> {
  const { ranked, reading } = await read(deps, tenantId, [question], tokenBudget, signal);
  return toJudged(ranked, reading);
}

async function read(
  deps: RetrievalDeps,
  tenantId: TenantId,
  questions: readonly string[],
  tokenBudget: number,
  signal: AbortSignal,
): Promise<{ ranked: FusedCandidate[]; reading: Reading }> {
  const rankings = await Promise.all(
    questions.map((question) => rankByBoth(deps, tenantId, question, CANDIDATES_READ, signal)),
  );
  const ranked = mergeRankings(rankings.map(({ candidates }) => candidates));
  const around = await surroundingsOf(deps, tenantId, ranked.slice(0, SURROUNDED));
  return { ranked, reading: chooseReading(ranked, around, tokenBudget) };
}

async function surroundingsOf(
  { store }: Pick<RetrievalDeps, "store">,
  tenantId: TenantId,
  candidates: readonly FusedCandidate[],
): Promise<Map<FusedCandidate, FoundChunk[]>> {
  const found = await Promise.all(
    candidates.map(async (candidate) => {
      const { documentId, ordinal } = candidate.hit.chunk;
      const [from, to] = [Math.max(0, ordinal - SURROUNDINGS), ordinal + SURROUNDINGS];
      return [candidate, await store.chunks.neighbours(tenantId, documentId, from, to)] as const;
    }),
  );
  return new Map(found);
}
