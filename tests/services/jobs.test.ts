/** The queue, with kinds that only this file knows. */
import { afterEach, beforeEach, describe, expect, spyOn, test } from "bun:test";
import type { LiveEvent, Log } from "../../src/deps.ts";
import type { TenantId } from "../../src/domain/ids.ts";
import type { Job, JobHandler } from "../../src/domain/job.ts";
import { AppError } from "../../src/errors.ts";
import { JOB_HANDLERS } from "../../src/services/jobs/handlers.ts";
import { type JobQueue, startQueue } from "../../src/services/jobs/queue.ts";
import type { Store } from "../../src/store/store.ts";
import { aFirstAdmin, aJob, anLlmConfig, aTenant, aWidget } from "../helpers/builders.ts";
import { openTestStore } from "../helpers/sqlite.ts";

type Deps = ReturnType<typeof deps>;
type Handler = JobHandler<Deps>;

let now: number;
let store: Store;
let tenantId: TenantId;
let otherTenant: TenantId;
let queue: JobQueue | null;
let handlers: Record<string, Handler>;
let logged: { event: string; fields: Record<string, unknown> }[];
let listeners: Set<() => void>;

beforeEach(async () => {
  now = 1_000_000;
  queue = null;
  handlers = {};
  logged = [];
  listeners = new Set();
  store = await openTestStore({ now: () => now });
  const first = aFirstAdmin();
  await store.instance.initialise(first);
  tenantId = first.tenant.id;
  const other = aTenant();
  await store.tenants.create(other, first.user.id, aWidget(), anLlmConfig({ tenantId: other.id }));
  otherTenant = other.id;
});
afterEach(async () => {
  await queue?.stop();
  await store.close();
});

function notify(): void {
  for (const listener of listeners) listener();
}

function deps() {
  const write = (event: string, fields: Record<string, unknown> = {}) => {
    logged.push({ event, fields });
    notify();
  };
  const log: Log = { debug: write, info: write, warn: write, error: write };
  const live = { publish: (_event: LiveEvent) => notify(), subscribe: () => () => {} };
  return { store, live, log, now: () => now };
}

/** A handler that is done at once, but for what is said otherwise. */
function handler(changes: Partial<Handler> = {}): Handler {
  return {
    priority: 0,
    shown: false,
    lane: "reading",
    run: async () => "done",
    retryAt: () => null,
    ...changes,
  };
}

async function start(): Promise<void> {
  queue = await startQueue(deps(), handlers);
}

async function add(kind: string, changes: Partial<Job> = {}): Promise<Job> {
  const job = aJob({ tenantId, kind, runAt: 0, createdAt: now, ...changes });
  await store.jobs.create(job);
  queue?.wake();
  return job;
}

/** Resolves when `holds`, which is looked at whenever something is announced or logged. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  for (;;) {
    // Before looking, so that nothing is missed in between.
    const { promise, resolve } = Promise.withResolvers<void>();
    listeners.add(resolve);
    if (await holds()) return;
    await promise;
    listeners.delete(resolve);
  }
}

const stateOf = async ({ id }: Job) => (await store.jobs.find(id))?.state;
const is = (state: Job["state"], job: Job) => until(async () => (await stateOf(job)) === state);
const isLogged = (event: string) => until(async () => logged.some((line) => line.event === event));

describe("the queue", () => {
  test("does jobs of any kind that its register has, and only once", async () => {
    const done: string[] = [];
    const run: Handler["run"] = async (_deps, { subject }) => {
      done.push(subject);
      return "done";
    };
    handlers = { "make-tea": handler({ run }) };
    const job = await add("make-tea", { subject: "green" });
    await start();

    await is("done", job);
    await is("done", await add("make-tea", { subject: "black" }));

    expect(done).toEqual(["green", "black"]);
    expect(await store.jobs.find(job.id)).toMatchObject({ progress: 1, attempts: 1, stage: null });
  });

  test("works in lanes beside each other, on one job at a time in each", async () => {
    const slow = Promise.withResolvers<"done">();
    const began: string[] = [];
    handlers = {
      slow: handler({
        lane: "vectors",
        run: (_deps, { subject }) => {
          began.push(subject);
          return slow.promise;
        },
      }),
      quick: handler(),
    };
    const [first, second] = [await add("slow", { subject: "1" }), await add("slow", { subject: "2" })];
    await start();

    await is("done", await add("quick"));
    expect([await stateOf(first), await stateOf(second)]).toEqual(["running", "queued"]);
    expect(began).toEqual(["1"]);

    slow.resolve("done");
    await is("done", second);
  });

  test("is fair between tenants: one document does not wait behind another tenant's hundred", async () => {
    const order: TenantId[] = [];
    handlers = {
      read: handler({
        run: async (_deps, job) => {
          order.push(job.tenantId);
          return "done";
        },
      }),
    };
    for (let n = 0; n < 3; n++) await add("read", { createdAt: n });
    const last = await add("read", { tenantId: otherTenant, createdAt: 9 });
    await start();

    await is("done", last);
    expect(order.slice(0, 2)).toEqual([tenantId, otherTenant]);
  });

  test("takes the most urgent kind of a lane first", async () => {
    const order: string[] = [];
    const run: Handler["run"] = async (_deps, { kind }) => {
      order.push(kind);
      return "done";
    };
    handlers = { later: handler({ priority: 1, run }), sooner: handler({ run }) };
    const last = await add("later", { createdAt: 1 });
    await add("sooner", { createdAt: 2 });
    await start();

    await is("done", last);
    expect(order).toEqual(["sooner", "later"]);
  });

  test("lets work make room, for others that are due, and goes on with it afterwards", async () => {
    const order: string[] = [];
    handlers = {
      long: handler({
        async run(_deps, { subject, attempts }) {
          order.push(`${subject} ${attempts}`);
          now += 1;
          return order.length < 4 ? "again" : "done";
        },
      }),
    };
    const [first] = [
      await add("long", { subject: "a" }),
      await add("long", { subject: "b", createdAt: now + 1 }),
    ];
    await start();

    await is("done", first);
    // Every part is a first attempt: making room is no failure.
    expect(order.slice(0, 4)).toEqual(["a 1", "b 1", "a 1", "b 1"]);
  });

  test("ends a turn at once for what is more urgent, after a while for its like, and never for less", async () => {
    const turns: boolean[] = [];
    handlers = {
      urgent: handler({ priority: 0 }),
      middle: handler({
        priority: 1,
        async run(_deps, { subject }, _signal, isTurnOver) {
          if (subject !== "first") return "done";
          turns.push(await isTurnOver());
          await add("low", { subject: "any" });
          await add("middle", { subject: "second" });
          turns.push(await isTurnOver());
          now += 10_000;
          turns.push(await isTurnOver());
          now -= 10_000;
          await add("urgent", { subject: "any" });
          turns.push(await isTurnOver());
          return "done";
        },
      }),
      low: handler({ priority: 2 }),
    };
    await start();

    await is("done", await add("middle", { subject: "first" }));
    expect(turns).toEqual([false, false, true, true]);
  });

  test("comes back to work that comes round, so long after it was done, with all its attempts", async () => {
    const done: number[] = [];
    const run: Handler["run"] = async (_deps, { attempts }) => {
      done.push(attempts);
      return "done";
    };
    handlers = { round: handler({ everyMs: 500, run }) };
    await start();
    const job = await add("round");
    const waitsUntil = (time: number) =>
      until(async () => {
        const waiting = await store.jobs.find(job.id);
        return waiting?.state === "queued" && waiting.attempts === 0 && waiting.runAt === time;
      });

    await waitsUntil(now + 500);
    now += 500;
    queue?.wake();
    await waitsUntil(now + 500);

    expect(done).toEqual([1, 1]);
  });

  test("asks the handler whether and when to try again, and tells it when all was in vain", async () => {
    const told: string[] = [];
    handlers = {
      failing: handler({
        run: async () => {
          throw new AppError("PARSER_CRASHED", "It crashed.");
        },
        retryAt: (_code, attempts, time) => (attempts < 3 ? time + 500 : null),
        failed: async (_deps, { subject }, { code }) => void told.push(`${subject} ${code}`),
      }),
    };
    await start();
    const job = await add("failing", { subject: "it" });

    for (const attempts of [1, 2]) {
      await until(async () => {
        const tried = await store.jobs.find(job.id);
        return tried?.state === "queued" && tried.attempts === attempts && tried.runAt === now + 500;
      });
      expect(told).toEqual([]);
      now += 500;
      queue?.wake();
    }
    await is("failed", job);

    expect(told).toEqual(["it PARSER_CRASHED"]);
    expect(await store.jobs.find(job.id)).toMatchObject({
      ...{ attempts: 3, errorCode: "PARSER_CRASHED", errorMessage: "It crashed." },
    });
  });

  test("tells of a failure later when it cannot be told now", async () => {
    let tellings = 0;
    handlers = {
      failing: handler({
        run: async () => {
          throw new AppError("ENCRYPTED", "It has a password.");
        },
        async failed() {
          if (++tellings === 1) throw new Error("The database is busy.");
        },
      }),
    };
    await start();
    const job = await add("failing");
    await isLogged("job-failure-not-told");
    await is("queued", job);

    now += 10_000;
    queue?.wake();

    await is("failed", job);
    expect(tellings).toBe(2);
  });

  test("waits for a full disk as long as it is full, and counts that against nobody", async () => {
    let full = true;
    handlers = {
      writing: handler({
        async run() {
          if (full) throw new AppError("STORAGE_FULL", "The disk is full.");
          return "done";
        },
      }),
    };
    await start();
    const job = await add("writing");
    for (let waits = 0; waits < 9; waits++) {
      await until(async () => (await store.jobs.find(job.id))?.runAt === now + 2_000);
      now += 2_000;
      queue?.wake();
    }
    full = false;
    now += 2_000;
    queue?.wake();
    await is("done", job);

    expect((await store.jobs.find(job.id))?.attempts).toBeLessThanOrEqual(2);
  });

  test("records how a job ended as soon as the database takes it, not when the lease is over", async () => {
    let runs = 0;
    handlers = {
      once: handler({
        run: async () => {
          runs++;
          return "done";
        },
      }),
    };
    const { updateRunning } = store.jobs;
    let refusals = 2;
    store.jobs.updateRunning = async (...change) => {
      if (refusals-- > 0) throw new AppError("STORAGE_FULL", "The disk is full.");
      return updateRunning(...change);
    };
    await start();
    const job = await add("once");

    // What waits is woken, so that no time passes.
    await until(async () => {
      queue?.wake();
      return (await stateOf(job)) === "done";
    });

    expect(runs).toBe(1);
    expect(logged.filter(({ event }) => event === "job-not-recorded")).toHaveLength(2);
  });

  test("outlives a database that refuses to answer", async () => {
    handlers = { read: handler() };
    const { claim } = store.jobs;
    let refusals = 2;
    store.jobs.claim = async (...asked) => {
      if (refusals-- > 0) throw new Error("database is locked");
      return claim(...asked);
    };
    const job = await add("read");
    await start();

    await until(async () => {
      queue?.wake();
      return (await stateOf(job)) === "done";
    });
    expect(logged.filter(({ event }) => event === "queue-failed")).toHaveLength(2);
  });

  test("leaves jobs of a kind that it does not know to the Parley that knows it, says so, and goes on", async () => {
    handlers = { known: handler() };
    const unknown = await add("from-the-future");
    await start();

    await is("done", await add("known"));

    expect(await store.jobs.find(unknown.id)).toEqual({ ...unknown, title: "" });
    expect(logged).toEqual([{ event: "jobs-of-unknown-kinds-wait", fields: { kinds: ["from-the-future"] } }]);
    await queue?.stop();
    handlers = { ...handlers, "from-the-future": handler() };
    await start();
    await is("done", unknown);
  });

  test("leaves a job that was cancelled while it ran cancelled", async () => {
    const [began, ending] = [Promise.withResolvers<void>(), Promise.withResolvers<"done">()];
    handlers = {
      read: handler({
        run: () => {
          began.resolve();
          return ending.promise;
        },
      }),
      after: handler(),
    };
    await start();
    const job = await add("read");
    await began.promise;
    await store.jobs.update(job.id, { state: "cancelled" });

    ending.resolve("done");

    await is("done", await add("after"));
    expect(await stateOf(job)).toBe("cancelled");
  });

  test("ends with what it was doing, in all lanes, and counts no attempt", async () => {
    const began = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let ended = 0;
    const run =
      (at: number): Handler["run"] =>
      (_deps, _job, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener("abort", () => {
            // Tidying up takes a moment.
            setImmediate(() => {
              ended++;
              reject(signal.reason);
            });
          });
          began[at]?.resolve();
        });
    handlers = { reading: handler({ run: run(0) }), vectors: handler({ lane: "vectors", run: run(1) }) };
    await start();
    const jobs = [await add("reading"), await add("vectors")];
    await Promise.all(began.map(({ promise }) => promise));

    await queue?.stop();

    expect(ended).toBe(2);
    for (const job of jobs)
      expect(await store.jobs.find(job.id)).toMatchObject({ state: "queued", attempts: 0 });
  });

  test("keeps the lease of a job as long as it works on it", async () => {
    const intervals = spyOn(globalThis, "setInterval");
    const ending = Promise.withResolvers<"done">();
    const began = Promise.withResolvers<void>();
    handlers = {
      long: handler({
        run: () => {
          began.resolve();
          return ending.promise;
        },
      }),
    };
    await start();
    const job = await add("long");
    await began.promise;
    const [renew, everyMs] = intervals.mock.calls.at(-1) as unknown as [() => void, number];
    intervals.mockRestore();

    for (let passed = 0; passed < 300_000; passed += everyMs) {
      now += everyMs;
      renew();
      await store.jobs.find(job.id);
      expect(await store.jobs.claim(now, 1_000, { long: 0 })).toBeNull();
    }

    ending.resolve("done");
    await is("done", job);
  });

  test("begins with what a process that died has left, and with what handlers find undone", async () => {
    handlers = {
      read: handler(),
      upkeep: handler({ atStart: async () => void (await add("upkeep", { subject: "found" })) }),
    };
    const left = await add("read");
    await store.jobs.claim(now, 60_000, { read: 0 });
    await start();

    await is("done", left);
    await until(async () => (await store.jobs.findLatest("upkeep", "found"))?.state === "done");
  });
});

describe("the register", () => {
  const { ingest, reanalyse, "embed-index": embedIndex, "purge-source": purge, evaluate } = JOB_HANDLERS;
  const before = (first?: { lane: string; priority: number }, second?: typeof first) =>
    first?.lane === second?.lane && Number(first?.priority) < Number(second?.priority);

  test("keeps what waits for a model, and what is done unseen, apart from reading", () => {
    expect(new Set([ingest?.lane, embedIndex?.lane, purge?.lane]).size).toBe(3);
    expect(before(ingest, reanalyse)).toBe(true);
    expect(before(purge, evaluate)).toBe(true);
  });

  test("never gives up what must be deleted for good", () => {
    const purges = Object.entries(JOB_HANDLERS).filter(([kind]) => kind.startsWith("purge-"));
    const waits = (each: (typeof purges)[number][1], attempts: number) =>
      (each.retryAt("INTERNAL", attempts, now) ?? Number.NaN) - now;

    expect(purges.length).toBeGreaterThan(2);
    for (const [, each] of purges)
      expect([1, 2, 3, 100].map((attempts) => waits(each, attempts))).toEqual([2_000, 4_000, 8_000, 600_000]);
  });
});
