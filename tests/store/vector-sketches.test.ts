import { afterAll, afterEach, beforeEach, describe, expect, spyOn, test } from "bun:test";
import type { EmbeddingIndexState } from "../../src/domain/embedding.ts";
import { type EmbeddingIndexId, newId, type SourceId, type TenantId } from "../../src/domain/ids.ts";
import type { IndexedChunk } from "../../src/domain/knowledge.ts";
import { installNativeParts } from "../../src/native/native.ts";
import { openForReading, openForWriting } from "../../src/store/sqlite/connection.ts";
import { openSqliteStore, type SqliteStoreOptions } from "../../src/store/sqlite/index.ts";
import { sketchRows } from "../../src/store/sqlite/sketch-rows.ts";
import { openVectorSketches, type VectorSketches } from "../../src/store/sqlite/threads/vector-sketches.ts";
import { vectorSearch } from "../../src/store/sqlite/vector-search.ts";
import { vectorTables } from "../../src/store/sqlite/vector-tables.ts";
import type { Store } from "../../src/store/store.ts";
import { seededRandom } from "../bench/clustered-vectors.ts";
import {
  aChunk,
  aFile,
  aFirstAdmin,
  aJob,
  anEmbeddingIndex,
  anLlmConfig,
  aTenant,
  aWidget,
  firstDocument,
  NOW,
} from "../helpers/builders.ts";
import { rejection } from "../helpers/rejection.ts";
import { removeTestStores, sqliteOptions } from "../helpers/sqlite.ts";
import { randomVectors, rowOf } from "../vectors/helpers.ts";

const { vec0 } = await installNativeParts(".");
const DIMENSION = 24;
const OUTCOME = { format: "text", pageCount: null, now: NOW } as const;

let options: SqliteStoreOptions;
let store: Store;
let sketches: VectorSketches;
let tenantId: TenantId;
let otherTenant: TenantId;
let logged: string[];

afterAll(removeTestStores);

async function open(memoryBytes?: number): Promise<void> {
  const connection = { path: options.path, vec0 };
  const note = (event: string) => void logged.push(event);
  const log = { info: note, warn: note };
  sketches = openVectorSketches({ ...connection, log, ...(memoryBytes !== undefined && { memoryBytes }) });
  store = await openSqliteStore({ ...options, sketches });
}

async function reopen(memoryBytes?: number): Promise<void> {
  await store.close();
  await open(memoryBytes);
}

beforeEach(async () => {
  logged = [];
  options = await sqliteOptions({ vec0 });
  await open();
  const first = aFirstAdmin();
  await store.instance.initialise(first);
  tenantId = first.tenant.id;
  const other = aTenant();
  await store.tenants.create(other, first.user.id, aWidget(), anLlmConfig({ tenantId: other.id }));
  otherTenant = other.id;
});
afterEach(() => store.close());

async function anIndex(state: EmbeddingIndexState = "active", dimension = DIMENSION) {
  const index = anEmbeddingIndex({ dimension, state });
  await store.embeddingIndexes.create(index);
  return index.id;
}

async function addSource(index: EmbeddingIndexId, vectors: Float32Array[], tenant = tenantId) {
  const { source, document, job } = aFile({ tenantId: tenant });
  await store.sources.create(source, [document], [job]);
  const chunks = await replace(index, source.id, vectors, tenant);
  return { id: source.id, chunks };
}

async function replace(
  index: EmbeddingIndexId,
  sourceId: SourceId,
  vectors: Float32Array[],
  tenant = tenantId,
): Promise<IndexedChunk[]> {
  const chunks = vectors.map((_, ordinal) =>
    aChunk({ sourceId, ordinal, content: `${sourceId} ${ordinal}` }),
  );
  const outcome = { ...OUTCOME, warnings: [], analysis: 1, reading: 1, jobId: newId("job") };
  await store.chunks.replaceForDocument(tenant, firstDocument(sourceId), chunks, outcome);
  await store.embeddingIndexes.write(
    index,
    chunks.flatMap(({ id }, at) => (vectors[at] ? [{ chunk: id, vector: vectors[at] }] : [])),
  );
  return chunks;
}

function vectorsOf(count: number, seed: number, dimension = DIMENSION): Float32Array[] {
  const all = randomVectors(count, dimension, seed);
  return Array.from({ length: count }, (_, row) => rowOf(all, dimension, row));
}

const oneVector = (seed: number, dimension = DIMENSION) => vectorsOf(1, seed, dimension)[0] as Float32Array;

async function remove(sourceId: SourceId, tenant = tenantId): Promise<void> {
  const purge = aJob({ tenantId: tenant, kind: "purge-source", subject: sourceId });
  await store.sources.remove(tenant, sourceId, NOW, purge);
}

/** Asks, and says who answered. */
async function ask(index: EmbeddingIndexId, question: Float32Array, limit = 10, tenant = tenantId) {
  const before = sketches.answered();
  const hits = await store.embeddingIndexes.searchByVector(tenant, index, question, limit);
  const found = hits.map(({ chunk }) => chunk.content);
  return { found, by: sketches.answered() > before ? "sketch" : "database" };
}

async function whole(): Promise<void> {
  sketches.changed();
  await sketches.settled();
}

/** Ends the worker as a crash would. The store knows it only as the channel that it has. */
function watchWorkers(): { last(): Worker; restore(): void } {
  const started: Worker[] = [];
  const Original = globalThis.Worker;
  const spy = spyOn(globalThis, "Worker").mockImplementation(((url: URL, given: WorkerOptions) => {
    const worker = new Original(url, given);
    if (given.name === "vector-worker") started.push(worker);
    return worker;
  }) as never);
  return { last: () => started.at(-1) as Worker, restore: () => spy.mockRestore() };
}

describe("vectors in memory", () => {
  test("answer after a start with existing data, without having been asked before", async () => {
    const index = await anIndex();
    const { id } = await addSource(index, vectorsOf(40, 1));
    await reopen();
    await sketches.settled();

    expect(await ask(index, rowOf(randomVectors(40, DIMENSION, 1), DIMENSION, 7), 1)).toEqual({
      found: [`${id} 7`],
      by: "sketch",
    });
  });

  test("are not waited for: the database answers until they are loaded", async () => {
    const index = await anIndex();
    const { id } = await addSource(index, vectorsOf(3, 1));
    await reopen();

    expect(await ask(index, oneVector(1), 1)).toEqual({ found: [`${id} 0`], by: "database" });
    await sketches.settled();
    expect(await ask(index, oneVector(1), 1)).toEqual({ found: [`${id} 0`], by: "sketch" });
  });

  test("have a new chunk at once, and what was removed, restored or replaced as it is now", async () => {
    const index = await anIndex();
    await addSource(index, vectorsOf(30, 1));
    await whole();
    const [first, second] = [oneVector(50), oneVector(60)];

    const { id } = await addSource(index, [first]);
    expect(await ask(index, first, 1)).toEqual({ found: [`${id} 0`], by: "sketch" });

    await remove(id);
    const gone = await ask(index, first, 100);
    expect(gone.by).toBe("sketch");
    expect(gone.found).toHaveLength(30);
    expect(gone.found).not.toContain(`${id} 0`);

    await store.sources.restore(tenantId, id, NOW);
    expect(await ask(index, first, 1)).toEqual({ found: [`${id} 0`], by: "sketch" });

    await replace(index, id, [second, second]);
    const replaced = await ask(index, second, 2);
    expect({ ...replaced, found: replaced.found.sort() }).toEqual({
      found: [`${id} 0`, `${id} 1`],
      by: "sketch",
    });
    expect((await ask(index, first, 100)).found).toHaveLength(32);
  });

  test("have nothing any more of what was purged, without being asked", async () => {
    const index = await anIndex();
    const { id } = await addSource(index, vectorsOf(30, 1));
    await addSource(index, vectorsOf(12, 2));
    await whole();
    expect(await sketches.sizes()).toMatchObject([{ liveRows: 42 }]);

    await remove(id);
    await store.sources.purge(tenantId, id);
    await sketches.settled();

    expect(await sketches.sizes()).toMatchObject([{ liveRows: 12 }]);
  });

  test("give the database's own answer after any change, to each tenant its own", async () => {
    const index = await anIndex();
    const client = openForReading({ path: options.path, vec0 });
    const exact = vectorSearch(client);
    const random = seededRandom(11);
    const sources: { id: SourceId; tenant: TenantId }[] = [];
    const changes = [
      async (tenant: TenantId, seed: number) => {
        const { id } = await addSource(index, vectorsOf(1 + Math.floor(random() * 8), seed), tenant);
        sources.push({ id, tenant });
      },
      async (_: TenantId, seed: number) => {
        const [source] = sources;
        if (source)
          await replace(index, source.id, vectorsOf(1 + Math.floor(random() * 8), seed), source.tenant);
      },
      async () => {
        const source = sources.pop();
        if (source) await remove(source.id, source.tenant);
        if (source && random() < 0.5) await store.sources.purge(source.tenant, source.id);
      },
    ];
    await whole();
    for (let round = 1; round <= 40; round++) {
      const tenant = random() < 0.5 ? tenantId : otherTenant;
      const change = changes[Math.floor(random() * 4)] ?? changes[0];
      await change?.(tenant, round);
      for (const asking of [tenantId, otherTenant]) {
        const question = oneVector(1_000 + round);
        const { found, by } = await ask(index, question, 10, asking);
        const expected = exact.searchByVector(asking, index, question, 10);
        expect({ found, by }).toEqual({ found: expected.map(({ chunk }) => chunk.content), by: "sketch" });
      }
    }
    client.close();
  });

  test("are told of a long document while it is written, not only when it is complete", async () => {
    let told = 0;
    await store.close();
    const sketchesOfAnother = {
      searchByVector: async () => null,
      changed: () => void told++,
      settled: async () => {},
      close: async () => {},
    };
    store = await openSqliteStore({ ...options, sketches: sketchesOfAnother });
    const index = await anIndex();

    await addSource(index, vectorsOf(200, 1));

    expect(told).toBeGreaterThan(2);
  });

  test("answer while an index is filled in the background, with all that was written by then", async () => {
    const index = await anIndex();
    const { source, document, job } = aFile({ tenantId });
    await store.sources.create(source, [document], [job]);
    const chunks = await replace(index, source.id, []);
    expect(chunks).toEqual([]);
    const vectors = vectorsOf(400, 3);
    const unembedded = vectors.map((_, ordinal) =>
      aChunk({ sourceId: source.id, ordinal, content: `${ordinal}` }),
    );
    await store.chunks.replaceForDocument(tenantId, document.id, unembedded, {
      ...OUTCOME,
      warnings: [],
      analysis: 1,
      reading: 1,
      jobId: newId("job"),
    });
    await whole();

    for (let from = 0; from < vectors.length; from += 20) {
      const batch = unembedded.slice(from, from + 20);
      await store.embeddingIndexes.write(
        index,
        batch.map(({ id }, place) => ({ chunk: id, vector: vectors[from + place] as Float32Array })),
      );
      const latest = vectors[from + 19] as Float32Array;
      expect(await ask(index, latest, 1)).toEqual({ found: [`${from + 19}`], by: "sketch" });
    }
  });

  test("are there already when an index takes the place of another, and only for those that may be used", async () => {
    const former = await anIndex();
    const { id, chunks } = await addSource(former, vectorsOf(20, 1));
    const next = await anIndex("building", 32);
    const wide = vectorsOf(20, 2, 32);
    const written = chunks.map((chunk, place) => ({ chunk: chunk.id, vector: wide[place] as Float32Array }));
    await store.embeddingIndexes.write(next, written);
    await whole();
    expect(await sketches.sizes()).toHaveLength(1);
    await store.embeddingIndexes.markReady(next);
    await sketches.settled();

    await store.embeddingIndexes.activate(next, NOW);
    expect(await ask(next, wide[4] as Float32Array, 1)).toEqual({ found: [`${id} 4`], by: "sketch" });
    await sketches.settled();
    expect(await sketches.sizes()).toMatchObject([{ indexNumber: 2, liveRows: 20 }]);

    await store.embeddingIndexes.activate(former, NOW);
    const back = await ask(former, oneVector(1), 1);
    expect(back.found).toEqual([`${id} 0`]);
    await sketches.settled();
    expect(await ask(former, oneVector(1), 1)).toEqual({ found: [`${id} 0`], by: "sketch" });
    expect(await sketches.sizes()).toMatchObject([{ indexNumber: 1, liveRows: 20 }]);
  });

  test("of an index that is removed are let go", async () => {
    const index = await anIndex();
    await addSource(index, vectorsOf(20, 1));
    await whole();
    expect(await sketches.sizes()).toHaveLength(1);

    await store.embeddingIndexes.retire(index);
    await store.embeddingIndexes.remove(index);
    await sketches.settled();

    expect(await sketches.sizes()).toEqual([]);
    expect(await rejection(ask(index, oneVector(1)))).toMatchObject({ code: "NOT_FOUND" });
    const log = openForReading({ path: options.path, vec0 });
    expect(log.prepare("select count(*) from vector_changes").pluck().get()).toBe(0);
    log.close();
  });

  test("lost with their worker are answered for by the database, and come back", async () => {
    const workers = watchWorkers();
    await reopen();
    const index = await anIndex();
    const { id } = await addSource(index, vectorsOf(20, 1));
    await whole();
    const expected = [`${id} 0`];
    expect(await ask(index, oneVector(1), 1)).toEqual({ found: expected, by: "sketch" });

    const dead = workers.last();
    const ended = new Promise((resolve) => dead.addEventListener("close", resolve, { once: true }));
    dead.terminate();
    await ended;

    expect(await ask(index, oneVector(1), 1)).toEqual({ found: expected, by: "database" });
    await sketches.settled();
    expect(await ask(index, oneVector(1), 1)).toEqual({ found: expected, by: "sketch" });
    expect(workers.last()).not.toBe(dead);
    expect(logged).toContain("vector-worker-ended");
    workers.restore();
  });

  test("that there is no memory for are left in the database", async () => {
    const index = await anIndex();
    const { id } = await addSource(index, vectorsOf(20, 1));
    await reopen(0);
    await sketches.settled();

    expect(await ask(index, oneVector(1), 1)).toEqual({ found: [`${id} 0`], by: "database" });
    expect(await sketches.sizes()).toEqual([]);
  });

  test("need no thread where there are none", async () => {
    const workers = watchWorkers();
    await reopen();
    await addSource(newId("embedding-index"), []);
    expect(workers.last()).toBeUndefined();
    workers.restore();
  });

  test("say nothing to a question of zeros, which the database answers", async () => {
    const index = await anIndex();
    await addSource(index, vectorsOf(20, 1));
    await whole();

    expect((await ask(index, new Float32Array(DIMENSION))).by).toBe("database");
    expect((await ask(index, oneVector(1))).by).toBe("sketch");
  });
});

describe("what the sketches read", () => {
  test("comes from tables of any block size, as they were made before", async () => {
    const index = await anIndex();
    const vectors = vectorsOf(30, 1);
    await addSource(index, vectors);
    await addSource(index, vectorsOf(5, 2), otherTenant);
    await store.close();
    const client = openForWriting({ path: options.path, vec0 });
    const rows = client.prepare("select rowid, tenant, vector from vectors_1").all() as Record<
      string,
      unknown
    >[];
    client.exec(`drop table vectors_1;
      create virtual table vectors_1 using vec0(tenant integer partition key, vector float[${DIMENSION}] distance_metric=cosine)`);
    const insert = client.prepare("insert into vectors_1 (rowid, tenant, vector) values (?, ?, ?)");
    for (const { rowid, tenant, vector } of rows)
      insert.run(BigInt(rowid as number), BigInt(tenant as number), vector);

    const { rows: loaded, reached } = sketchRows(client).load(1, 0);

    const stored = sketchRows(client).vectors(
      1,
      loaded.map(({ rowId }) => rowId),
    );
    expect(loaded).toHaveLength(35);
    expect(loaded.filter(({ tenant }) => tenant === 2)).toHaveLength(5);
    expect(loaded.slice(0, 30).map(({ vector }) => vector)).toEqual(vectors);
    for (const { rowId, vector } of loaded) expect(stored.get(rowId)).toEqual(vector);
    expect(sketchRows(client).load(1, reached ?? 0)).toEqual({ rows: [], reached: null });
    client.close();
    await open();
    await whole();
    expect((await ask(index, oneVector(1), 1)).by).toBe("sketch");
  });

  test("shows a row to its own tenant, while its source is there", async () => {
    const index = await anIndex();
    const { id } = await addSource(index, vectorsOf(2, 1));
    const client = openForReading({ path: options.path, vec0 });
    const rowIds = client.prepare("select rowid from vectors_1_rowids").pluck().all() as number[];
    const shown = (tenant: TenantId) => sketchRows(client).visible(tenant, [...rowIds, 12_345]);

    expect(shown(tenantId)).toEqual(rowIds);
    expect(shown(otherTenant)).toEqual([]);
    await remove(id);
    expect(shown(tenantId)).toEqual([]);
    client.close();
  });

  test("tells the latest changes, and admits when it has forgotten the earlier ones", async () => {
    const index = await anIndex();
    const { chunks } = await addSource(index, vectorsOf(2, 1));
    await store.close();
    const client = openForWriting({ path: options.path, vec0 });
    const [first, second] = client.prepare("select rowid from vectors_1_rowids").pluck().all() as [
      number,
      number,
    ];
    expect(chunks).toHaveLength(2);
    expect(sketchRows(client).changes(1, 0, 10)).toEqual([
      { generation: 1, tenant: 1, rowId: first },
      { generation: 2, tenant: 1, rowId: second },
    ]);

    const table = vectorTables(client).of(1);
    client.transaction(() => {
      for (let n = 0; n < 21_000; n++) table.replace(first, 1, oneVector(1));
    })();

    const [now] = sketchRows(client).indexes();
    expect(now?.generation).toBe(21_002);
    expect(sketchRows(client).changes(1, 2, 10)).toBeNull();
    expect(sketchRows(client).changes(1, 2_000, 2)).toEqual([
      { generation: 2_001, tenant: 1, rowId: first },
      { generation: 2_002, tenant: 1, rowId: first },
    ]);
    client.close();
    await open();
  });
});
