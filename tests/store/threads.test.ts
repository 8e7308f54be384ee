/** What the store does when its threads or its file are not well. */
import { afterAll, afterEach, beforeEach, describe, expect, spyOn, test } from "bun:test";
import Database from "better-sqlite3";
import { CALLS } from "../../src/store/sqlite/calls.ts";
import { openSqliteStore, type SqliteStoreOptions } from "../../src/store/sqlite/index.ts";
import type { Store } from "../../src/store/store.ts";
import { aChatSession, aConversation, aFirstAdmin, aQuestion, NOW } from "../helpers/builders.ts";
import { rejection } from "../helpers/rejection.ts";
import { removeTestStores, sqliteOptions } from "../helpers/sqlite.ts";

const WINDOW_MS = 1_000;

let options: SqliteStoreOptions;
let store: Store;
let logged: string[];

afterAll(removeTestStores);
beforeEach(async () => {
  logged = [];
  const note = (event: string) => void logged.push(event);
  const log = { info: note, warn: note, error: note };
  options = await sqliteOptions({ log, busyTimeoutMs: 50 });
  store = await openSqliteStore(options);
  await store.instance.initialise(aFirstAdmin());
});
afterEach(() => store.close());

const hit = (key: string) => store.throttles.hit(key, WINDOW_MS, NOW);
const countOf = async (key: string) => (await store.throttles.peek(key, WINDOW_MS, NOW)).count;

/** Threads that are started from now on. */
function watchThreads() {
  const started: { name: string; worker: Worker }[] = [];
  const Original = globalThis.Worker;
  const spy = spyOn(globalThis, "Worker").mockImplementation(((url: URL, given: WorkerOptions) => {
    const worker = new Original(url, given);
    started.push({ name: given.name ?? "", worker });
    return worker;
  }) as never);
  return {
    named: (name: string) => started.filter((each) => each.name === name),
    last: (name: string) => started.findLast((each) => each.name === name)?.worker as Worker,
    restore: () => spy.mockRestore(),
  };
}

describe("a database that another program has locked", () => {
  test("makes writes fail as worth another try, while reads go on", async () => {
    await hit("before");
    const other = new Database(options.path);
    other.exec("begin immediate");

    const writes = Promise.all(Array.from({ length: 20 }, (_, n) => rejection(hit(`write ${n}`))));
    expect(await countOf("before")).toBe(1);
    for (const refused of await writes) {
      expect(refused).toMatchObject({ code: "OVERLOADED", retryAfterMs: expect.any(Number) });
    }
    expect(await rejection(store.check())).toMatchObject({ code: "OVERLOADED" });

    other.exec("rollback");
    other.close();
    expect((await hit("write 0")).count).toBe(1);
    await store.check();
  });

  test("is not waited for longer than a few seconds by a health check", async () => {
    await store.close();
    store = await openSqliteStore({ ...options, busyTimeoutMs: 60_000 });
    const other = new Database(options.path);
    other.exec("begin immediate");

    expect(await rejection(store.check())).toMatchObject({ code: "OVERLOADED" });

    other.exec("rollback");
    other.close();
  }, 20_000);
});

describe("a thread that dies", () => {
  test("is replaced, fails what it has not acknowledged, and loses nothing that it has", async () => {
    const threads = watchThreads();
    await store.close();
    store = await openSqliteStore(options);
    await hit("acknowledged");
    const worker = threads.last("writer-worker");
    const ended = new Promise((resolve) => worker.addEventListener("close", resolve, { once: true }));
    worker.terminate();
    await ended;

    expect(await countOf("acknowledged")).toBe(1);
    expect((await hit("acknowledged")).count).toBe(2);
    expect(threads.named("writer-worker")).toHaveLength(2);
    expect(logged).toContain("writer-thread-ended");
    threads.restore();
  });

  test("in the middle of writes leaves each of them either done or failed with a sentence", async () => {
    const threads = watchThreads();
    await store.close();
    store = await openSqliteStore(options);
    await hit("first");
    const worker = threads.last("writer-worker");
    const writes = Array.from({ length: 50 }, (_, n) => hit(`write ${n}`));
    worker.dispatchEvent(new ErrorEvent("error", { message: "out of luck" }));

    const outcomes = await Promise.allSettled(writes);

    for (const [n, outcome] of outcomes.entries()) {
      if (outcome.status === "fulfilled") expect(await countOf(`write ${n}`)).toBe(1);
      else expect(outcome.reason).toMatchObject({ message: expect.stringContaining("Try again") });
    }
    expect((await hit("first")).count).toBe(2);
    threads.restore();
  });
});

test("a quiet store has one thread; a reader comes when a write is at work, and one for scans", async () => {
  const threads = watchThreads();
  await store.close();
  store = await openSqliteStore(options);
  const [tenant] = await store.tenants.list();
  if (tenant === undefined) throw new Error("there is no tenant");
  expect(threads.named("reader-worker")).toHaveLength(0);

  const writing = hit("busy");
  await store.tenants.get(tenant.id);
  await writing;
  expect(threads.named("reader-worker")).toHaveLength(1);
  await store.conversations.list(tenant.id, { textContains: "leave" }, { cursor: null, limit: 1 });

  expect(threads.named("reader-worker")).toHaveLength(2);
  threads.restore();
});

test("a reader that nobody asks anything for a while ends, and whoever asks next has another", async () => {
  const threads = watchThreads();
  await store.close();
  store = await openSqliteStore({ ...options, readersRestAfterMs: 0 });
  const [tenant] = await store.tenants.list();
  if (tenant === undefined) throw new Error("there is no tenant");
  const search = () =>
    store.conversations.list(tenant.id, { textContains: "leave" }, { cursor: null, limit: 1 });

  const asked = search();
  const ended = Promise.withResolvers<void>();
  spyOn(threads.last("reader-worker"), "terminate").mockImplementationOnce(ended.resolve);
  await asked;
  await ended.promise;
  expect(threads.named("reader-worker")).toHaveLength(1);
  expect(await search()).toEqual({ items: [], nextCursor: null });

  expect(threads.named("reader-worker")).toHaveLength(2);
  expect(logged).toEqual([]);
  threads.restore();
});

test("what is said is taken into its index behind the commit, and a store that closes takes in no more", async () => {
  const [{ id: tenantId } = aFirstAdmin().tenant] = await store.tenants.list();
  const session = aChatSession({ tenantId });
  await store.chatSessions.create(session, "hash", aConversation(session), []);
  const { id: sessionId, conversationId } = session;
  const ask = (content: string) =>
    store.turns.acceptQuestion({
      ...{ tenantId, sessionId, conversationId, page: null, jobs: [] },
      question: aQuestion({ conversationId, content }),
    });
  const watcher = new Database(options.path, { readonly: true });
  const left = watcher.prepare<[], number>("select count(*) from messages_to_index").pluck();

  await ask("How long is parental leave?");
  expect(left.get()).toBe(1);
  while (left.get() !== 0) await Bun.sleep(20);
  // At once, so that there is no pause between the two.
  await Promise.all([ask("And sick leave?"), store.close()]);

  expect(left.get()).toBe(1);
  watcher.close();
  store = await openSqliteStore(options);
  const found = await store.conversations.list(
    tenantId,
    { textContains: "LEAVE?" },
    { cursor: null, limit: 1 },
  );
  expect(found.items.map(({ id }) => id)).toEqual([conversationId]);
});

test("a call that says it reads cannot write, whichever thread does it", async () => {
  const kinds = CALLS.throttles as Record<string, string>;
  expect(kinds.clear).toBe("write");
  await hit("kept");

  // Behind the types: a mistake in the table.
  kinds.clear = "read";
  try {
    await store.close();
    store = await openSqliteStore(options);
    expect(await rejection(store.throttles.clear("kept"))).toMatchObject({
      cause: expect.stringContaining("throttles.clear writes"),
    });
  } finally {
    kinds.clear = "write";
  }
  expect(await countOf("kept")).toBe(1);
});
