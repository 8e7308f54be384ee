import { and, asc, count, eq, gt, inArray, isNull, sql } from "drizzle-orm";
import type { TenantId } from "../../domain/ids.ts";
import type { Chunk, FoundChunk, IndexedChunk } from "../../domain/knowledge.ts";
import type { ChunkStore } from "../store.ts";
import type { Changes } from "./changes.ts";
import { type ChunkVersion, type ChunkVersions, sqliteChunkVersions } from "./chunk-versions.ts";
import type { SqliteDb, SqliteQueries } from "./connection.ts";
import { fromCursor, toPage } from "./cursor.ts";
import { indexRows } from "./index-rows.ts";
import { finishJob, insertUnlessQueued } from "./jobs.ts";
import { termCount } from "./lexical-rows.ts";
import { notFound } from "./row.ts";
import { documentChunks, knowledgeSources } from "./schema.ts";
import { lexicalSearch } from "./search.ts";
import { getSource, isVisible } from "./sources.ts";
import { tenantNumber } from "./tenants.ts";

type ReplaceOutcome = Parameters<ChunkStore["replaceForSource"]>[3];

export function sqliteChunkStore(db: SqliteDb, changes: Changes): ChunkStore {
  const versions = sqliteChunkVersions(db.$client, changes.vectors);
  const search = lexicalSearch(db.$client);
  const { found } = indexRows(db.$client);
  const languages = db.$client
    .prepare<[TenantId], string>(
      "select language from tenant_languages where tenant_id = ? and chunks > 0 order by chunks desc, language",
    )
    .pluck();

  return {
    async replaceForSource(tenantId, sourceId, chunks, outcome) {
      const begin = (tx: SqliteQueries): ChunkVersion => {
        getSource(tx, tenantId, sourceId);
        return {
          tenantId,
          sourceId,
          tenantNumber: tenantNumber(tx, tenantId),
          version: versions.begin(tenantId, sourceId, outcome.analysis),
        };
      };
      const version = db.transaction(begin, { behavior: "immediate" });
      try {
        await versions.write(version, chunks);
        const replaced = db.transaction((tx) => makeCurrent(tx, version, chunks, outcome), {
          behavior: "immediate",
        });
        changes.terms(tenantId);
        if (replaced !== null) await versions.remove(replaced);
      } catch (thrown) {
        await removeQuietly(versions, db, version);
        throw thrown;
      }
    },

    async list(tenantId, sourceId, page) {
      getSource(db, tenantId, sourceId);
      const behind = page.cursor === null ? -1 : Number(fromCursor(page.cursor)[0]);
      const rows = currentChunks(db)
        .where(
          and(
            isVisible(tenantId, sourceId),
            eq(documentChunks.tenantId, tenantId),
            gt(documentChunks.ordinal, behind),
          ),
        )
        .orderBy(asc(documentChunks.ordinal))
        .limit(page.limit + 1)
        .all();
      const { items, nextCursor } = toPage(rows, page.limit, ({ chunk }) => [chunk.ordinal, chunk.id]);
      return { items: items.map(({ chunk }) => chunk), nextCursor };
    },

    async findMany(tenantId, chunkIds) {
      const rows = currentChunks(db)
        .where(
          and(eq(documentChunks.tenantId, tenantId), inArray(documentChunks.id, [...chunkIds]), isShown()),
        )
        .all();
      const byId = new Map(rows.map((row) => [row.chunk.id, toFound(row)]));
      return chunkIds.flatMap((id) => byId.get(id) ?? []);
    },

    async neighbours(tenantId, sourceId, from, to) {
      const isBetween = sql`${documentChunks.ordinal} between ${from} and ${to}`;
      return currentChunks(db)
        .where(and(isVisible(tenantId, sourceId), isBetween))
        .orderBy(asc(documentChunks.ordinal))
        .all()
        .map(toFound);
    },

    async searchByTerms(tenantId, query, limit) {
      return search.searchByTerms(tenantId, query, limit);
    },

    async findByRows(tenantId, rows) {
      return found(tenantId, rows);
    },

    async languages(tenantId) {
      return languages.all(tenantId);
    },

    async sweep() {
      let swept = 0;
      for (const version of versions.listInvisible()) {
        swept += countChunks(db, version);
        await versions.remove(version);
      }
      return swept;
    },
  };
}

/** The short commit that everything before was for. The version that it replaces, null when there was none. */
function makeCurrent(
  tx: SqliteQueries,
  { tenantId, sourceId, version }: ChunkVersion,
  chunks: readonly IndexedChunk[],
  { jobId, jobs = [], now, analysis: _, ...outcome }: ReplaceOutcome,
): number | null {
  const former = tx
    .select({ version: knowledgeSources.currentVersion })
    .from(knowledgeSources)
    .where(isVisible(tenantId, sourceId))
    .get();
  if (former === undefined) throw notFound("source");
  tx.update(knowledgeSources)
    .set({
      ...outcome,
      ...READY,
      chunkCount: chunks.length,
      termCount: chunks.reduce((sum, chunk) => sum + termCount(chunk), 0),
      languages: countLanguages(chunks),
      currentVersion: version,
      updatedAt: now,
    })
    .where(isVisible(tenantId, sourceId))
    .run();
  finishJob(tx, jobId, now);
  for (const job of jobs) insertUnlessQueued(tx, job);
  return former.version;
}

const READY = { status: "ready", progress: null, stage: null, errorCode: null, errorMessage: null } as const;

/** What cannot be removed now, on a full disk say, is swept at the next start. */
async function removeQuietly(
  versions: ChunkVersions,
  db: SqliteDb,
  { version }: ChunkVersion,
): Promise<void> {
  const isCurrent = eq(knowledgeSources.currentVersion, version);
  if (db.select({ id: knowledgeSources.id }).from(knowledgeSources).where(isCurrent).get() !== undefined)
    return;
  try {
    await versions.remove(version);
  } catch {
    // The caller learns of the first failure, which is the one to act on.
  }
}

function currentChunks(db: SqliteQueries) {
  const isCurrent = and(
    eq(documentChunks.version, knowledgeSources.currentVersion),
    eq(documentChunks.tenantId, knowledgeSources.tenantId),
  );
  return db
    .select({ chunk: CHUNK_COLUMNS, sourceTitle: knowledgeSources.title })
    .from(knowledgeSources)
    .innerJoin(documentChunks, isCurrent)
    .$dynamic();
}

const CHUNK_COLUMNS = {
  id: documentChunks.id,
  sourceId: documentChunks.sourceId,
  ordinal: documentChunks.ordinal,
  content: documentChunks.content,
  headingPath: documentChunks.headingPath,
  page: documentChunks.page,
  language: documentChunks.language,
  tokenCount: documentChunks.tokenCount,
};

function isShown() {
  return isNull(knowledgeSources.deletedAt);
}

function toFound({ chunk, sourceTitle }: { chunk: Chunk; sourceTitle: string }): FoundChunk {
  return { ...chunk, sourceTitle };
}

function countLanguages(chunks: readonly IndexedChunk[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { language } of chunks) counts[language] = (counts[language] ?? 0) + 1;
  return counts;
}

function countChunks(db: SqliteDb, version: number): number {
  const row = db
    .select({ chunks: count() })
    .from(documentChunks)
    .where(eq(documentChunks.version, version))
    .get();
  return row?.chunks ?? 0;
}
