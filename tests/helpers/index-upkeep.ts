/** Passages of an older analysis and their new terms, for tests of the upkeep of indexes. */
import { type EmbeddingIndexId, newId, type SourceId, type TenantId } from "../../src/domain/ids.ts";
import type { IndexedChunk } from "../../src/domain/knowledge.ts";
import type { Store } from "../../src/store/store.ts";
import { aChunk, aFile, anEmbeddingIndex, NOW } from "./builders.ts";

export const FORMER = 1;
export const LATER = 2;

/** @param open the store of the test that runs */
export function indexUpkeep(open: () => Store) {
  /** A ready source, analysed as it was before. */
  async function addSource(
    tenant: TenantId,
    contents: string[],
    analysis = FORMER,
    index: EmbeddingIndexId | null = null,
  ): Promise<{ id: SourceId; chunks: IndexedChunk[] }> {
    const { source, document, job } = aFile({ tenantId: tenant });
    await open().sources.create(source, [document], [job]);
    const chunks = contents.map((content, ordinal) => aChunk({ sourceId: source.id, ordinal, content }));
    await open().chunks.replaceForDocument(tenant, document.id, chunks, {
      ...{ format: "text", pageCount: null, warnings: [], jobId: job.id, now: NOW },
      analysis,
      reading: 1,
    });
    if (index !== null) {
      const vector = Float32Array.of(1, 0);
      await open().embeddingIndexes.write(
        index,
        chunks.map(({ id }) => ({ chunk: id, vector })),
      );
    }
    return { id: source.id, chunks };
  }

  /** Makes up to `limit` chunks' terms anew: each word, and the word "anew". */
  async function makeAnew(tenant: TenantId, limit: number): Promise<number> {
    const chunks = await open().indexUpkeep.outdatedChunks(tenant, LATER, limit);
    const terms = chunks.map(({ chunk, content }) => ({
      ...{ chunk, language: "deu", titleTerms: "title", headingTerms: "" },
      contentTerms: `${content.toLowerCase()} anew`,
    }));
    await open().indexUpkeep.replaceTerms(tenant, LATER, terms);
    return chunks.length;
  }

  const found = async (tenant: TenantId, word: string) =>
    [
      ...(
        await open().chunks.findByRows(tenant, [
          ...(await open().chunks.searchByTerms(tenant, { words: [[word]] }, 100)).rows,
        ])
      ).values(),
    ].map(({ content }) => content);

  async function anIndex(): Promise<EmbeddingIndexId> {
    const index = anEmbeddingIndex({ id: newId("embedding-index"), dimension: 2 });
    await open().embeddingIndexes.create(index);
    return index.id;
  }

  return { addSource, makeAnew, found, anIndex };
}
