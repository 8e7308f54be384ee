import { and, asc, count, desc, eq, gt, inArray, isNotNull, lt, or, type SQL, sql } from "drizzle-orm";
import type { SourceId, TenantId } from "../../domain/ids.ts";
import type { Job } from "../../domain/job.ts";
import {
  INGEST,
  type KnowledgeDocument,
  type KnowledgeSource,
  PURGE_SOURCE,
} from "../../domain/knowledge.ts";
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
        tx.insert(knowledgeSources).values(source).run();
        insertDocuments(tx, added, jobs);
      };
      db.transaction(write, { behavior: "immediate" });
    },

    async createUnlessKnown(source, document, job) {
      const write = (tx: SqliteQueries) => {
        const same = document.contentHash && findSameDocument(tx, source.tenantId, document.contentHash);
        if (same) return same.sourceId;
        tx.insert(knowledgeSources).values(source).run();
        insertDocuments(tx, [document], [job]);
        return null;
      };
      return db.transaction(write, { behavior: "immediate" });
    },

    async get(tenantId, sourceId) {
      return getSource(db, tenantId, sourceId);
    },

    async list(tenantId, filter, sort, page) {
      const { order, after, positionOf } = ORDERS[sort];
      const rows = db
        .select()
        .from(knowledgeSources)
        .where(
          and(
            areShown(tenantId),
            ...matching(filter),
            page.cursor === null ? undefined : after(fromCursor(page.cursor)),
          ),
        )
        .orderBy(...order)
        .limit(page.limit + 1)
        .all();
      const { items, nextCursor } = toPage(rows, page.limit, positionOf);
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
  if (Object.keys(changes).length > 0)
    tx.update(knowledgeSources).set(changes).where(sourceIsShown(tenantId, sourceId)).run();
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

function matching({ status, titleContains }: SourceFilter): (SQL | undefined)[] {
  return [
    status && eq(knowledgeSources.status, status),
    titleContains ? sql`instr(folded(${knowledgeSources.title}), folded(${titleContains})) > 0` : undefined,
  ];
}

type Order = {
  order: SQL[];
  after: (position: Position) => SQL | undefined;
  positionOf: (row: SourceRow) => Position;
};

const { createdAt, byteSize, id } = knowledgeSources;
const foldedTitle = sql<string>`folded(${knowledgeSources.title})`;

const ORDERS: Record<SourceSort, Order> = {
  newest: {
    order: [desc(createdAt), desc(id)],
    after: ([key, lastId]) => after(lt, createdAt, key, lastId),
    positionOf: (row) => [row.createdAt, row.id],
  },
  oldest: {
    order: [asc(createdAt), asc(id)],
    after: ([key, lastId]) => after(gt, createdAt, key, lastId),
    positionOf: (row) => [row.createdAt, row.id],
  },
  title: {
    order: [asc(foldedTitle), asc(id)],
    after: ([key, lastId]) => after(gt, foldedTitle, key, lastId),
    positionOf: (row) => [folded(row.title), row.id],
  },
  size: {
    order: [desc(byteSize), desc(id)],
    after: ([key, lastId]) => after(lt, byteSize, key, lastId),
    positionOf: (row) => [row.byteSize, row.id],
  },
};

type Compare = typeof lt | typeof gt;
type Sortable = typeof createdAt | typeof byteSize | typeof foldedTitle;

/** Rows behind the one with `key` and `lastId`; ids break ties in the same direction. */
function after(beyond: Compare, column: Sortable, key: string | number, lastId: string | number) {
  const by = sql`${column}`;
  return or(beyond(by, key), and(eq(by, key), beyond(sql`${id}`, lastId)));
}

/** Sources of one tenant with what they do not know by themselves: the only document, and how far reading is. */
function withDocuments(db: SqliteQueries, tenantId: TenantId, rows: readonly SourceRow[]): KnowledgeSource[] {
  const onlyDocuments = onlyDocumentsOf(db, tenantId, rows);
  const reading = progressOfReading(db, tenantId, rows);
  return rows.map((row) => {
    const onlyDocument = onlyDocuments.get(row.id) ?? null;
    const progress = onlyDocument ? onlyDocument.progress : meanProgress(row, reading.get(row.id) ?? 0);
    return { ...without(row, "queuedCount", "processingCount", "termCount"), progress, onlyDocument };
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
