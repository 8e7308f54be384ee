import { afterAll, afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LiveEvent } from "../../src/deps.ts";
import { type EmbeddingIndexId, newId, type SourceId, type TenantId } from "../../src/domain/ids.ts";
import type { Job } from "../../src/domain/job.ts";
import { installNativeParts } from "../../src/native/native.ts";
import { ANALYSIS_VERSION, toLexicalQuery } from "../../src/rag/text.ts";
import { JOB_HANDLERS } from "../../src/services/jobs/handlers.ts";
import { type JobQueue, startQueue } from "../../src/services/jobs/queue.ts";
import { rebuildIndexes } from "../../src/services/knowledge/rebuild.ts";
import { LEXICAL_ONLY } from "../../src/services/retrieval/dense.ts";
import { NO_RERANKING } from "../../src/services/retrieval/reranking.ts";
import { openFiles } from "../../src/store/files.ts";
import type { Store } from "../../src/store/store.ts";
import { aChunk, aFile, aFirstAdmin, aJob, anEmbeddingIndex, NOW } from "../helpers/builders.ts";
import { fakeEmbeddings } from "../helpers/fake-embeddings.ts";
import { noTools } from "../helpers/no-tools.ts";
import { openTestStore, removeTestStores } from "../helpers/sqlite.ts";

afterAll(removeTestStores);

const { vec0 } = await installNativeParts(".");
const QUIET = { debug() {}, info() {}, warn() {}, error() {} };
const FORMER = ANALYSIS_VERSION - 1;

let now: number;
let store: Store;
let tenantId: TenantId;
let folder: string;
let queue: JobQueue | null;
let published: (event: LiveEvent) => void;

beforeEach(async () => {
  now = NOW;
  queue = null;
  published = () => {};
  store = await openTestStore({ now: () => now, vec0 });
  const first = aFirstAdmin();
  await store.instance.initialise(first);
  tenantId = first.tenant.id;
  folder = await mkdtemp(join(tmpdir(), "parley-reanalysis-"));
});
afterEach(async () => {
  await queue?.stop();
  await store.close();
  await rm(folder, { recursive: true });
});

async function start(): Promise<void> {
  const parser = {
    parse: async () => ({
      format: "text" as const,
      chunks: [{ ordinal: 0, content: "A new document.", headingPath: [], page: null, tokenCount: 4 }],
      pageCount: null,
      warnings: [],
    }),
    close: async () => {},
  };
  queue = await startQueue(
    {
      ...{ store, parser, embeddings: fakeEmbeddings(), files: await openFiles(folder), log: QUIET },
      now: () => ++now,
      ...noTools,
      ...{
        dense: LEXICAL_ONLY,
        reranking: NO_RERANKING,
        monotonicNow: () => now,
        settings: { version: "0" },
      },
      live: { publish: (event) => published(event), subscribe: () => () => {} },
    },
    JOB_HANDLERS,
  );
}

/** What an older Parley left: terms that no question of today meets. */
async function addFormerSource(contents: string[]): Promise<SourceId> {
  const { source, document, job } = aFile({ tenantId, title: "Handbook" });
  await store.sources.create(source, [document], [job]);
  const chunks = contents.map((content, ordinal) =>
    aChunk({ sourceId: source.id, ordinal, content, headingPath: ["Absence"], contentTerms: "former" }),
  );
  await store.chunks.replaceForDocument(tenantId, document.id, chunks, {
    ...{ format: "text", pageCount: null, warnings: [], jobId: job.id, now, analysis: FORMER, reading: 1 },
  });
  return source.id;
}

const found = async (question: string) =>
  (await store.chunks.searchByTerms(tenantId, toLexicalQuery(question, ["eng"]), 100)).rows.length;

const theJob = async () => (await store.jobs.findLatest("reanalyse", tenantId)) as Job;

/** Resolves with what the job looked like each time it was announced, the last one done. */
async function untilDone(): Promise<Job[]> {
  const seen: Job[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  published = (event) => {
    if (event.type !== "job") return;
    theJob()
      .then((job) => {
        // Others run beside it, such as the one that removes what is over.
        if (job.id !== event.jobId) return;
        seen.push(job);
        if (job.state === "done" || job.state === "failed") resolve();
      })
      .catch(reject);
  };
  await start();
  await promise;
  return seen;
}

const SENTENCE = "Employees are entitled to parental leave.";

describe("after an upgrade", () => {
  test("passages are found again by what is asked, their progress is announced, and then all is quiet", async () => {
    await addFormerSource(Array.from({ length: 150 }, () => SENTENCE));
    expect(await found("entitlement for an employee")).toBe(0);

    const seen = await untilDone();

    expect(await found("entitlement for an employee")).toBe(100);
    expect(await found("absences in the handbook")).toBe(100);
    expect(seen.map(({ progress }) => progress)).toEqual(expect.arrayContaining([64 / 150, 128 / 150, 1]));
    expect(seen[0]?.stage).toContain("64 of 150 passages");
    expect(seen.at(-1)).toMatchObject({ state: "done", progress: 1, stage: null });
    await queue?.stop();
    await start();
    expect((await theJob()).id).toBe(seen.at(-1)?.id as Job["id"]);
  });

  test("nothing is queued where nothing is of an older analysis", async () => {
    await start();

    expect(await store.jobs.findLatest("reanalyse", tenantId)).toBeNull();
  });

  test("a document that waits comes first, and then the rest is done", async () => {
    await addFormerSource(Array.from({ length: 200 }, () => SENTENCE));
    const { source, document, job } = aFile({ tenantId }, { format: "text" });
    let outdatedThen: number | null = null;
    const { promise, resolve } = Promise.withResolvers<void>();
    published = async (event) => {
      if (event.type === "job" && event.jobId === (await theJob()).id && outdatedThen === null) {
        outdatedThen = -1;
        await store.sources.create(source, [document], [{ ...job, runAt: 0 }]);
      }
      if (event.type !== "source" || (await store.sources.get(tenantId, source.id)).status !== "ready")
        return;
      if (outdatedThen === -1)
        ({ outdated: outdatedThen } = await store.indexUpkeep.outdatedCount(tenantId, ANALYSIS_VERSION));
      resolve();
    };
    await start();
    await promise;

    expect(outdatedThen).toBeGreaterThan(0);
    await queue?.stop();
    await untilDone();
    expect(await found("entitled employees")).toBe(100);
    expect((await store.indexUpkeep.outdatedCount(tenantId, ANALYSIS_VERSION)).outdated).toBe(0);
  });

  test("stopping in between loses nothing and is no failed attempt", async () => {
    await addFormerSource(Array.from({ length: 200 }, () => SENTENCE));
    const { promise, resolve } = Promise.withResolvers<void>();
    published = async (event) => {
      if (event.type === "job" && event.jobId === (await theJob()).id) resolve();
    };
    await start();
    await promise;
    await queue?.stop();

    const { outdated } = await store.indexUpkeep.outdatedCount(tenantId, ANALYSIS_VERSION);
    expect(outdated).toBeGreaterThan(0);
    expect(outdated).toBeLessThan(200);
    expect(await theJob()).toMatchObject({ state: "queued", attempts: 0 });
    await untilDone();
    expect((await store.indexUpkeep.outdatedCount(tenantId, ANALYSIS_VERSION)).outdated).toBe(0);
  });

  test("work that ends the process again and again is given up with what helps", async () => {
    await addFormerSource([SENTENCE]);
    await store.jobs.create(
      aJob({ tenantId, kind: "reanalyse", subject: tenantId, state: "queued", attempts: 3, runAt: 0 }),
    );

    const seen = await untilDone();

    expect(seen.at(-1)).toMatchObject({ state: "failed", errorCode: "DB_CORRUPT" });
    expect(seen.at(-1)?.errorMessage).toContain("parley index rebuild");
  });
});

describe("a rebuild", () => {
  const rebuild = (vectors = false) =>
    rebuildIndexes(
      { store, now: () => ++now, live: { publish() {}, subscribe: () => () => {} } },
      { tenantId: null, vectors },
      () => {},
    );

  async function anIndex(state: "building" | "ready" | "retired"): Promise<EmbeddingIndexId> {
    const model = { source: "local" as const, name: `${state}-words` };
    const index = anEmbeddingIndex({ model, dimension: 2, state });
    await store.embeddingIndexes.create(index);
    return index.id;
  }

  test("makes the terms of all passages anew and says how many", async () => {
    await addFormerSource([SENTENCE, SENTENCE]);

    expect(await rebuild()).toEqual({
      ...{ passages: 2, orphans: { terms: 0, vectors: 0 } },
      ...{ forgotten: 0, incomplete: 0 },
    });
    expect(await found("entitled")).toBe(2);
    // Again, though nothing is outdated: what was asked for is done.
    expect((await rebuild()).passages).toBe(2);
    expect(await found("entitled")).toBe(2);
  });

  test("queues the vectors that indexes lack, but for those of a retired index", async () => {
    await addFormerSource([SENTENCE]);
    const [building, ready, retired] = await Promise.all([
      anIndex("building"),
      anIndex("ready"),
      anIndex("retired"),
    ]);

    expect((await rebuild()).incomplete).toBe(2);

    const states = await Promise.all(
      [building, ready, retired].map(async (id) => (await store.jobs.findLatest("embed-index", id))?.state),
    );
    expect(states).toEqual(["queued", "queued", undefined]);
  });

  test("makes vectors anew only when asked", async () => {
    const id = await anIndex("ready");
    const source = await addFormerSource([SENTENCE]);
    const [chunk] = (await store.chunks.list(tenantId, source, {}, { cursor: null, limit: 1 })).items;
    await store.embeddingIndexes.write(id, [
      { chunk: chunk?.id ?? newId("chunk"), vector: Float32Array.of(1, 0) },
    ]);

    expect(await rebuild()).toMatchObject({ forgotten: 0, incomplete: 0 });
    expect(await rebuild(true)).toMatchObject({ forgotten: 1, incomplete: 1 });
    expect(await store.embeddingIndexes.coverage(id)).toEqual({ chunks: 1, embedded: 0 });
  });
});
