import { describe, expect, test } from "bun:test";
import { AppError } from "../../src/errors.ts";
import { retryDelayMs } from "../../src/providers/retry.ts";
import { fromErrorEvent, fromNetworkError, parseRetryAfter } from "../../src/providers/upstream-errors.ts";

const UPSTREAM = { host: "models.corp", hasKey: true, now: () => 0 };
const NOW = Date.parse("2026-01-01T00:00:00Z");

describe("Retry-After", () => {
  test.each([
    ["2", 2000],
    ["0", 0],
    ["1.5", 1500],
    ["Thu, 01 Jan 2026 00:00:10 GMT", 10_000],
    ["Wed, 31 Dec 2025 23:59:59 GMT", 0],
    [null, undefined],
    ["", undefined],
    ["soon", undefined],
    ["-5 apples", undefined],
  ])("%p is %p ms", (header, ms) => {
    expect(parseRetryAfter(header, NOW)).toBe(ms as number);
  });
});

describe("a retry", () => {
  const busy = (retryAfterMs?: number) =>
    new AppError("PROVIDER_UNAVAILABLE", "busy", retryAfterMs === undefined ? {} : { retryAfterMs });

  test("waits longer the second time, with up to half on top", () => {
    expect([retryDelayMs(busy(), 0, 0, 0), retryDelayMs(busy(), 0, 0, 1)]).toEqual([500, 750]);
    expect([retryDelayMs(busy(), 1, 0, 0), retryDelayMs(busy(), 1, 0, 1)]).toEqual([1000, 1500]);
  });

  test("comes at most twice and within half a minute", () => {
    expect(retryDelayMs(busy(), 2, 0, 0)).toBeNull();
    expect(retryDelayMs(busy(), 0, 29_600, 0)).toBeNull();
    expect(retryDelayMs(busy(29_000), 0, 0, 0)).toBe(29_000);
    expect(retryDelayMs(busy(31_000), 0, 0, 0)).toBeNull();
  });

  test.each([
    "PROVIDER_REJECTED",
    "MODEL_NOT_AVAILABLE",
    "UPSTREAM_BAD_RESPONSE",
    "PROVIDER_TIMEOUT",
    "EGRESS_DENIED",
  ] as const)("never follows %s, which would come again", (code) => {
    expect(retryDelayMs(new AppError(code, "no"), 0, 0, 0)).toBeNull();
  });
});

test.each([
  ["ECONNREFUSED", "cannot be reached"],
  ["ENOTFOUND", "has no address"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "certificate"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "certificate"],
])("%s is explained", (code, words) => {
  const error = fromNetworkError(UPSTREAM, Object.assign(new Error("x"), { code }));

  expect([error.code, error.message]).toEqual(["PROVIDER_UNAVAILABLE", expect.stringContaining(words)]);
});

test.each([
  [{ error: { type: "overloaded_error", message: "x" } }, "PROVIDER_UNAVAILABLE"],
  [{ error: { type: "rate_limit_error", message: "x" } }, "PROVIDER_RATE_LIMITED"],
  [{ type: "error", code: "rate_limit_exceeded", message: "x" }, "PROVIDER_RATE_LIMITED"],
  [
    { type: "response.failed", response: { error: { code: "server_error", message: "x" } } },
    "PROVIDER_UNAVAILABLE",
  ],
  [
    { type: "response.failed", response: { error: { code: "invalid_request_error", message: "x" } } },
    "PROVIDER_REJECTED",
  ],
  [{ error: "model runner has unexpectedly stopped" }, "PROVIDER_UNAVAILABLE"],
  [{ error: { type: "authentication_error" } }, "PROVIDER_REJECTED"],
] as const)("an error event %j means %s", (event, code) => {
  expect(fromErrorEvent(UPSTREAM, event).code).toBe(code);
});
