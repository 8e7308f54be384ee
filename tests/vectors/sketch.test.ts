import { describe, expect, test } from "bun:test";
import { openVectorSketch } from "../../src/vectors/reader.ts";
import { createVectorSketch } from "../../src/vectors/sketch.ts";
import { clusteredVectors } from "../bench/clustered-vectors.ts";
import { cosine, ids, nearestRows, randomVectors, rowOf } from "./helpers.ts";
import type { SketchQuestion } from "./sketch-worker.ts";

const RED = "ten_red";
const BLUE = "ten_blue";

/** A sketch of `vectors` of one tenant, with row numbers as ids, and a reader. */
function sketchOf(vectors: Float32Array, dimension: number, tenant = RED) {
  const sketch = createVectorSketch({ dimension });
  sketch.append(tenant, ids(vectors.length / dimension), vectors);
  return { sketch, reader: openVectorSketch(sketch.handle) };
}

function refusalOf(action: () => unknown): unknown {
  try {
    action();
  } catch (thrown) {
    return thrown;
  }
  return null;
}

describe("the vector sketch", () => {
  test.each([1, 3, 15, 16, 17, 100, 384, 1_000, 4_096])(
    "finds the same vector of %d dimensions again",
    (dimension) => {
      const vectors = randomVectors(40, dimension);
      const { reader } = sketchOf(vectors, dimension);
      for (const row of [0, 17, 39]) {
        const query = rowOf(vectors, dimension, row);
        const { rowIds } = reader.scan(query, RED, 4);
        const hits = reader.rescore(query, rowIds, (rowId) => rowOf(vectors, dimension, rowId), 4);
        expect(hits[0]?.similarity).toBeCloseTo(1, 5);
        // In one dimension all vectors of one sign are alike.
        if (dimension > 1) expect(hits[0]?.rowId).toBe(row);
      }
    },
  );

  test("brings 98 of 100 nearest neighbours among its candidates, and ranks them exactly", () => {
    const dimension = 384;
    const set = clusteredVectors({ count: 6_000, questionCount: 20, dimension, seed: 5 });
    const { reader } = sketchOf(set.vectors, dimension);
    let found = 0;
    for (let number = 0; number < 20; number++) {
      const question = rowOf(set.questions, dimension, number);
      const nearest = nearestRows(set.vectors, question, 10);
      const { rowIds } = reader.scan(question, RED, 10);
      const hits = reader.rescore(question, rowIds, (rowId) => rowOf(set.vectors, dimension, rowId), 10);
      found += hits.filter(({ rowId }) => nearest.includes(rowId)).length;
      for (const { rowId, similarity } of hits)
        expect(similarity).toBeCloseTo(cosine(question, rowOf(set.vectors, dimension, rowId)), 5);
      expect(hits.map(({ similarity }) => similarity)).toEqual(
        hits.map(({ similarity }) => similarity).sort((a, b) => b - a),
      );
    }
    expect(found).toBeGreaterThanOrEqual(196);
  });

  test("estimates similarities without bias, in spaces where all vectors lie close together too", () => {
    const dimension = 384;
    const random = randomVectors(800, dimension, 11);
    for (const common of [0, 2]) {
      const vectors = random.map((value, i) => value + (i % dimension < 100 ? common : 0));
      const { reader } = sketchOf(vectors, dimension);
      const query = randomVectors(1, dimension, 12).map((value, i) => value + (i < 100 ? common : 0));
      const { rowIds, estimates } = reader.scan(query, RED, 800, 1);
      expect(rowIds.length).toBe(800);
      const errors = Array.from(
        rowIds,
        (rowId, i) => (estimates[i] ?? 0) - cosine(query, rowOf(vectors, dimension, rowId)),
      );
      const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
      const deviation = Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / errors.length);
      expect(Math.abs(mean)).toBeLessThan(0.005);
      expect(deviation).toBeLessThan(0.03);
    }
  });

  test("does not depend on how long vectors are", () => {
    const vectors = randomVectors(50, 64);
    const { reader } = sketchOf(
      vectors.map((value) => value * 1e-12),
      64,
    );
    const { reader: unscaled } = sketchOf(vectors, 64);
    const query = rowOf(vectors, 64, 7);
    expect(
      reader.scan(
        query.map((value) => value * 1e12),
        RED,
        5,
      ).rowIds,
    ).toEqual(unscaled.scan(query, RED, 5).rowIds);
  });

  test("never brings rows of another tenant", () => {
    const dimension = 32;
    const sketch = createVectorSketch({ dimension });
    const tenants = ids(40).map((number) => `ten_${number}`);
    const all = randomVectors(40 * 50, dimension);
    // Mixed, a few at a time, and each tenant's ids from a range of its own.
    for (let part = 0; part < 10; part++) {
      for (const [number, tenant] of tenants.entries()) {
        const first = (number * 50 + part * 5) * dimension;
        sketch.append(tenant, ids(5, number * 1_000 + part * 5), all.subarray(first, first + 5 * dimension));
      }
    }
    const reader = openVectorSketch(sketch.handle);
    for (const [number, tenant] of tenants.entries()) {
      const { rowIds } = reader.scan(rowOf(all, dimension, 1), tenant, 100);
      expect([...rowIds].sort((a, b) => a - b)).toEqual(ids(50, number * 1_000));
    }
    expect(reader.scan(rowOf(all, dimension, 1), "ten_unknown", 10).rowIds.length).toBe(0);
  });

  test("keeps a tenant's rows apart when places that another tenant left are used again", () => {
    const dimension = 32;
    const vectors = randomVectors(3_000, dimension);
    const { sketch, reader } = sketchOf(vectors, dimension);
    const usedBefore = sketch.size().usedBytes;
    sketch.removeTenant(RED);
    sketch.append(BLUE, ids(3_000, 50_000), vectors);
    expect(sketch.size().usedBytes - usedBefore).toBeLessThan(5_000);
    expect(reader.scan(rowOf(vectors, dimension, 3), RED, 100).rowIds.length).toBe(0);
    const { rowIds } = reader.scan(rowOf(vectors, dimension, 3), BLUE, 200);
    expect(rowIds.every((rowId) => rowId >= 50_000)).toBe(true);
    expect(rowIds).toContain(50_003);
  });

  test("forgets removed rows, and wipes what it knew of them", () => {
    const dimension = 64;
    const vectors = randomVectors(100, dimension);
    const { sketch, reader } = sketchOf(vectors, dimension);
    const before = new Uint8Array(sketch.handle.memory.buffer).slice();
    expect(sketch.remove(RED, [5, 6, 99, 12_345])).toBe(3);
    expect(sketch.remove(RED, [5])).toBe(0);
    expect(sketch.remove(BLUE, [7])).toBe(0);
    const { rowIds } = reader.scan(rowOf(vectors, dimension, 5), RED, 100, 1);
    expect(rowIds.length).toBe(97);
    for (const gone of [5, 6, 99]) expect(rowIds).not.toContain(gone);

    sketch.remove(RED, ids(100));
    expect(sketch.size().liveRows).toBe(0);
    const after = new Uint8Array(sketch.handle.memory.buffer);
    const left = before.filter((byte, i) => byte !== 0 && after[i] === byte).length;
    // What is still there are the header and the tenant's key.
    expect(left).toBeLessThan(32);
  });

  test("uses the places of removed rows for new ones", () => {
    const dimension = 32;
    const vectors = randomVectors(200, dimension);
    const { sketch, reader } = sketchOf(vectors, dimension);
    const { usedBytes } = sketch.size();
    for (let round = 0; round < 20; round++) {
      sketch.remove(RED, ids(50, round * 50));
      sketch.append(RED, ids(50, 200 + round * 50), vectors.subarray(0, 50 * dimension));
    }
    expect(sketch.size().usedBytes).toBe(usedBytes);
    expect(sketch.size().liveRows).toBe(200);
    expect([...reader.scan(rowOf(vectors, dimension, 0), RED, 200, 1).rowIds].sort((a, b) => a - b)).toEqual(
      ids(200, 1_000),
    );
  });

  test("compacts what removals left sparse, without losing a row or its place in the ranking", () => {
    const dimension = 64;
    const vectors = randomVectors(6_000, dimension);
    const sketch = createVectorSketch({ dimension });
    const reader = openVectorSketch(sketch.handle);
    for (let row = 0; row < 6_000; row += 500)
      sketch.append(RED, ids(500, row), vectors.subarray(row * dimension, (row + 500) * dimension));
    sketch.remove(
      RED,
      ids(6_000).filter((rowId) => rowId % 10 !== 0),
    );
    const query = randomVectors(1, dimension, 9);
    const before = reader.scan(query, RED, 600, 1);
    const { capacityRows } = sketch.size();
    while (sketch.compact(200) > 0);
    expect(sketch.size().capacityRows).toBeLessThan(capacityRows / 2);
    expect(reader.scan(query, RED, 600, 1)).toEqual(before);
    expect(sketch.size().liveRows).toBe(600);
    expect(sketch.remove(RED, [10, 5_990])).toBe(2);
  });

  test("replaces a row that comes again", () => {
    const dimension = 48;
    const vectors = randomVectors(10, dimension);
    const { sketch, reader } = sketchOf(vectors, dimension);
    const changed = randomVectors(1, dimension, 77);
    sketch.append(RED, [4], changed);
    expect(reader.scan(changed, RED, 1, 1).rowIds[0]).toBe(4);
    expect(reader.scan(changed, RED, 10).rowIds.length).toBe(10);
  });

  test("grows over many extents and megabytes, and a reader that was opened before sees all of it", () => {
    const dimension = 384;
    const sketch = createVectorSketch({ dimension });
    const reader = openVectorSketch(sketch.handle);
    const vectors = randomVectors(500, dimension);
    for (let round = 0; round < 40; round++) sketch.append(RED, ids(500, round * 500), vectors);
    expect(sketch.size()).toMatchObject({ liveRows: 20_000, tenants: 1 });
    expect(sketch.size().usedBytes).toBeLessThan(20_000 * 150);
    const { rowIds } = reader.scan(rowOf(vectors, dimension, 123), RED, 40, 1);
    expect([...rowIds].sort((a, b) => a - b)).toEqual(ids(40).map((round) => round * 500 + 123));
  });

  test("keeps ids up to 2⁵³ exactly", () => {
    const dimension = 16;
    const rowIds = [0, 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 40 + 7, Number.MAX_SAFE_INTEGER];
    const vectors = randomVectors(rowIds.length, dimension);
    const sketch = createVectorSketch({ dimension });
    sketch.append(RED, rowIds, vectors);
    const found = openVectorSketch(sketch.handle).scan(rowOf(vectors, dimension, 0), RED, 10).rowIds;
    expect([...found].sort((a, b) => a - b)).toEqual(rowIds);
    expect(sketch.remove(RED, [2 ** 40 + 7])).toBe(1);
  });

  test("refuses vectors that cannot be compared, and then changes nothing", () => {
    const sketch = createVectorSketch({ dimension: 4 });
    const good = [1, 2, 3, 4];
    for (const bad of [
      [Number.NaN, 0, 0, 1],
      [Number.POSITIVE_INFINITY, 0, 0, 1],
      [0, 0, 0, 0],
    ]) {
      const vectors = Float32Array.from([...good, ...bad]);
      expect(refusalOf(() => sketch.append(RED, [1, 2], vectors))).toMatchObject({
        name: "AppError",
        code: "VALIDATION",
      });
    }
    for (const [rowIds, length] of [
      [[1], 3],
      [[1], 8],
      [[-1], 4],
      [[1.5], 4],
      [[3, 3], 8],
    ] as const) {
      const vectors = new Float32Array(length).fill(1);
      expect(refusalOf(() => sketch.append(RED, rowIds, vectors))).toMatchObject({ code: "VALIDATION" });
    }
    expect(refusalOf(() => sketch.append("", [1], Float32Array.from(good)))).toMatchObject({
      code: "VALIDATION",
    });
    expect(sketch.size().liveRows).toBe(0);
  });

  test("refuses questions that it would not take as vectors", () => {
    const { reader } = sketchOf(randomVectors(3, 4), 4);
    for (const query of [
      [1, 2, 3],
      [1, 2, 3, 4, 5],
      [0, 0, 0, 0],
      [1, Number.NaN, 0, 0],
    ]) {
      expect(refusalOf(() => reader.scan(Float32Array.from(query), RED, 3))).toMatchObject({
        code: "VALIDATION",
      });
      expect(refusalOf(() => reader.rescore(Float32Array.from(query), [], () => null, 3))).toMatchObject({
        code: "VALIDATION",
      });
    }
    for (const dimension of [0, -1, 1.5, 4_097, Number.NaN])
      expect(refusalOf(() => createVectorSketch({ dimension }))).toMatchObject({ code: "VALIDATION" });
  });

  test("leaves out candidates whose stored vector is gone", () => {
    const vectors = randomVectors(5, 8);
    const { reader } = sketchOf(vectors, 8);
    const stored = (rowId: number) => (rowId === 2 ? null : rowOf(vectors, 8, rowId));
    const hits = reader.rescore(rowOf(vectors, 8, 2), ids(5), stored, 5);
    expect(hits.map(({ rowId }) => rowId).sort()).toEqual([0, 1, 3, 4]);
  });
});

describe("another worker", () => {
  const dimension = 96;

  async function withWorker(check: (ask: (question: SketchQuestion) => Promise<number[]>) => Promise<void>) {
    const worker = new Worker(new URL("./sketch-worker.ts", import.meta.url));
    const ask = (question: SketchQuestion) =>
      new Promise<number[]>((resolve, reject) => {
        worker.onmessage = ({ data: found }) => resolve(found);
        worker.onerror = ({ message }) => reject(new Error(message));
        worker.postMessage(question);
      });
    try {
      await check(ask);
    } finally {
      worker.terminate();
    }
  }

  test("finds a row as soon as it was appended, through growth and for tenants it had not seen", async () => {
    await withWorker(async (ask) => {
      const sketch = createVectorSketch({ dimension });
      await ask({ kind: "open", handle: sketch.handle });
      for (let round = 0; round < 12; round++) {
        const tenant = `ten_${round % 5}`;
        const vectors = randomVectors(1_500, dimension, round + 1);
        sketch.append(tenant, ids(1_500, round * 1_500), vectors);
        const query = rowOf(vectors, dimension, 700);
        const [best] = await ask({ kind: "scan", query, tenant, k: 1 });
        expect(best).toBe(round * 1_500 + 700);
      }
    });
  });

  test("never sees another tenant's rows or loses one while memory is moved about under it", async () => {
    await withWorker(async (ask) => {
      const sketch = createVectorSketch({ dimension });
      const lasting = randomVectors(100, dimension);
      sketch.append(RED, ids(100), lasting);
      await ask({ kind: "open", handle: sketch.handle });
      const stop = new Int32Array(new SharedArrayBuffer(8));
      const seen = ask({
        kind: "keep-scanning",
        query: rowOf(lasting, dimension, 1),
        tenant: RED,
        k: 200,
        stop,
      });
      const passing = randomVectors(2_000, dimension, 3);
      for (let round = 0; round < 25 || (Atomics.load(stop, 1) < 50 && round < 5_000); round++) {
        sketch.append(BLUE, ids(2_000, 10_000), passing);
        sketch.append(RED, ids(60, 1_000), passing.subarray(0, 60 * dimension));
        sketch.remove(BLUE, ids(1_800, 10_000));
        sketch.remove(RED, ids(50, 1_000));
        sketch.compact();
        sketch.removeTenant(BLUE);
        sketch.remove(RED, ids(60, 1_000));
      }
      Atomics.store(stop, 0, 1);
      const found = await seen;
      expect(found.filter((rowId) => rowId >= 10_000)).toEqual([]);
      expect(found.filter((rowId) => rowId < 100).length).toBe(100);
    });
  });
});
