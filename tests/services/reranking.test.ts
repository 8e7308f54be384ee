import { afterAll, afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { LiveEvent } from "../../src/deps.ts";
import type { TenantId } from "../../src/domain/ids.ts";
import { AppError } from "../../src/errors.ts";
import type { Reranker } from "../../src/providers/provider.ts";
import { RERANKED } from "../../src/rag/rerank.ts";
import { KNOWN_PAIRS } from "../../src/rag/similarity.ts";
import { LEXICAL_ONLY } from "../../src/services/retrieval/dense.ts";
import { createReranking, type Reranking } from "../../src/services/retrieval/reranking.ts";
import { rankChunks, retrieve } from "../../src/services/retrieval/retrieve.ts";
import type { Store } from "../../src/store/store.ts";
import { aChunk, aFile, aFirstAdmin, NOW } from "../helpers/builders.ts";
import { rejection } from "../helpers/rejection.ts";
import { openTestStore, removeTestStores } from "../helpers/sqlite.ts";

afterAll(removeTestStores);

const QUIET = { debug() {}, info() {}, warn() {}, error() {} };
const BUDGET = { maxPassages: 3, tokenBudget: 1000 };

let store: Store;
let tenantId: TenantId;
let reranking: Reranking;
let published: LiveEvent[];
let asked: { model: string; question: string; passages: readonly string[] }[];
let closed: string[];
/** What a passage is worth. */
let scoreOf: (question: string, passage: string) => number;

beforeEach(async () => {
  [published, asked, closed] = [[], [], []];
  scoreOf = () => 0;
  store = await openTestStore();
  const first = aFirstAdmin();
  await store.instance.initialise(first);
  tenantId = first.tenant.id;
  reranking = createReranking(deps());
});
afterEach(() => store.close());

function deps() {
  const live = { publish: (event: LiveEvent) => void published.push(event), subscribe: () => () => {} };
  return { store, live, log: QUIET, now: () => NOW, reranker: fakeReranker };
}

/** Knows the pairs that a model is measured with; everything else is what a test says. */
function fakeReranker(model: string): Reranker {
  return {
    model,
    start: async () => {
      if (model === "missing") throw new AppError("MODEL_NOT_AVAILABLE", "There is no model named missing.");
    },
    async score(question, passages) {
      const pair = KNOWN_PAIRS.find(([known]) => known === question);
      if (pair)
        return Float32Array.from(passages, (passage) => (passage === pair[1] ? 4 : wrongAnswer(model)));
      asked.push({ model, question, passages });
      return Float32Array.from(passages, (passage) => scoreOf(question, passage));
    },
    close: () => void closed.push(model),
  };
}

/** One model scores whatever it is shown alike. */
const wrongAnswer = (model: string) => (model === "indifferent" ? 4 : -4);

async function addSource(contents: string[]): Promise<void> {
  const { source, document, job } = aFile({ tenantId, title: "Handbook" });
  await store.sources.create(source, [document], [job]);
  const chunks = contents.map((content, ordinal) =>
    aChunk({ sourceId: source.id, ordinal, content, contentTerms: content, headingPath: ["Leave"] }),
  );
  const outcome = {
    format: "text" as const,
    pageCount: null,
    warnings: [],
    jobId: job.id,
    now: NOW,
    analysis: 1,
    reading: 1,
  };
  await store.chunks.replaceForDocument(tenantId, document.id, chunks, outcome);
}

const retrieval = () => ({ store, dense: LEXICAL_ONLY, reranking });
const found = async (question: string, limit = 10) =>
  (await rankChunks(retrieval(), tenantId, question, limit)).candidates.map(({ hit }) => hit.chunk.content);
const notices = () => published.filter(({ type }) => type === "notice");

describe("reranking", () => {
  test("reads each passage with where it stands, and puts the answer first in the prompt", async () => {
    await addSource(["alpha beta gamma", "Between the two.", "alpha zebra"]);
    await reranking.choose("first");
    scoreOf = (_question, passage) => (passage.includes("zebra") ? 5 : 3);

    const { passages, candidates } = await retrieve(retrieval(), tenantId, "alpha beta", BUDGET);

    expect(asked).toMatchObject([{ model: "first", question: "alpha beta" }]);
    expect(asked[0]?.passages).toContain("Handbook › Leave\nalpha beta gamma");
    expect(passages[0]?.text).toBe("alpha zebra");
    expect(candidates.map(({ rerank }) => rerank)).toEqual([5, 3]);
    expect(candidates[0]?.reason).toContain("reranked 5.00");
  });

  test(`reads the best ${RERANKED} of what both searches found, and no more`, async () => {
    await addSource(Array.from({ length: 60 }, (_, n) => (n < 50 ? "alpha" : "omega") + " filler".repeat(n)));
    const hits = (await rankChunks(retrieval(), tenantId, "omega", 10)).candidates.map(
      ({ hit: { chunk } }) => ({
        chunk,
        similarity: 0.1,
      }),
    );
    const search = async () => ({
      hits,
      scale: { related: 0.7, unrelated: 0.2, background: 0, deviation: 0.1 },
    });
    await reranking.choose("first");

    const both = { store, dense: { ...LEXICAL_ONLY, search }, reranking };
    const { candidates: ranked } = await rankChunks(both, tenantId, "alpha", 100);

    expect(asked[0]?.passages.length).toBe(RERANKED);
    expect(ranked.map(({ rerank }) => rerank === null)).toEqual([
      ...Array<boolean>(RERANKED).fill(false),
      ...Array<boolean>(10).fill(true),
    ]);
  });

  test("refuses what no passage answers, though its words are there", async () => {
    await addSource(["alpha beta gamma"]);
    scoreOf = () => -4;
    const ask = () => retrieve(retrieval(), tenantId, "alpha delta", BUDGET);
    expect((await ask()).passages.map(({ text }) => text)).toEqual(["alpha beta gamma"]);

    await reranking.choose("first");

    const { passages, candidates } = await ask();
    expect(passages).toEqual([]);
    expect(candidates[0]).toMatchObject({ rerank: -4, kept: false, reason: "below the threshold" });
  });

  test("that fails changes nothing, is told once, and is used again when it is well", async () => {
    await addSource(["alpha beta gamma", "alpha zebra"]);
    const before = await rankChunks(retrieval(), tenantId, "alpha beta", 10);
    await reranking.choose("first");
    scoreOf = () => {
      throw new AppError("PROVIDER_TIMEOUT", "It took too long.");
    };

    expect(await rankChunks(retrieval(), tenantId, "alpha beta", 10)).toEqual(before);
    expect(await rankChunks(retrieval(), tenantId, "alpha beta", 10)).toEqual(before);
    expect(notices()).toMatchObject([
      { tenantId, level: "warn", code: "PROVIDER_TIMEOUT", text: expect.stringContaining("took too long") },
    ]);
    expect(reranking.problem()).toMatchObject({ code: "PROVIDER_TIMEOUT", since: NOW });

    scoreOf = (_question, passage) => passage.length;
    await found("alpha");
    expect(reranking.problem()).toBeNull();
    scoreOf = () => {
      throw new Error("a bug, with details for nobody");
    };
    await found("alpha");
    expect(notices()).toHaveLength(2);
    expect(JSON.stringify(notices())).not.toContain("details for nobody");
  });

  test("is asked nothing about an empty question or when nothing was found", async () => {
    await addSource(["alpha beta gamma"]);
    await reranking.choose("first");

    for (const question of ["", "  \n", "🦜🦜", "nowhere"]) expect(await found(question)).toEqual([]);

    expect(asked).toEqual([]);
    expect(reranking.problem()).toBeNull();
  });

  test("is chosen for all who come after, with what its scores mean, until it is switched off", async () => {
    await reranking.choose("first");
    expect(await store.reranker.findActive()).toEqual({
      ...{ model: "first", chosenAt: NOW },
      scale: { related: 4, unrelated: -4 },
    });

    await reranking.choose("second");
    expect((await store.reranker.findActive())?.model).toBe("second");
    expect(closed).toEqual(["first"]);

    await reranking.choose(null);
    expect(await store.reranker.findActive()).toBeNull();
    expect(closed).toEqual(["first", "second"]);
    expect(await reranking.score(tenantId, "alpha", ["beta"], new AbortController().signal)).toBeNull();
  });

  test("stays what it was when another one cannot be used", async () => {
    await reranking.choose("first");

    for (const other of ["missing", "indifferent"]) {
      expect(await rejection(reranking.choose(other))).toMatchObject({ code: "MODEL_NOT_AVAILABLE" });
    }

    expect((await store.reranker.findActive())?.model).toBe("first");
    expect(closed).toEqual(["missing", "indifferent"]);
    expect(await reranking.score(tenantId, "alpha", ["beta"], new AbortController().signal)).toMatchObject({
      scale: { related: 4 },
    });
  });

  test("that is missing at the start is known at once, and told to whoever asks first", async () => {
    const scale = { related: 1, unrelated: 0 };
    await store.reranker.replace({ model: "missing", scale, chosenAt: NOW });

    await reranking.prepare();

    expect(reranking.problem()).toMatchObject({ message: "There is no model named missing." });
    expect(notices()).toEqual([]);
  });
});
