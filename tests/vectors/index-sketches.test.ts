import { describe, expect, test } from "bun:test";
import type { EmbeddingIndexId } from "../../src/domain/ids.ts";
import {
  type IndexNow,
  IndexSketches,
  partitionOf,
  type VectorChange,
  type VectorReader,
  type VectorRow,
} from "../../src/vectors/index-sketches.ts";
import { nearest } from "../../src/vectors/nearest.ts";
import { clusteredVectors } from "../bench/clustered-vectors.ts";
import { ids, nearestRows, randomVectors, rowOf } from "./helpers.ts";

const PLENTY = 1e9;
const DIMENSION = 16;
const ROWS_PER_SLICE = 50;

/** A database in memory that changes when told to, in between two slices too. */
function aDatabase(dimension = DIMENSION, number = 1) {
  const id = `emb_${number}` as EmbeddingIndexId;
  const rows: VectorRow[] = [];
  const log: VectorChange[] = [];
  let generation = 0;
  let oldestKnown = 0;
  const place = (rowId: number) => rows.findIndex((row) => row.rowId === rowId);
  const changed = (rowId: number, tenant: number) => log.push({ generation: ++generation, rowId, tenant });
  return {
    id,
    rows,
    now: (): IndexNow => ({ number, id, dimension, generation }),
    loads: 0,
    beforeLoad: (_after: number) => {},
    write(rowId: number, vector: Float32Array, tenant = 1) {
      const known = place(rowId);
      if (known >= 0) rows.splice(known, 1, { rowId, tenant, vector });
      else rows.push({ rowId, tenant, vector });
      changed(rowId, tenant);
    },
    remove(rowId: number) {
      const [row] = rows.splice(place(rowId), 1, {
        rowId: -1,
        tenant: 0,
        vector: new Float32Array(dimension),
      });
      changed(rowId, row?.tenant ?? 0);
    },
    /** As if so many changes had come that the earlier ones are not remembered. */
    forgetChanges() {
      oldestKnown = generation;
    },
    changes(after: number, limit: number) {
      return after < oldestKnown ? null : log.filter((change) => change.generation > after).slice(0, limit);
    },
  };
}

type Database = ReturnType<typeof aDatabase>;

function readerOf(...databases: Database[]): VectorReader & { databases: Database[] } {
  const found = (number: number) => databases.find((each) => each.now().number === number) as Database;
  const reader = {
    databases,
    inSnapshot: <T>(work: () => T) => work(),
    indexes: () => databases.map((each) => each.now()),
    places: (number: number) => found(number).rows.length,
    load(number: number, after: number) {
      const database = found(number);
      database.loads++;
      database.beforeLoad(after);
      const rows = database.rows.slice(after, after + ROWS_PER_SLICE).filter(({ rowId }) => rowId >= 0);
      const reached = after + ROWS_PER_SLICE;
      return { rows, reached: after >= database.rows.length ? null : reached };
    },
    changes: (number: number, after: number, limit: number) => found(number).changes(after, limit),
    vectors: (number: number, rowIds: readonly number[]) =>
      new Map(
        found(number)
          .rows.filter(({ rowId }) => rowIds.includes(rowId))
          .map(({ rowId, vector }) => [rowId, vector]),
      ),
  };
  return reader;
}

function filled(count: number, options: { dimension?: number; number?: number; tenant?: number } = {}) {
  const database = aDatabase(options.dimension, options.number);
  const vectors = randomVectors(count, options.dimension ?? DIMENSION);
  for (const rowId of ids(count))
    database.write(rowId, rowOf(vectors, options.dimension ?? DIMENSION, rowId), options.tenant);
  return database;
}

async function loaded(database: Database, memoryBytes = PLENTY): Promise<IndexSketches> {
  const sketches = new IndexSketches(readerOf(database), memoryBytes);
  sketches.followSoon();
  await sketches.settled();
  return sketches;
}

/** All rows that the sketch has for a tenant; null when the database would have to answer. */
function rowsIn(sketches: IndexSketches, { id, now }: Database, tenant = 1): number[] | null {
  const current = sketches.current(id);
  const question = randomVectors(1, now().dimension, 5);
  const found = current?.reader.scan(question, partitionOf(tenant), 2_000, 1).rowIds;
  return found === undefined ? null : Array.from(found).sort((left, right) => left - right);
}

describe("the sketches in memory", () => {
  test("hold every tenant's vectors, apart", async () => {
    const database = filled(120);
    for (const rowId of ids(70, 1_000)) database.write(rowId, randomVectors(1, DIMENSION, rowId), 2);

    const sketches = await loaded(database);

    expect(rowsIn(sketches, database)).toEqual(ids(120));
    expect(rowsIn(sketches, database, 2)).toEqual(ids(70, 1_000));
    expect(rowsIn(sketches, database, 3)).toEqual([]);
  });

  test("are loaded in slices, and the database answers meanwhile", async () => {
    const database = filled(500);
    const sketches = new IndexSketches(readerOf(database), PLENTY);

    expect(sketches.current(database.id)).toBeNull();
    await sketches.settled();
    expect(rowsIn(sketches, database)).toEqual(ids(500));
    expect(database.loads).toBe(11);
  });

  test("miss nothing that is written while they are loaded, and bring nothing back that is removed", async () => {
    const database = filled(300);
    const replacement = randomVectors(1, DIMENSION, 77);
    database.beforeLoad = (after) => {
      if (after !== 100) return;
      // One that is loaded already, one that is not yet, one that comes anew, one that becomes another.
      for (const rowId of [7, 250]) database.remove(rowId);
      database.write(9_000, randomVectors(1, DIMENSION, 3));
      database.write(20, replacement);
    };

    const sketches = await loaded(database);

    const expected = [...ids(300).filter((rowId) => rowId !== 7 && rowId !== 250), 9_000];
    expect(rowsIn(sketches, database)).toEqual(expected);
    const nearest = sketches.current(database.id)?.reader.scan(replacement, partitionOf(1), 1, 1).rowIds[0];
    expect(nearest).toBe(20);
  });

  test("find a new row, and no longer find a removed one, at once", async () => {
    const database = filled(100);
    const sketches = await loaded(database);

    database.write(5_000, randomVectors(1, DIMENSION, 3));
    expect(rowsIn(sketches, database)).toEqual([...ids(100), 5_000]);
    database.remove(50);
    expect(rowsIn(sketches, database)).not.toContain(50);
  });

  test("leave many changes to the background, and the database meanwhile", async () => {
    const database = filled(100);
    const sketches = await loaded(database);

    for (const rowId of ids(600, 1_000)) database.write(rowId, randomVectors(1, DIMENSION, rowId));

    expect(rowsIn(sketches, database)).toBeNull();
    await sketches.settled();
    expect(rowsIn(sketches, database)).toHaveLength(700);
    expect(database.loads).toBe(3);
  });

  test("start anew when the changes that they missed are not remembered any more", async () => {
    const database = filled(100);
    const sketches = await loaded(database);
    database.remove(3);
    database.forgetChanges();
    database.remove(4);

    expect(rowsIn(sketches, database)).toBeNull();
    await sketches.settled();
    expect(rowsIn(sketches, database)).toEqual(ids(100).filter((rowId) => rowId !== 3 && rowId !== 4));
  });

  test("leave out vectors that are similar to nothing", async () => {
    const database = filled(20);
    database.write(100, new Float32Array(DIMENSION));
    database.write(101, new Float32Array(DIMENSION).fill(Number.NaN));
    const sketches = await loaded(database);
    database.write(7, new Float32Array(DIMENSION));

    expect(rowsIn(sketches, database)).toEqual(ids(20).filter((rowId) => rowId !== 7));
  });

  test("leave an index that does not fit to the database, without loading it again and again", async () => {
    const database = filled(200);
    const sketches = await loaded(database, 1_000_000);

    expect(rowsIn(sketches, database)).toBeNull();
    database.write(5_000, randomVectors(1, DIMENSION, 3));
    expect(rowsIn(sketches, database)).toBeNull();
    await sketches.settled();

    expect(database.loads).toBe(0);
    expect(sketches.sizes()).toEqual([]);
  });

  test("give the memory to the index in use before the one that it may be exchanged for", async () => {
    const [inUse, next] = [filled(100, { number: 1 }), filled(100, { number: 2 })];
    const sketches = new IndexSketches(readerOf(inUse, next), 2_200_000);
    sketches.followSoon();
    await sketches.settled();

    expect(sketches.sizes()).toMatchObject([{ indexNumber: 1, isWhole: true }]);
    expect(rowsIn(sketches, inUse)).toEqual(ids(100));
    expect(rowsIn(sketches, next)).toBeNull();
  });

  test("of an index that is not used any more are dropped, which makes room for another", async () => {
    const [former, next] = [filled(100, { number: 1 }), filled(100, { number: 2 })];
    const reader = readerOf(former, next);
    let freed = 0;
    const sketches = new IndexSketches(reader, 2_200_000, () => freed++);
    sketches.followSoon();
    await sketches.settled();

    reader.databases.shift();
    expect(sketches.current(former.id)).toBeNull();
    sketches.followSoon();
    await sketches.settled();

    expect(freed).toBe(1);
    expect(sketches.sizes()).toMatchObject([{ indexNumber: 2, liveRows: 100 }]);
    expect(rowsIn(sketches, next)).toEqual(ids(100));
  });

  test("leave more dimensions than they can hold to the database", async () => {
    const database = aDatabase(4_097);
    database.write(1, randomVectors(1, 4_097));
    expect(rowsIn(await loaded(database), database)).toBeNull();
  });

  test("survive that the database cannot be read, and try again after many changes", async () => {
    const database = filled(100);
    database.beforeLoad = () => {
      throw new Error("disk I/O error");
    };
    const sketches = await loaded(database);
    expect(rowsIn(sketches, database)).toBeNull();
    await sketches.settled();
    expect(database.loads).toBe(1);

    database.beforeLoad = () => {};
    for (let n = 0; n < 1_000; n++) database.write(0, randomVectors(1, DIMENSION, n + 1));
    expect(rowsIn(sketches, database)).toBeNull();
    await sketches.settled();
    expect(rowsIn(sketches, database)).toEqual(ids(100));
  });

  test("close the gaps that many removals leave", async () => {
    const database = filled(2_000);
    const sketches = await loaded(database);
    const [before] = sketches.sizes();
    for (const rowId of ids(2_000)) if (rowId % 10 !== 0) database.remove(rowId);
    sketches.followSoon();
    await sketches.settled();

    expect(sketches.sizes()[0]?.capacityRows).toBeLessThan((before?.capacityRows ?? 0) / 2);
    expect(rowsIn(sketches, database)).toEqual(ids(200).map((n) => n * 10));
  });
});

describe("the nearest rows", () => {
  const dimension = 64;
  const count = 12_000;
  const set = clusteredVectors({ count, questionCount: 30, dimension, seed: 5 });
  const stored = (rowIds: readonly number[]) =>
    new Map(rowIds.map((rowId) => [rowId, rowOf(set.vectors, dimension, rowId)]));
  const everything = { visible: (rowIds: readonly number[]) => [...rowIds], vectors: stored };
  const questions = ids(30).map((number) => rowOf(set.questions, dimension, number));
  const database = aDatabase(dimension);
  for (const rowId of ids(count))
    database.rows.push({ rowId, tenant: 1, vector: rowOf(set.vectors, dimension, rowId) });

  async function reader() {
    const current = (await loaded(database)).current(database.id);
    if (current === null) throw new Error("The sketch is not current.");
    return current.reader;
  }

  test.each([10, 50])("are found by the sketch: 98 of 100 of the best %d", async (limit) => {
    const sketch = await reader();
    let found = 0;
    for (const question of questions) {
      const expected = new Set(nearestRows(set.vectors, question, limit));
      const hits = nearest(sketch, everything, partitionOf(1), question, limit) ?? [];
      expect(hits).toHaveLength(limit);
      found += hits.filter(({ rowId }) => expected.has(rowId)).length;
    }
    expect(found / (questions.length * limit)).toBeGreaterThan(0.98);
  });

  test("are looked for further away where nobody may see the nearest", async () => {
    const sketch = await reader();
    const [question = new Float32Array()] = questions;
    const hidden = new Set(nearestRows(set.vectors, question, 400));
    const visible = (rowIds: readonly number[]) => rowIds.filter((rowId) => !hidden.has(rowId));

    const hits = nearest(sketch, { ...everything, visible }, partitionOf(1), question, 10);

    const best = nearestRows(set.vectors, question, 410).slice(400);
    expect(hits?.filter(({ rowId }) => best.includes(rowId)).length).toBeGreaterThanOrEqual(9);
  });

  test("are left to the database where nobody may see thousands of the nearest", async () => {
    const sketch = await reader();
    const [question = new Float32Array()] = questions;
    const hidden = new Set(nearestRows(set.vectors, question, 5_000));
    const visible = (rowIds: readonly number[]) => rowIds.filter((rowId) => !hidden.has(rowId));

    expect(nearest(sketch, { ...everything, visible }, partitionOf(1), question, 10)).toBeNull();
  });

  test("are all there are of a tenant with few", async () => {
    const few = filled(7, { dimension });
    const current = (await loaded(few)).current(few.id);
    const rows = { ...everything, vectors: (rowIds: readonly number[]) => readerOf(few).vectors(1, rowIds) };

    const hits =
      current && nearest(current.reader, rows, partitionOf(1), rowOf(set.questions, dimension, 0), 10);

    expect(hits?.map(({ rowId }) => rowId).sort()).toEqual(ids(7));
  });
});
