/** Runs over golden questions, by the real queue, with the real search by words. */
import { afterAll, afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LiveEvent } from "../../src/deps.ts";
import type { EvaluationRun, JudgedQuestion } from "../../src/domain/evaluation.ts";
import { newId, type SourceId, type TenantId } from "../../src/domain/ids.ts";
import { installNativeParts } from "../../src/native/native.ts";
import { indexDocuments } from "../../src/services/insight/evaluation.ts";
import { cancelRun, compareRuns, startRun } from "../../src/services/insight/evaluation-runs.ts";
import { addQuestion, updateQuestion } from "../../src/services/insight/golden-questions.ts";
import { JOB_HANDLERS, type JobDeps } from "../../src/services/jobs/handlers.ts";
import { type JobQueue, startQueue } from "../../src/services/jobs/queue.ts";
import { LEXICAL_ONLY } from "../../src/services/retrieval/dense.ts";
import type { ModelProblem } from "../../src/services/retrieval/model-problem.ts";
import { NO_RERANKING } from "../../src/services/retrieval/reranking.ts";
import { openFiles } from "../../src/store/files.ts";
import type { Store } from "../../src/store/store.ts";
import { aFirstAdmin, aJob, anEmbeddingIndex } from "../helpers/builders.ts";
import { fakeEmbeddings } from "../helpers/fake-embeddings.ts";
import { noTools } from "../helpers/no-tools.ts";
import { rejection } from "../helpers/rejection.ts";
import { openTestStore, removeTestStores } from "../helpers/sqlite.ts";

const { vec0 } = await installNativeParts(".");
const QUIET = { debug() {}, info() {}, warn() {}, error() {} };
const DOCUMENTS = [
  {
    id: "leave",
    title: "Leave",
    text: "# Parental leave\n\nParental leave is 26 weeks at full pay.\n\n# Sick leave\n\nSick leave needs a certificate from the fourth day on.",
  },
  { id: "canteen", title: "Canteen", text: "The canteen opens at noon and serves soup, salad and pasta." },
  {
    id: "parking",
    title: "Parking",
    text: "Visitors park in front of the main gate. Bicycles stand behind it.",
  },
];

let now: number;
let clock: number;
let store: Store;
let tenantId: TenantId;
let folder: string;
let queue: JobQueue | null;
let sources: Map<string, SourceId>;
let problem: ModelProblem | null;
/** Looked at whenever a question is asked. */
let onAsked: (text: string) => Promise<void>;
let announced: Set<() => void>;

afterAll(removeTestStores);
beforeEach(async () => {
  now = 1_000_000;
  clock = 0;
  queue = null;
  problem = null;
  onAsked = async () => {};
  announced = new Set();
  store = await openTestStore({ now: () => now, vec0 });
  folder = await mkdtemp(join(tmpdir(), "parley-runs-"));
  const first = aFirstAdmin();
  await store.instance.initialise(first);
  tenantId = first.tenant.id;
  const documentOf = await indexDocuments(deps(), tenantId, DOCUMENTS, () => {});
  sources = new Map([...documentOf].map(([source, document]) => [document, source]));
});
afterEach(async () => {
  await queue?.stop();
  await store.close();
  await rm(folder, { recursive: true });
});

function deps() {
  const live = {
    publish: (_event: LiveEvent) => {
      for (const listener of announced) listener();
    },
    subscribe: () => () => {},
  };
  const dense = {
    ...LEXICAL_ONLY,
    search: async (_tenant: TenantId, text: string) => {
      await onAsked(text);
      return null;
    },
    problem: () => problem,
  };
  return {
    ...{ store, live, dense, reranking: NO_RERANKING, log: QUIET, embeddings: fakeEmbeddings() },
    ...{ now: () => ++now, monotonicNow: () => ++clock, settings: { version: "1.2.3" } },
    wakeQueue: () => queue?.wake(),
  };
}

async function start(): Promise<void> {
  const parser = { parse: () => Promise.reject(new Error("nothing to parse")), close: async () => {} };
  const all: JobDeps = { ...deps(), ...noTools, parser, files: await openFiles(folder) };
  queue = await startQueue(all, JOB_HANDLERS);
}

const expecting = (document: string, passage: string | null = null) => [
  { source: sources.get(document) ?? newId("source"), passage },
];
const add = (text: string, expected: { source: SourceId; passage: string | null }[] = []) =>
  addQuestion(deps(), tenantId, text, expected);

/** Resolves when `holds`, which is looked at whenever something is announced. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  for (;;) {
    // Before looking, so that nothing is missed in between.
    const { promise, resolve } = Promise.withResolvers<void>();
    announced.add(resolve);
    if (await holds()) return;
    await promise;
    announced.delete(resolve);
  }
}

/** Resolves with the run once it is over. */
async function ended({ id }: EvaluationRun): Promise<EvaluationRun> {
  const isOver = ({ state }: EvaluationRun) => state !== "queued" && state !== "running";
  await until(async () => isOver(await store.evaluations.getRun(tenantId, id)));
  return store.evaluations.getRun(tenantId, id);
}

async function measure(): Promise<EvaluationRun> {
  if (!queue) await start();
  return ended(await startRun(deps(), tenantId));
}

const outcomeOf = async ({ id }: JudgedQuestion) => (await store.goldenQuestions.get(tenantId, id)).outcome;

describe("a run over golden questions", () => {
  test("says of each what was found, and in numbers how good the search is", async () => {
    const found = await add("How long is parental leave?", expecting("leave"));
    const missed = await add("When does the canteen open?", expecting("parking"));
    const refused = await add("Which planet has the most moons?");

    const run = await measure();

    expect(await outcomeOf(found)).toMatchObject({ verdict: "first", ranks: [1], refused: false });
    expect((await outcomeOf(found))?.top[0]).toMatchObject({ title: "Leave", right: true });
    expect(await outcomeOf(missed)).toMatchObject({ verdict: "missed", ranks: [] });
    expect((await outcomeOf(missed))?.top[0]).toMatchObject({ title: "Canteen", right: false });
    expect(await outcomeOf(refused)).toMatchObject({ verdict: "rightly-refused", refused: true });
    expect(run).toMatchObject({
      ...{ state: "done", total: 3, asked: 3, skipped: 0 },
      active: { version: "1.2.3", embedding: null, reranker: null },
      measures: { queries: 3, recall1: 0.5, recall10: 0.5, mrr10: 0.5, ndcg10: 0.5 },
    });
    expect(run.measures?.abstention).toEqual({
      ...{ answerable: 2, unanswerable: 1 },
      ...{ precision: 1, recall: 1, answered: 1 },
    });
    expect(run.measures?.latencyP50Ms).toBeGreaterThan(0);
  });

  test("counts only the passage that has the text that is asked for", async () => {
    const right = await add("Is parental leave paid?", expecting("leave", "26  WEEKS"));
    const wrong = await add("How long is parental leave?", expecting("leave", "no such words"));

    const run = await measure();

    expect(await outcomeOf(right)).toMatchObject({ verdict: "first" });
    expect(await outcomeOf(wrong)).toMatchObject({ verdict: "missed" });
    expect(run.measures?.recall10).toBe(0.5);
  });

  test("gives a source a place for its wrong passage and one for the right one behind it", async () => {
    const section = (word: string) =>
      `# ${word}\n\n${`The ${word} of the harbour is looked after. `.repeat(60)}`;
    const text = `${section("crane")}\n\n${section("lighthouse")}`;
    const documentOf = await indexDocuments(
      deps(),
      tenantId,
      [{ id: "harbour", title: "Harbour", text }],
      () => {},
    );
    const expected = [...documentOf.keys()].map((source) => ({
      source,
      passage: "the lighthouse of the harbour",
    }));
    const question = await add("Who looks after the crane of the harbour?", expected);

    await measure();

    expect(await outcomeOf(question)).toMatchObject({ verdict: "lower", ranks: [2], expected: 1 });
  });

  test("leaves out a question whose sources are all gone, and asks one that has some left", async () => {
    const gone = await add("When does the canteen open?", expecting("canteen"));
    const left = await add("How long is parental leave?", [...expecting("canteen"), ...expecting("leave")]);
    const canteen = sources.get("canteen") as SourceId;
    await store.sources.remove(
      tenantId,
      canteen,
      now,
      aJob({ tenantId, kind: "purge-source", subject: canteen, runAt: now + 1e9 }),
    );

    const run = await measure();

    expect(await outcomeOf(gone)).toMatchObject({ verdict: "skipped" });
    expect(await outcomeOf(left)).toMatchObject({ verdict: "first", expected: 1 });
    expect(run).toMatchObject({ asked: 2, skipped: 1, measures: { queries: 1, recall1: 1 } });
  });

  test("is refused without a question, and while another one is going on", async () => {
    expect(await rejection(startRun(deps(), tenantId))).toMatchObject({ code: "CONFLICT" });
    await add("How long is parental leave?", expecting("leave"));
    const run = await startRun(deps(), tenantId);

    expect(String(await rejection(startRun(deps(), tenantId)))).toContain("A run is going on already.");

    await start();
    expect((await ended(run)).state).toBe("done");
    expect((await measure()).state).toBe("done");
  });

  test("that is cancelled asks no more, and is over", async () => {
    for (let n = 0; n < 60; n++) await add(`How long is parental leave number ${n}?`, expecting("leave"));
    const run = await startRun(deps(), tenantId);
    let asked = 0;
    onAsked = async () => {
      asked += 1;
      if (asked === 5) await cancelRun(deps(), tenantId, run.id);
    };
    await start();

    expect((await ended(run)).state).toBe("cancelled");
    await until(async () => (await store.jobs.findLatest("evaluate", run.id))?.state === "done");
    // At most what is asked between two looks, and the question that opens the model.
    expect(asked).toBeLessThanOrEqual(21);
    expect(await rejection(cancelRun(deps(), tenantId, run.id))).toMatchObject({ code: "CONFLICT" });
  });

  test("goes on where it was after Parley was stopped", async () => {
    for (let n = 0; n < 50; n++) await add(`How long is parental leave number ${n}?`, expecting("leave"));
    const run = await startRun(deps(), tenantId);
    const stopped = Promise.withResolvers<void>();
    let asked = 0;
    onAsked = async () => {
      asked += 1;
      if (asked === 30) stopped.resolve(queue?.stop());
    };
    await start();
    await stopped.promise;
    const before = await store.evaluations.getRun(tenantId, run.id);
    expect(before).toMatchObject({ state: "running" });
    expect(before.asked).toBeGreaterThan(0);
    expect(before.asked).toBeLessThan(50);

    await start();

    expect(await ended(run)).toMatchObject({
      state: "done",
      asked: 50,
      measures: { queries: 50, recall1: 1 },
    });
  });

  test("makes room for other work every ten seconds, and is no failed attempt for that", async () => {
    for (let n = 0; n < 8; n++) await add(`How long is parental leave number ${n}?`, expecting("leave"));
    const run = await startRun(deps(), tenantId);
    const other = aJob({ tenantId, kind: "purge-conversation", subject: "cnv_other" });
    let attempts = 0;
    let asked = 0;
    let askedBefore = 0;
    onAsked = async () => {
      clock += 15_000;
      asked += 1;
      if (asked === 2) await store.jobs.create({ ...other, runAt: now });
      attempts = Math.max(attempts, (await store.jobs.findLatest("evaluate", run.id))?.attempts ?? 0);
      if ((await store.jobs.findLatest(other.kind, other.subject))?.state !== "done") askedBefore = asked;
    };
    await start();

    expect(await ended(run)).toMatchObject({ state: "done", asked: 8 });
    expect(attempts).toBe(1);
    expect(askedBefore).toBeLessThan(8);
  });

  test("fails with the reason when the search becomes another one meanwhile", async () => {
    await add("How long is parental leave?", expecting("leave"));
    const run = await startRun(deps(), tenantId);
    await store.evaluations.changeRun(tenantId, run.id, ["queued"], {
      state: "running",
      active: { version: "1.0.0", embedding: null, reranker: null },
    });
    await start();

    expect(await ended(run)).toMatchObject({ state: "failed", errorCode: "CONFLICT", measures: null });
  });

  test("names the model that it is searched with, and fails when that stops answering meanwhile", async () => {
    const index = anEmbeddingIndex({ state: "ready" });
    await store.embeddingIndexes.create(index);
    await store.embeddingIndexes.activate(index.id, now);
    await add("How long is parental leave?", expecting("leave"));
    const active = { version: "1.2.3", embedding: { index: index.id, model: "tiny-words" }, reranker: null };
    expect(await measure()).toMatchObject({ state: "done", active });
    let asked = 0;
    onAsked = async () => {
      asked += 1;
      // The first one opens the model, the second one is measured.
      if (asked === 2) problem = { code: "PROVIDER_TIMEOUT", message: "It took too long.", since: now };
    };

    expect(await measure()).toMatchObject({ state: "failed", errorCode: "CONFLICT", active });
  });

  test("that cannot be done after three attempts fails with a reason, and another may begin", async () => {
    await add("How long is parental leave?", expecting("leave"));
    const run = await startRun(deps(), tenantId);
    const job = await store.jobs.findLatest("evaluate", run.id);
    if (job) await store.jobs.update(job.id, { attempts: 3 });
    await start();

    expect(await ended(run)).toMatchObject({ state: "failed", errorCode: "INTERNAL" });
    expect((await measure()).state).toBe("done");
  });
});

describe("two runs", () => {
  /** A document that stands before all others for `question`. */
  async function addDecoy(question: string): Promise<SourceId> {
    const decoy = { id: question, title: question, text: `${question} ${question}` };
    const [source] = [...(await indexDocuments(deps(), tenantId, [decoy], () => {})).keys()];
    if (source === undefined) throw new Error("The decoy was not indexed.");
    return source;
  }

  async function remove(source: SourceId): Promise<void> {
    const purge = aJob({ tenantId, kind: "purge-source", subject: source, runAt: now + 1e9 });
    await store.sources.remove(tenantId, source, now, purge);
  }

  test("are compared question by question", async () => {
    const better = await add("When does the canteen open?", expecting("canteen"));
    const worse = await add("Where do visitors park?", expecting("parking"));
    await add("How long is parental leave?", expecting("leave"));
    const decoy = await addDecoy(better.text);
    const former = await measure();
    expect(await compareRuns(deps(), tenantId, former.id, null)).toMatchObject({ former: null, better: [] });

    await remove(decoy);
    await addDecoy(worse.text);
    const run = await measure();

    const comparison = await compareRuns(deps(), tenantId, run.id, null);
    expect(comparison).toMatchObject({ run: { id: run.id }, former: { id: former.id } });
    const named = (changes: typeof comparison.better) =>
      changes.map(({ before, after }) => [after.question, before.ranks, after.ranks]);
    expect(named(comparison.better)).toEqual([[better.id, [2], [1]]]);
    expect(named(comparison.worse)).toEqual([[worse.id, [1], [2]]]);
    const turnedRound = await compareRuns(deps(), tenantId, former.id, run.id);
    expect(turnedRound.better.map(({ after }) => after.question)).toEqual([worse.id]);
  });

  test("say nothing of a question that was changed in between", async () => {
    const question = await add("When does the canteen open?", expecting("parking"));
    await measure();
    await updateQuestion(deps(), tenantId, question.id, { expected: expecting("canteen") });

    const run = await measure();

    expect(await outcomeOf(question)).toMatchObject({ verdict: "first" });
    expect(await compareRuns(deps(), tenantId, run.id, null)).toMatchObject({ better: [], worse: [] });
  });
});
