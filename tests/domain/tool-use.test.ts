import { expect, test } from "bun:test";
import { type CountedCalls, durationStep, figuresOf } from "../../src/domain/tool-use.ts";

const lasting = (ms: number, more: Partial<CountedCalls> = {}): CountedCalls => ({
  ...{ by: "visitor", ms: durationStep(ms), calls: 1, failures: 0 },
  ...more,
});

test("durations are told apart by the millisecond where that is a difference, and else to a thirty-second part", () => {
  expect([0, 1, 31, 32, 63].map(durationStep)).toEqual([0, 1, 31, 32, 63]);
  expect([64, 65, 66, 127, 5_000, 5_100].map(durationStep)).toEqual([64, 64, 66, 126, 4_992, 4_992]);
  for (let ms = 0; ms < 20_000; ms += 7) {
    expect(durationStep(ms)).toBeLessThanOrEqual(ms);
    expect(ms - durationStep(ms)).toBeLessThanOrEqual(ms / 32);
    expect(durationStep(durationStep(ms))).toBe(durationStep(ms));
  }
});

test("half of the calls take no longer than the first figure, and 95 of 100 no longer than the second", () => {
  const calls = Array.from({ length: 100 }, (_, at) => lasting(at + 1));
  expect(figuresOf(calls, 7)).toMatchObject({ calls: 100, p50Ms: 50, p95Ms: 95, lastUsedAt: 7 });
  expect(figuresOf([lasting(9)], null)).toMatchObject({ p50Ms: 9, p95Ms: 9 });
  expect(figuresOf([lasting(3, { calls: 19 }), lasting(1_000)], null)).toMatchObject({ p50Ms: 3, p95Ms: 3 });
  expect(figuresOf([lasting(3, { calls: 9 }), lasting(1_000)], null)).toMatchObject({
    p50Ms: 3,
    p95Ms: 1_000,
  });
  expect(figuresOf([], null)).toMatchObject({ calls: 0, p50Ms: null, p95Ms: null });
});

test("what people try is counted apart, and takes no part in the figures", () => {
  const counted = [
    lasting(10, { calls: 2, failures: 1 }),
    lasting(20, { by: "program" }),
    lasting(9_000, { by: "person", calls: 5, failures: 5 }),
  ];
  expect(figuresOf(counted, null)).toEqual({
    ...{ calls: 3, failures: 1, byVisitors: 2, byPrograms: 1, trials: 5 },
    ...{ p50Ms: 10, p95Ms: 20, lastUsedAt: null },
  });
});
