import { afterAll, afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { SourceId, TenantId, UserId } from "../../src/domain/ids.ts";
import type { LexicalMatches, LexicalQuery } from "../../src/domain/lexical.ts";
import type { InvertedIndex } from "../../src/lexical/inverted-index.ts";
import { TenantIndexes, type TermReader } from "../../src/lexical/tenant-indexes.ts";
import { toLexicalQuery } from "../../src/rag/text.ts";
import { openForReading, type SqliteClient } from "../../src/store/sqlite/connection.ts";
import { openSqliteStore } from "../../src/store/sqlite/index.ts";
import { indexRows } from "../../src/store/sqlite/index-rows.ts";
import { lexicalSearch } from "../../src/store/sqlite/search.ts";
import type { Store } from "../../src/store/store.ts";
import {
  aChunk,
  aFile,
  aFirstAdmin,
  aJob,
  anLlmConfig,
  aTenant,
  aWidget,
  firstDocument,
  NOW,
} from "../helpers/builders.ts";
import { hitsOf } from "../helpers/lexical-hits.ts";
import { removeTestStores, sqliteOptions } from "../helpers/sqlite.ts";

const PLENTY = 1e9;
const EVERYTHING = 10_000;

let store: Store;
let client: SqliteClient;
let tenantId: TenantId;
let otherTenant: TenantId;
let owner: UserId;
let seed: number;

afterAll(removeTestStores);

beforeEach(async () => {
  seed = 42;
  const options = await sqliteOptions();
  store = await openSqliteStore(options);
  const first = aFirstAdmin();
  await store.instance.initialise(first);
  tenantId = first.tenant.id;
  owner = first.user.id;
  const other = aTenant();
  await store.tenants.create(other, first.user.id, aWidget(), anLlmConfig({ tenantId: other.id }));
  otherTenant = other.id;
  client = openForReading(options);
});

afterEach(async () => {
  client.close();
  await store.close();
});

/** The same numbers in every run. */
function random(below: number): number {
  seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
  return Math.floor((below * seed) / 0x80000000);
}

/** Words as a language has them: few are frequent. */
function words(count: number): string {
  return Array.from({ length: count }, () => `w${Math.floor(200 * (random(1_000) / 1_000) ** 3)}`).join(" ");
}

async function addSource(tenant: TenantId, contents: string[]): Promise<SourceId> {
  const { source, document, job } = aFile({ tenantId: tenant });
  await store.sources.create(source, [document], [job]);
  await replace(tenant, source.id, contents);
  return source.id;
}

async function replace(tenant: TenantId, sourceId: SourceId, contents: string[]): Promise<void> {
  const chunks = contents.map((content, ordinal) =>
    aChunk({ sourceId, ordinal, content, titleTerms: words(random(3)), headingTerms: words(random(4)) }),
  );
  const outcome = {
    format: "text" as const,
    pageCount: null,
    warnings: [],
    now: NOW,
    analysis: 1,
    reading: 1,
  };
  await store.chunks.replaceForDocument(tenant, firstDocument(sourceId), chunks, {
    ...outcome,
    jobId: aJob({ tenantId: tenant }).id,
  });
}

async function addRandomSources(tenant: TenantId, count: number): Promise<SourceId[]> {
  const ids: SourceId[] = [];
  for (let n = 0; n < count; n++) {
    ids.push(
      await addSource(
        tenant,
        Array.from({ length: 1 + random(8) }, () => words(1 + random(60))),
      ),
    );
  }
  return ids;
}

function purgeOf(tenant: TenantId, sourceId: SourceId) {
  return aJob({ tenantId: tenant, kind: "purge-source", subject: sourceId });
}

/** Loads what waits, then asks. Null when the database would have to answer. */
async function searchHeld(
  indexes: TenantIndexes,
  tenant: TenantId,
  query: LexicalQuery,
): Promise<LexicalMatches | null> {
  indexes.reader.inSnapshot(() => indexes.current(tenant));
  await indexes.settled();
  return indexes.reader.inSnapshot(() => indexes.current(tenant)?.search(query, EVERYTHING) ?? null);
}

/** Asks many random questions both ways. */
async function expectSameAnswers(indexes: TenantIndexes, tenant: TenantId): Promise<void> {
  const stored = lexicalSearch(client);
  for (let n = 0; n < 25; n++) {
    const query = {
      words: Array.from({ length: 1 + random(5) }, () => words(1 + random(3)).split(" ")),
    };
    const held = await searchHeld(indexes, tenant, query);
    const { scores, likeness: _, ...expected } = stored.searchByTerms(tenant, query, EVERYTHING);

    expect(held).toMatchObject(expected);
    for (const [place, score] of scores.entries()) {
      expect(Math.abs((held?.scores[place] ?? 0) - score)).toBeLessThan(1e-6);
    }
  }
}

describe("the index in memory", () => {
  test("finds the same chunks with the same scores as the database, in the same order", async () => {
    await addRandomSources(tenantId, 30);
    await addRandomSources(otherTenant, 5);
    const indexes = new TenantIndexes(indexRows(client), PLENTY);
    indexes.loadAll();
    await indexes.settled();

    await expectSameAnswers(indexes, tenantId);
    await expectSameAnswers(indexes, otherTenant);
  });

  test("follows every change: new, replaced, removed, restored and purged sources", async () => {
    const indexes = new TenantIndexes(indexRows(client), PLENTY);
    const ids = await addRandomSources(tenantId, 12);
    await expectSameAnswers(indexes, tenantId);
    const [first, second, third] = ids as [SourceId, SourceId, SourceId];

    await store.sources.remove(tenantId, first, NOW, purgeOf(tenantId, first));
    await expectSameAnswers(indexes, tenantId);
    await store.sources.restore(tenantId, first, NOW);
    await replace(tenantId, second, [words(20), words(5)]);
    await expectSameAnswers(indexes, tenantId);
    await store.sources.remove(tenantId, third, NOW, purgeOf(tenantId, third));
    await store.sources.purge(tenantId, third);
    await addRandomSources(tenantId, 3);
    await expectSameAnswers(indexes, tenantId);
  });

  test("is not used for a moment longer than it is current", async () => {
    const indexes = new TenantIndexes(indexRows(client), PLENTY);
    const secret = await addSource(tenantId, ["secret plan"]);
    const query = { words: [["secret"]] };
    expect((await searchHeld(indexes, tenantId, query))?.rows).toHaveLength(1);

    await store.sources.remove(tenantId, secret, NOW, purgeOf(tenantId, secret));

    const held = indexes.reader.inSnapshot(() => indexes.current(tenantId)?.search(query, 10));
    expect(held?.rows).toHaveLength(0);
  });

  test("leaves a large change to the background and the database meanwhile", async () => {
    const indexes = new TenantIndexes(indexRows(client), PLENTY);
    await addSource(
      tenantId,
      Array.from({ length: 500 }, () => words(5)),
    );

    expect(indexes.reader.inSnapshot(() => indexes.current(tenantId))).toBeNull();
    await indexes.settled();
    expect(indexes.reader.inSnapshot(() => indexes.current(tenantId))?.size).toBe(500);
  });

  test("starts anew when most of it is forgotten", async () => {
    const indexes = new TenantIndexes(indexRows(client), PLENTY);
    const large = Array.from({ length: 2_100 }, () => "only here");
    const sourceId = await addSource(tenantId, large);
    await searchHeld(indexes, tenantId, { words: [["only"]] });

    await replace(tenantId, sourceId, ["something else"]);

    const held = await searchHeld(indexes, tenantId, { words: [["only", "something"]] });
    expect(held?.rows).toHaveLength(1);
    expect(indexes.reader.inSnapshot(() => indexes.current(tenantId))?.forgotten).toBe(0);
  });

  test("answers without what is gone while it starts anew", async () => {
    const indexes = new TenantIndexes(indexRows(client), PLENTY);
    const stays = await addSource(
      tenantId,
      Array.from({ length: 200 }, () => words(5)),
    );
    const large = await addSource(
      tenantId,
      Array.from({ length: 2_100 }, () => "only here"),
    );
    const query = { words: [["only", "w0"]] };
    await searchHeld(indexes, tenantId, query);
    const before = indexes.sizeBytes;

    await store.sources.remove(tenantId, large, NOW, purgeOf(tenantId, large));

    const found = () => indexes.reader.inSnapshot(() => indexes.current(tenantId)?.search(query, EVERYTHING));
    const meanwhile = found();
    expect(meanwhile?.chunks).toBe(200);
    await indexes.settled();
    expect(found()).toEqual(meanwhile as LexicalMatches);
    expect(indexes.sizeBytes).toBeLessThan(before);
    await expectSameAnswers(indexes, tenantId);
    expect((await store.sources.get(tenantId, stays)).chunkCount).toBe(200);
  });

  test("of more than a question can wait for is forgotten in the background, in pieces", async () => {
    const removed = Array.from({ length: 12_000 }, (_, n) => n);
    const rows = new Map([
      [1, ["kept"]],
      [2, removed.map((n) => `gone w${n % 50}`)],
    ]);
    let generation = 1;
    const reader: TermReader = {
      inSnapshot: (work) => work(),
      tenants: () => [tenantId],
      generation: () => generation,
      sets: () => [...rows.keys()].map((version) => ({ version, analysis: 1, reading: 1 })),
      terms: (version, after, limit) =>
        (rows.get(version) ?? [])
          .map((contentTerms, number) => ({ number, titleTerms: "", headingTerms: "", contentTerms }))
          .slice(after + 1, after + 1 + limit),
    };
    const indexes = new TenantIndexes(reader, PLENTY);
    indexes.loadAll();
    await indexes.settled();
    expect(indexes.current(tenantId)?.size).toBe(12_001);

    rows.delete(2);
    generation++;

    expect(indexes.current(tenantId)).toBeNull();
    await indexes.settled();
    const left = indexes.current(tenantId)?.search({ words: [["gone"], ["kept"]] }, 10);
    expect(left).toMatchObject({ chunks: 1, withWord: [0, 1] });
  });

  describe("of many tenants", () => {
    const LIMIT = 300_000;
    let tenants: TenantId[];
    beforeEach(async () => {
      tenants = [];
      for (let n = 0; n < 12; n++) {
        const tenant = aTenant();
        await store.tenants.create(tenant, owner, aWidget(), anLlmConfig({ tenantId: tenant.id }));
        await addSource(tenant.id, [words(30), words(30)]);
        tenants.push(tenant.id);
      }
    });

    const ask = (indexes: TenantIndexes, tenant: TenantId) =>
      indexes.reader.inSnapshot(() => indexes.current(tenant));

    test("takes no more memory than it may while questions load one after the other", async () => {
      const indexes = new TenantIndexes(indexRows(client), LIMIT);
      for (const tenant of [...tenants, ...tenants]) {
        expect(ask(indexes, tenant)?.size).toBe(2);
        expect(indexes.sizeBytes).toBeLessThanOrEqual(LIMIT);
      }
    });

    test("takes no more while it prepares for all of them, and none that was asked goes for it", async () => {
      const indexes = new TenantIndexes(indexRows(client), LIMIT);
      const asked = tenants.at(-1) as TenantId;
      const held = ask(indexes, asked);

      indexes.loadAll();
      await indexes.settled();

      expect(indexes.sizeBytes).toBeLessThanOrEqual(LIMIT);
      expect(ask(indexes, asked)).toBe(held as InvertedIndex);
    });

    test("lets go first of the one that was asked the longest ago", async () => {
      const indexes = new TenantIndexes(indexRows(client), LIMIT);
      const [first, second, third, ...others] = tenants as [TenantId, TenantId, TenantId, ...TenantId[]];
      const held = [first, second].map((tenant) => ask(indexes, tenant));
      const perTenant = indexes.sizeBytes / 2;
      const fitting = Math.floor(LIMIT / perTenant) - 2;
      for (const tenant of [third, ...others].slice(0, fitting)) ask(indexes, tenant);
      expect(ask(indexes, first)).toBe(held[0] as InvertedIndex);

      ask(indexes, others.at(-1) as TenantId);

      expect(ask(indexes, first)).toBe(held[0] as InvertedIndex);
      expect(ask(indexes, second)).not.toBe(held[1] as InvertedIndex);
    });

    test("leaves all to the database where not even one fits", async () => {
      const indexes = new TenantIndexes(indexRows(client), 50_000);
      for (const tenant of tenants) expect(ask(indexes, tenant)).toBeNull();
      expect(indexes.sizeBytes).toBe(0);
    });
  });

  test("of a tenant holds nothing of another's, nor of one that is not there", async () => {
    await addSource(otherTenant, ["secret plan"]);
    const indexes = new TenantIndexes(indexRows(client), PLENTY);
    const query = { words: [["secret"]] };

    expect(await searchHeld(indexes, tenantId, query)).toMatchObject({
      rows: new Float64Array(),
      chunks: 0,
      withWord: [0],
    });
    expect(await searchHeld(indexes, aTenant().id, query)).toBeNull();
  });

  test("that does not fit its memory is left to the database, others stay", async () => {
    await addSource(
      tenantId,
      Array.from({ length: 400 }, () => words(40)),
    );
    await addSource(otherTenant, ["small plan"]);
    const indexes = new TenantIndexes(indexRows(client), 100_000);
    const query = { words: [["plan"]] };

    expect(await searchHeld(indexes, tenantId, query)).toBeNull();
    expect((await searchHeld(indexes, otherTenant, query))?.rows).toHaveLength(1);
    await addSource(otherTenant, ["another plan"]);
    expect((await searchHeld(indexes, otherTenant, query))?.rows).toHaveLength(2);
  });

  test.each([
    ["nothing", ""],
    ["only signs", "?! … 😀🎉"],
    ["half a character", "leave \ud800 \udc00"],
    ["the database's own syntax", 'leave" OR title:* NEAR(a b) -x ^y AND (NOT z)'],
    ["a megabyte", "leave ".repeat(170_000)],
    ["a megabyte without a space", "x".repeat(1_000_000)],
  ])("answers a question of %s as the database does", async (_, question) => {
    await addSource(tenantId, ["parental leave", "title and near"]);
    const indexes = new TenantIndexes(indexRows(client), PLENTY);
    const query = toLexicalQuery(question, ["eng"]);

    const held = await searchHeld(indexes, tenantId, query);

    const expected = lexicalSearch(client).searchByTerms(tenantId, query, EVERYTHING);
    expect(held?.rows).toEqual(expected.rows);
  });

  test("sees which words are there in another form", async () => {
    await addSource(tenantId, ["das jugendschutzgesetz gilt", "das wetter ist gut"]);
    const indexes = new TenantIndexes(indexRows(client), PLENTY);

    const held = await searchHeld(indexes, tenantId, { words: [["das"], ["jugendschutz"], ["parlament"]] });

    const [first, second] = hitsOf(held as LexicalMatches).sort(
      (left, right) => right.likeness - left.likeness,
    );
    expect(first?.positions).toEqual([[0], [1], []]);
    const [itself, otherForm, absent] = first?.content ?? [];
    expect([itself, absent]).toEqual([1, 0]);
    expect(otherForm).toBeGreaterThan(0.5);
    expect(otherForm).toBeLessThan(1);
    expect(second?.content).toEqual([1, 0, 0]);
  });

  test.each([
    ["left out", "laptp"],
    ["doubled", "lapptop"],
    ["replaced", "laptip"],
    ["swapped with its neighbour", "latpop"],
  ])(
    "finds a word with a letter %s, which no chunk holds, by the closest that one does",
    async (_, typed) => {
      await addSource(tenantId, ["the laptop is lost", "a laptop bag", "lamp and table"]);
      const indexes = new TenantIndexes(indexRows(client), PLENTY);

      const held = (await searchHeld(indexes, tenantId, { words: [[typed], ["lost"]] })) as LexicalMatches;

      expect(held.replaced).toEqual(["laptop", null]);
      expect(held.withWord).toEqual([2, 1]);
      const [first, second] = hitsOf(held);
      expect(held.rows).toHaveLength(2);
      expect(first?.content[0]).toBeLessThan(1);
      expect(second?.positions[0]).toEqual([1]);
    },
  );

  test("finds a compound that no chunk holds by its parts", async () => {
    await addSource(tenantId, ["die planung des urlaub", "das wetter"]);
    const indexes = new TenantIndexes(indexRows(client), PLENTY);

    const held = (await searchHeld(indexes, tenantId, { words: [["urlaubsplanung"]] })) as LexicalMatches;

    expect(held.replaced).toEqual(["urlaub + planung"]);
    expect(hitsOf(held).map(({ positions }) => positions)).toEqual([[[1, 3]]]);
  });

  test("takes no number, no short word and nothing far away for a slip", async () => {
    await addSource(tenantId, ["error e4471 in the pump near mars"]);
    const indexes = new TenantIndexes(indexRows(client), PLENTY);

    const held = await searchHeld(indexes, tenantId, { words: [["e4472"], ["int"], ["bump"], ["pumpkin"]] });

    expect(held).toMatchObject({ rows: new Float64Array(), replaced: [null, null, null, null] });
  });

  test("finds the same best few when it looks only among the likely ones", async () => {
    await addSource(
      tenantId,
      Array.from({ length: 600 }, (_, n) => `${words(30)} ${n % 40 === 0 ? `rare${n % 3}` : ""}`),
    );
    const indexes = new TenantIndexes(indexRows(client), PLENTY);
    await searchHeld(indexes, tenantId, { words: [["rare0"]] });

    for (let n = 0; n < 20; n++) {
      const frequent = [["w0"], ["w1", "w2"], words(2).split(" ")];
      const query = { words: [[`rare${n % 3}`], ...frequent, ["rare1", "rare2"]] };
      const held = indexes.reader.inSnapshot(() => indexes.current(tenantId)?.search(query, 5));
      const expected = lexicalSearch(client).searchByTerms(tenantId, query, EVERYTHING);

      expect(held?.rows).toEqual(expected.rows.slice(0, 5));
    }
  });

  test("counts a word that a chunk says more than 255 times as often as it is said", async () => {
    await addSource(tenantId, ["again ".repeat(700).trim(), "once again"]);
    const indexes = new TenantIndexes(indexRows(client), PLENTY);
    const query = { words: [["again"]] };

    const held = await searchHeld(indexes, tenantId, query);

    const expected = lexicalSearch(client).searchByTerms(tenantId, query, 10);
    expect([...(held?.scores ?? [])]).toEqual([...expected.scores].map((score) => expect.closeTo(score, 9)));
  });
});
