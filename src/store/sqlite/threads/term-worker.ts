/** Holds the tenants' terms in memory and searches them, so that a search neither waits for the disk nor for a list. */
import type { TenantId } from "../../../domain/ids.ts";
import { AppError } from "../../../errors.ts";
import type { InvertedIndex } from "../../../lexical/inverted-index.ts";
import { TenantIndexes } from "../../../lexical/tenant-indexes.ts";
import { answerRequests } from "../../../workers/channel.ts";
import { openForReading, type SqliteClient } from "../connection.ts";
import { indexRows } from "../index-rows.ts";
import type { TermRequests } from "./held-terms.ts";

type Opened = { client: SqliteClient; rows: ReturnType<typeof indexRows>; indexes: TenantIndexes };

let opened: Opened | undefined;

answerRequests<TermRequests>({
  open: async ({ memoryBytes, ...connection }) => {
    const client = openForReading(connection);
    // Each page is read once.
    client.pragma("cache_size = -1000");
    const rows = indexRows(client);
    const indexes = new TenantIndexes(rows, memoryBytes, () => {
      // Loading makes a string of every word.
      Bun.gc(true);
    });
    opened = { client, rows, indexes };
  },
  searchByTerms: async ({ tenantId, query, limit }) =>
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
