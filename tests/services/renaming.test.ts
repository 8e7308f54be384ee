import { afterAll, afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LiveEvent } from "../../src/deps.ts";
import type { DocumentId, TenantId } from "../../src/domain/ids.ts";
import { INGEST, type KnowledgeDocument } from "../../src/domain/knowledge.ts";
import { installNativeParts } from "../../src/native/native.ts";
import { EMBEDDING_SERVERS } from "../../src/providers/embedding-catalog.ts";
import { JOB_HANDLERS } from "../../src/services/jobs/handlers.ts";
import { type JobQueue, startQueue } from "../../src/services/jobs/queue.ts";
import { EMBED_INDEX } from "../../src/services/knowledge/index-job.ts";
import { buildIndex } from "../../src/services/knowledge/indexes.ts";
import { reingestSource, type SourceDeps, updateSource } from "../../src/services/knowledge/sources.ts";
import { LEXICAL_ONLY } from "../../src/services/retrieval/dense.ts";
import { NO_RERANKING } from "../../src/services/retrieval/reranking.ts";
import { openFiles } from "../../src/store/files.ts";
import type { Store } from "../../src/store/store.ts";
import { aFile, aFirstAdmin } from "../helpers/builders.ts";
import { type FakeEmbeddings, fakeEmbeddings } from "../helpers/fake-embeddings.ts";
import { noTools } from "../helpers/no-tools.ts";
import { openTestStore, removeTestStores } from "../helpers/sqlite.ts";

afterAll(removeTestStores);

const { vec0 } = await installNativeParts(".");
const QUIET = { debug() {}, info() {}, warn() {}, error() {} };
const CONTENT = "The canteen opens at noon.";

/** When something is done to a document on its way into the indexes. */
type Moment = "as it is claimed" | "while it is parsed" | "before it is shown" | "while vectors are made";

let now: number;
let store: Store;
let tenantId: TenantId;
let folder: string;
let queue: JobQueue | null;
let embeddings: FakeEmbeddings;
let published: Set<(event: LiveEvent) => void>;
/** Done once, when its moment comes. */
let planned: { moment: Moment; work: () => Promise<unknown> } | null;

beforeEach(async () => {
  now = 1_000_000;
  queue = null;
  planned = null;
  published = new Set();
  store = await openTestStore({ now: () => now, vec0 });
  const first = aFirstAdmin();
  await store.instance.initialise(first);
  tenantId = first.tenant.id;
  folder = await mkdtemp(join(tmpdir(), "parley-renaming-"));
  embeddings = fakeEmbeddings();
  embeddings.before = (kind) => kind === "passage" && at("while vectors are made");
});
afterEach(async () => {
  await queue?.stop();
  await store.close();
  await rm(folder, { recursive: true });
});

async function at(moment: Moment): Promise<void> {
  if (planned?.moment !== moment) return;
  const { work } = planned;
  planned = null;
  await work();
}

function deps() {
  const live = {
    publish(event: LiveEvent) {
      for (const listener of published) listener(event);
    },
    subscribe: () => () => {},
  };
  const providerCatalog = { llm: [], embeddings: EMBEDDING_SERVERS };
  const wakeQueue = () => queue?.wake();
  return { store, embeddings, providerCatalog, live, log: QUIET, now: () => now, wakeQueue };
}

/** A store that does what is planned for a moment before or after the call that makes the moment. */
function watched(): Store {
  const { documents, chunks } = store;
  return {
    ...store,
    documents: {
      ...documents,
      async get(tenant, documentId) {
        const document = await documents.get(tenant, documentId);
        await at("as it is claimed");
        return document;
      },
    },
    chunks: {
      ...chunks,
      async replaceForDocument(...given) {
        await at("before it is shown");
        await chunks.replaceForDocument(...given);
      },
    },
  };
}

async function start(): Promise<void> {
  const parser = {
    async parse() {
      await at("while it is parsed");
      const chunk = { ordinal: 0, content: CONTENT, headingPath: [], page: null, tokenCount: 7 };
      return { format: "text" as const, chunks: [chunk], pageCount: null, warnings: [] };
    },
    close: async () => {},
  };
  queue = await startQueue(
    {
      ...deps(),
      ...noTools,
      ...{ store: watched(), parser, dense: LEXICAL_ONLY, reranking: NO_RERANKING },
      ...{ files: await openFiles(folder), now: () => (now += 50_000), monotonicNow: () => now },
      settings: { version: "0.0.0" },
    },
    JOB_HANDLERS,
  );
}

async function enqueue(): Promise<KnowledgeDocument> {
  const { source, document, job } = aFile({ tenantId, title: "Quokka" }, { format: "text" });
  await store.sources.create(source, [document], [{ ...job, runAt: 0 }]);
  queue?.wake();
  return document;
}

function change({ sourceId }: KnowledgeDocument, changes: { title?: string; tags?: string[] }) {
  return updateSource(deps() as unknown as SourceDeps, tenantId, sourceId, changes);
}

/** Resolves when nothing waits to be read or embedded any more. */
async function idle(): Promise<void> {
  for (;;) {
    const { promise: announced, resolve } = Promise.withResolvers<void>();
    published.add(() => resolve());
    const active = await store.jobs.listActive(tenantId, [INGEST, EMBED_INDEX]);
    if (active.length === 0) return;
    await announced;
  }
}

async function foundBy(word: string): Promise<string[]> {
  const { rows } = await store.chunks.searchByTerms(tenantId, { words: [[word]] }, 10);
  const chunks = await store.chunks.findByRows(tenantId, [...rows]);
  return [...chunks.values()].map(({ documentTitle }) => documentTitle);
}

async function expectIndexed(title: string): Promise<void> {
  expect(await foundBy(title.toLowerCase())).toEqual([title]);
  expect(embeddings.calls.findLast(({ kind }) => kind === "passage")?.texts).toEqual([
    `${title}\n${CONTENT}`,
  ]);
}

describe("a new title", () => {
  const moments: Moment[] = [
    "as it is claimed",
    "while it is parsed",
    "before it is shown",
    "while vectors are made",
  ];
  for (const moment of moments) {
    test(`that comes ${moment} is in both indexes afterwards`, async () => {
      await start();
      await buildIndex(deps(), tenantId, { source: "local", name: "small" });
      await idle();
      planned = { moment, work: () => change(document, { title: "Wombat" }) };

      const document = await enqueue();
      await idle();

      await expectIndexed("Wombat");
      expect(await foundBy("quokka")).toEqual([]);
    });
  }

  test("that is taken back while the document is read leaves the former one in both indexes", async () => {
    await start();
    await buildIndex(deps(), tenantId, { source: "local", name: "small" });
    await idle();
    const thereAndBack = async () => {
      await change(document, { title: "Wombat" });
      await change(document, { title: "Quokka" });
    };
    planned = { moment: "while it is parsed", work: thereAndBack };

    const document = await enqueue();
    await idle();

    await expectIndexed("Quokka");
    expect(await foundBy("wombat")).toEqual([]);
  });

  test("that comes together with others makes the document wait once", async () => {
    const document = await enqueue();
    await start();
    await idle();
    await queue?.stop();

    await Promise.all(["Wombat", "Numbat", "Bilby"].map((title) => change(document, { title })));
    const waiting = await store.jobs.listActive(tenantId, [INGEST]);

    expect(waiting).toHaveLength(1);
    await start();
    await idle();
    const { title } = await store.documents.get(tenantId, document.id as DocumentId);
    expect(await foundBy(title.toLowerCase())).toEqual([title]);
  });
});

test("a title and tags that are changed at once are both kept", async () => {
  const document = await enqueue();

  await Promise.all([change(document, { title: "Wombat" }), change(document, { tags: ["hr"] })]);

  expect(await store.sources.get(tenantId, document.sourceId)).toMatchObject({
    title: "Wombat",
    tags: ["hr"],
  });
});

test("a document that is asked to be read again twice at once is read again once", async () => {
  const document = await enqueue();
  await start();
  await idle();
  await queue?.stop();
  const again = () => reingestSource(deps() as unknown as SourceDeps, tenantId, document.sourceId);

  await Promise.all([again(), again()]);

  expect(await store.jobs.listActive(tenantId, [INGEST])).toHaveLength(1);
});
