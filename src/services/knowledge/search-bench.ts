import type { ChunkId, SourceId, TenantId } from "../../domain/ids.ts";
import { type RetrievalDeps, rankChunks } from "../chat/retrieval.ts";

export type SearchHit = {
  chunk: ChunkId;
  source: SourceId;
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
  /** What the reranker said of it; null while there is none, and for what it did not read. */
  rerank: number | null;
};

/** The passages that a question would find, best first, whether or not they would be good enough to answer from. */
export async function searchKnowledge(
  deps: RetrievalDeps,
  tenantId: TenantId,
  question: string,
  limit: number,
): Promise<SearchHit[]> {
  const ranked = await rankChunks(deps, tenantId, question, limit);
  return ranked.map(({ hit, relevance, lexical, dense, rerank }) => ({
    chunk: hit.chunk.id,
    source: hit.chunk.sourceId,
    title: hit.chunk.sourceTitle,
    headingPath: hit.chunk.headingPath,
    page: hit.chunk.page,
    text: hit.chunk.content,
    score: relevance,
    lexical,
    dense,
    rerank,
  }));
}
