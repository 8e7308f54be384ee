import { and, asc, count, eq, inArray, isNull, type SQL, sql } from "drizzle-orm";
import type { TenantId } from "../../domain/ids.ts";
import type { Chunk, FoundChunk, IndexedChunk } from "../../domain/knowledge.ts";
import type { ChunkStore } from "../store.ts";
import type { Changes } from "./changes.ts";
import { type ChunkVersion, type ChunkVersions, sqliteChunkVersions } from "./chunk-versions.ts";
import type { SqliteDb, SqliteQueries } from "./connection.ts";
import { fromCursor, toPage } from "./cursor.ts";
import { getDocument, isVisible, ofSource } from "./documents.ts";
import { indexRows } from "./index-rows.ts";
import { finishJob, insertUnlessQueued } from "./jobs.ts";
import { termCount } from "./lexical-rows.ts";
import { outlineOf } from "./outline.ts";
import { notFound } from "./row.ts";
import { documentChunks, documents, knowledgeSources } from "./schema.ts";
import { lexicalSearch } from "./search.ts";
import { requireSource } from "./shown.ts";
import { tenantNumber } from "./tenants.ts";

type ReplaceOutcome = Parameters<ChunkStore["replaceForDocument"]>[3];

export function sqliteChunkStore(db: SqliteDb, changes: Changes): ChunkStore {
  const versions = sqliteChunkVersions(db.$client, changes.vectors);
  const search = lexicalSearch(db.$client);
  const { found } = indexRows(db.$client);
  const languages = db.$client
    .prepare<[TenantId], string>(
      "select language from tenant_languages where tenant_id = ? and chunks > 0 order by chunks desc, language",
    )
    .pluck();
  // Kept, because every turn asks for it: building the query takes longer than running it.
  const neighbours = currentChunks(db)
    .where(
      and(
        isVisible(sql.placeholder("tenantId"), sql.placeholder("documentId")),
        sql`${documentChunks.ordinal} between ${sql.placeholder("from")} and ${sql.placeholder("to")}`,
      ),
    )
    .orderBy(asc(documentChunks.ordinal))
    .prepare();

  return {
    async replaceForDocument(tenantId, documentId, chunks, outcome) {
      const begin = (tx: SqliteQueries): ChunkVersion => {
        const document = getDocument(tx, tenantId, documentId);
        return {
          tenantId,
          document,
          tenantNumber: tenantNumber(tx, tenantId),
          version: versions.begin(tenantId, document, outcome.analysis),
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

    async list(tenantId, sourceId, { documentId }, page) {
      requireSource(db, tenantId, sourceId);
      const isAsked = and(ofSource(tenantId, sourceId), documentId && eq(documents.id, documentId));
      const rows = chunksBehind(db, isAsked, page.cursor, page.limit + 1);
      const { items, nextCursor } = toPage(rows, page.limit, ({ chunk }) => [
        chunk.ordinal,
        chunk.documentId,
      ]);
      return { items: items.map(({ chunk }) => chunk), nextCursor };
    },

    async findMany(tenantId, chunkIds) {
      const rows = currentChunks(db)
        .where(
          and(
            eq(documentChunks.tenantId, tenantId),
            inArray(documentChunks.id, [...chunkIds]),
            isNull(knowledgeSources.deletedAt),
          ),
        )
        .all();
      const byId = new Map(rows.map((row) => [row.chunk.id, toFound(row)]));
      return chunkIds.flatMap((id) => byId.get(id) ?? []);
    },

    async neighbours(tenantId, documentId, from, to) {
      return neighbours.all({ tenantId, documentId, from, to }).map(toFound);
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

    async outline(tenantId, most) {
      return outlineOf(db, tenantId, most);
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
  { tenantId, document, version }: ChunkVersion,
  chunks: readonly IndexedChunk[],
  { jobId, jobs = [], now, analysis: _, reading, ...outcome }: ReplaceOutcome,
): number | null {
  const former = tx
    .select({ version: documents.currentVersion })
    .from(documents)
    .where(isVisible(tenantId, document.id))
    .get();
  if (former === undefined) throw notFound("document");
  tx.update(documents)
    .set({
      ...outcome,
      ...READY,
      readBy: reading,
      chunkCount: chunks.length,
      termCount: chunks.reduce((sum, chunk) => sum + termCount(chunk), 0),
      languages: countLanguages(chunks),
      currentVersion: version,
      updatedAt: now,
    })
    .where(isVisible(tenantId, document.id))
    .run();
  if (jobId !== null) finishJob(tx, jobId, now);
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
  const isCurrent = eq(documents.currentVersion, version);
  if (db.select({ id: documents.id }).from(documents).where(isCurrent).get() !== undefined) return;
  try {
    await versions.remove(version);
  } catch {
    // The caller learns of the first failure, which is the one to act on.
  }
}

function currentChunks(db: SqliteQueries) {
  const isCurrent = and(
    eq(documentChunks.version, documents.currentVersion),
    eq(documentChunks.tenantId, documents.tenantId),
  );
  const isOfSource = and(
    eq(knowledgeSources.tenantId, documents.tenantId),
    eq(knowledgeSources.id, documents.sourceId),
  );
  return db
    .select({ chunk: CHUNK_COLUMNS, sourceTitle: knowledgeSources.title, documentTitle: documents.title })
    .from(documents)
    .innerJoin(documentChunks, isCurrent)
    .innerJoin(knowledgeSources, isOfSource)
    .$dynamic();
}

const CHUNK_COLUMNS = {
  id: documentChunks.id,
  sourceId: documentChunks.sourceId,
  documentId: documents.id,
  ordinal: documentChunks.ordinal,
  content: documentChunks.content,
  headingPath: documentChunks.headingPath,
  page: documentChunks.page,
  language: documentChunks.language,
  tokenCount: documentChunks.tokenCount,
};

/** Read twice, so that each time an index leads to the place: what is left of one document, then those behind it. */
function chunksBehind(db: SqliteQueries, isAsked: SQL | undefined, cursor: string | null, limit: number) {
  const read = (isBehind: SQL | undefined, most: number) =>
    currentChunks(db)
      .where(and(isAsked, isBehind))
      .orderBy(asc(documents.id), asc(documentChunks.ordinal))
      .limit(most)
      .all();
  if (cursor === null) return read(undefined, limit);
  const [ordinal, documentId] = fromCursor(cursor);
  const isLeft = and(sql`${documents.id} = ${documentId}`, sql`${documentChunks.ordinal} > ${ordinal}`);
  const rest = read(isLeft, limit);
  return [...rest, ...read(sql`${documents.id} > ${documentId}`, limit - rest.length)];
}

function toFound({
  chunk,
  ...titles
}: {
  chunk: Chunk;
  sourceTitle: string;
  documentTitle: string;
}): FoundChunk {
  return { ...chunk, ...titles };
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
