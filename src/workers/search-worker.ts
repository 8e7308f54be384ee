/**
 * Lexical search off the main thread, so that a scan never holds up a stream. Each worker reads the database
 * over a connection of its own and sees every commit that was made before it was asked. One of them also
 * holds the tenants' terms in memory.
 */
import type { TenantId } from "../domain/ids.ts";
import type { LexicalHit, LexicalQuery } from "../domain/knowledge.ts";
import { AppError } from "../errors.ts";
import type { InvertedIndex } from "../lexical/inverted-index.ts";
import { TenantIndexes } from "../lexical/tenant-indexes.ts";
import { openForReading, type SqliteClient } from "../store/sqlite/connection.ts";
import { indexRows } from "../store/sqlite/index-rows.ts";
import { type LexicalSearch, lexicalSearch } from "../store/sqlite/search.ts";
import { type VectorSearch, vectorSearch } from "../store/sqlite/vector-search.ts";
import { answerRequests } from "./channel.ts";
import type { SearchRequests } from "./search-workers.ts";

type Opened = {
  client: SqliteClient;
  search: LexicalSearch;
  vectors: VectorSearch;
  rows: ReturnType<typeof indexRows>;
  indexes: TenantIndexes;
};

let opened: Opened | undefined;

answerRequests<SearchRequests>({
  open: async ({ memoryBytes, ...connection }) => {
    const client = openForReading(connection);
    const rows = indexRows(client);
    const [search, vectors] = [lexicalSearch(client), vectorSearch(client)];
    opened = { client, search, vectors, rows, indexes: new TenantIndexes(rows, memoryBytes) };
  },
  searchByTerms: async ({ tenantId, query, limit }) =>
    database().search.searchByTerms(tenantId, query, limit),
  termStatistics: async ({ tenantId, query }) => database().search.termStatistics(tenantId, query),
  searchByVector: async ({ tenantId, indexId, vector, limit }) =>
    database().vectors.searchByVector(tenantId, indexId, vector, limit),
  searchHeld: async ({ tenantId, query, limit }) =>
    withIndex(tenantId, (index) => search(index, query, limit)),
  heldStatistics: async ({ tenantId, query }) =>
    withIndex(tenantId, (index) => ({ chunks: index.size, withWord: index.withWord(query) })),
  loadAll: async () => database().indexes.loadAll(),
  loadSoon: async (tenantId) => database().indexes.loadSoon(tenantId),
  settled: async () => await database().indexes.settled(),
  close: async () => {
    await opened?.indexes.stop();
    opened?.client.close();
    opened = undefined;
  },
});

/** Null when the tenant's index is not what the database holds. */
function withIndex<T>(tenantId: TenantId, use: (index: InvertedIndex) => T): T | null {
  const { rows, indexes } = database();
  return rows.inSnapshot(() => {
    const index = indexes.current(tenantId);
    return index === null ? null : use(index);
  });
}

function search(index: InvertedIndex, query: LexicalQuery, limit: number): LexicalHit[] {
  const hits = index.search(query, limit);
  const chunks = database().rows.found(hits.map(({ number }) => number));
  return hits.flatMap(({ number, ...hit }) => {
    const chunk = chunks.get(number);
    return chunk === undefined ? [] : [{ chunk, ...hit }];
  });
}

function database(): Opened {
  if (opened === undefined)
    throw new AppError("INTERNAL", "The search is not ready yet. Try again in a moment.");
  return opened;
}
