import { expect, test } from "bun:test";
import type { AppError } from "../../src/errors.ts";
import { createLimits } from "../../src/services/access/limits.ts";
import { countByDay } from "../../src/services/insight/dashboard.ts";

function limitsAt() {
  const clock = { now: 0 };
  const limits = createLimits(() => clock.now);
  const take = (key = "a", perMinute = 3): AppError | null => {
    try {
      limits.take(key, perMinute, "Slowly.");
      return null;
    } catch (thrown) {
      return thrown as AppError;
    }
  };
  return { clock, take };
}

test("row 97: a bucket gives what a minute holds, then refuses and says how long", () => {
  const { take } = limitsAt();

  expect([take(), take(), take()]).toEqual([null, null, null]);
  expect(take()).toMatchObject({
    code: "RATE_LIMITED",
    retryAfterMs: 20_000,
    message: "Slowly. Try again in 20 s.",
  });
});

test("it refills evenly, up to what a minute holds", () => {
  const { clock, take } = limitsAt();
  for (let n = 0; n < 3; n++) take();

  clock.now += 20_000;
  expect([take(), take()?.code]).toEqual([null, "RATE_LIMITED"]);
  clock.now += 3_600_000;
  expect([take(), take(), take(), take()?.code]).toEqual([null, null, null, "RATE_LIMITED"]);
});

test("one key's haste costs no other", () => {
  const { take } = limitsAt();
  for (let n = 0; n < 9; n++) take("hasty");

  expect(take("calm")).toBeNull();
});

test("questions are counted in periods of 24 h up to now, oldest first", () => {
  const day = 86_400_000;
  const now = 100 * day;

  expect(countByDay([now - 1, now - day, now - 6.5 * day, now - 7 * day, now + 1], now)).toEqual([
    1, 0, 0, 0, 0, 1, 1,
  ]);
});
