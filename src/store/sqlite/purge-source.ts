import { and, eq, isNotNull } from "drizzle-orm";
import type { DocumentId, SourceId, TenantId } from "../../domain/ids.ts";
import { INGEST, PURGE_SOURCE } from "../../domain/knowledge.ts";
import { sqliteChunkVersions } from "./chunk-versions.ts";
import type { SqliteDb, SqliteQueries } from "./connection.ts";
import { ofSource } from "./documents.ts";
import { removeJobsOf } from "./jobs.ts";
import { documents, knowledgeSources } from "./schema.ts";
import { inSlices } from "./slices.ts";

/**
 * Deletes a removed source for good. The chunks go first, then the documents, both in slices, since nobody sees them any
 * more; a crash in between leaves a removed source whose purge runs again.
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
  const all = db.select({ id: documents.id }).from(documents).where(ofSource(tenantId, sourceId)).all();
  const isDocument = (documentId: DocumentId) =>
    and(eq(documents.tenantId, tenantId), eq(documents.id, documentId));
  await inSlices(db.$client, all, ({ id }) => {
    db.update(documents).set({ currentVersion: null }).where(isDocument(id)).run();
  });
  for (const version of versions.listOfSource(tenantId, sourceId)) await versions.remove(version);
  await inSlices(db.$client, all, ({ id }) => {
    removeJobsOf(db, [INGEST], tenantId, id);
    db.delete(documents).where(isDocument(id)).run();
  });
  const write = (tx: SqliteQueries) => {
    removeJobsOf(tx, [PURGE_SOURCE], tenantId, sourceId);
    tx.delete(knowledgeSources).where(isRemoved).run();
  };
  db.transaction(write, { behavior: "immediate" });
}
