import { afterAll, afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LiveEvent } from "../../src/deps.ts";
import type { EmbeddingIndex, EmbeddingModel } from "../../src/domain/embedding.ts";
import type { TenantId } from "../../src/domain/ids.ts";
import { AppError } from "../../src/errors.ts";
import { installNativeParts } from "../../src/native/native.ts";
import { EMBEDDING_SERVERS } from "../../src/providers/embedding-catalog.ts";
import { JOB_HANDLERS } from "../../src/services/jobs/handlers.ts";
import { type JobQueue, startQueue } from "../../src/services/jobs/queue.ts";
import {
  activateIndex,
  buildIndex,
  indexProgress,
  removeIndex,
  retireIndex,
  rollBackIndex,
} from "../../src/services/knowledge/indexes.ts";
import { createDenseSearch, type DenseSearch } from "../../src/services/retrieval/dense.ts";
import { NO_RERANKING } from "../../src/services/retrieval/reranking.ts";
import { rankChunks, retrieve } from "../../src/services/retrieval/retrieve.ts";
import { openFiles } from "../../src/store/files.ts";
import type { Store } from "../../src/store/store.ts";
import { aFile, aFirstAdmin, anEmbeddingIndex } from "../helpers/builders.ts";
import { type FakeEmbeddings, fakeEmbeddings } from "../helpers/fake-embeddings.ts";
import { noTools } from "../helpers/no-tools.ts";
import { rejection } from "../helpers/rejection.ts";
import { openTestStore, removeTestStores } from "../helpers/sqlite.ts";

afterAll(removeTestStores);

const { vec0 } = await installNativeParts(".");
const QUIET = { debug() {}, info() {}, warn() {}, error() {} };
const SMALL: EmbeddingModel = { source: "local", name: "small" };
const LARGE: EmbeddingModel = { source: "local", name: "large" };
const LEAVE = "Parental leave is 26 weeks.";
const BUDGET = { maxPassages: 3, tokenBudget: 1000 };

let now: number;
let store: Store;
let tenantId: TenantId;
let folder: string;
let queue: JobQueue | null;
let embeddings: FakeEmbeddings;
let dense: DenseSearch;
let published: LiveEvent[];
let listeners: Set<() => void>;

beforeEach(async () => {
  now = 1_000_000;
  queue = null;
  published = [];
  listeners = new Set();
  store = await openTestStore({ now: () => now, vec0 });
  const first = aFirstAdmin();
  await store.instance.initialise(first);
  tenantId = first.tenant.id;
  folder = await mkdtemp(join(tmpdir(), "parley-indexes-"));
  embeddings = fakeEmbeddings();
  dense = createDenseSearch(deps());
});
afterEach(async () => {
  await queue?.stop();
  await store.close();
  await rm(folder, { recursive: true });
});

function deps() {
  const live = {
    publish(event: LiveEvent) {
      published.push(event);
      for (const listener of listeners) listener();
    },
    subscribe: () => () => {},
  };
  const providerCatalog = { llm: [], embeddings: EMBEDDING_SERVERS };
  const wakeQueue = () => queue?.wake();
  return { store, embeddings, providerCatalog, live, log: QUIET, now: () => now, wakeQueue };
}

async function start(): Promise<void> {
  const parser = {
    parse: async (_path: string, text: string) => ({
      format: "text" as const,
      chunks: [{ ordinal: 0, content: text, headingPath: [], page: null, tokenCount: 7 }],
      pageCount: null,
      warnings: [],
    }),
    close: async () => {},
  };
  // Time that passes whenever it is looked at, so that waiting for another attempt takes no time.
  queue = await startQueue(
    {
      ...deps(),
      ...noTools,
      ...{
        parser,
        dense,
        reranking: NO_RERANKING,
        files: await openFiles(folder),
        now: () => (now += 50_000),
      },
      ...{ monotonicNow: () => now, settings: { version: "0.0.0" } },
    },
    JOB_HANDLERS,
  );
}

/** Resolves when `holds`, which is looked at whenever something is announced. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  for (;;) {
    // Before looking, so that nothing is missed in between.
    const { promise: announced, resolve } = Promise.withResolvers<void>();
    listeners.add(resolve);
    if (await holds()) return;
    await announced;
    listeners.delete(resolve);
  }
}

/** A document with this text, read by the queue. */
async function addDocument(text: string): Promise<void> {
  const { source, document, job } = aFile({ tenantId, title: "Note", address: text }, { format: "text" });
  await store.sources.create(source, [document], [{ ...job, runAt: 0 }]);
  queue?.wake();
  await until(async () => (await store.sources.get(tenantId, source.id)).status === "ready");
}

async function built(model: EmbeddingModel): Promise<EmbeddingIndex> {
  const { id } = await buildIndex(deps(), tenantId, model);
  await until(async () => (await store.embeddingIndexes.get(id)).state !== "building");
  await settled(id);
  return store.embeddingIndexes.get(id);
}

/** In use, but never measured. */
async function addOldIndex(): Promise<void> {
  const { dimension } = await embeddings.open(SMALL, null);
  const index = anEmbeddingIndex({ model: SMALL, dimension, calibratedOn: null });
  await store.embeddingIndexes.create(index);
  await store.embeddingIndexes.markReady(index.id);
  await store.embeddingIndexes.activate(index.id, now);
}

const settled = (id: EmbeddingIndex["id"]) =>
  until(async () => (await store.jobs.findLatest("embed-index", id))?.state === "done");
const embedded = (id: EmbeddingIndex["id"], chunks: number) =>
  until(async () => (await store.embeddingIndexes.coverage(id)).embedded === chunks);
const stateOf = async ({ id }: EmbeddingIndex) => (await store.embeddingIndexes.get(id)).state;
const found = async (question: string) =>
  (await rankChunks({ store, dense, reranking: NO_RERANKING }, tenantId, question, 10)).candidates.map(
    ({ hit }) => hit.chunk.content,
  );
const notices = () => published.filter(({ type }) => type === "notice");

describe("an embedding index", () => {
  test("is filled with what is there, and used at once when none is in use", async () => {
    await start();
    await addDocument(LEAVE);
    await addDocument("Meals are warm.");
    expect(await found("wanderlust")).toEqual([]);

    const index = await built(SMALL);

    expect(index).toMatchObject({ state: "active", model: SMALL, scale: { related: 1, unrelated: 0 } });
    expect(await found("wanderlust")).toEqual([LEAVE, "Meals are warm."]);
    const progress = await indexProgress({ store }, index);
    expect(progress).toMatchObject({ chunks: 2, embedded: 2, job: { state: "done", progress: 1 } });
  });

  test("is measured on its own passages before it is in use, and again when they have become many more", async () => {
    await start();
    const about = (word: string) =>
      ["first", "second", "third"].map((which) => `The ${which} thing to know of ${word} is this.`).join(" ");
    for (const word of ["leave", "laptop"]) await addDocument(about(word));

    const index = await built(SMALL);
    // Other words than those that the model knows are all the same to it.
    expect(index).toMatchObject({ calibratedOn: 2, scale: { related: expect.closeTo(1, 5) } });
    expect(index.scale.unrelated).toBe(0);

    for (const word of ["meals", "rooms", "doors"]) await addDocument(about(word));
    await embedded(index.id, 5);
    await until(async () => (await store.embeddingIndexes.get(index.id)).calibratedOn !== 2);
    await settled(index.id);
    const { scale } = await store.embeddingIndexes.get(index.id);
    // Those about rooms and about doors are the same to it.
    expect(scale.unrelated).toBeGreaterThan(0);
    expect(scale.background).toBeGreaterThan(0);
  });

  test("of an older Parley says nothing until a start has measured it", async () => {
    await addOldIndex();
    expect(await found("wanderlust")).toEqual([]);

    await start();
    await until(async () => (await store.embeddingIndexes.findActive())?.calibratedOn !== null);
    await addDocument(LEAVE);
    const index = await store.embeddingIndexes.findActive();
    await embedded((index as EmbeddingIndex).id, 1);

    expect(await found("wanderlust")).toEqual([LEAVE]);
  });

  test("that several people build of one model at once is one index", async () => {
    await start();

    const builds = await Promise.all(
      [SMALL, SMALL, SMALL].map((model) => buildIndex(deps(), tenantId, model)),
    );

    expect(new Set(builds.map(({ id }) => id)).size).toBe(1);
    expect(await store.embeddingIndexes.list()).toHaveLength(1);
  });

  test("makes a question find the passage that shares no word with it, and the turn answer from it", async () => {
    await start();
    await addDocument(LEAVE);
    await addDocument("Meals are warm.");
    await built(SMALL);

    const { passages, candidates } = await retrieve(
      { store, dense, reranking: NO_RERANKING },
      tenantId,
      "wanderlust",
      BUDGET,
    );

    expect(passages.map(({ text }) => text)).toEqual([LEAVE]);
    expect(candidates[0]).toMatchObject({ lexical: null, dense: expect.closeTo(1, 5), kept: true });
    expect(candidates[1]).toMatchObject({ dense: 0, kept: false, reason: "below the threshold" });
    const unknown = await retrieve({ store, dense, reranking: NO_RERANKING }, tenantId, "laptop", BUDGET);
    expect(unknown.passages).toEqual([]);
  });

  test("embeds no question that nobody waits for any more, and calls that no problem", async () => {
    await start();
    await addDocument(LEAVE);
    await built(SMALL);
    const stop = new AbortController();
    const asked = Promise.withResolvers<AbortSignal>();
    embeddings.before = (_kind, signal) => {
      asked.resolve(signal);
      return new Promise((_resolve, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      });
    };

    const found = retrieve(
      { store, dense, reranking: NO_RERANKING },
      tenantId,
      "wanderlust",
      BUDGET,
      stop.signal,
    );
    const signal = await asked.promise;
    stop.abort(new Error("stopped"));

    expect(String(await rejection(found))).toContain("stopped");
    expect(signal.aborted).toBe(true);
    expect(dense.problem()).toBeNull();
    expect(notices()).toEqual([]);
  });

  test("takes in new documents while it is in use, and while another one is being built", async () => {
    await start();
    await built(SMALL);
    const second = await built(LARGE);
    await addDocument(LEAVE);
    for (const { id } of await store.embeddingIndexes.list()) await embedded(id, 1);

    expect(await found("wanderlust")).toEqual([LEAVE]);
    expect(await store.embeddingIndexes.coverage(second.id)).toEqual({ chunks: 1, embedded: 1 });
    const texts = embeddings.calls.filter(({ texts }) => texts[0]?.includes(LEAVE));
    expect(texts.map(({ texts: [text], kind, model }) => [text, kind, model])).toEqual([
      [`Note\n${LEAVE}`, "passage", "small"],
      [`Note\n${LEAVE}`, "passage", "large"],
    ]);
  });

  test("does not take the place of the one in use until it is told to, and gives it back", async () => {
    await start();
    await addDocument(LEAVE);
    const first = await built(SMALL);
    const second = await built(LARGE);
    expect([await stateOf(first), await stateOf(second)]).toEqual(["active", "ready"]);

    await activateIndex(deps(), tenantId, second.id);
    expect([await stateOf(first), await stateOf(second)]).toEqual(["retired", "active"]);
    embeddings.calls.length = 0;
    await found("wanderlust");
    expect(embeddings.calls.map(({ model }) => model)).toEqual(["large"]);

    // What came in meanwhile is added to the one that was retired.
    await addDocument("A notebook for everyone.");
    await rollBackIndex(deps(), tenantId);
    expect([await stateOf(first), await stateOf(second)]).toEqual(["active", "retired"]);
    await settled(first.id);
    expect((await found("computer"))[0]).toBe("A notebook for everyone.");
  });

  test("goes on where it was when Parley stops in the middle, and counts that as no failure", async () => {
    await start();
    for (const text of [LEAVE, "Meals are warm."]) await addDocument(text);
    const stopped = Promise.withResolvers<void>();
    embeddings.before = (kind, signal) => {
      if (kind === "query" || !embeddings.calls.at(-1)?.texts[0]?.startsWith("Note")) return;
      stopped.resolve();
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    };
    const { id } = await buildIndex(deps(), tenantId, SMALL);
    await stopped.promise;
    await queue?.stop();
    expect(await store.jobs.findLatest("embed-index", id)).toMatchObject({ state: "queued", attempts: 0 });
    expect((await store.embeddingIndexes.get(id)).state).toBe("building");

    embeddings.before = () => {};
    await start();
    await settled(id);

    expect((await store.embeddingIndexes.get(id)).state).toBe("active");
    expect(await store.embeddingIndexes.coverage(id)).toEqual({ chunks: 2, embedded: 2 });
  });

  test("whose model fails keeps no document back, and gets what it lacks once the model is well", async () => {
    await start();
    const index = await built(SMALL);
    let failures = 0;
    embeddings.before = (kind) => {
      if (kind === "passage" && failures++ < 2) throw new AppError("PROVIDER_UNAVAILABLE", "It is down.");
    };

    await addDocument(LEAVE);
    await embedded(index.id, 1);

    expect(failures).toBe(3);
    expect(await found("wanderlust")).toEqual([LEAVE]);
  });

  test("says why it could not be built, and is gone on with when asked again", async () => {
    await start();
    await addDocument(LEAVE);
    const { id } = await buildIndex(deps(), tenantId, SMALL);
    const job = async () => (await indexProgress({ store }, await store.embeddingIndexes.get(id))).job;
    await settled(id);
    await retireIndex(deps(), id);
    const second = fakeModel("broken");
    embeddings.before = () => {
      if (embeddings.calls.at(-1)?.texts[0]?.startsWith("Note"))
        throw new AppError("PROVIDER_REJECTED", "The key was refused.");
    };
    const broken = await buildIndex(deps(), tenantId, second);
    const failed = async () => (await store.jobs.findLatest("embed-index", broken.id))?.state === "failed";
    await until(failed);
    const { job: failedJob } = await indexProgress({ store }, broken);
    expect(failedJob).toMatchObject({ errorCode: "PROVIDER_REJECTED", errorMessage: "The key was refused." });
    expect((await job())?.state).toBe("done");

    embeddings.before = () => {};
    expect((await buildIndex(deps(), tenantId, second)).id).toBe(broken.id);
    await settled(broken.id);
    expect((await store.embeddingIndexes.get(broken.id)).state).toBe("active");
  });

  test("that a person removes is gone, with its work", async () => {
    await start();
    await addDocument(LEAVE);
    const index = await built(SMALL);
    expect(await rejection(removeIndex(deps(), index.id))).toMatchObject({ code: "CONFLICT" });

    await retireIndex(deps(), index.id);
    await removeIndex(deps(), index.id);

    expect(await store.embeddingIndexes.list()).toEqual([]);
    expect(await found("wanderlust")).toEqual([]);
    expect(await rejection(rollBackIndex(deps(), tenantId))).toMatchObject({ code: "CONFLICT" });
  });
});

function fakeModel(name: string): EmbeddingModel {
  return { source: "local", name };
}

describe("when the model of the active index fails", () => {
  test("answers go on by words, admins are told once, and it is used again when it is well", async () => {
    await start();
    await addDocument(LEAVE);
    await built(SMALL);
    embeddings.before = () => {
      throw new AppError("PROVIDER_TIMEOUT", "The server took too long.");
    };

    expect(await found("leave")).toEqual([LEAVE]);
    expect(await found("parental")).toEqual([LEAVE]);

    expect(notices()).toMatchObject([
      { tenantId, level: "warn", code: "PROVIDER_TIMEOUT", text: expect.stringContaining("took too long") },
    ]);
    expect(dense.problem()).toMatchObject({ code: "PROVIDER_TIMEOUT", message: "The server took too long." });

    embeddings.before = () => {};
    expect(await found("wanderlust")).toEqual([LEAVE]);
    expect(dense.problem()).toBeNull();
    embeddings.before = () => {
      throw new Error("a bug, with details for nobody");
    };
    await found("leave");
    expect(notices()).toHaveLength(2);
    expect(JSON.stringify(notices())).not.toContain("details for nobody");
  });

  test("at the start already, that is known at once, and told to whoever asks first", async () => {
    await start();
    await built(SMALL);
    embeddings.open = async () => {
      throw new AppError("MODEL_NOT_AVAILABLE", "Its file config.json is missing.");
    };

    await dense.prepare();
    expect(dense.problem()).toMatchObject({ code: "MODEL_NOT_AVAILABLE" });
    expect(notices()).toEqual([]);
    await found("leave");
    await found("leave");
    expect(notices()).toMatchObject([{ tenantId, code: "MODEL_NOT_AVAILABLE" }]);
  });

  test("an empty question and one of nothing but signs are no questions for it", async () => {
    await start();
    await built(SMALL);
    embeddings.calls.length = 0;

    for (const question of ["", " \n\t "]) expect(await found(question)).toEqual([]);
    expect(embeddings.calls).toEqual([]);
    for (const question of ["🦜🦜", '"AND (', "\ud800"]) expect(await found(question)).toEqual([]);
    expect(dense.problem()).toBeNull();
  });
});
