/** `parley doctor`: whether everything that Parley is made of works on this machine. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { installNativeParts, type NativeParts } from "../native/native.ts";
import { installPackedModel } from "../native/packed-model.ts";
import { openForWriting } from "../store/sqlite/connection.ts";
import { checkOnnxRuntime, openEmbeddingWorker } from "../workers/embedding.ts";
import { kindOf, MODEL_MANIFEST_FILE, parseModelManifest } from "../workers/model-manifest.ts";
import { openRerankWorker } from "../workers/rerank.ts";

export type CheckRow = {
  name: string;
  ok: boolean;
  /** The version or figures when all is well, otherwise what is wrong. */
  detail: string;
};

/**
 * Tries the native parts, each model in `<data>/models` and the packed one. Writes nothing but
 * those parts and the packed model. A part that fails is a row, never an error.
 */
export async function checkNativeParts(dataDirectory: string): Promise<CheckRow[]> {
  const rows: CheckRow[] = [];
  let native: NativeParts | undefined;
  await check(rows, "Native parts", async () => {
    native = await installNativeParts(dataDirectory);
    return join(native.sqliteBinding, "..");
  });
  if (native === undefined) return rows;

  const parts = native;
  await check(rows, "SQLite", async () => sqliteVersion(parts));
  await check(rows, "sqlite-vec", async () => vectorSearch(parts));
  if (await hasOnnxRuntime(rows, parts)) await checkModels(rows, dataDirectory, parts);
  return rows;
}

/** One line per row, aligned, for a terminal. */
export function formatCheckRows(rows: readonly CheckRow[]): string {
  const width = Math.max(...rows.map(({ name }) => name.length));
  return rows
    .map(({ name, ok, detail }) => `${ok ? "ok  " : "FAIL"}  ${name.padEnd(width)}  ${detail}`)
    .join("\n");
}

async function check(rows: CheckRow[], name: string, attempt: () => Promise<string>): Promise<void> {
  try {
    rows.push({ name, ok: true, detail: await attempt() });
  } catch (thrown) {
    rows.push({ name, ok: false, detail: thrown instanceof Error ? thrown.message : String(thrown) });
  }
}

function sqliteVersion({ sqliteBinding }: NativeParts): string {
  const database = openForWriting({ path: ":memory:", nativeBinding: sqliteBinding });
  try {
    return String(database.prepare("select sqlite_version()").pluck().get());
  } finally {
    database.close();
  }
}

/** Finds the nearest of two vectors, as retrieval does. */
function vectorSearch({ sqliteBinding, vec0 }: NativeParts): string {
  const database = openForWriting({ path: ":memory:", nativeBinding: sqliteBinding, vec0 });
  try {
    database.exec("create virtual table points using vec0(position float[2])");
    const insert = database.prepare("insert into points (rowid, position) values (?, ?)");
    insert.run(1n, toBlob([1, 0]));
    insert.run(2n, toBlob([0, 1]));
    const nearest = database
      .prepare("select rowid from points where position match ? and k = 1")
      .pluck()
      .get(toBlob([0.1, 0.9]));
    if (nearest !== 2) throw new Error("It loads, but does not find the nearest vector.");
    return String(database.prepare("select vec_version()").pluck().get());
  } finally {
    database.close();
  }
}

/** Absence is no fault: everything but local models works without. */
async function hasOnnxRuntime(rows: CheckRow[], native: NativeParts): Promise<boolean> {
  const name = "ONNX Runtime";
  if ((await native.onnxRuntime().catch(() => "unreadable")) === null) {
    rows.push({ name, ok: true, detail: "none for this platform: local models do not run here" });
    return false;
  }
  await check(rows, name, () => checkOnnxRuntime(native));
  return rows.at(-1)?.ok === true;
}

async function checkModels(rows: CheckRow[], dataDirectory: string, native: NativeParts): Promise<void> {
  const installed: CheckRow[] = [];
  await check(installed, "Packed model", async () => (await installPackedModel(dataDirectory)) ?? "none");
  rows.push(...installed.filter(({ ok }) => !ok));
  const models = join(dataDirectory, "models");
  const entries = await readdir(models, { withFileTypes: true }).catch(() => []);
  for (const entry of entries.filter((found) => found.isDirectory())) {
    await check(rows, `Model ${entry.name}`, () => useOnce(join(models, entry.name), native));
  }
}

async function useOnce(modelDirectory: string, native: NativeParts): Promise<string> {
  const manifest = await readFile(join(modelDirectory, MODEL_MANIFEST_FILE), "utf8").catch(() => null);
  // Without a manifest it is the worker that says so.
  const isReranker = manifest !== null && kindOf(parseModelManifest(manifest)) === "reranker";
  return isReranker ? scoreOnce(modelDirectory, native) : embedOnce(modelDirectory, native);
}

async function scoreOnce(modelDirectory: string, native: NativeParts): Promise<string> {
  const reranker = await openRerankWorker(modelDirectory, native);
  try {
    const startedAt = performance.now();
    const passages = ["Parental leave is 26 weeks."];
    await reranker.score("How long is parental leave?", passages, AbortSignal.timeout(60_000));
    return `reranker, one passage in ${Math.round(performance.now() - startedAt)} ms`;
  } finally {
    reranker.close();
  }
}

async function embedOnce(modelDirectory: string, native: NativeParts): Promise<string> {
  const embeddings = await openEmbeddingWorker(modelDirectory, native);
  try {
    const startedAt = performance.now();
    await embeddings.embed(["How long is parental leave?"], "query", AbortSignal.timeout(60_000));
    const elapsedMs = Math.round(performance.now() - startedAt);
    return `${embeddings.dimension} dimensions, one question in ${elapsedMs} ms`;
  } finally {
    embeddings.close();
  }
}

function toBlob(vector: readonly number[]): Buffer {
  return Buffer.from(Float32Array.from(vector).buffer);
}
