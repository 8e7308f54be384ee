import { beforeEach, describe, expect, test } from "bun:test";
import { withBreaker } from "../../src/connectors/breaker.ts";
import type { Connector } from "../../src/connectors/connector.ts";
import { AppError, type ErrorCode } from "../../src/errors.ts";
import { asked, LIMITS } from "../helpers/connector-contract.ts";
import { rejection } from "../helpers/rejection.ts";

const NEVER = new AbortController().signal;

let now: number;
let calls: number;
let fails: ErrorCode | null;
let connector: Connector;

beforeEach(() => {
  [now, calls, fails] = [0, 0, "TOOL_UNAVAILABLE"];
  const answer = async () => {
    calls += 1;
    if (fails !== null) throw new AppError(fails, "It does not work.");
    return { columns: [], rows: [], truncated: false };
  };
  connector = withBreaker(
    { run: answer, check: answer, close: async () => {} } as unknown as Connector,
    () => now,
  );
});

const run = () => connector.run(asked("select 1"), LIMITS, NEVER);
const runs = async (times: number) => {
  for (let time = 0; time < times; time++) await rejection(run());
};

describe("a database that is away", () => {
  test("is left alone after two calls, and each of the others is told at once", async () => {
    await runs(5);

    expect(calls).toBe(2);
    expect(await rejection(run())).toMatchObject({ code: "TOOL_UNAVAILABLE", retryAfterMs: 5_000 });
  });

  test("is tried by one call after a while, whose outcome counts for the others", async () => {
    await runs(5);
    now = 5_000;
    await runs(5);
    expect(calls).toBe(3);

    now = 10_000;
    fails = null;
    await Promise.allSettled([run(), run(), run()]);
    expect(calls).toBe(4);
    await run();

    expect(calls).toBe(5);
  });

  test("is asked again at once when a check finds it", async () => {
    await runs(3);
    fails = null;

    await connector.check(NEVER);
    await run();

    expect(calls).toBe(4);
  });
});

test.each(["QUERY_TIMEOUT", "TOOL_FAILED", "INVALID_ARGUMENT"] as const)(
  "%s says nothing of the database",
  async (code) => {
    fails = code;
    await runs(5);

    expect(calls).toBe(5);
  },
);
