import type { Deps } from "../../deps.ts";
import type { CandidateOutcome, PassageCitation } from "../../domain/conversation.ts";
import type { TenantId } from "../../domain/ids.ts";
import type { LexicalMatches } from "../../domain/lexical.ts";
import type { Passage } from "../../providers/provider.ts";
import { toCitation } from "../../rag/citations.ts";
import { contentsLast } from "../../rag/contents-lists.ts";
import { embeddedText } from "../../rag/embedded-text.ts";
import { type Fused, type FusedCandidate, fuse } from "../../rag/fuse.ts";
import { type RankedCandidate, type RankedRow, rankMatches, rankTexts } from "../../rag/rank.ts";
import { RERANKED, reranked } from "../../rag/rerank.ts";
import {
  ABSTAIN_BELOW,
  joinNeighbours,
  type PassageBudget,
  type Selected,
  selectPassages,
} from "../../rag/select.ts";
import { spelledOut } from "../../rag/synonyms.ts";
import { type AnalyzedQuestion, analyzeQuestion } from "../../rag/text.ts";
import type { Store } from "../../store/store.ts";
import type { DenseSearch } from "./dense.ts";
import type { Reranking } from "./reranking.ts";

export type RetrievalDeps = Pick<Deps, "store"> & { dense: DenseSearch; reranking: Reranking };

/** Deep enough that rescoring can lift a passage which plain BM25 ranks low. */
const CANDIDATES = 50;
/** Texts that are read where nothing else ranks them: the rest would not be looked at. */
const TEXTS = 16;
/** Each is only made because something changed during the one before. */
const MOST_SEARCHES = 3;
/** All candidates are in a turn's trace: those that were kept with an excerpt, of the others only how they begin. */
const EXCERPT_CHARACTERS = { kept: 240, dropped: 60 };
const NEAREST_SHOWN = 3;
const NEVER = new AbortController().signal;

/** Of a turn's prompt, and of the test bench that foretells it. */
export const PASSAGE_BUDGET: PassageBudget = { maxPassages: 6, tokenBudget: 2000 };

export type Retrieval = {
  /** Chosen for the prompt, numbered from 1; empty when nothing bears on the question. */
  passages: Passage[];
  /** Best candidates whatever their relevance, for "nearest sources". */
  nearest: PassageCitation[];
  candidates: CandidateOutcome[];
};

/**
 * The passages that bear on `question`, best first, and why each candidate was kept or dropped.
 * @throws the signal's reason as soon as it is aborted, wherever a model is at work
 */
export async function retrieve(
  deps: RetrievalDeps,
  tenantId: TenantId,
  question: string,
  budget: PassageBudget,
  signal: AbortSignal = NEVER,
): Promise<Retrieval> {
  const { candidates: ranked, bestRelevance } = await rankByBoth(deps, tenantId, question, TEXTS, signal);
  return toRetrieval(ranked, selectPassages(ranked, budget, bestRelevance));
}

/** `ranked` as a turn gets it: what was kept as numbered passages, neighbours as one, and what became of each. */
export function toRetrieval(ranked: readonly FusedCandidate[], { kept, dropped }: Choice): Retrieval {
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
    ].sort(byRank),
  };
}

export type JudgedCandidate = FusedCandidate & { kept: boolean };

/** Candidates for `question`, best first, with what a turn would do with each and why, in `reason`. */
export async function judgeChunks(
  deps: RetrievalDeps,
  tenantId: TenantId,
  question: string,
  budget: PassageBudget,
  limit: number,
  signal: AbortSignal,
): Promise<JudgedCandidate[]> {
  const { candidates, bestRelevance } = await rankByBoth(deps, tenantId, question, limit, signal);
  return toJudged(candidates, selectPassages(candidates, budget, bestRelevance)).slice(0, limit);
}

type Choice = { kept: Selected<FusedCandidate>[]; dropped: Selected<FusedCandidate>[] };

/** `candidates`, and what was kept besides, with what became of each. */
export function toJudged(
  candidates: readonly FusedCandidate[],
  { kept, dropped }: Choice,
): JudgedCandidate[] {
  const judged = new Map<FusedCandidate, JudgedCandidate>();
  for (const { candidate, reason } of kept) judged.set(candidate, { ...candidate, kept: true, reason });
  for (const { candidate, reason } of dropped) judged.set(candidate, { ...candidate, kept: false, reason });
  return [...new Set([...candidates, ...judged.keys()])].flatMap((candidate) => judged.get(candidate) ?? []);
}

/** Candidates for `question`, best first: what an evaluation measures and a turn chooses from. */
export async function rankChunks(
  deps: RetrievalDeps,
  tenantId: TenantId,
  question: string,
  limit: number,
  signal: AbortSignal = NEVER,
): Promise<Fused> {
  const { candidates, bestRelevance } = await rankByBoth(deps, tenantId, question, limit, signal);
  return { candidates: candidates.slice(0, limit), bestRelevance };
}

/** By words and by meaning at the same time, each to the depth that fusion needs. */
export async function rankByBoth(
  deps: RetrievalDeps,
  tenantId: TenantId,
  question: string,
  wanted: number,
  signal: AbortSignal,
): Promise<Fused> {
  const [languages, synonyms, isReranked] = await Promise.all([
    deps.store.chunks.languages(tenantId),
    deps.store.synonyms.all(tenantId),
    deps.reranking.isChosen(),
  ]);
  const analyzed = analyzeQuestion(question, languages, synonyms);
  const spelled = spelledOut(question, analyzed.own);
  const [found, dense] = await Promise.all([
    analyzed.query.words.length === 0 ? null : searchWords(deps.store, tenantId, analyzed),
    deps.dense.search(tenantId, spelled, CANDIDATES, signal),
  ]);
  const texts = dense === null && !isReranked ? Math.max(wanted, TEXTS) : CANDIDATES;
  const both = fuse(await readTexts(deps, tenantId, found, texts), dense, found?.question.askedIn);
  const fused = { ...both, candidates: contentsLast(both.candidates, ABSTAIN_BELOW) };
  return isReranked ? rerank(deps, tenantId, spelled, fused, signal) : fused;
}

/** In the order of the reranker, or as it was when that does not answer. */
async function rerank(
  { reranking }: RetrievalDeps,
  tenantId: TenantId,
  question: string,
  fused: Fused,
  signal: AbortSignal,
): Promise<Fused> {
  const texts = fused.candidates
    .slice(0, RERANKED)
    .map(({ hit: { chunk } }) => embeddedText(chunk.documentTitle, chunk.headingPath, chunk.content));
  const answer = await reranking.score(tenantId, question, texts, signal);
  return answer === null ? fused : reranked(fused, answer.scores, answer.scale);
}

type FoundByWords = { question: AnalyzedQuestion; matches: LexicalMatches; ranked: RankedRow[] };

async function searchWords(
  store: Store,
  tenantId: TenantId,
  question: AnalyzedQuestion,
): Promise<FoundByWords> {
  const matches = await store.chunks.searchByTerms(tenantId, question.query, CANDIDATES);
  return { question, matches, ranked: rankMatches(question, matches) };
}

async function readTexts(
  { store }: RetrievalDeps,
  tenantId: TenantId,
  found: FoundByWords | null,
  most: number,
): Promise<RankedCandidate[]> {
  let latest = found;
  for (let search = 1; latest !== null && latest.ranked.length > 0; search++) {
    const best = latest.ranked.slice(0, most);
    const rows = best.map(({ row }) => row);
    const chunks = await store.chunks.findByRows(tenantId, rows);
    // A source that was read anew in between has its passages in other rows.
    if (chunks.size === rows.length || search === MOST_SEARCHES)
      return rankTexts(latest.question, best, chunks, latest.matches);
    latest = await searchWords(store, tenantId, latest.question);
  }
  return [];
}

function toPassage({ hit, relevance, gaps }: RankedCandidate, n: number): Passage {
  const { id, sourceId, documentTitle, headingPath, page, content } = hit.chunk;
  return {
    n,
    chunk: id,
    source: sourceId,
    title: documentTitle,
    headingPath,
    page,
    text: content,
    relevance,
    gaps,
  };
}

/** Those that were reranked first, as `reranked` has them. */
function byRank(left: CandidateOutcome, right: CandidateOutcome): number {
  if (left.rerank === null || right.rerank === null) {
    return Number(left.rerank === null) - Number(right.rerank === null) || right.fused - left.fused;
  }
  return right.rerank - left.rerank;
}

function toOutcome(
  { hit, score, lexical, dense, rerank, relevance }: FusedCandidate,
  kept: boolean,
  reason: string,
): CandidateOutcome {
  const { id, sourceId, documentTitle, headingPath, page, content } = hit.chunk;
  return {
    chunk: id,
    source: sourceId,
    title: documentTitle,
    headingPath,
    page,
    excerpt: content.slice(0, kept ? EXCERPT_CHARACTERS.kept : EXCERPT_CHARACTERS.dropped),
    lexical,
    dense,
    fused: score,
    rerank,
    relevance,
    kept,
    reason,
  };
}
