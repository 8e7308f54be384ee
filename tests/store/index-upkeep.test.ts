import { afterAll, afterEach, beforeEach, describe, expect, test } from "bun:test";
import { type EmbeddingIndexId, newId, type SourceId, type TenantId } from "../../src/domain/ids.ts";
import type { IndexedChunk } from "../../src/domain/knowledge.ts";
import { TenantIndexes } from "../../src/lexical/tenant-indexes.ts";
import { installNativeParts } from "../../src/native/native.ts";
import { openForReading, openForWriting, type SqliteClient } from "../../src/store/sqlite/connection.ts";
import { openSqliteStore, type SqliteStoreOptions } from "../../src/store/sqlite/index.ts";
import { indexRows } from "../../src/store/sqlite/index-rows.ts";
import { openMigrated } from "../../src/store/sqlite/migrate.ts";
import { NO_TERMS } from "../../src/store/sqlite/threads/held-terms.ts";
import type { Store } from "../../src/store/store.ts";
import {
  aChunk,
  aFile,
  aFirstAdmin,
  aJob,
  anEmbeddingIndex,
  anLlmConfig,
  aTenant,
  aWidget,
  NOW,
} from "../helpers/builders.ts";
import { rejection } from "../helpers/rejection.ts";
import { removeTestStores, sqliteOptions } from "../helpers/sqlite.ts";

afterAll(removeTestStores);

const { vec0 } = await installNativeParts(".");
const FORMER = 1;
const LATER = 2;

let options: SqliteStoreOptions;
let store: Store;
let tenantId: TenantId;
let otherTenant: TenantId;

beforeEach(async () => {
  // The database answers: what is in memory has the old terms until a set is done.
  options = await sqliteOptions({ vec0, terms: NO_TERMS });
  store = await openSqliteStore(options);
  const first = aFirstAdmin();
  await store.instance.initialise(first);
  tenantId = first.tenant.id;
  const other = aTenant();
  await store.tenants.create(other, first.user.id, aWidget(), anLlmConfig({ tenantId: other.id }));
  otherTenant = other.id;
});
afterEach(() => store.close());

/** A ready source, analysed as it was before. */
async function addSource(
  tenant: TenantId,
  contents: string[],
  analysis = FORMER,
  index: EmbeddingIndexId | null = null,
): Promise<{ id: SourceId; chunks: IndexedChunk[] }> {
  const { source, document, job } = aFile({ tenantId: tenant });
  await store.sources.create(source, [document], [job]);
  const chunks = contents.map((content, ordinal) => aChunk({ sourceId: source.id, ordinal, content }));
  await store.chunks.replaceForDocument(tenant, document.id, chunks, {
    ...{ format: "text", pageCount: null, warnings: [], jobId: job.id, now: NOW },
    analysis,
  });
  if (index !== null) {
    const vector = Float32Array.of(1, 0);
    await store.embeddingIndexes.write(
      index,
      chunks.map(({ id }) => ({ chunk: id, vector })),
    );
  }
  return { id: source.id, chunks };
}

/** Makes up to `limit` chunks' terms anew: each word, and the word "anew". */
async function makeAnew(tenant: TenantId, limit: number): Promise<number> {
  const chunks = await store.indexUpkeep.outdatedChunks(tenant, LATER, limit);
  const terms = chunks.map(({ chunk, content }) => ({
    ...{ chunk, language: "deu", titleTerms: "title", headingTerms: "" },
    contentTerms: `${content.toLowerCase()} anew`,
  }));
  await store.indexUpkeep.replaceTerms(tenant, LATER, terms);
  return chunks.length;
}

const found = async (tenant: TenantId, word: string) =>
  [
    ...(
      await store.chunks.findByRows(tenant, [
        ...(await store.chunks.searchByTerms(tenant, { words: [[word]] }, 100)).rows,
      ])
    ).values(),
  ].map(({ content }) => content);

function withClient<Result>(use: (client: SqliteClient) => Result): Result {
  const client = openForWriting(options);
  try {
    return use(client);
  } finally {
    client.close();
  }
}

async function anIndex(): Promise<EmbeddingIndexId> {
  const index = anEmbeddingIndex({ id: newId("embedding-index"), dimension: 2 });
  await store.embeddingIndexes.create(index);
  return index.id;
}

describe("terms of an older analysis", () => {
  test("are known by their tenants, and those of this one are none", async () => {
    await addSource(tenantId, ["one", "two"]);
    await addSource(tenantId, ["three"], LATER);
    await addSource(otherTenant, ["other"], LATER);

    expect(await store.indexUpkeep.outdatedTenants(LATER)).toEqual([tenantId]);
    expect(await store.indexUpkeep.outdatedCount(tenantId, LATER)).toEqual({ chunks: 3, outdated: 2 });
    expect(await store.indexUpkeep.outdatedCount(otherTenant, LATER)).toEqual({ chunks: 1, outdated: 0 });
    // Going back to an older binary is a change of the analysis, too.
    expect(await store.indexUpkeep.outdatedTenants(FORMER)).toEqual([tenantId, otherTenant]);
  });

  test("are all those of a database from before analyses were numbered, whose languages are counted", async () => {
    const old = await sqliteOptions({ vec0, terms: NO_TERMS });
    const numbered = old.migrations.findIndex(({ name }) => name.startsWith("0007"));
    const client = openMigrated(old, { ...old, migrations: old.migrations.slice(0, numbered) });
    client.exec(`
      insert into tenants (id, name, slug, embed_key, created_at) values ('ten_old', 'Old', 'old', 'pk_old', 0);
      insert into knowledge_sources (tenant_id, id, title, filename, status, byte_size, chunk_count, languages,
        created_at, updated_at) values ('ten_old', 'src_old', 'Old', 'old.md', 'ready', 1, 1, '{"deu":1}', 0, 0);
      insert into chunk_versions (version, tenant_id, source_id) values (1, 'ten_old', 'src_old');
      insert into document_chunks values (${2 ** 20}, 'chk_old', 'ten_old', 'src_old', 1, 0, 'Urlaub', '[]', null,
        'deu', 1, '', '', 'urlaub');
      update knowledge_sources set current_version = 1`);
    client.close();

    const upgraded = await openSqliteStore(old);

    const tenant = "ten_old" as TenantId;
    expect(await upgraded.indexUpkeep.outdatedTenants(FORMER)).toEqual([tenant]);
    expect(await upgraded.indexUpkeep.outdatedChunks(tenant, FORMER, 10)).toMatchObject([
      { content: "Urlaub" },
    ]);
    expect(await upgraded.chunks.languages(tenant)).toEqual(["deu"]);
    await upgraded.close();
  });

  test("are replaced in place: same passages, same ids, found by the new terms and no longer by the old", async () => {
    const { id, chunks } = await addSource(tenantId, ["leave", "meals"]);

    expect(await makeAnew(tenantId, 10)).toBe(2);

    expect(await found(tenantId, "anew")).toEqual(["leave", "meals"]);
    expect(await found(tenantId, "leave")).toEqual(["leave"]);
    const { items } = await store.chunks.list(tenantId, id, {}, { cursor: null, limit: 10 });
    expect(items.map((chunk) => chunk.id)).toEqual(chunks.map((chunk) => chunk.id));
    expect(await store.chunks.languages(tenantId)).toEqual(["deu"]);
    expect(await makeAnew(tenantId, 10)).toBe(0);
    expect(await store.indexUpkeep.outdatedTenants(LATER)).toEqual([]);
    await store.indexUpkeep.checkLexical();
  });

  test("leave the statistics as if the documents had been read anew", async () => {
    await addSource(tenantId, ["leave is long", "meals"]);
    await makeAnew(tenantId, 1);
    await makeAnew(tenantId, 1);

    const counted = withClient((client) =>
      client
        .prepare(
          `select term_count as stored, languages, (select sum(length(title_terms || ' ' || content_terms)
             - length(replace(title_terms || ' ' || content_terms, ' ', '')) + 1) from document_chunks) as counted
           from documents`,
        )
        .get(),
    );

    expect(counted).toEqual({ stored: 8, counted: 8, languages: '{"deu":2}' });
  });

  test("are found all the time, and what was done survives a restart", async () => {
    await addSource(tenantId, ["first passage", "second passage", "third passage"]);
    await makeAnew(tenantId, 2);

    expect(await found(tenantId, "passage")).toHaveLength(3);
    expect(await found(tenantId, "anew")).toEqual(["first passage", "second passage"]);
    await store.close();
    store = await openSqliteStore(options);

    expect(await store.indexUpkeep.outdatedCount(tenantId, LATER)).toEqual({ chunks: 3, outdated: 1 });
    expect(await makeAnew(tenantId, 10)).toBe(1);
    expect(await found(tenantId, "anew")).toHaveLength(3);
  });

  test("that a third analysis meets half replaced are all replaced", async () => {
    await addSource(tenantId, ["first", "second"]);
    await makeAnew(tenantId, 1);

    expect(await store.indexUpkeep.outdatedChunks(tenantId, LATER + 1, 10)).toHaveLength(2);
  });

  test("of removed sources are left in peace, and of restored ones are not forgotten", async () => {
    const { id } = await addSource(tenantId, ["leave"]);
    const purge = aJob({ tenantId, kind: "purge-source", subject: id, runAt: NOW + 30_000 });
    await store.sources.remove(tenantId, id, NOW, purge);
    await makeAnew(tenantId, 10);
    await store.sources.restore(tenantId, id, NOW);

    expect(await found(tenantId, "anew")).toEqual(["leave"]);
    await store.sources.remove(tenantId, id, NOW, aJob({ tenantId, kind: "purge-source", subject: id }));
    const chunks = await store.indexUpkeep.outdatedChunks(tenantId, LATER + 1, 10);
    await store.sources.purge(tenantId, id);
    await store.indexUpkeep.replaceTerms(
      tenantId,
      LATER + 1,
      chunks.map(({ chunk }) => ({
        chunk,
        language: "und",
        titleTerms: "",
        headingTerms: "",
        contentTerms: "x",
      })),
    );
    await store.indexUpkeep.checkLexical();
  });

  test("are no other tenant's to replace", async () => {
    const { chunks } = await addSource(tenantId, ["leave"]);
    const [first] = chunks;
    const terms = { language: "und", titleTerms: "", headingTerms: "", contentTerms: "stolen" };

    await store.indexUpkeep.replaceTerms(otherTenant, LATER, [
      { chunk: first?.id ?? newId("chunk"), ...terms },
    ]);

    expect(await found(tenantId, "leave")).toEqual(["leave"]);
    expect(await found(tenantId, "stolen")).toEqual([]);
  });

  test("held in memory are dropped for the new ones, also where they were loaded half replaced", async () => {
    await addSource(tenantId, ["first", "second"]);
    const client = openForReading(options);
    const indexes = new TenantIndexes(indexRows(client), 1e9);
    const held = async (word: string) => {
      indexes.reader.inSnapshot(() => indexes.current(tenantId));
      await indexes.settled();
      return indexes.reader.inSnapshot(
        () => indexes.current(tenantId)?.search({ words: [[word]] }, 10).rows.length,
      );
    };
    const early = await held("anew");
    await makeAnew(tenantId, 1);
    const late = new TenantIndexes(indexRows(client), 1e9);
    late.loadAll();
    await late.settled();

    await makeAnew(tenantId, 1);

    expect([early, await held("anew")]).toEqual([0, 2]);
    late.reader.inSnapshot(() => late.current(tenantId));
    await late.settled();
    expect(
      late.reader.inSnapshot(() => late.current(tenantId)?.search({ words: [["anew"]] }, 10))?.rows,
    ).toHaveLength(2);
    client.close();
  });
});

describe("a rebuild", () => {
  test("asks for all terms anew, goes on with what is left, and asks again once all is done", async () => {
    await addSource(tenantId, ["one", "two"], LATER);
    await addSource(otherTenant, ["other"], LATER);

    await store.indexUpkeep.outdate(null);
    expect(await store.indexUpkeep.outdatedTenants(LATER)).toEqual([tenantId, otherTenant]);
    await makeAnew(tenantId, 1);
    await store.indexUpkeep.outdate(null);
    expect(await store.indexUpkeep.outdatedCount(tenantId, LATER)).toEqual({ chunks: 2, outdated: 1 });

    for (const tenant of [tenantId, otherTenant]) await makeAnew(tenant, 10);
    await store.indexUpkeep.checkLexical();
    await store.indexUpkeep.outdate(null);
    expect(await store.indexUpkeep.outdatedCount(tenantId, LATER)).toEqual({ chunks: 2, outdated: 2 });
  });

  test("of one tenant leaves the others alone, and does not pass for one of everybody", async () => {
    await addSource(tenantId, ["one"], LATER);
    await addSource(otherTenant, ["other"], LATER);

    await store.indexUpkeep.outdate(tenantId);

    expect(await store.indexUpkeep.outdatedTenants(LATER)).toEqual([tenantId]);
    expect(await found(otherTenant, "other")).toEqual(["other"]);
    await store.indexUpkeep.outdate(null);
    expect(await store.indexUpkeep.outdatedTenants(LATER)).toEqual([tenantId, otherTenant]);
  });

  test("makes a lexical index whole that has lost rows and has others too many", async () => {
    const { chunks } = await addSource(tenantId, ["lost", "kept"]);
    withClient((client) => {
      client.exec("delete from chunks_fts where rowid = (select min(number) from document_chunks)");
      client.exec("insert into chunks_fts (rowid, content) values (77, '1~ghost')");
    });
    expect(await rejection(store.indexUpkeep.checkLexical())).toMatchObject({ code: "DB_CORRUPT" });

    await store.indexUpkeep.outdate(null);
    await makeAnew(tenantId, chunks.length);

    expect(await store.indexUpkeep.removeOrphans()).toEqual({ terms: 0, vectors: 0 });
    await store.indexUpkeep.checkLexical();
    expect(await found(tenantId, "lost")).toEqual(["lost"]);
  });

  test("removes rows and vectors that belong to no chunk, and no others", async () => {
    const index = await anIndex();
    await addSource(tenantId, ["one", "two"], FORMER, index);
    withClient((client) => {
      client.exec("insert into chunks_fts (rowid, content) values (77, '1~ghost')");
      const insert = client.prepare("insert into vectors_1 (rowid, tenant, vector) values (78, 1, '[1, 0]')");
      insert.run();
    });

    expect(await store.indexUpkeep.removeOrphans()).toEqual({ terms: 1, vectors: 1 });

    await store.indexUpkeep.checkLexical();
    expect(await store.embeddingIndexes.coverage(index)).toEqual({ chunks: 2, embedded: 2 });
  });

  test("forgets the vectors of one tenant or of all, which then lack them", async () => {
    const index = await anIndex();
    await addSource(tenantId, ["one", "two"], FORMER, index);
    await addSource(otherTenant, ["other"], FORMER, index);
    const lacking = async () =>
      (await store.embeddingIndexes.chunksWithoutVector(index, null, 10)).items.map(({ content }) => content);

    expect(await store.indexUpkeep.forgetVectors(tenantId)).toBe(2);
    expect(await lacking()).toEqual(["two", "one"]);
    expect(await store.indexUpkeep.forgetVectors(null)).toBe(1);
    expect(await lacking()).toEqual(["other", "two", "one"]);
    await addSource(tenantId, ["three"], FORMER, index);
    expect(await store.embeddingIndexes.coverage(index)).toMatchObject({ embedded: 1 });
  });
});
