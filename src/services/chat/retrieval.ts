import type { Deps } from "../../deps.ts";
import type { CandidateOutcome, Citation } from "../../domain/conversation.ts";
import type { TenantId } from "../../domain/ids.ts";
import type { LexicalMatches } from "../../domain/lexical.ts";
import type { Passage } from "../../providers/provider.ts";
import { toCitation } from "../../rag/citations.ts";
import { type Fused, type FusedCandidate, fuse } from "../../rag/fuse.ts";
import { type RankedCandidate, type RankedRow, rankMatches, rankTexts } from "../../rag/rank.ts";
import { joinNeighbours, type PassageBudget, selectPassages } from "../../rag/select.ts";
import { type AnalyzedQuestion, analyzeQuestion } from "../../rag/text.ts";
import type { DenseSearch } from "../knowledge/dense.ts";

export type RetrievalDeps = Pick<Deps, "store"> & { dense: DenseSearch };

/** Deep enough that rescoring can lift a passage which plain BM25 ranks low. */
const CANDIDATES = 50;
/** Texts that are read where nothing else ranks them: the rest would not be looked at. */
const TEXTS = 24;
/** Candidates kept in a turn's trace; the rest explains nothing. */
const TRACED = 12;
const EXCERPT_CHARACTERS = 240;
const NEAREST_SHOWN = 3;

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
    passages: joinNeighbours(kept.map(({ candidate }) => candidate)).map(({ best, text }, index) => ({
      ...toPassage(best, index + 1),
      text,
    })),
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
  return (await rankByBoth(deps, tenantId, question, limit)).candidates.slice(0, limit);
}

/** By words and by meaning at the same time, each to the depth that fusion needs. */
async function rankByBoth(
  deps: RetrievalDeps,
  tenantId: TenantId,
  question: string,
  wanted = TEXTS,
): Promise<Fused> {
  const finding = deps.dense.search(tenantId, question, CANDIDATES);
  const byWords = await findByWords(deps, tenantId, question);
  const dense = await finding;
  const texts = dense === null ? Math.max(wanted, TEXTS) : CANDIDATES;
  return fuse(await readTexts(deps, tenantId, byWords, texts), dense);
}

type FoundByWords = { question: AnalyzedQuestion; matches: LexicalMatches; ranked: RankedRow[] };

async function findByWords(
  { store }: RetrievalDeps,
  tenantId: TenantId,
  text: string,
): Promise<FoundByWords | null> {
  const question = analyzeQuestion(text, await store.chunks.languages(tenantId));
  if (question.query.words.length === 0) return null;
  const matches = await store.chunks.searchByTerms(tenantId, question.query, CANDIDATES);
  return { question, matches, ranked: rankMatches(question, matches) };
}

async function readTexts(
  { store }: RetrievalDeps,
  tenantId: TenantId,
  found: FoundByWords | null,
  most: number,
): Promise<RankedCandidate[]> {
  if (found === null || found.ranked.length === 0) return [];
  const best = found.ranked.slice(0, most);
  const chunks = await store.chunks.findByRows(
    tenantId,
    best.map(({ row }) => row),
  );
  return rankTexts(found.question, best, chunks, found.matches);
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
