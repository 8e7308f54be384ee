import { afterAll, afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { TenantId } from "../../src/domain/ids.ts";
import { TenantIndexes } from "../../src/lexical/tenant-indexes.ts";
import { installNativeParts } from "../../src/native/native.ts";
import { openForReading, openForWriting, type SqliteClient } from "../../src/store/sqlite/connection.ts";
import { openSqliteStore, type SqliteStoreOptions } from "../../src/store/sqlite/index.ts";
import { indexRows } from "../../src/store/sqlite/index-rows.ts";
import { openMigrated } from "../../src/store/sqlite/migrate.ts";
import { NO_TERMS } from "../../src/store/sqlite/threads/held-terms.ts";
import type { Store } from "../../src/store/store.ts";
import { aFirstAdmin } from "../helpers/builders.ts";
import { FORMER, indexUpkeep, LATER } from "../helpers/index-upkeep.ts";
import { rejection } from "../helpers/rejection.ts";
import { removeTestStores, sqliteOptions } from "../helpers/sqlite.ts";

afterAll(removeTestStores);

const { vec0 } = await installNativeParts(".");
let options: SqliteStoreOptions;
let store: Store;
let tenantId: TenantId;

beforeEach(async () => {
  // The database answers: what is in memory has the old terms until a set is done.
  options = await sqliteOptions({ vec0, terms: NO_TERMS });
  store = await openSqliteStore(options);
  const first = aFirstAdmin();
  await store.instance.initialise(first);
  tenantId = first.tenant.id;
});
afterEach(() => store.close());

const { addSource, makeAnew, found, anIndex } = indexUpkeep(() => store);

function withClient<Result>(use: (client: SqliteClient) => Result): Result {
  const client = openForWriting(options);
  try {
    return use(client);
  } finally {
    client.close();
  }
}

describe("terms of an older analysis", () => {
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
});
