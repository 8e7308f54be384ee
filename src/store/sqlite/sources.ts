import {
  and,
  asc,
  count,
  desc,
  eq,
  gt,
  isNotNull,
  isNull,
  lt,
  ne,
  not,
  or,
  type SQL,
  sql,
} from "drizzle-orm";
import type { SourceId, TenantId } from "../../domain/ids.ts";
import type { Job } from "../../domain/job.ts";
import { INGEST, type KnowledgeSource, PURGE_SOURCE } from "../../domain/knowledge.ts";
import type { SourceCounts, SourceFilter, SourceSort, SourceStore } from "../store.ts";
import type { SqliteDb, SqliteQueries } from "./connection.ts";
import { fromCursor, type Position, toPage } from "./cursor.ts";
import { folded } from "./folded.ts";
import { cancelJobs, cancelUnbegun, insertJob, resumeJob } from "./jobs.ts";
import { purgeSource } from "./purge-source.ts";
import { notFound, required, without } from "./row.ts";
import { knowledgeSources } from "./schema.ts";

type SourceRow = typeof knowledgeSources.$inferSelect;

export function sqliteSourceStore(db: SqliteDb, vectorsChanged: () => void): SourceStore {
  return {
    async createQueued(source, job) {
      const write = (tx: SqliteQueries) => {
        const same = source.contentHash && findSame(tx, source.tenantId, source.contentHash);
        if (same) return same;
        tx.insert(knowledgeSources).values(source).run();
        insertJob(tx, job);
        return null;
      };
      return db.transaction(write, { behavior: "immediate" });
    },

    async create(source) {
      db.insert(knowledgeSources).values(source).run();
    },

    async get(tenantId, sourceId) {
      return getSource(db, tenantId, sourceId);
    },

    async findByContentHash(tenantId, contentHash) {
      return findSame(db, tenantId, contentHash);
    },

    async list(tenantId, filter, sort, page) {
      const { order, after, positionOf } = ORDERS[sort];
      const rows = db
        .select()
        .from(knowledgeSources)
        .where(
          and(
            ofTenant(tenantId),
            ...matching(filter),
            page.cursor === null ? undefined : after(fromCursor(page.cursor)),
          ),
        )
        .orderBy(...order)
        .limit(page.limit + 1)
        .all();
      const { items, nextCursor } = toPage(rows, page.limit, positionOf);
      return { items: items.map(toSource), nextCursor };
    },

    async counts(tenantId) {
      const rows = db
        .select({ status: knowledgeSources.status, sources: count() })
        .from(knowledgeSources)
        .where(ofTenant(tenantId))
        .groupBy(knowledgeSources.status)
        .all();
      const counts: SourceCounts = { all: 0, queued: 0, processing: 0, ready: 0, failed: 0 };
      for (const { status, sources } of rows) {
        counts[status] = sources;
        counts.all += sources;
      }
      return counts;
    },

    async update(tenantId, sourceId, changes) {
      if (Object.keys(changes).length > 0) {
        db.update(knowledgeSources).set(changes).where(isVisible(tenantId, sourceId)).run();
      }
      return getSource(db, tenantId, sourceId);
    },

    async requeue(tenantId, sourceId, job) {
      return db.transaction((tx) => requeue(tx, tenantId, sourceId, job), { behavior: "immediate" });
    },

    async remove(tenantId, sourceId, now, purge) {
      const write = (tx: SqliteQueries) => {
        const { changes } = tx
          .update(knowledgeSources)
          .set({ deletedAt: now, updatedAt: now })
          .where(isVisible(tenantId, sourceId))
          .run();
        if (changes === 0) throw notFound("source");
        cancelJobs(tx, INGEST, tenantId, sourceId, now);
        insertJob(tx, purge);
      };
      db.transaction(write, { behavior: "immediate" });
    },

    async restore(tenantId, sourceId, now) {
      return db.transaction((tx) => restore(tx, tenantId, sourceId, now), { behavior: "immediate" });
    },

    async filesToPurge(tenantId, sourceId) {
      const isRemoved = and(ofSource(tenantId, sourceId), isNotNull(knowledgeSources.deletedAt));
      const isNeeded = sql`exists (select 1 from ${knowledgeSources} as other
        where other.file_id = ${knowledgeSources.fileId} and other.id <> ${sourceId})`;
      const rows = db
        .select({ fileId: knowledgeSources.fileId })
        .from(knowledgeSources)
        .where(and(isRemoved, not(isNeeded)))
        .all();
      return rows.flatMap(({ fileId }) => fileId ?? []);
    },

    async purge(tenantId, sourceId) {
      await purgeSource(db, tenantId, sourceId, vectorsChanged);
    },

    async fileIds() {
      const rows = db
        .selectDistinct({ fileId: knowledgeSources.fileId })
        .from(knowledgeSources)
        .where(isNotNull(knowledgeSources.fileId))
        .all();
      return new Set(rows.flatMap(({ fileId }) => fileId ?? []));
    },
  };
}

function findSame(db: SqliteQueries, tenantId: TenantId, contentHash: string): KnowledgeSource | null {
  const isSame = and(ofTenant(tenantId), eq(knowledgeSources.contentHash, contentHash));
  const row = db
    .select()
    .from(knowledgeSources)
    .where(and(isSame, ne(knowledgeSources.status, "failed")))
    .get();
  return row ? toSource(row) : null;
}

/** @throws NOT_FOUND, also for a deleted one */
export function getSource(db: SqliteQueries, tenantId: TenantId, sourceId: SourceId): KnowledgeSource {
  return toSource(
    required(db.select().from(knowledgeSources).where(isVisible(tenantId, sourceId)).get(), "source"),
  );
}

export function isVisible(tenantId: TenantId, sourceId: SourceId) {
  return and(ofTenant(tenantId), eq(knowledgeSources.id, sourceId));
}

function ofTenant(tenantId: TenantId) {
  return and(eq(knowledgeSources.tenantId, tenantId), isNull(knowledgeSources.deletedAt));
}

function requeue(tx: SqliteQueries, tenantId: TenantId, sourceId: SourceId, job: Job): KnowledgeSource {
  tx.update(knowledgeSources)
    .set({
      status: "queued",
      progress: null,
      stage: null,
      errorCode: null,
      errorMessage: null,
      updatedAt: job.createdAt,
    })
    .where(isVisible(tenantId, sourceId))
    .run();
  const source = getSource(tx, tenantId, sourceId);
  insertJob(tx, job);
  return source;
}

function ofSource(tenantId: TenantId, sourceId: SourceId) {
  return and(eq(knowledgeSources.tenantId, tenantId), eq(knowledgeSources.id, sourceId));
}

function restore(tx: SqliteQueries, tenantId: TenantId, sourceId: SourceId, now: number): KnowledgeSource {
  const isHidden = and(ofSource(tenantId, sourceId), isNotNull(knowledgeSources.deletedAt));
  // Once the purge has begun some chunks may be gone, so it is the purge that decides.
  const hidden = tx.select({ id: knowledgeSources.id }).from(knowledgeSources).where(isHidden).get();
  if (hidden === undefined || !cancelUnbegun(tx, PURGE_SOURCE, tenantId, sourceId, now))
    throw notFound("source");
  tx.update(knowledgeSources).set({ deletedAt: null, updatedAt: now }).where(isHidden).run();
  const source = getSource(tx, tenantId, sourceId);
  if (source.status === "queued" || source.status === "processing")
    resumeJob(tx, INGEST, tenantId, sourceId, now);
  return source;
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

function toSource(row: SourceRow): KnowledgeSource {
  return without(row, "termCount", "languages", "currentVersion");
}
