/**
 * Vector search on clustered vectors of 384 dimensions: latency, recall, memory, files and build times, beside
 * sqlite-vec, usearch and LanceDB in the same run, and how near the scan comes to the speed of memory.
 *
 *     PARLEY_BENCH_VECTORS=10000,100000 bun run bench vectors     other sizes than 10k, 100k, 500k and 1M
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installNativeParts } from "../../src/native/native.ts";
import { instantiateKernel } from "../../src/vectors/kernel.ts";
import { geometryOf } from "../../src/vectors/layout.ts";
import { createMemory, sharedMemory } from "../../src/vectors/shared-memory.ts";
import { type ClusteredVectors, clusteredVectors } from "./clustered-vectors.ts";
import { type Figure, median } from "./figure.ts";
import { type VectorDatabase, vectorDatabase } from "./vector-database.ts";
import {
  type Engine,
  exactEngine,
  installPeers,
  lanceEngine,
  parleyEngine,
  sketchAlone,
  sketchOf,
  usearchEngine,
  vec0Engine,
} from "./vector-engines.ts";

const DIMENSION = 384;
const K = 10;
/** So many candidates the fusion takes from each search. */
const TURN_K = 50;
const SEED = 20_260_901;
const QUESTIONS = 200;
/** Slow engines get fewer questions: one that needs 300 ms would take a minute. */
const QUESTION_BUDGET_MS = 15_000;
/** Sizes at which others are asked, too; building their indexes takes longest. */
const COMPARED = [100_000, 500_000];
/** Beyond all rows of any size. */
const NEW_ROWS = 10_000_001;
const SIZES = (process.env.PARLEY_BENCH_VECTORS ?? "10000,100000,500000,1000000").split(",").map(Number);
/** The design's goal, for 500,000 rows. */
const GOAL = "p95 < 20 ms, recall ≥ 0.98, ≤ 60 MB";

export async function benchVectors(): Promise<Figure[]> {
  if (!installPeers()) console.log("  usearch and LanceDB could not be installed; they are left out.");
  const { vec0 } = await installNativeParts(".");
  const bandwidth = readBandwidth();
  const figures: Figure[] = [
    { what: "one thread reads memory at", measured: `${bandwidth.toFixed(1)} GB/s`, target: "" },
  ];
  for (const count of SIZES) {
    figures.push(...(await benchSize(count, vec0, bandwidth)));
    // A million vectors take 1.5 GB, and several copies at once would not fit.
    Bun.gc(true);
  }
  return figures;
}

async function benchSize(count: number, vec0: string, bandwidth: number): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "parley-bench-vectors-"));
  try {
    const set = clusteredVectors({ count, questionCount: QUESTIONS, dimension: DIMENSION, seed: SEED });
    const truth = exactNeighbours(set);
    const figures = [
      ...(await benchParley(folder, vec0, set, truth)),
      ...(await benchSketch(set, truth, bandwidth)),
      ...(COMPARED.includes(count) ? await benchPeers(folder, vec0, set, truth) : []),
    ];
    return figures.map(({ what, ...rest }) => ({ what: `${count.toLocaleString("en")} · ${what}`, ...rest }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** For each question the rows with the highest products, best first. */
type Truth = readonly number[][];

async function benchParley(
  folder: string,
  vec0: string,
  set: ClusteredVectors,
  truth: Truth,
): Promise<Figure[]> {
  const database = vectorDatabase(folder, vec0, set);
  const isGoal = set.vectors.length / DIMENSION === 500_000;
  const parley = await parleyEngine(database, vec0);
  const figures = [
    await measure(parley, set, truth, isGoal ? GOAL : ""),
    await measure({ ...parley, name: `Parley: the same, ${TURN_K} results` }, set, truth, "", TURN_K),
    await measure(exactEngine(database), set, truth, ""),
    await addFigure(database, parley, set),
  ];
  await parley.close();
  database.client.close();
  return figures;
}

async function benchSketch(set: ClusteredVectors, truth: Truth, bandwidth: number): Promise<Figure[]> {
  const alone = sketchAlone(sketchOf(set));
  return [await measure(alone, set, truth, ""), await shareOfBandwidth(alone, set, bandwidth)];
}

async function benchPeers(
  folder: string,
  vec0: string,
  set: ClusteredVectors,
  truth: Truth,
): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const start of [async () => vec0Engine(folder, vec0, set), usearchEngine, lanceEngine]) {
    const engine = await start(folder, set);
    if (engine !== null) figures.push(await measure(engine, set, truth, ""));
    await engine?.close();
  }
  return figures;
}

async function measure(
  engine: Engine,
  set: ClusteredVectors,
  truth: Truth,
  target: string,
  k = K,
): Promise<Figure> {
  const latencies: number[] = [];
  /** What others do on the same machine lengthens latencies, but hardly this. All threads together. */
  const cpuTimes: number[] = [];
  let found = 0;
  const startedAt = performance.now();
  await engine.search(questionOf(set, 0), k);
  for (const [number, nearest] of truth.entries()) {
    const expected = new Set(nearest.slice(0, k));
    const cpuBefore = process.cpuUsage();
    const askedAt = performance.now();
    const hits = await engine.search(questionOf(set, number), k);
    latencies.push(performance.now() - askedAt);
    const { user, system } = process.cpuUsage(cpuBefore);
    cpuTimes.push((user + system) / 1_000);
    found += hits.filter((rowId) => expected.has(rowId)).length;
    if (performance.now() - startedAt > QUESTION_BUDGET_MS) break;
  }
  const parts = [
    `p50 ${median(latencies).toFixed(2)} ms, p95 ${p95(latencies).toFixed(2)} ms`,
    `CPU p50 ${median(cpuTimes).toFixed(2)} ms, p95 ${p95(cpuTimes).toFixed(2)} ms`,
    `recall ${(found / (latencies.length * k)).toFixed(3)}`,
    ...(engine.memoryBytes === null ? [] : [`memory ${megabytes(engine.memoryBytes)}`]),
    ...(engine.fileBytes === 0 ? [] : [`file ${megabytes(engine.fileBytes)}`]),
    ...(engine.buildMs === 0 ? [] : [`built in ${(engine.buildMs / 1_000).toFixed(1)} s`]),
  ];
  // A full run takes ten minutes and more, so each result is told as it comes.
  console.error(`  … ${set.vectors.length / DIMENSION} · ${engine.name}: ${parts.join(", ")}`);
  return { what: engine.name, measured: parts.join(", "), target };
}

/** The bytes that every scan must read, beside what memory could have brought in the same time. */
async function shareOfBandwidth(engine: Engine, set: ClusteredVectors, bandwidth: number): Promise<Figure> {
  const scannedBytes = (set.vectors.length / DIMENSION / 32) * geometryOf(DIMENSION).blockBytes;
  const times: number[] = [];
  for (let number = 0; number < QUESTIONS; number++) {
    const askedAt = performance.now();
    await engine.search(questionOf(set, number), K);
    times.push(performance.now() - askedAt);
  }
  const speed = scannedBytes / 1e6 / median(times);
  return {
    what: "sketch bytes a second, share of the memory's speed",
    measured: `${speed.toFixed(1)} GB/s, ${((100 * speed) / bandwidth).toFixed(0)} %`,
    target: "",
  };
}

/** Time from writing a chunk's vector to having found it, both commit and question included. */
async function addFigure(
  database: VectorDatabase,
  parley: Engine,
  { questions }: ClusteredVectors,
): Promise<Figure> {
  const times: number[] = [];
  let missing = 0;
  for (let i = 0; i < 20; i++) {
    const row = NEW_ROWS + i * 1_000;
    const vector = questions.slice(i * DIMENSION, (i + 1) * DIMENSION);
    const startedAt = performance.now();
    database.add(row, vector);
    const [nearest] = await parley.search(vector, K);
    times.push(performance.now() - startedAt);
    if (nearest !== row) missing++;
  }
  return {
    what: "a new chunk, committed, then found",
    measured: `${median(times).toFixed(2)} ms, ${missing} of 20 missed`,
    target: "at once",
  };
}

/** The best `TURN_K` rows of each question, by looking at all of them. */
function exactNeighbours({ vectors, questions }: ClusteredVectors): Truth {
  const shared = sharedMemory(createMemory());
  const kernel = instantiateKernel(shared.memory);
  const blockRows = 8_192;
  const asked = shared.allocate(questions.byteLength);
  const block = shared.allocate(blockRows * DIMENSION * 4);
  shared.views().floats.set(questions, asked / 4);
  const best = Array.from({ length: QUESTIONS }, (): { rowId: number; score: number }[] => []);
  for (let from = 0; from * DIMENSION < vectors.length; from += blockRows) {
    const rows = vectors.subarray(from * DIMENSION, (from + blockRows) * DIMENSION);
    shared.views().floats.set(rows, block / 4);
    for (const [number, hits] of best.entries()) {
      for (let row = 0; row * DIMENSION < rows.length; row++) {
        const score = kernel.dot(asked + number * DIMENSION * 4, block + row * DIMENSION * 4, DIMENSION);
        if (hits.length === TURN_K && score <= (hits[TURN_K - 1]?.score ?? 0)) continue;
        hits.push({ rowId: from + row + 1, score });
        hits.sort((left, right) => right.score - left.score);
        hits.length = Math.min(TURN_K, hits.length);
      }
    }
  }
  return best.map((hits) => hits.map(({ rowId }) => rowId));
}

/** Gigabytes a second that the kernel's dot product reads from memory that no cache near the core holds. */
function readBandwidth(): number {
  const shared = sharedMemory(createMemory());
  const kernel = instantiateKernel(shared.memory);
  const floats = 32 * 1_024 * 1_024;
  const address = shared.allocate(2 * floats * 4);
  shared.views().floats.fill(1, address / 4, address / 4 + 2 * floats);
  const speeds: number[] = [];
  for (let run = 0; run < 7; run++) {
    const startedAt = performance.now();
    kernel.dot(address, address + floats * 4, floats);
    speeds.push((2 * floats * 4) / 1e6 / (performance.now() - startedAt));
  }
  return Math.max(...speeds);
}

function questionOf({ questions }: ClusteredVectors, number: number): Float32Array {
  return questions.subarray(number * DIMENSION, (number + 1) * DIMENSION);
}

function p95(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
