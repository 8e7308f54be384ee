import { and, asc, count, eq, inArray, isNotNull, lt, ne, not, or, type Placeholder, sql } from "drizzle-orm";
import type { DocumentId, FileId, SourceId, TenantId } from "../../domain/ids.ts";
import type { Job } from "../../domain/job.ts";
import type { DocumentFormat, KnowledgeDocument } from "../../domain/knowledge.ts";
import type { DocumentStore } from "../store.ts";
import type { SqliteDb, SqliteQueries } from "./connection.ts";
import { fromCursor, toPage } from "./cursor.ts";
import { insertJobs, insertUnlessQueued } from "./jobs.ts";
import { required, without } from "./row.ts";
import { documents } from "./schema.ts";
import { documentIsShown, requireSource } from "./shown.ts";

type DocumentRow = typeof documents.$inferSelect;

export function sqliteDocumentStore(db: SqliteDb): DocumentStore {
  return {
    async create(tenantId, sourceId, added, jobs) {
      const write = (tx: SqliteQueries) => {
        requireSource(tx, tenantId, sourceId);
        insertDocuments(tx, added, jobs);
      };
      db.transaction(write, { behavior: "immediate" });
    },

    async get(tenantId, documentId) {
      return getDocument(db, tenantId, documentId);
    },

    async findByContentHash(tenantId, contentHash) {
      return findSameDocument(db, tenantId, contentHash);
    },

    async list(tenantId, sourceId, { status }, page) {
      requireSource(db, tenantId, sourceId);
      const behind = page.cursor === null ? "" : String(fromCursor(page.cursor)[1]);
      const rows = db
        .select()
        .from(documents)
        .where(
          and(
            ofSource(tenantId, sourceId),
            status && eq(documents.status, status),
            sql`${documents.id} > ${behind}`,
          ),
        )
        .orderBy(asc(documents.id))
        .limit(page.limit + 1)
        .all();
      const { items, nextCursor } = toPage(rows, page.limit, (row) => [0, row.id]);
      return { items: items.map(toDocument), nextCursor };
    },

    async update(tenantId, documentId, changes) {
      if (Object.keys(changes).length > 0) {
        db.update(documents).set(changes).where(isVisible(tenantId, documentId)).run();
      }
      return getDocument(db, tenantId, documentId);
    },

    async requeue(tenantId, jobs) {
      const write = (tx: SqliteQueries) => jobs.filter((job) => requeue(tx, tenantId, job));
      return db.transaction(write, { behavior: "immediate" });
    },

    async outdatedTenants(readings) {
      const rows = db
        .selectDistinct({ tenantId: documents.tenantId })
        .from(documents)
        .where(isOutdated(readings))
        .all();
      return rows.map(({ tenantId }) => tenantId);
    },

    async outdated(tenantId, readings, limit) {
      const rows = db
        .select()
        .from(documents)
        .where(and(eq(documents.tenantId, tenantId), isOutdated(readings)))
        .orderBy(asc(documents.id))
        .limit(limit)
        .all();
      return rows.map(toDocument);
    },

    async outdatedCount(tenantId, readings) {
      const isOfTenant = and(eq(documents.tenantId, tenantId), isOutdated(readings));
      return db.select({ count: count() }).from(documents).where(isOfTenant).get()?.count ?? 0;
    },

    async fileIds() {
      const rows = db
        .selectDistinct({ fileId: documents.fileId })
        .from(documents)
        .where(isNotNull(documents.fileId))
        .all();
      return new Set(rows.flatMap(({ fileId }) => fileId ?? []));
    },
  };
}

export function findSameDocument(
  db: SqliteQueries,
  tenantId: TenantId,
  contentHash: string,
): KnowledgeDocument | null {
  const isSame = and(eq(documents.tenantId, tenantId), eq(documents.contentHash, contentHash));
  const row = db
    .select()
    .from(documents)
    .where(and(isSame, ne(documents.status, "failed"), isShown))
    .get();
  return row ? toDocument(row) : null;
}

export function insertDocuments(
  tx: SqliteQueries,
  added: readonly KnowledgeDocument[],
  jobs: readonly Job[],
): void {
  for (const document of added) tx.insert(documents).values(document).run();
  insertJobs(tx, jobs);
}

/** @throws NOT_FOUND, also for one of a deleted source */
export function getDocument(
  db: SqliteQueries,
  tenantId: TenantId,
  documentId: DocumentId,
): KnowledgeDocument {
  const row = db.select().from(documents).where(isVisible(tenantId, documentId)).get();
  return toDocument(required(row, "document"));
}

export function isVisible(tenantId: TenantId | Placeholder, documentId: DocumentId | Placeholder) {
  return and(eq(documents.tenantId, tenantId), eq(documents.id, documentId), isShown);
}

export function ofSource(tenantId: TenantId, sourceId: SourceId) {
  return and(eq(documents.tenantId, tenantId), eq(documents.sourceId, sourceId));
}

/** A query for the ids of those that were not read to the end. */
export function unreadDocuments(db: SqliteQueries, tenantId: TenantId, sourceId: SourceId) {
  const isUnread = inArray(documents.status, ["queued", "processing"]);
  return db
    .select({ id: documents.id })
    .from(documents)
    .where(and(ofSource(tenantId, sourceId), isUnread));
}

/** The files that no document of another source needs. */
export function filesOfOnly(db: SqliteQueries, tenantId: TenantId, sourceId: SourceId): FileId[] {
  const isNeeded = sql`exists (select 1 from ${documents} as other
    where other.file_id = ${documents.fileId} and other.source_id <> ${sourceId})`;
  const rows = db
    .select({ fileId: documents.fileId })
    .from(documents)
    .where(and(ofSource(tenantId, sourceId), not(isNeeded)))
    .all();
  return [...new Set(rows.flatMap(({ fileId }) => fileId ?? []))];
}

export function toDocument(row: DocumentRow): KnowledgeDocument {
  return without(row, "termCount", "languages", "currentVersion", "readBy");
}

const isShown = sql.raw(documentIsShown("documents"));

/** By format, so that the index leads to them past all those that are up to date. */
function isOutdated(readings: ReadonlyMap<DocumentFormat, number>) {
  const older = [...readings].map(([format, version]) =>
    and(eq(documents.format, format), lt(documents.readBy, version)),
  );
  return and(or(...older), isNotNull(documents.fileId), inArray(documents.status, [...IDLE]), isShown);
}

function requeue(tx: SqliteQueries, tenantId: TenantId, job: Job): boolean {
  const { status } = getDocument(tx, tenantId, job.subject as DocumentId);
  return IDLE.some((idle) => idle === status) && readAgain(tx, tenantId, job);
}

const IDLE = ["ready", "failed"] as const;

/**
 * Queues the document that `job` is about, unless it waits already. One that is being read is read once more after
 * that: whoever reads it began with the document as it was.
 */
export function readAgain(tx: SqliteQueries, tenantId: TenantId, job: Job): boolean {
  if (!insertUnlessQueued(tx, job)) return false;
  const isIdle = and(isVisible(tenantId, job.subject as DocumentId), inArray(documents.status, [...IDLE]));
  tx.update(documents)
    .set({
      ...{ status: "queued", progress: null, stage: null, errorCode: null, errorMessage: null },
      updatedAt: job.createdAt,
    })
    .where(isIdle)
    .run();
  return true;
}
