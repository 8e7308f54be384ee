import { afterAll, afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DocumentParser } from "../../src/deps.ts";
import type { SourceId, TenantId } from "../../src/domain/ids.ts";
import type { Job } from "../../src/domain/job.ts";
import type { KnowledgeDocument } from "../../src/domain/knowledge.ts";
import { AppError } from "../../src/errors.ts";
import { installNativeParts } from "../../src/native/native.ts";
import { READING_VERSIONS, readingVersion } from "../../src/rag/formats/catalog.ts";
import { ANALYSIS_VERSION } from "../../src/rag/text.ts";
import { JOB_HANDLERS } from "../../src/services/jobs/handlers.ts";
import { type JobQueue, startQueue } from "../../src/services/jobs/queue.ts";
import { LEXICAL_ONLY } from "../../src/services/retrieval/dense.ts";
import { NO_RERANKING } from "../../src/services/retrieval/reranking.ts";
import { openFiles } from "../../src/store/files.ts";
import type { Store } from "../../src/store/store.ts";
import { aChunk, aFile, aFirstAdmin, NOW } from "../helpers/builders.ts";
import { fakeEmbeddings } from "../helpers/fake-embeddings.ts";
import { noTools } from "../helpers/no-tools.ts";
import { openTestStore, removeTestStores } from "../helpers/sqlite.ts";

afterAll(removeTestStores);

const { vec0 } = await installNativeParts(".");
const QUIET = { debug() {}, info() {}, warn() {}, error() {} };

let now: number;
let store: Store;
let tenantId: TenantId;
let folder: string;
let queue: JobQueue | null;
let announced: (jobId: string) => void;
/** What the parser says of each file, by its name. */
let contents: Map<string, string | AppError>;

beforeEach(async () => {
  now = NOW;
  queue = null;
  announced = () => {};
  contents = new Map();
  store = await openTestStore({ now: () => now, vec0 });
  const first = aFirstAdmin();
  await store.instance.initialise(first);
  tenantId = first.tenant.id;
  folder = await mkdtemp(join(tmpdir(), "parley-rereading-"));
});
afterEach(async () => {
  await queue?.stop();
  await store.close();
  await rm(folder, { recursive: true });
});

const parser: DocumentParser = {
  async parse(_, filename, format) {
    const content = contents.get(filename);
    if (content === undefined || content instanceof AppError)
      throw content ?? new AppError("INTERNAL", "The uploaded file is no longer there.");
    const chunks = [{ ordinal: 0, content, headingPath: [], page: null, tokenCount: 4 }];
    return { format, chunks, pageCount: null, warnings: [] };
  },
  close: async () => {},
};

async function start(): Promise<void> {
  queue = await startQueue(
    {
      ...noTools,
      ...{ store, parser, embeddings: fakeEmbeddings(), files: await openFiles(folder), log: QUIET },
      now: () => ++now,
      ...noTools,
      ...{
        dense: LEXICAL_ONLY,
        reranking: NO_RERANKING,
        monotonicNow: () => now,
        settings: { version: "0" },
      },
      live: {
        publish: (event) => event.type === "job" && announced(event.jobId),
        subscribe: () => () => {},
      },
    },
    JOB_HANDLERS,
  );
}

/** A file that another Parley read: as ready with this passage, or as failed. */
async function aFormer(filename: string, passage: string | null, reading = 0): Promise<KnowledgeDocument> {
  const { source, document, job } = aFile({ tenantId, title: filename }, { filename, format: "pdf" });
  await store.sources.create(source, [document], [job]);
  if (passage !== null) {
    const chunk = aChunk({ sourceId: source.id, ordinal: 0, content: passage, headingPath: [], page: null });
    await store.chunks.replaceForDocument(tenantId, document.id, [chunk], {
      ...{ format: "pdf", pageCount: null, warnings: [], jobId: job.id, now },
      ...{ analysis: ANALYSIS_VERSION, reading },
    });
    return document;
  }
  await store.jobs.update(job.id, { state: "failed" });
  const failed = { status: "failed", errorCode: "NO_TEXT_LAYER", errorMessage: "No text." } as const;
  return store.documents.update(tenantId, document.id, failed);
}

const theJob = () => store.jobs.findLatest("reread", tenantId);

/** What the job looked like each time it was announced, up to when it was over. */
async function untilDone(): Promise<Job[]> {
  const seen: Job[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  announced = (jobId) => {
    theJob()
      .then((job) => {
        if (job?.id !== jobId) return;
        seen.push(job);
        if (job.state === "done" || job.state === "failed") resolve();
      })
      .catch(reject);
  };
  await start();
  await promise;
  return seen;
}

async function passagesOf(sourceId: SourceId) {
  return (await store.chunks.list(tenantId, sourceId, {}, { cursor: null, limit: 10 })).items;
}

describe("after an upgrade that reads better", () => {
  test("documents are read anew, those that failed too, and how far that is is announced", async () => {
    const handbook = await aFormer("handbook.pdf", "Torn words");
    const plan = await aFormer("plan.pdf", null);
    contents.set("handbook.pdf", "Whole words").set("plan.pdf", "Text after all");

    const seen = await untilDone();

    expect((await passagesOf(handbook.sourceId)).map(({ content }) => content)).toEqual(["Whole words"]);
    expect(await store.documents.get(tenantId, plan.id)).toMatchObject({ status: "ready", errorCode: null });
    expect(seen.map(({ stage }) => stage)).toContain("Reading documents anew: 1 of 2");
    expect(seen.at(-1)?.state).toBe("done");
    expect(await store.documents.outdatedCount(tenantId, READING_VERSIONS)).toBe(0);
  });

  test("passages that are the same stay, with their ids", async () => {
    const { sourceId } = await aFormer("handbook.pdf", "The same");
    contents.set("handbook.pdf", "The same");
    const [before] = await passagesOf(sourceId);

    await untilDone();

    expect((await passagesOf(sourceId)).map(({ id }) => id)).toEqual([before?.id as string] as never);
  });

  test("what cannot be read now goes on serving, and is not tried again", async () => {
    const { id, sourceId } = await aFormer("handbook.pdf", "As it was");
    contents.set("handbook.pdf", new AppError("PARSE_TIMEOUT", "It took too long."));

    await untilDone();

    expect((await passagesOf(sourceId)).map(({ content }) => content)).toEqual(["As it was"]);
    expect((await store.documents.get(tenantId, id)).status).toBe("ready");
    expect(await store.documents.outdatedTenants(READING_VERSIONS)).toEqual([]);
  });

  test("what the server could not read is left for the next start, and holds nothing else up", async () => {
    await aFormer("lost.pdf", "As it was");
    const plan = await aFormer("plan.pdf", "Torn words");
    contents.set("plan.pdf", "Whole words");

    await untilDone();

    expect((await passagesOf(plan.sourceId)).map(({ content }) => content)).toEqual(["Whole words"]);
    expect(await store.documents.outdatedCount(tenantId, READING_VERSIONS)).toBe(1);
  });

  test("nothing is queued where everything was read by this version", async () => {
    await aFormer("handbook.pdf", "Whole words", readingVersion("pdf"));

    await start();

    expect(await theJob()).toBeNull();
  });
});
