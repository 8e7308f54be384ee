/** What every storage engine promises about embedding indexes and the search in them. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { EmbeddingIndex } from "../../src/domain/embedding.ts";
import { type EmbeddingIndexId, newId, type SourceId, type TenantId } from "../../src/domain/ids.ts";
import type { IndexedChunk } from "../../src/domain/knowledge.ts";
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
  firstDocument,
  NOW,
} from "./builders.ts";
import { rejection } from "./rejection.ts";
import type { StoreUnderTest } from "./store-contract.ts";

const EAST = Float32Array.of(1, 0);
const NORTH = Float32Array.of(0, 1);
const NORTH_EAST = Float32Array.of(0.9, 0.1);

/** `written` is all that the engine has on disk. */
export function embeddingIndexContract(
  engine: string,
  makeDatabase: () => Promise<StoreUnderTest & { written(): Buffer }>,
): void {
  describe(`${engine} keeps the contract of embedding indexes`, () => {
    let database: Awaited<ReturnType<typeof makeDatabase>>;
    let store: Store;
    let tenantId: TenantId;
    let otherTenant: TenantId;

    const open = async () => {
      store = await database.open();
    };

    beforeEach(async () => {
      database = await makeDatabase();
      await open();
      const first = aFirstAdmin();
      await store.instance.initialise(first);
      tenantId = first.tenant.id;
      const other = aTenant();
      await store.tenants.create(other, first.user.id, aWidget(), anLlmConfig({ tenantId: other.id }));
      otherTenant = other.id;
    });
    afterEach(() => store.close());

    async function reopen(): Promise<void> {
      await store.close();
      await open();
    }

    async function anIndex(changes: Partial<EmbeddingIndex> = {}): Promise<EmbeddingIndexId> {
      const index = anEmbeddingIndex({ dimension: 2, state: "ready", ...changes });
      await store.embeddingIndexes.create(index);
      return index.id;
    }

    async function activeIndex(): Promise<EmbeddingIndexId> {
      const index = await anIndex();
      await store.embeddingIndexes.markReady(index);
      await store.embeddingIndexes.activate(index, NOW);
      return index;
    }

    /** A ready source with one chunk per vector, "chunk 0", "chunk 1" and so on. */
    async function addSource(
      tenant: TenantId,
      index: EmbeddingIndexId,
      vectors: (Float32Array | null)[],
    ): Promise<{ id: SourceId; chunks: IndexedChunk[] }> {
      const { source, document, job } = aFile({ tenantId: tenant });
      await store.sources.create(source, [document], [job]);
      const chunks = await replace(tenant, source.id, index, vectors);
      return { id: source.id, chunks };
    }

    async function replace(
      tenant: TenantId,
      source: SourceId,
      index: EmbeddingIndexId,
      vectors: (Float32Array | null)[],
    ): Promise<IndexedChunk[]> {
      const chunks = vectors.map((_, ordinal) =>
        aChunk({ sourceId: source, ordinal, content: `chunk ${ordinal}` }),
      );
      const outcome = {
        format: "text",
        pageCount: null,
        jobId: newId("job"),
        now: NOW,
        analysis: 1,
        reading: 1,
      } as const;
      await store.chunks.replaceForDocument(tenant, firstDocument(source), chunks, {
        ...outcome,
        warnings: [],
      });
      await store.embeddingIndexes.write(
        index,
        chunks.flatMap(({ id }, at) => (vectors[at] ? [{ chunk: id, vector: vectors[at] }] : [])),
      );
      return chunks;
    }

    /** Asks before and after the engine has in memory what it likes to have there: the answer is the same. */
    async function search(tenant: TenantId, index: EmbeddingIndexId, vector: Float32Array, limit: number) {
      const ask = () => store.embeddingIndexes.searchByVector(tenant, index, vector, limit);
      const hits = await ask();
      await store.warm();
      const warm = await ask();
      expect(warm).toEqual(
        hits.map(({ chunk, similarity }) => ({ chunk, similarity: expect.closeTo(similarity, 5) })),
      );
      return warm;
    }

    const found = async (tenant: TenantId, index: EmbeddingIndexId, vector: Float32Array, limit = 10) =>
      (await search(tenant, index, vector, limit)).map(({ chunk }) => chunk.content);
    const lacking = async (index: EmbeddingIndexId) =>
      (await store.embeddingIndexes.chunksWithoutVector(index, null, 100)).items.map(({ chunk }) => chunk);

    test("of the same model is made once, whatever its key, and again when the former one is removed", async () => {
      const server = { source: "openai" as const, name: "m", baseUrl: "http://127.0.0.1:9/v1" };
      const model = { ...server, apiKey: "sk-1", queryPrefix: "", passagePrefix: "" };
      const first = anEmbeddingIndex({ model, dimension: 2 });
      const again = anEmbeddingIndex({ model: { ...model, apiKey: "sk-2" }, dimension: 2 });
      const wider = anEmbeddingIndex({ model, dimension: 3 });
      const create = (index: EmbeddingIndex) => store.embeddingIndexes.create(index);

      expect(await Promise.all([create(first), create(again), create(wider)])).toEqual([
        null,
        first.id,
        null,
      ]);
      await store.embeddingIndexes.remove(first.id);
      expect(await create(again)).toBeNull();
    });

    test("rank a tenant's chunks by cosine, nearest first, with the chunk as people see it", async () => {
      const index = await anIndex();
      const source = await addSource(tenantId, index, [NORTH, EAST]);

      const hits = await search(tenantId, index, NORTH_EAST, 10);

      expect(hits.map(({ chunk }) => chunk.content)).toEqual(["chunk 1", "chunk 0"]);
      expect(hits[0]?.similarity).toBeCloseTo(0.9 / Math.hypot(0.9, 0.1), 5);
      expect(hits[1]?.similarity).toBeCloseTo(0.1 / Math.hypot(0.9, 0.1), 5);
      expect(hits[0]?.chunk).toMatchObject({
        id: source.chunks[1]?.id,
        sourceId: source.id,
        headingPath: [],
      });
      expect(await found(tenantId, index, NORTH_EAST, 1)).toEqual(["chunk 1"]);
    });

    test("never show another tenant's chunks, even when they are nearer", async () => {
      const index = await anIndex();
      await addSource(otherTenant, index, [EAST, EAST, EAST]);
      await addSource(tenantId, index, [NORTH]);

      expect(await found(tenantId, index, EAST)).toEqual(["chunk 0"]);
      expect(await found(tenantId, index, EAST, 1)).toEqual(["chunk 0"]);
    });

    test("take no vector of another dimension, and compare with none", async () => {
      const index = await anIndex();
      const { chunks } = await addSource(tenantId, index, [EAST]);
      const wrong = Float32Array.of(1, 0, 0);
      const refused = { code: "VALIDATION", message: expect.stringContaining("vectors of 2 numbers") };

      expect(await rejection(found(tenantId, index, wrong))).toMatchObject(refused);
      const vectors = chunks.map(({ id }) => ({ chunk: id, vector: wrong }));
      expect(await rejection(store.embeddingIndexes.write(index, vectors))).toMatchObject(refused);
      expect(await found(tenantId, index, EAST)).toEqual(["chunk 0"]);
    });

    test("hold different dimensions side by side", async () => {
      const [narrow, wide] = [await anIndex(), await anIndex({ dimension: 3 })];
      const { chunks } = await addSource(tenantId, narrow, [EAST, NORTH]);
      const vectors = chunks.map(({ id }, n) => ({ chunk: id, vector: Float32Array.of(n, 1 - n, 0) }));

      expect(await store.embeddingIndexes.write(wide, vectors)).toBe(2);

      expect(await found(tenantId, narrow, EAST, 1)).toEqual(["chunk 0"]);
      expect(await found(tenantId, wide, Float32Array.of(1, 0, 0), 1)).toEqual(["chunk 1"]);
    });

    test("are measured on chunks from everywhere among those that people see, and remember how many there were", async () => {
      const index = await anIndex({ calibratedOn: null });
      expect(await store.embeddingIndexes.sampleChunks(4)).toEqual([]);
      const mine = await addSource(
        tenantId,
        index,
        Array.from({ length: 40 }, () => null),
      );
      const theirs = await addSource(otherTenant, index, [null]);
      const purge = aJob({ tenantId: otherTenant, kind: "purge-source", subject: theirs.id });
      await store.sources.remove(otherTenant, theirs.id, NOW, purge);

      const sample = await store.embeddingIndexes.sampleChunks(4);
      expect(sample.map(({ content }) => content)).toEqual([0, 10, 20, 30].map((n) => `chunk ${n}`));
      expect(sample[0]).toMatchObject({ tenantId, document: firstDocument(mine.id), headingPath: [] });
      expect(await store.embeddingIndexes.sampleChunks(100)).toHaveLength(40);

      const scale = { related: 0.5, unrelated: 0.4, background: 0.1, deviation: 0.2 };
      await store.embeddingIndexes.calibrate(index, scale, 41);
      await reopen();
      expect(await store.embeddingIndexes.get(index)).toMatchObject({ scale, calibratedOn: 41 });
    });

    test("are filled from the chunks that have no vector yet, whoever's they are, newest first", async () => {
      const index = await anIndex();
      const mine = await addSource(tenantId, index, [null, EAST]);
      const theirs = await addSource(otherTenant, index, [null]);
      const first = mine.chunks[0]?.id;
      expect(await lacking(index)).toEqual([theirs.chunks[0]?.id, first] as never);
      expect(await store.embeddingIndexes.coverage(index)).toEqual({ chunks: 3, embedded: 1 });

      const page = await store.embeddingIndexes.chunksWithoutVector(index, null, 1);
      expect(page.items).toMatchObject([{ chunk: theirs.chunks[0]?.id, tenantId: otherTenant }]);
      const rest = await store.embeddingIndexes.chunksWithoutVector(index, page.next, 1);
      expect(rest.items).toMatchObject([{ chunk: first, tenantId, content: "chunk 0", headingPath: [] }]);
      const items = [...page.items, ...rest.items];
      const written = items.map(({ chunk }) => ({ chunk, vector: NORTH }));
      expect(await store.embeddingIndexes.write(index, written)).toBe(2);

      expect(await lacking(index)).toEqual([]);
      expect(await store.embeddingIndexes.coverage(index)).toEqual({ chunks: 3, embedded: 3 });
      expect(await found(tenantId, index, NORTH, 1)).toEqual(["chunk 0"]);
      const end = await store.embeddingIndexes.chunksWithoutVector(index, rest.next, 1);
      expect(end).toEqual({ items: [], next: null });
    });

    test("are not looked through when nothing, or only the newest, lacks a vector", async () => {
      const index = await anIndex();
      await addSource(tenantId, index, Array(3000).fill(EAST));
      const complete = await store.embeddingIndexes.chunksWithoutVector(index, null, 32);
      expect(complete).toEqual({ items: [], next: null });

      const { chunks } = await addSource(tenantId, index, [null, null]);

      const { items, next } = await store.embeddingIndexes.chunksWithoutVector(index, null, 32);
      expect(items.map(({ chunk }) => chunk)).toEqual(chunks.map(({ id }) => id).reverse());
      expect(next).toBeNull();
    });

    test("are looked through to the end when something older lacks a vector", async () => {
      const index = await anIndex();
      const old = await addSource(tenantId, index, [null]);
      await addSource(tenantId, index, Array(3000).fill(EAST));

      const first = await store.embeddingIndexes.chunksWithoutVector(index, null, 32);
      expect(first).toEqual({ items: [], next: expect.any(String) });
      const second = await store.embeddingIndexes.chunksWithoutVector(index, first.next, 32);
      expect(second.items.map(({ chunk }) => chunk)).toEqual(old.chunks.map(({ id }) => id));
      expect(second.next).toBeNull();
    });

    test("leave out a chunk that was deleted while its vector was made", async () => {
      const index = await anIndex();
      expect(await store.embeddingIndexes.write(index, [{ chunk: newId("chunk"), vector: EAST }])).toBe(0);
    });

    test("a source's new version takes the place of the old one, vectors and all", async () => {
      const index = await anIndex();
      const { id } = await addSource(tenantId, index, [EAST, EAST, EAST]);

      await replace(tenantId, id, index, [NORTH]);

      expect(await found(tenantId, index, EAST)).toEqual(["chunk 0"]);
      expect(await store.embeddingIndexes.coverage(index)).toEqual({ chunks: 1, embedded: 1 });
    });

    test("a removed source is not found, is found again once restored, and leaves nothing when purged", async () => {
      const secret = Float32Array.of(0.123456, 0.654321);
      const index = await anIndex();
      const { id } = await addSource(tenantId, index, [secret]);
      const purge = aJob({ tenantId, kind: "purge-source", subject: id });
      await store.sources.remove(tenantId, id, NOW, purge);
      expect(await found(tenantId, index, EAST)).toEqual([]);
      await store.sources.restore(tenantId, id, NOW);
      expect(await found(tenantId, index, EAST)).toEqual(["chunk 0"]);

      await store.sources.remove(tenantId, id, NOW, aJob({ tenantId, kind: "purge-source", subject: id }));
      await store.sources.purge(tenantId, id);

      expect(await found(tenantId, index, EAST)).toEqual([]);
      expect(await store.embeddingIndexes.coverage(index)).toEqual({ chunks: 0, embedded: 0 });
      await store.close();
      expect(database.written().includes(Buffer.from(secret.buffer))).toBe(false);
      await open();
    });

    test("what a crash left of an unfinished version is swept, vectors too", async () => {
      const index = await anIndex();
      const { id } = await addSource(tenantId, index, [EAST]);
      // The version is written in slices; the source that goes away in between makes the commit fail.
      const replacing = replace(tenantId, id, index, Array(200).fill(NORTH));
      await store.sources.remove(tenantId, id, NOW, aJob({ tenantId, kind: "purge-source", subject: id }));
      expect(await replacing.catch((thrown: unknown) => thrown)).toMatchObject({ code: "NOT_FOUND" });
      await store.sources.restore(tenantId, id, NOW);
      await store.chunks.sweep();

      expect(await found(tenantId, index, NORTH)).toEqual(["chunk 0"]);
      expect(await store.embeddingIndexes.coverage(index)).toEqual({ chunks: 1, embedded: 1 });
    });

    test("become active one at a time, and the former one can be active again", async () => {
      const [first, second] = [await activeIndex(), await anIndex({ dimension: 3, state: "building" })];
      const states = async () => (await store.embeddingIndexes.list()).map(({ state }) => state);
      expect(await rejection(store.embeddingIndexes.activate(second, NOW))).toMatchObject({
        code: "CONFLICT",
      });
      expect(await states()).toEqual(["active", "building"]);

      await store.embeddingIndexes.markReady(second);
      expect((await store.embeddingIndexes.findActive())?.id).toBe(first);
      await store.embeddingIndexes.activate(second, NOW + 1);
      expect(await states()).toEqual(["retired", "active"]);
      expect(await store.embeddingIndexes.findActive()).toMatchObject({ id: second, activatedAt: NOW + 1 });

      await store.embeddingIndexes.activate(first, NOW + 2);
      expect(await states()).toEqual(["active", "retired"]);
      await store.embeddingIndexes.retire(first);
      expect(await store.embeddingIndexes.findActive()).toBeNull();
    });

    test("are removed with all that is in them, but never while in use", async () => {
      const index = await activeIndex();
      const { id } = await addSource(tenantId, index, Array(100).fill(EAST));
      expect(await rejection(store.embeddingIndexes.remove(index))).toMatchObject({ code: "CONFLICT" });

      await store.embeddingIndexes.retire(index);
      await store.embeddingIndexes.remove(index);

      expect(await store.embeddingIndexes.list()).toEqual([]);
      expect(await rejection(found(tenantId, index, EAST))).toMatchObject({ code: "NOT_FOUND" });
      // What was made for an index that is gone is no reason to lose the document.
      expect(await rejection(replace(tenantId, id, index, [EAST]))).toMatchObject({ code: "NOT_FOUND" });
      expect(await store.sources.get(tenantId, id)).toMatchObject({ status: "ready", chunkCount: 1 });
      const another = await anIndex({ dimension: 2 });
      expect(await found(tenantId, another, EAST)).toEqual([]);
    });

    test("survive a restart, keys sealed", async () => {
      const model = {
        source: "openai",
        name: "text-embedding-3-small",
        baseUrl: "http://127.0.0.1:9/v1",
        apiKey: "sk-CANARY-4711",
        queryPrefix: "query: ",
        passagePrefix: "passage: ",
      } as const;
      const index = await anIndex({ model });
      await addSource(tenantId, index, [EAST, NORTH]);
      const apiKey = "sk-CANARY-0815";
      await store.embeddingIndexes.replaceKey(index, apiKey);

      await reopen();

      expect(await store.embeddingIndexes.get(index)).toMatchObject({
        ...{ model: { ...model, apiKey }, dimension: 2, state: "ready" },
      });
      expect(await found(tenantId, index, EAST, 1)).toEqual(["chunk 0"]);
      expect(database.written().includes("CANARY")).toBe(false);
    });
  });
}
