import type { ChunkId, DocumentId, SourceId, TenantId } from "../../domain/ids.ts";
import { QUOTING } from "../../domain/llm.ts";
import { judgeReading } from "./reading.ts";
import { judgeChunks, PASSAGE_BUDGET, type RetrievalDeps } from "./retrieve.ts";

export type SearchHit = {
  chunk: ChunkId;
  source: SourceId;
  document: DocumentId;
  title: string;
  headingPath: string[];
  page: number | null;
  text: string;
  /** 0 to 1: how likely the passage bears on the question. */
  score: number;
  /** BM25 as the index gave it; null when the passage shares no word with the question. */
  lexical: number | null;
  /** Cosine; null when the passage is not among the nearest, or while there is no model. */
  dense: number | null;
  /** What puts the passages in order; comparable only within one question. */
  fused: number;
  /** What the reranker said of it; null while there is none, and for what it did not read. */
  rerank: number | null;
  /** Whether an answer would be made from it. */
  kept: boolean;
  /** Why it would be, or why not. */
  reason: string;
};

export type TestBenchDeps = RetrievalDeps & { settings: { limits: { passageTokens: number } } };

/** The passages that a question would find, best first, whether or not they would be good enough to answer from. */
export async function searchKnowledge(
  deps: TestBenchDeps,
  tenantId: TenantId,
  question: string,
  limit: number,
  signal: AbortSignal,
): Promise<SearchHit[]> {
  const { provider } = await deps.store.llmConfigs.getDefault(tenantId);
  const judged =
    provider === QUOTING
      ? await judgeChunks(deps, tenantId, question, PASSAGE_BUDGET, limit, signal)
      : await judgeReading(deps, tenantId, question, deps.settings.limits.passageTokens, signal);
  return judged.slice(0, limit).map(({ hit, relevance, lexical, dense, score, rerank, kept, reason }) => ({
    chunk: hit.chunk.id,
    source: hit.chunk.sourceId,
    document: hit.chunk.documentId,
    title: hit.chunk.documentTitle,
    headingPath: hit.chunk.headingPath,
    page: hit.chunk.page,
    text: hit.chunk.content,
    score: relevance,
    lexical,
    dense,
    fused: score,
    rerank,
    kept,
    reason,
  }));
}
