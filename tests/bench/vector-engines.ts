/** What `bun run bench vectors` compares: Parley's sketch, sqlite-vec's own scan, usearch and LanceDB. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { openVectorSketches } from "../../src/store/sqlite/threads/vector-sketches.ts";
import { vectorSearch } from "../../src/store/sqlite/vector-search.ts";
import { openVectorSketch } from "../../src/vectors/reader.ts";
import { createVectorSketch, type VectorSketch } from "../../src/vectors/sketch.ts";
import type { ClusteredVectors } from "./clustered-vectors.ts";
import { rowOfChunk, type VectorDatabase } from "./vector-database.ts";

/** Row ids count from 1. */
export type Engine = {
  name: string;
  buildMs: number;
  /** What it keeps in memory for searching, or null where the library does not tell. */
  memoryBytes: number | null;
  fileBytes: number;
  search(question: Float32Array, k: number): Promise<number[]> | number[];
  close(): Promise<void>;
};

const TENANT = "ten_bench";
const BATCH_ROWS = 5_000;
const PEERS = join(import.meta.dir, "peers");

/** As the product asks: the worker's sketch, exact rescoring and the chunks' rows from SQLite, and the way there and back. */
export async function parleyEngine(
  { path, tenantId, indexId, fileBytes }: VectorDatabase,
  vec0: string,
): Promise<Engine> {
  const startedAt = performance.now();
  const sketches = openVectorSketches({ path, vec0 });
  sketches.changed();
  await sketches.settled();
  const buildMs = performance.now() - startedAt;
  const [held] = await sketches.sizes();
  return {
    name: "Parley: sketch, exact rescoring, chunks read",
    buildMs,
    memoryBytes: held?.usedBytes ?? null,
    fileBytes,
    async search(question, k) {
      const hits = await sketches.searchByVector(tenantId, indexId, question, k);
      if (hits === null)
        throw new Error("The sketch did not answer: it is not loaded, or does not fit the memory.");
      return hits.map(({ chunk }) => rowOfChunk(chunk.id));
    },
    close: () => sketches.close(),
  };
}

/** The sketch in this thread, made of the vectors as they are. */
export function sketchOf({ vectors, dimension }: ClusteredVectors): VectorSketch {
  const sketch = createVectorSketch({ dimension });
  for (const [first, rows] of batches(vectors, dimension)) {
    const rowIds = Array.from({ length: rows.length / dimension }, (_, i) => first + i);
    sketch.append(TENANT, rowIds, rows);
  }
  return sketch;
}

/** The scan of the sketch alone, without the exact look at its candidates. */
export function sketchAlone(sketch: VectorSketch): Engine {
  const reader = openVectorSketch(sketch.handle);
  return {
    name: "Parley: sketch alone",
    buildMs: 0,
    memoryBytes: sketch.size().usedBytes,
    fileBytes: 0,
    search: (question, k) => [...reader.scan(question, TENANT, k).rowIds.subarray(0, k)],
    close: async () => {},
  };
}

/** What answers while there is no sketch. */
export function exactEngine({ client, tenantId, indexId, buildMs, fileBytes }: VectorDatabase): Engine {
  const exact = vectorSearch(client);
  return {
    name: "Parley without a sketch: vec0, chunks read",
    buildMs,
    memoryBytes: null,
    fileBytes,
    search: (question, k) =>
      exact.searchByVector(tenantId, indexId, question, k).map(({ chunk }) => rowOfChunk(chunk.id)),
    close: async () => {},
  };
}

/** With blocks of 1,024 rows, as sqlite-vec makes them unless told otherwise. */
export function vec0Engine(folder: string, vec0: string, { vectors, dimension }: ClusteredVectors): Engine {
  const path = join(folder, "vec0.db");
  const client = new Database(path);
  client.pragma("journal_mode = wal");
  client.loadExtension(vec0);
  client.exec(`create virtual table vectors using vec0(vector float[${dimension}] distance_metric=cosine)`);
  const insert = client.prepare("insert into vectors (rowid, vector) values (?, ?)");
  const startedAt = performance.now();
  for (const [first, rows] of batches(vectors, dimension)) {
    client.transaction(() => {
      for (let i = 0; i * dimension < rows.length; i++)
        insert.run(BigInt(first + i), asBytes(rows.subarray(i * dimension, (i + 1) * dimension)));
    })();
  }
  client.pragma("wal_checkpoint(truncate)");
  const buildMs = performance.now() - startedAt;
  const nearest = client.prepare("select rowid from vectors where vector match ? and k = ?").pluck();
  return {
    name: "sqlite-vec vec0, exact",
    buildMs,
    memoryBytes: null,
    fileBytes: statSync(path).size,
    search: (question, k) => nearest.all(asBytes(question), k) as number[],
    close: async () => void client.close(),
  };
}

/** Null where the package is not installed, or does not run on this machine. */
export async function usearchEngine(folder: string, set: ClusteredVectors): Promise<Engine | null> {
  const library = await peer<{ Index: new (options: object) => UsearchIndex }>("usearch");
  if (library === null) return null;
  const { vectors, dimension } = set;
  const startedAt = performance.now();
  const index = new library.Index({ metric: "ip", dimensions: dimension, quantization: "f32" });
  for (const [first, rows] of batches(vectors, dimension)) {
    const ids = BigUint64Array.from({ length: rows.length / dimension }, (_, i) => BigInt(first + i));
    index.add(ids, rows, 2);
  }
  const buildMs = performance.now() - startedAt;
  const file = join(folder, "usearch.bin");
  index.save(file);
  const fileBytes = statSync(file).size;
  return {
    name: "usearch HNSW f32",
    buildMs,
    memoryBytes: fileBytes,
    fileBytes,
    search: (question, k) => Array.from(index.search(question, k, 1).keys, Number),
    close: async () => {},
  };
}

type UsearchIndex = {
  add(keys: BigUint64Array, vectors: Float32Array, threads: number): void;
  save(path: string): void;
  search(vector: Float32Array, k: number, threads: number): { keys: BigUint64Array };
};

/** IVF-PQ with refinement; below 100,000 rows, where there is nothing to train on, a flat scan. */
export async function lanceEngine(folder: string, set: ClusteredVectors): Promise<Engine | null> {
  const library = await peer<Lance>("@lancedb/lancedb");
  if (library === null) return null;
  const { vectors, dimension } = set;
  const count = vectors.length / dimension;
  const path = join(folder, "lance");
  const database = await library.connect(path);
  const startedAt = performance.now();
  let table: LanceTable | undefined;
  for (const [first, rows] of batches(vectors, dimension)) {
    const records = Array.from({ length: rows.length / dimension }, (_, i) => ({
      id: first + i,
      vector: Array.from(rows.subarray(i * dimension, (i + 1) * dimension)),
    }));
    if (table === undefined) table = await database.createTable("vectors", records);
    else await table.add(records);
  }
  const filled = table as LanceTable;
  const flat = count < 100_000;
  if (!flat) {
    const shape = { numPartitions: Math.round(count / 4_096), numSubVectors: 48, distanceType: "cosine" };
    await filled.createIndex("vector", { config: library.Index.ivfPq(shape) });
  }
  return {
    name: flat ? "LanceDB, flat" : "LanceDB IVF-PQ, 20 probes, refined 10 times",
    buildMs: performance.now() - startedAt,
    memoryBytes: null,
    fileBytes: folderBytes(path),
    search: async (question, k) => {
      const near = filled
        .vectorSearch(Array.from(question))
        .distanceType("cosine")
        .limit(k)
        .select(["id", "_distance"]);
      const rows = await (flat ? near : near.nprobes(20).refineFactor(10)).toArray();
      return rows.map(({ id }) => Number(id));
    },
    close: async () => database.close(),
  };
}

type LanceQuery = {
  distanceType(name: string): LanceQuery;
  limit(k: number): LanceQuery;
  select(columns: string[]): LanceQuery;
  nprobes(count: number): LanceQuery;
  refineFactor(factor: number): LanceQuery;
  toArray(): Promise<{ id: number }[]>;
};
type LanceTable = {
  add(records: object[]): Promise<unknown>;
  createIndex(column: string, options: object): Promise<void>;
  vectorSearch(vector: number[]): LanceQuery;
};
type Lance = {
  connect(path: string): Promise<{
    createTable(name: string, records: object[]): Promise<LanceTable>;
    close(): void;
  }>;
  Index: { ivfPq(shape: object): object };
};

/** Installs the packages of `peers/` once; afterwards, and where that fails, nothing leaves the machine. */
export function installPeers(): boolean {
  return Bun.spawnSync(["bun", "install", "--frozen-lockfile"], { cwd: PEERS, stderr: "ignore" }).success;
}

async function peer<Library>(name: string): Promise<Library | null> {
  try {
    return (await import(Bun.resolveSync(name, PEERS))) as Library;
  } catch {
    return null;
  }
}

/** Row id of the first, and the rows, of each batch. */
function* batches(vectors: Float32Array, dimension: number): Generator<[number, Float32Array]> {
  for (let row = 0; row * dimension < vectors.length; row += BATCH_ROWS)
    yield [row + 1, vectors.subarray(row * dimension, (row + BATCH_ROWS) * dimension)];
}

function asBytes(vector: Float32Array): Buffer {
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength);
}

function folderBytes(path: string): number {
  return readdirSync(path, { withFileTypes: true, recursive: true }).reduce(
    (sum, entry) => sum + (entry.isFile() ? statSync(join(entry.parentPath, entry.name)).size : 0),
    0,
  );
}
