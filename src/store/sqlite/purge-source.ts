import { and, eq, isNotNull } from "drizzle-orm";
import type { SourceId, TenantId } from "../../domain/ids.ts";
import { INGEST, PURGE_SOURCE } from "../../domain/knowledge.ts";
import { sqliteChunkVersions } from "./chunk-versions.ts";
import type { SqliteDb, SqliteQueries } from "./connection.ts";
import { removeJobsOf } from "./jobs.ts";
import { knowledgeSources } from "./schema.ts";

/**
 * Deletes a removed source for good. The chunks go first and in slices, since nobody sees them any more; a
 * crash in between leaves a removed source whose purge runs again.
 */
export async function purgeSource(
  db: SqliteDb,
  tenantId: TenantId,
  sourceId: SourceId,
  vectorsChanged: () => void,
): Promise<void> {
  const isRemoved = and(
    eq(knowledgeSources.tenantId, tenantId),
    eq(knowledgeSources.id, sourceId),
    isNotNull(knowledgeSources.deletedAt),
  );
  const source = db.select({ id: knowledgeSources.id }).from(knowledgeSources).where(isRemoved).get();
  if (source === undefined) return;
  const versions = sqliteChunkVersions(db.$client, vectorsChanged);
  db.update(knowledgeSources).set({ currentVersion: null }).where(isRemoved).run();
  for (const version of versions.listOfSource(tenantId, sourceId)) await versions.remove(version);

  const write = (tx: SqliteQueries) => {
    removeJobsOf(tx, [INGEST, PURGE_SOURCE], tenantId, sourceId);
    tx.delete(knowledgeSources).where(isRemoved).run();
  };
  db.transaction(write, { behavior: "immediate" });
}
