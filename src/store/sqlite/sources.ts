import { and, asc, count, desc, eq, inArray, isNotNull, type SQL, sql } from "drizzle-orm";
import type { SourceId, TenantId } from "../../domain/ids.ts";
import type { Job } from "../../domain/job.ts";
import {
  INGEST,
  type KnowledgeDocument,
  type KnowledgeSource,
  PURGE_SOURCE,
} from "../../domain/knowledge.ts";
import type { PageRequest } from "../../domain/page.ts";
import { AppError } from "../../errors.ts";
import type { SourceCounts, SourceFilter, SourceSort, SourceStore } from "../store.ts";
import type { SqliteDb, SqliteQueries } from "./connection.ts";
import { fromCursor, type Position, toPage } from "./cursor.ts";
import {
  filesOfOnly,
  findSameDocument,
  insertDocuments,
  ofSource,
  readAgain,
  toDocument,
  unreadDocuments,
} from "./documents.ts";
import { folded } from "./folded.ts";
import { cancelJobs, cancelUnbegun, insertJob, resumeJobs } from "./jobs.ts";
import { purgeSource } from "./purge-source.ts";
import { notFound, required, without } from "./row.ts";
import { documents, knowledgeSources } from "./schema.ts";
import { areShown, requireSource, type SourceRow, sourceIsShown } from "./shown.ts";

export function sqliteSourceStore(db: SqliteDb, vectorsChanged: () => void): SourceStore {
  return {
    async create(source, added, jobs) {
      const write = (tx: SqliteQueries) => {
        tx.insert(knowledgeSources)
          .values({ ...source, foldedTitle: folded(source.title) })
          .run();
        insertDocuments(tx, added, jobs);
      };
      db.transaction(write, { behavior: "immediate" });
    },

    async createUnlessKnown(source, document, job) {
      const write = (tx: SqliteQueries) => {
        const same = document.contentHash && findSameDocument(tx, source.tenantId, document.contentHash);
        if (same) return same.sourceId;
        tx.insert(knowledgeSources)
          .values({ ...source, foldedTitle: folded(source.title) })
          .run();
        insertDocuments(tx, [document], [job]);
        return null;
      };
      return db.transaction(write, { behavior: "immediate" });
    },

    async get(tenantId, sourceId) {
      return getSource(db, tenantId, sourceId);
    },

    async list(tenantId, filter, sort, page) {
      const rows = listed(db, tenantId, filter, sort, page);
      const { items, nextCursor } = toPage(rows, page.limit, ORDERS[sort].positionOf);
      return { items: withDocuments(db, tenantId, items), nextCursor };
    },

    async counts(tenantId) {
      const rows = db
        .select({ status: knowledgeSources.status, sources: count() })
        .from(knowledgeSources)
        .where(areShown(tenantId))
        .groupBy(knowledgeSources.status)
        .all();
      const counts: SourceCounts = { all: 0, queued: 0, processing: 0, ready: 0, failed: 0 };
      for (const { status, sources } of rows) {
        counts[status] = sources;
        counts.all += sources;
      }
      return counts;
    },

    async update(tenantId, sourceId, changes, reading) {
      const write = (tx: SqliteQueries) => update(tx, tenantId, sourceId, changes, reading);
      return db.transaction(write, { behavior: "immediate" });
    },

    async remove(tenantId, sourceId, now, purge) {
      const write = (tx: SqliteQueries) => {
        const { changes } = tx
          .update(knowledgeSources)
          .set({ deletedAt: now, updatedAt: now })
          .where(sourceIsShown(tenantId, sourceId))
          .run();
        if (changes === 0) throw notFound("source");
        cancelJobs(tx, INGEST, tenantId, unreadDocuments(tx, tenantId, sourceId), now);
        insertJob(tx, purge);
      };
      db.transaction(write, { behavior: "immediate" });
    },

    async restore(tenantId, sourceId, now) {
      return db.transaction((tx) => restore(tx, tenantId, sourceId, now), { behavior: "immediate" });
    },

    async filesToPurge(tenantId, sourceId) {
      const removed = db
        .select({ id: knowledgeSources.id })
        .from(knowledgeSources)
        .where(isRemoved(tenantId, sourceId))
        .get();
      return removed === undefined ? [] : filesOfOnly(db, tenantId, sourceId);
    },

    async purge(tenantId, sourceId) {
      await purgeSource(db, tenantId, sourceId, vectorsChanged);
    },
  };
}

/** @throws NOT_FOUND, also for a deleted one */
export function getSource(db: SqliteQueries, tenantId: TenantId, sourceId: SourceId): KnowledgeSource {
  const row = requireSource(db, tenantId, sourceId);
  return required(withDocuments(db, tenantId, [row])[0], "source");
}

function update(
  tx: SqliteQueries,
  tenantId: TenantId,
  sourceId: SourceId,
  changes: Parameters<SourceStore["update"]>[2],
  reading?: Job,
): KnowledgeSource {
  const before = requireSource(tx, tenantId, sourceId);
  const foldedTitle = changes.title !== undefined && { foldedTitle: folded(changes.title) };
  if (Object.keys(changes).length > 0)
    tx.update(knowledgeSources)
      .set({ ...changes, ...foldedTitle })
      .where(sourceIsShown(tenantId, sourceId))
      .run();
  if (changes.title !== undefined && before.documentCount === 1) {
    tx.update(documents).set({ title: changes.title }).where(ofSource(tenantId, sourceId)).run();
    if (reading !== undefined && changes.title !== before.title) readAgain(tx, tenantId, reading);
  }
  return getSource(tx, tenantId, sourceId);
}

function isRemoved(tenantId: TenantId, sourceId: SourceId) {
  return and(
    eq(knowledgeSources.tenantId, tenantId),
    eq(knowledgeSources.id, sourceId),
    isNotNull(knowledgeSources.deletedAt),
  );
}

function restore(tx: SqliteQueries, tenantId: TenantId, sourceId: SourceId, now: number): KnowledgeSource {
  const isHidden = isRemoved(tenantId, sourceId);
  // Once the purge has begun some chunks may be gone, so it is the purge that decides.
  const hidden = tx.select({ id: knowledgeSources.id }).from(knowledgeSources).where(isHidden).get();
  if (hidden === undefined || !cancelUnbegun(tx, PURGE_SOURCE, tenantId, sourceId, now))
    throw notFound("source");
  requireNotAddedAgain(tx, tenantId, sourceId);
  tx.update(knowledgeSources).set({ deletedAt: null, updatedAt: now }).where(isHidden).run();
  resumeJobs(tx, INGEST, tenantId, unreadDocuments(tx, tenantId, sourceId), now);
  return getSource(tx, tenantId, sourceId);
}

/** A file is there once. Asked while the removed one is still hidden, so that it does not find itself. */
function requireNotAddedAgain(tx: SqliteQueries, tenantId: TenantId, sourceId: SourceId): void {
  const removed = tx.select().from(documents).where(ofSource(tenantId, sourceId)).limit(2).all();
  const [only] = removed;
  if (removed.length !== 1 || !only?.contentHash || only.status === "failed") return;
  if (findSameDocument(tx, tenantId, only.contentHash) === null) return;
  throw new AppError(
    "CONFLICT",
    "The same file was added again after this one was deleted, so there is nothing to bring back.",
  );
}

/** One more than a page has, where there are more. */
function listed(
  db: SqliteQueries,
  tenantId: TenantId,
  filter: SourceFilter,
  sort: SourceSort,
  page: PageRequest,
): SourceRow[] {
  const { order, after } = ORDERS[sort];
  const isAsked = and(
    areShown(tenantId),
    filter.status && eq(knowledgeSources.status, filter.status),
    filter.titleContains ? sql`instr(${foldedTitle}, folded(${filter.titleContains})) > 0` : undefined,
    page.cursor === null ? undefined : after(fromCursor(page.cursor)),
  );
  const rows = db.select().from(knowledgeSources).$dynamic();
  if (isInOrderOfAnIndex(filter, sort))
    return rows
      .where(isAsked)
      .orderBy(...order)
      .limit(page.limit + 1)
      .all();
  // Which ones is decided in the index alone: rows of 100,000 sources would be read in ten times the time.
  const inIndex = sql`(select ${id} from ${knowledgeSources} indexed by knowledge_sources_by_title
    where ${isAsked} order by ${sql.join(order, sql`, `)} limit ${page.limit + 1})`;
  return rows
    .where(and(areShown(tenantId), sql`${id} in ${inIndex}`))
    .orderBy(...order)
    .all();
}

function isInOrderOfAnIndex({ status, titleContains }: SourceFilter, sort: SourceSort): boolean {
  return !titleContains && (!status || sort === "newest" || sort === "oldest");
}

type Order = {
  order: SQL[];
  after: (position: Position) => SQL;
  positionOf: (row: SourceRow) => Position;
};

const { createdAt, byteSize, foldedTitle, id } = knowledgeSources;

const ORDERS: Record<SourceSort, Order> = {
  newest: {
    order: [desc(createdAt), desc(id)],
    after: (position) => sql`(${createdAt}, ${id}) < ${tuple(position)}`,
    positionOf: (row) => [row.createdAt, row.id],
  },
  oldest: {
    order: [asc(createdAt), asc(id)],
    after: (position) => sql`(${createdAt}, ${id}) > ${tuple(position)}`,
    positionOf: (row) => [row.createdAt, row.id],
  },
  title: {
    order: [asc(foldedTitle), asc(id)],
    after: (position) => sql`(${foldedTitle}, ${id}) > ${tuple(position)}`,
    positionOf: (row) => [row.foldedTitle, row.id],
  },
  size: {
    order: [desc(byteSize), desc(id)],
    after: (position) => sql`(${byteSize}, ${id}) < ${tuple(position)}`,
    positionOf: (row) => [row.byteSize, row.id],
  },
};

/** Ids break ties in the same direction. */
function tuple([key, lastId]: Position): SQL {
  return sql`(${key}, ${lastId})`;
}

function withDocuments(db: SqliteQueries, tenantId: TenantId, rows: readonly SourceRow[]): KnowledgeSource[] {
  const onlyDocuments = onlyDocumentsOf(db, tenantId, rows);
  const reading = progressOfReading(db, tenantId, rows);
  return rows.map((row) => {
    const onlyDocument = onlyDocuments.get(row.id) ?? null;
    const progress = onlyDocument ? onlyDocument.progress : meanProgress(row, reading.get(row.id) ?? 0);
    return {
      ...without(row, "foldedTitle", "queuedCount", "processingCount", "termCount"),
      progress,
      onlyDocument,
    };
  });
}

function onlyDocumentsOf(
  db: SqliteQueries,
  tenantId: TenantId,
  rows: readonly SourceRow[],
): Map<SourceId, KnowledgeDocument> {
  const ids = rows.filter(({ documentCount }) => documentCount === 1).map(({ id }) => id);
  if (ids.length === 0) return new Map();
  const found = db
    .select()
    .from(documents)
    .where(and(eq(documents.tenantId, tenantId), inArray(documents.sourceId, ids)))
    .all();
  return new Map(found.map((row) => [row.sourceId, toDocument(row)]));
}

/** The sum over the documents that are being read, by source. */
function progressOfReading(
  db: SqliteQueries,
  tenantId: TenantId,
  rows: readonly SourceRow[],
): Map<SourceId, number> {
  const isAsked = ({ documentCount, processingCount }: SourceRow) => documentCount > 1 && processingCount > 0;
  const ids = rows.filter(isAsked).map(({ id }) => id);
  if (ids.length === 0) return new Map();
  const found = db
    .select({ sourceId: documents.sourceId, sum: sql<number>`coalesce(sum(${documents.progress}), 0)` })
    .from(documents)
    .where(
      and(
        eq(documents.tenantId, tenantId),
        inArray(documents.sourceId, ids),
        // Literally so, because that is what the index of these says.
        sql`${documents.status} = 'processing'`,
      ),
    )
    .groupBy(documents.sourceId)
    .all();
  return new Map(found.map(({ sourceId, sum }) => [sourceId, sum]));
}

/** Documents that wait have none of their work behind them, and those that are done or have failed all of it. */
function meanProgress(row: SourceRow, reading: number): number | null {
  if (row.processingCount === 0) return null;
  const finished = row.documentCount - row.queuedCount - row.processingCount;
  return (finished + reading) / row.documentCount;
}
