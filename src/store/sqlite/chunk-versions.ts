/** Sets of chunks of one source, written and removed in slices so that nothing else waits long. */
import type { SourceId, TenantId } from "../../domain/ids.ts";
import type { IndexedChunk } from "../../domain/knowledge.ts";
import type { SqliteClient } from "./connection.ts";

/** Row ids of a version's chunks are version * this + ordinal; migration 0001 says why. */
export const CHUNKS_PER_VERSION = 1_048_576;

/** Nothing may hold up a stream for more than 20 ms, and the next slice may happen to be a heavier one. */
const SLICE_MS = 8;
const FIRST_SLICE = 16;
/** Pages of the index that one merging step may write: a few ms. */
const MERGE_PAGES = 24;

export type ChunkVersions = {
  /** A new version, invisible until its source names it. */
  begin(tenantId: TenantId, sourceId: SourceId): number;
  /** Writes the chunks in document order. Resolves when all are on disk. */
  write(version: ChunkVersion, chunks: readonly IndexedChunk[]): Promise<void>;
  /** Removes the chunks of a version that nobody sees, and then the version. */
  remove(version: number): Promise<void>;
  /** Versions that no source names. */
  listInvisible(): number[];
  /** All versions of a source. */
  listOfSource(tenantId: TenantId, sourceId: SourceId): number[];
};

export type ChunkVersion = { version: number; tenantId: TenantId; tenantNumber: number; sourceId: SourceId };

export function sqliteChunkVersions(client: SqliteClient): ChunkVersions {
  const begin = client.prepare<[string, string]>(
    "insert into chunk_versions (tenant_id, source_id) values (?, ?)",
  );
  const insertChunk = client.prepare(`
    insert into document_chunks (number, id, tenant_id, source_id, version, ordinal, content, heading_path, page,
      language, token_count, title_terms, heading_terms, content_terms)
    values (@number, @id, @tenantId, @sourceId, @version, @ordinal, @content, @headingPath, @page,
      @language, @tokenCount, @titleTerms, @headingTerms, @contentTerms)`);
  const insertTerms = client.prepare(
    "insert into chunks_fts (rowid, title, headings, content) values (@number, @title, @headings, @content)",
  );
  const numbers = client
    .prepare<[number, number], number>(
      "select number from document_chunks where version = ? order by number limit ?",
    )
    .pluck();
  const removeTerms = client.prepare<[number]>("delete from chunks_fts where rowid = ?");
  const removeChunk = client.prepare<[number]>("delete from document_chunks where number = ?");
  const removeVersion = client.prepare<[number]>("delete from chunk_versions where version = ?");
  const invisible = client
    .prepare<[], number>(
      `select version from chunk_versions
       where not exists (select 1 from knowledge_sources where current_version = chunk_versions.version)`,
    )
    .pluck();
  const ofSource = client
    .prepare<[string, string], number>(
      "select version from chunk_versions where tenant_id = ? and source_id = ?",
    )
    .pluck();

  const mergeStep = client.prepare<[number]>("insert into chunks_fts (chunks_fts, rank) values ('merge', ?)");
  const changes = client.prepare<[], number>("select total_changes()").pluck();

  /** Merges segments of the index a little. Whether there was something to merge. */
  function merge(): boolean {
    const before = changes.get() ?? 0;
    mergeStep.run(MERGE_PAGES);
    // FTS5 documents a difference of less than 2 as the sign that nothing is left to do.
    return (changes.get() ?? 0) - before >= 2;
  }

  function writeOne({ version, tenantId, tenantNumber, sourceId }: ChunkVersion, chunk: IndexedChunk): void {
    const number = version * CHUNKS_PER_VERSION + chunk.ordinal;
    insertChunk.run({
      ...chunk,
      number,
      tenantId,
      sourceId,
      version,
      headingPath: JSON.stringify(chunk.headingPath),
    });
    insertTerms.run({
      number,
      title: ownedTerms(tenantNumber, chunk.titleTerms),
      headings: ownedTerms(tenantNumber, chunk.headingTerms),
      content: ownedTerms(tenantNumber, chunk.contentTerms),
    });
  }

  function removeOne(number: number): void {
    removeTerms.run(number);
    removeChunk.run(number);
  }

  return {
    begin: (tenantId, sourceId) => Number(begin.run(tenantId, sourceId).lastInsertRowid),

    async write(version, chunks) {
      await inSlices(client, chunks, (chunk) => writeOne(version, chunk), merge);
    },

    async remove(version) {
      // Again and again: an ingestion that does not know yet that its source is gone may still be writing.
      for (;;) {
        const remaining = numbers.all(version, CHUNKS_PER_VERSION);
        if (remaining.length === 0) break;
        await inSlices(client, remaining, removeOne, merge);
      }
      removeVersion.run(version);
    },

    listInvisible: () => invisible.all(),
    listOfSource: (tenantId, sourceId) => ofSource.all(tenantId, sourceId),
  };
}

/** Terms as the index has them: each belongs to one tenant, so that no search meets another's. */
export function ownedTerms(tenantNumber: number, terms: string): string {
  return splitTerms(terms)
    .map((term) => ownedTerm(tenantNumber, term))
    .join(" ");
}

export function ownedTerm(tenantNumber: number, term: string): string {
  return `${tenantNumber}~${term}`;
}

/** What rag/text joined. */
export function splitTerms(terms: string): string[] {
  return terms.split(" ").filter((term) => term !== "");
}

/**
 * Does `work` for every item, a slice per transaction and room for others in between. How many items fit into
 * a slice is learnt from the one before, commit included, which costs as much as the work itself. `tidy` is
 * done after each slice, and at the end for as long as it says that there is more.
 */
async function inSlices<Item>(
  client: SqliteClient,
  items: readonly Item[],
  work: (item: Item) => void,
  tidy: () => boolean,
): Promise<void> {
  const workThrough = client.transaction((slice: readonly Item[]) => {
    for (const item of slice) work(item);
  });
  let size = FIRST_SLICE;
  for (let next = 0; next < items.length; ) {
    const slice = items.slice(next, next + size);
    const start = performance.now();
    workThrough.immediate(slice);
    next += slice.length;
    const growth = Math.min(SLICE_MS / (performance.now() - start), 2);
    size = Math.max(Math.round(slice.length * growth), 1);
    await othersTurn();
    tidy();
    await othersTurn();
  }
  while (tidy()) await othersTurn();
}

function othersTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
