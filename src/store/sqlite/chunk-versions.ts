/** Sets of chunks of one document, written and removed in slices so that nothing else waits long. */
import type { SourceId, TenantId } from "../../domain/ids.ts";
import type { IndexedChunk, KnowledgeDocument } from "../../domain/knowledge.ts";
import type { SqliteClient } from "./connection.ts";
import { lexicalRows } from "./lexical-rows.ts";
import { inSlices } from "./slices.ts";
import { vectorTables } from "./vector-tables.ts";

/** Row ids of a version's chunks are version * this + ordinal; migration 0001 says why. */
export const CHUNKS_PER_VERSION = 1_048_576;

export type ChunkVersions = {
  /** A new version with terms of that analysis, invisible until its document names it. */
  begin(tenantId: TenantId, document: Pick<KnowledgeDocument, "id" | "sourceId">, analysis: number): number;
  /** Writes the chunks in document order. Resolves when all are on disk. */
  write(version: ChunkVersion, chunks: readonly IndexedChunk[]): Promise<void>;
  /** Removes the chunks of a version that nobody sees, with their vectors in all indexes, and then the version. */
  remove(version: number): Promise<void>;
  /** Versions that no document names. */
  listInvisible(): number[];
  /** All versions of a source. */
  listOfSource(tenantId: TenantId, sourceId: SourceId): number[];
};

export type ChunkVersion = {
  version: number;
  tenantId: TenantId;
  tenantNumber: number;
  document: Pick<KnowledgeDocument, "id" | "sourceId">;
};

/** @param vectorsChanged told after each slice that removes some, so that nobody who follows falls far behind */
export function sqliteChunkVersions(client: SqliteClient, vectorsChanged: () => void): ChunkVersions {
  const begin = client.prepare<[string, string, string, number]>(
    "insert into chunk_versions (tenant_id, source_id, document_id, analysis) values (?, ?, ?, ?)",
  );
  const insertChunk = client.prepare(`
    insert into document_chunks (number, id, tenant_id, source_id, version, ordinal, content, heading_path, page,
      language, token_count, title_terms, heading_terms, content_terms)
    values (@number, @id, @tenantId, @sourceId, @version, @ordinal, @content, @headingPath, @page,
      @language, @tokenCount, @titleTerms, @headingTerms, @contentTerms)`);
  const numbers = client
    .prepare<[number, number], number>(
      "select number from document_chunks where version = ? order by number limit ?",
    )
    .pluck();
  const removeChunk = client.prepare<[number]>("delete from document_chunks where number = ?");
  const removeVersion = client.prepare<[number]>("delete from chunk_versions where version = ?");
  const invisible = client
    .prepare<[], number>(
      `select version from chunk_versions
       where not exists (select 1 from documents where current_version = chunk_versions.version)`,
    )
    .pluck();
  const ofSource = client
    .prepare<[string, string], number>(
      "select version from chunk_versions where tenant_id = ? and source_id = ?",
    )
    .pluck();

  const lexical = lexicalRows(client);

  const tables = vectorTables(client);

  function writeOne({ version, tenantId, tenantNumber, document }: ChunkVersion, chunk: IndexedChunk): void {
    const number = version * CHUNKS_PER_VERSION + chunk.ordinal;
    insertChunk.run({
      ...chunk,
      number,
      tenantId,
      sourceId: document.sourceId,
      version,
      headingPath: JSON.stringify(chunk.headingPath),
    });
    lexical.insert(number, tenantNumber, chunk);
  }

  function afterRemoving(): boolean {
    vectorsChanged();
    return lexical.merge();
  }

  function removeOne(number: number): void {
    for (const table of tables.all()) table.remove(number);
    lexical.remove(number);
    removeChunk.run(number);
  }

  return {
    begin: (tenantId, { id, sourceId }, analysis) =>
      Number(begin.run(tenantId, sourceId, id, analysis).lastInsertRowid),

    async write(version, chunks) {
      await inSlices(client, chunks, (chunk) => writeOne(version, chunk), lexical.merge);
    },

    async remove(version) {
      // Again and again: an ingestion that does not know yet that its source is gone may still be writing.
      for (;;) {
        const remaining = numbers.all(version, CHUNKS_PER_VERSION);
        if (remaining.length === 0) break;
        await inSlices(client, remaining, removeOne, afterRemoving);
      }
      removeVersion.run(version);
    },

    listInvisible: () => invisible.all(),
    listOfSource: (tenantId, sourceId) => ofSource.all(tenantId, sourceId),
  };
}
