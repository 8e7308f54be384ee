/**
 * Lexical search off the main thread, so that a scan never holds up a stream. Each worker reads the database
 * over a connection of its own and sees every commit that was made before it was asked. One of them also
 * holds the tenants' terms in memory.
 */
import type { TenantId } from "../domain/ids.ts";
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
  findByRows: async ({ tenantId, rows }) => database().rows.found(tenantId, rows),
  searchByVector: async ({ tenantId, indexId, vector, limit }) =>
    database().vectors.searchByVector(tenantId, indexId, vector, limit),
  searchHeld: async ({ tenantId, query, limit }) =>
    withIndex(tenantId, (index) => index.search(query, limit)),
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

function database(): Opened {
  if (opened === undefined)
    throw new AppError("INTERNAL", "The search is not ready yet. Try again in a moment.");
  return opened;
}
