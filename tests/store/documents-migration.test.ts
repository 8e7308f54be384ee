/** A database in which sources were what documents are now, opened by this Parley. */
import { afterAll, afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { ChunkId, DocumentId, FileId, SourceId, TenantId } from "../../src/domain/ids.ts";
import type { SqliteClient } from "../../src/store/sqlite/connection.ts";
import { openSqliteStore, type SqliteStoreOptions } from "../../src/store/sqlite/index.ts";
import { openMigrated } from "../../src/store/sqlite/migrate.ts";
import type { Store } from "../../src/store/store.ts";
import { aChunk, aJob, NOW } from "../helpers/builders.ts";
import { removeTestStores, sqliteOptions } from "../helpers/sqlite.ts";

const ULID = "01ARZ3NDEKTSV4RRFFQ69G5FA";
const TENANT = "ten_01ARZ3NDEKTSV4RRFFQ69G5FAV" as TenantId;
const source = (letter: string) => `src_${ULID}${letter}` as SourceId;
const documentOf = (letter: string) => `doc_${ULID}${letter}` as DocumentId;
const ANY_KIND = { ingest: 0, "purge-source": 0 };
const FIRST_PAGE = { cursor: null, limit: 50 };

let options: SqliteStoreOptions;
let store: Store;
beforeEach(async () => {
  options = await sqliteOptions();
  const client = openMigrated(options, {
    ...options,
    migrations: options.migrations.filter(({ name }) => name < "0009"),
  });
  fill(client);
  client.close();
  store = await openSqliteStore(options);
});
afterEach(() => store.close());
afterAll(removeTestStores);

/** One source of each state: R is ready, F has failed, Q waits, D was deleted while it waited. */
function fill(client: SqliteClient): void {
  client.exec(`
    insert into tenants (id, name, slug, embed_key, created_at) values ('${TENANT}', 'Old', 'old', 'pk_old', 0);
    insert into knowledge_sources (tenant_id, id, title, filename, format, status, error_code, error_message,
      warnings, chunk_count, term_count, languages, page_count, byte_size, content_hash, file_id, tags, created_at,
      updated_at, deleted_at)
    values
      ('${TENANT}', '${source("R")}', 'Leave', 'leave.pdf', 'pdf', 'ready', null, null, '["Odd."]', 2, 4,
        '{}', 3, 100, 'hash-r', 'fil_r', '["hr"]', 1, 11, null),
      ('${TENANT}', '${source("F")}', 'Minutes', 'minutes.pdf', 'pdf', 'failed', 'ENCRYPTED', 'It has a password.',
        '[]', 0, 0, '{}', null, 200, 'hash-f', 'fil_f', '[]', 2, 12, null),
      ('${TENANT}', '${source("Q")}', 'Meals', 'meals.md', 'markdown', 'queued', null, null, '[]', 0, 0, '{}', null,
        300, 'hash-q', 'fil_q', '[]', 3, 13, null),
      ('${TENANT}', '${source("D")}', 'Gone', 'gone.md', 'markdown', 'queued', null, null, '[]', 0, 0, '{}', null,
        400, 'hash-d', 'fil_d', '[]', 4, 14, 15);
    insert into chunk_versions (version, tenant_id, source_id, analysis) values (1, '${TENANT}', '${source("R")}', 1);
    insert into document_chunks values
      (${2 ** 20}, 'chk_0', '${TENANT}', '${source("R")}', 1, 0, 'leave one', '[]', 1, 'eng', 2, '', '', 'leave one'),
      (${2 ** 20 + 1}, 'chk_1', '${TENANT}', '${source("R")}', 1, 1, 'leave two', '[]', 2, 'eng', 2, '', '', 'leave two');
    insert into chunks_fts (rowid, title, headings, content) values
      (${2 ** 20}, '', '', '1~leave 1~one'), (${2 ** 20 + 1}, '', '', '1~leave 1~two');
    update knowledge_sources set current_version = 1, languages = '{"eng":2}' where id = '${source("R")}';
    insert into jobs (id, tenant_id, kind, subject, state, run_at, created_at, updated_at) values
      ('job_r', '${TENANT}', 'ingest', '${source("R")}', 'done', 0, 1, 1),
      ('job_q', '${TENANT}', 'ingest', '${source("Q")}', 'queued', 0, 2, 2),
      ('job_d', '${TENANT}', 'ingest', '${source("D")}', 'cancelled', 0, 3, 3),
      ('job_p', '${TENANT}', 'purge-source', '${source("D")}', 'queued', ${NOW}, 4, 4);`);
}

describe("a database from before documents", () => {
  test("has its sources with the ids, times and states that they had, each with one document", async () => {
    const { items } = await store.sources.list(TENANT, {}, "oldest", FIRST_PAGE);

    expect(items.map(({ id, status }) => [id, status])).toEqual([
      [source("R"), "ready"],
      [source("F"), "failed"],
      [source("Q"), "queued"],
    ]);
    expect(items[0]).toEqual({
      ...{ id: source("R"), tenantId: TENANT, kind: "file", address: "leave.pdf", schedule: null },
      ...{ title: "Leave", tags: ["hr"], createdAt: 1, updatedAt: 11, deletedAt: null },
      ...{ status: "ready", progress: null, documentCount: 1, failedCount: 0, chunkCount: 2, byteSize: 100 },
      onlyDocument: {
        ...{ id: documentOf("R"), tenantId: TENANT, sourceId: source("R"), title: "Leave" },
        ...{ filename: "leave.pdf", format: "pdf", status: "ready", progress: null, stage: null },
        ...{ errorCode: null, errorMessage: null, warnings: ["Odd."], chunkCount: 2, pageCount: 3 },
        ...{ byteSize: 100, contentHash: "hash-r", fileId: "fil_r" as FileId, createdAt: 1, updatedAt: 11 },
      },
    });
    expect(items[1]).toMatchObject({ failedCount: 1, onlyDocument: { errorCode: "ENCRYPTED" } });
    const found = await store.sources.list(TENANT, { titleContains: "MEAL" }, "title", FIRST_PAGE);
    expect(found.items.map(({ id }) => id)).toEqual([source("Q")]);
    expect(await store.sources.counts(TENANT)).toEqual({
      ...{ all: 3, queued: 1, processing: 0, ready: 1, failed: 1 },
    });
  });

  test("is searched as before, by the chunks that it had", async () => {
    const { rows, chunks } = await store.chunks.searchByTerms(TENANT, { words: [["leave"]] }, 10);
    const found = await store.chunks.findByRows(TENANT, [...rows]);

    expect(chunks).toBe(2);
    expect([...found.values()].map(({ id, sourceId, documentId }) => ({ id, sourceId, documentId }))).toEqual(
      [
        { id: "chk_0" as ChunkId, sourceId: source("R"), documentId: documentOf("R") },
        { id: "chk_1" as ChunkId, sourceId: source("R"), documentId: documentOf("R") },
      ],
    );
    const listed = await store.chunks.list(TENANT, source("R"), {}, FIRST_PAGE);
    expect(listed.items.map(({ id }) => id)).toEqual(["chk_0", "chk_1"] as ChunkId[]);
    expect(await store.chunks.languages(TENANT)).toEqual(["eng"]);
    expect(await store.chunks.sweep()).toBe(0);
  });

  test("goes on with what waited to be read, and knows the same bytes again", async () => {
    expect(await store.jobs.claim(1, 1_000, ANY_KIND)).toMatchObject({
      id: "job_q",
      subject: documentOf("Q"),
    });
    expect((await store.documents.findByContentHash(TENANT, "hash-r"))?.sourceId).toBe(source("R"));
    expect(await store.documents.fileIds()).toEqual(new Set(["fil_r", "fil_f", "fil_q", "fil_d"]));
  });

  test("can undo a deletion from before, and the source is read then", async () => {
    await store.sources.restore(TENANT, source("D"), 20);

    const claimed = [
      await store.jobs.claim(20, 1_000, ANY_KIND),
      await store.jobs.claim(20, 1_000, ANY_KIND),
    ];
    expect(claimed.map((job) => job?.id).sort() as string[]).toEqual(["job_d", "job_q"]);
    expect(await store.jobs.claim(20, 1_000, ANY_KIND)).toBeNull();
  });

  test("counts on where it was: read again, removed and purged, nothing of a source is left", async () => {
    const outcome = { format: "pdf" as const, pageCount: 1, warnings: [], now: 30, analysis: 1, reading: 1 };
    const chunk = aChunk({ sourceId: source("R"), content: "urlaub", language: "deu" });
    await store.chunks.replaceForDocument(TENANT, documentOf("R"), [chunk], {
      ...outcome,
      jobId: aJob({ tenantId: TENANT }).id,
    });
    expect(await store.sources.get(TENANT, source("R"))).toMatchObject({ chunkCount: 1, updatedAt: 30 });
    expect(await store.chunks.languages(TENANT)).toEqual(["deu"]);

    const purge = aJob({ tenantId: TENANT, kind: "purge-source", subject: source("R") });
    await store.sources.remove(TENANT, source("R"), 31, purge);
    expect(await store.chunks.languages(TENANT)).toEqual([]);
    expect(await store.sources.filesToPurge(TENANT, source("R"))).toEqual(["fil_r" as FileId]);
    await store.sources.purge(TENANT, source("R"));

    await store.close();
    const client = openMigrated(options, options);
    const left = (table: string) => client.prepare(`select count(*) from ${table}`).pluck().get();
    expect(["document_chunks", "chunk_versions", "chunks_fts_docsize"].map(left)).toEqual([0, 0, 0]);
    expect([left("documents"), left("knowledge_sources")]).toEqual([3, 3]);
    expect([client.pragma("integrity_check"), client.pragma("foreign_key_check")]).toEqual([
      [{ integrity_check: "ok" }],
      [],
    ]);
    client.close();
    store = await openSqliteStore(options);
  });
});
