import { beforeEach, describe, expect, test } from "bun:test";
import { AppError } from "../../src/errors.ts";
import type { Reranker } from "../../src/providers/provider.ts";
import { createRerankers, type LocalScorer, RERANK_DEADLINE_MS } from "../../src/providers/rerankers.ts";
import { type ManualClock, manualClock } from "../helpers/manual-clock.ts";

const NEVER = new AbortController().signal;
const WARNINGS: string[] = [];

let clock: ManualClock;
beforeEach(() => {
  clock = manualClock();
  WARNINGS.length = 0;
});

/** A reranker over a worker that answers with the length of each passage, unless told otherwise. */
function rerankerOver(changes: Partial<LocalScorer> = {}, open = async () => {}): Reranker {
  const log = { warn: (event: string) => void WARNINGS.push(event) };
  const openLocal = async () => {
    await open();
    return {
      score: async (_question: string, passages: readonly string[]) => lengths(passages),
      close() {},
      ...changes,
    };
  };
  return createRerankers({ openLocal, log, clock })("tiny");
}

const lengths = (passages: readonly string[]) => Float32Array.from(passages, ({ length }) => length);
const outcome = (promise: Promise<unknown>) => promise.catch((thrown: unknown) => thrown);
/** Ends when it is told to, and says so. */
const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));

describe("a reranker", () => {
  test("starts its model once, and not before it is asked for", async () => {
    let starts = 0;
    const reranker = rerankerOver({}, async () => void starts++);
    expect(starts).toBe(0);

    await reranker.start();
    const scores = await Promise.all([
      reranker.score("why", ["a", "bcd"], NEVER),
      reranker.score("how", ["ef"], NEVER),
    ]);

    expect(scores.map((list) => [...list])).toEqual([[1, 3], [2]]);
    expect(starts).toBe(1);
  });

  test("is given up at the deadline, and its worker is told", async () => {
    const asking = Promise.withResolvers<AbortSignal>();
    const score: LocalScorer["score"] = (_question, _passages, signal) => {
      asking.resolve(signal);
      return untilAborted(signal);
    };
    const asked = outcome(rerankerOver({ score }).score("why", ["a"], NEVER));

    const signal = await asking.promise;
    clock.advance(RERANK_DEADLINE_MS);

    expect(await asked).toMatchObject({
      code: "PROVIDER_TIMEOUT",
      message: expect.stringContaining("longer than 1.5 seconds"),
    });
    expect(signal.reason).toMatchObject({ code: "PROVIDER_TIMEOUT" });
  });

  test("that is still starting is not waited for any longer than that, and is there for a later question", async () => {
    const started = Promise.withResolvers<void>();
    const reranker = rerankerOver({}, () => started.promise);
    const asked = outcome(reranker.score("why", ["a"], NEVER));
    await clock.waitFor(RERANK_DEADLINE_MS);
    clock.advance(RERANK_DEADLINE_MS);
    expect(await asked).toMatchObject({ code: "PROVIDER_TIMEOUT" });

    started.resolve();
    expect([...(await reranker.score("why", ["a"], NEVER))]).toEqual([1]);
  });

  test("lets a few wait, whose time in line counts, and turns the rest away", async () => {
    const gate = Promise.withResolvers<void>();
    const score: LocalScorer["score"] = async (_question, passages, signal) => {
      await Promise.race([gate.promise, untilAborted(signal)]);
      return lengths(passages);
    };
    const reranker = rerankerOver({ score });
    await reranker.start();
    const waiting = Array.from({ length: 5 }, () => outcome(reranker.score("why", ["a"], NEVER)));

    expect(await outcome(reranker.score("why", ["a"], NEVER))).toMatchObject({
      code: "OVERLOADED",
      message: expect.stringContaining("The reranker tiny"),
    });
    clock.advance(RERANK_DEADLINE_MS);
    for (const each of waiting) expect(await each).toMatchObject({ code: "PROVIDER_TIMEOUT" });
    gate.resolve();
  });

  test("that fails again and again is left alone for a while", async () => {
    let calls = 0;
    const score = async () => {
      if (calls++ < 5) throw new AppError("MODEL_NOT_AVAILABLE", "It gives scores that are not numbers.");
      return Float32Array.of(7);
    };
    const reranker = rerankerOver({ score });
    for (let n = 0; n < 5; n++) await outcome(reranker.score("why", ["a"], NEVER));

    expect(await outcome(reranker.score("why", ["a"], NEVER))).toMatchObject({
      code: "PROVIDER_UNAVAILABLE",
    });
    expect([calls, WARNINGS]).toEqual([5, ["reranker-left-alone"]]);

    clock.advance(15_000);
    expect([...(await reranker.score("why", ["a"], NEVER))]).toEqual([7]);
  });

  test("whose worker died is started anew, and one that was closed is ended", async () => {
    let [starts, ends] = [0, 0];
    const score = async () => {
      if (starts === 1) throw new AppError("INTERNAL", "A background worker has stopped.");
      return Float32Array.of(1);
    };
    const reranker = rerankerOver({ score, close: () => void ends++ }, async () => void starts++);
    expect(await outcome(reranker.score("why", ["a"], NEVER))).toMatchObject({ code: "INTERNAL" });

    expect(await reranker.score("why", ["a"], NEVER)).toHaveLength(1);
    reranker.close();
    await Promise.resolve();

    expect([starts, ends]).toEqual([2, 2]);
  });

  test("that could not be started is tried again the next time", async () => {
    let starts = 0;
    const reranker = rerankerOver({}, async () => {
      if (starts++ === 0) throw new AppError("MODEL_NOT_AVAILABLE", "Not there yet.");
    });

    expect(await outcome(reranker.start())).toMatchObject({ message: "Not there yet." });
    expect(await reranker.score("why", ["a"], NEVER)).toHaveLength(1);
  });

  test.each([
    ["too few", []],
    ["something that is no number", [Number.NaN]],
    ["something without end", [Number.POSITIVE_INFINITY]],
  ])("that gives %s is not believed", async (_what, numbers) => {
    const reranker = rerankerOver({ score: async () => Float32Array.from(numbers) });

    expect(await outcome(reranker.score("why", ["a"], NEVER))).toMatchObject({
      code: "MODEL_NOT_AVAILABLE",
      message: expect.stringContaining("did not give a number for every passage"),
    });
  });

  test("stops when the asker leaves, and that is nobody's failure", async () => {
    const reranker = rerankerOver({ score: (_question, _passages, signal) => untilAborted(signal) });
    for (let n = 0; n < 6; n++) {
      const controller = new AbortController();
      const asked = outcome(reranker.score("why", ["a"], controller.signal));
      controller.abort(new Error("left"));
      expect(String(await asked)).toContain("left");
    }
  });
});
