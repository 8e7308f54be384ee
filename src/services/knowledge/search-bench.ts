import type { Deps } from "../../deps.ts";
import type { ChunkId, SourceId, TenantId } from "../../domain/ids.ts";
import { rankChunks } from "../chat/retrieval.ts";

export type SearchHit = {
  chunk: ChunkId;
  source: SourceId;
  title: string;
  headingPath: string[];
  page: number | null;
  text: string;
  /** 0 to 1: how likely the passage bears on the question. */
  score: number;
  /** BM25 as the index gave it. */
  lexical: number;
};

/** The passages that a question would find, best first, whether or not they would be good enough to answer from. */
export async function searchKnowledge(
  deps: Pick<Deps, "store">,
  tenantId: TenantId,
  question: string,
  limit: number,
): Promise<SearchHit[]> {
  const ranked = await rankChunks(deps, tenantId, question, limit);
  return ranked.map(({ hit, relevance }) => ({
    chunk: hit.chunk.id,
    source: hit.chunk.sourceId,
    title: hit.chunk.sourceTitle,
    headingPath: hit.chunk.headingPath,
    page: hit.chunk.page,
    text: hit.chunk.content,
    score: relevance,
    lexical: hit.score,
  }));
}
