import type { Deps } from "../../deps.ts";
import type { CandidateOutcome, Citation } from "../../domain/conversation.ts";
import type { TenantId } from "../../domain/ids.ts";
import type { Passage } from "../../providers/provider.ts";
import { toCitation } from "../../rag/citations.ts";
import { type Fused, type FusedCandidate, fuse } from "../../rag/fuse.ts";
import { type RankedCandidate, rankCandidates, selectPassages } from "../../rag/rank.ts";
import { toLexicalQuery } from "../../rag/text.ts";
import type { DenseSearch } from "../knowledge/dense.ts";

export type RetrievalDeps = Pick<Deps, "store"> & { dense: DenseSearch };

/** Deep enough that rescoring can lift a passage which plain BM25 ranks low. */
const CANDIDATES = 50;
/** Candidates kept in a turn's trace; the rest explains nothing. */
const TRACED = 12;
const EXCERPT_CHARACTERS = 240;
const NEAREST_SHOWN = 3;

export type PassageBudget = { maxPassages: number; tokenBudget: number };

export type Retrieval = {
  /** Chosen for the prompt, numbered from 1; empty when nothing bears on the question. */
  passages: Passage[];
  /** Best candidates whatever their relevance, for "nearest sources". */
  nearest: Citation[];
  candidates: CandidateOutcome[];
};

/** The passages that bear on `question`, best first, and why each candidate was kept or dropped. */
export async function retrieve(
  deps: RetrievalDeps,
  tenantId: TenantId,
  question: string,
  budget: PassageBudget,
): Promise<Retrieval> {
  const { candidates: ranked, bestRelevance } = await rankByBoth(deps, tenantId, question);
  const { kept, dropped } = selectPassages(ranked, budget, bestRelevance);
  return {
    passages: kept.map(({ candidate }, index) => toPassage(candidate, index + 1)),
    nearest: ranked
      .slice(0, NEAREST_SHOWN)
      .map((candidate, index) => toCitation(toPassage(candidate, index + 1))),
    candidates: [
      ...kept.map(({ candidate, reason }) => toOutcome(candidate, true, reason)),
      ...dropped.map(({ candidate, reason }) => toOutcome(candidate, false, reason)),
    ]
      .sort((left, right) => right.fused - left.fused)
      .slice(0, TRACED),
  };
}

/** Candidates for `question`, best first: what the test bench shows and a turn chooses from. */
export async function rankChunks(
  deps: RetrievalDeps,
  tenantId: TenantId,
  question: string,
  limit: number,
): Promise<FusedCandidate[]> {
  return (await rankByBoth(deps, tenantId, question)).candidates.slice(0, limit);
}

/** By words and by meaning at the same time, each to the depth that fusion needs. */
async function rankByBoth(deps: RetrievalDeps, tenantId: TenantId, question: string): Promise<Fused> {
  const [lexical, dense] = await Promise.all([
    rankByWords(deps, tenantId, question),
    deps.dense.search(tenantId, question, CANDIDATES),
  ]);
  return fuse(lexical, dense);
}

async function rankByWords(
  { store }: RetrievalDeps,
  tenantId: TenantId,
  question: string,
): Promise<RankedCandidate[]> {
  const query = toLexicalQuery(question, await store.chunks.languages(tenantId));
  if (query.words.length === 0) return [];
  const [hits, statistics] = await Promise.all([
    store.chunks.searchByTerms(tenantId, query, CANDIDATES),
    store.chunks.termStatistics(tenantId, query),
  ]);
  return rankCandidates(question, query, hits, statistics);
}

function toPassage({ hit, relevance }: RankedCandidate, n: number): Passage {
  const { id, sourceId, sourceTitle, headingPath, page, content } = hit.chunk;
  return { n, chunk: id, source: sourceId, title: sourceTitle, headingPath, page, text: content, relevance };
}

function toOutcome(
  { hit, score, lexical, dense, relevance }: FusedCandidate,
  kept: boolean,
  reason: string,
): CandidateOutcome {
  const { id, sourceId, sourceTitle, headingPath, page, content } = hit.chunk;
  return {
    chunk: id,
    source: sourceId,
    title: sourceTitle,
    headingPath,
    page,
    excerpt: content.slice(0, EXCERPT_CHARACTERS),
    lexical,
    dense,
    fused: score,
    rerank: null,
    relevance,
    kept,
    reason,
  };
}
