import { afterEach, beforeEach, describe, expect, jest, test } from "bun:test";
import { newId } from "../../src/domain/ids.ts";
import { createPartialTexts, type PartialTexts } from "../../src/services/chat/partial-texts.ts";
import type { PartialText, Store } from "../../src/store/store.ts";

const TENANT = newId("tenant");
const [ONE, TWO] = [newId("message"), newId("message")];
const log = { debug() {}, info() {}, warn() {}, error() {} };

let commits: PartialText[][];
let answerStore: () => Promise<void>;
let partials: PartialTexts;

beforeEach(() => {
  jest.useFakeTimers();
  commits = [];
  answerStore = async () => {};
  const appendPartials = async (pieces: readonly PartialText[]): Promise<void> => {
    await answerStore();
    commits.push([...pieces]);
  };
  partials = createPartialTexts({ store: { turns: { appendPartials } } as unknown as Store, log });
});
afterEach(() => jest.useRealTimers());

const add = (answer: typeof ONE, text: string) => partials.add(TENANT, answer, text);

/** The clock goes on, and what it began has been done. */
async function pass(ms: number): Promise<void> {
  jest.advanceTimersByTime(ms);
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

const textsOf = (commit: PartialText[] | undefined) => commit?.map(({ text }) => text);

describe("partial texts", () => {
  test("of all answers go into one commit, each only with what is new", async () => {
    add(ONE, "26 ");
    add(TWO, "30 ");
    add(ONE, "weeks");
    await pass(499);
    expect(commits).toEqual([]);

    await pass(1);
    add(ONE, " at full pay");
    await pass(500);

    expect(commits.map(textsOf)).toEqual([["26 weeks", "30 "], [" at full pay"]]);
  });

  test("an answer with much to lose waits no longer than a moment, however fast it is", async () => {
    for (let ms = 0; ms < 500; ms += 10) {
      add(ONE, "x".repeat(1_000));
      await pass(10);
    }

    expect(commits.length).toBeGreaterThan(4);
    expect(commits.length).toBeLessThanOrEqual(10);
  });

  test("a store that is slow is asked for one commit at a time", async () => {
    const gate = Promise.withResolvers<void>();
    answerStore = () => gate.promise;
    add(ONE, "first ");
    await pass(500);
    add(ONE, "second");
    await pass(5_000);
    expect(commits).toEqual([]);

    gate.resolve();
    await pass(0);
    await pass(500);

    expect(commits.map(textsOf)).toEqual([["first "], ["second"]]);
  });

  test("what the store refuses is stored with what follows, in order", async () => {
    answerStore = async () => {
      throw new Error("disk full");
    };
    add(ONE, "first ");
    await pass(500);
    answerStore = async () => {};
    add(ONE, "second");
    await pass(500);

    expect(commits.map(textsOf)).toEqual([["first second"]]);
  });

  test("of an answer that is stored whole are let go, and the rest is stored when Parley stops", async () => {
    add(ONE, "whole");
    add(TWO, "half");
    partials.forget(ONE);
    await partials.close();

    expect(commits.map(textsOf)).toEqual([["half"]]);
  });
});
