import { expect, test } from "bun:test";
import type { TenantId } from "../../../src/domain/ids.ts";
import { AppError } from "../../../src/errors.ts";
import { createApiGate } from "../../../src/tools/rest/api-gate.ts";
import { rejection } from "../../helpers/rejection.ts";

const TENANT = "ten_1" as TenantId;
const NEVER = new AbortController().signal;

/** Calls that last until they are told to end. */
function aGate() {
  let now = 0;
  const gate = createApiGate(() => now);
  const running: (() => void)[] = [];
  const call = (host = "erp.corp:443", { tenant = TENANT, signal = NEVER } = {}) =>
    gate.pass(
      tenant,
      host,
      signal,
      () => new Promise<string>((resolve) => running.push(() => resolve(host))),
    );
  const failing = (code: "TOOL_UNAVAILABLE" | "TOOL_FAILED", host = "erp.corp:443") =>
    gate.pass(TENANT, host, NEVER, () => Promise.reject(new AppError(code, "It does not work.")));
  const wait = (ms: number) => {
    now += ms;
  };
  return { gate, call, failing, running, wait };
}
/** Until everything that can go on has. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("four calls of an API run at once, the others in the order they came, and each other API beside them", async () => {
  const { call, running } = aGate();
  const calls = [1, 2, 3, 4, 5, 6].map(() => call());
  const others = [call("crm.corp:443"), call("erp.corp:443", { tenant: "ten_2" as TenantId })];
  await settled();
  expect(running).toHaveLength(6);

  running[0]?.();
  expect(await calls[0]).toBe("erp.corp:443");
  await settled();
  expect(running).toHaveLength(7);

  for (let index = 1; index < 8; index++) {
    running[index]?.();
    await settled();
  }
  expect(await Promise.all([...calls, ...others])).toHaveLength(8);
});

test("who gives up while waiting leaves the place to the next", async () => {
  const { call, running } = aGate();
  for (const _ of [1, 2, 3, 4]) void call();
  const controller = new AbortController();
  const given = rejection(call("erp.corp:443", { signal: controller.signal }));
  const patient = call();
  await settled();

  controller.abort(new Error("no time left"));
  expect(await given).toMatchObject({ message: "no time left" });
  running[2]?.();
  await settled();
  running[4]?.();
  expect(await patient).toBe("erp.corp:443");
});

test("an API that is away twice is left alone for five seconds, then tried by one call", async () => {
  const { call, failing, running, wait } = aGate();
  for (const _ of [1, 2])
    expect(await rejection(failing("TOOL_UNAVAILABLE"))).toHaveProperty("message", "It does not work.");
  expect(await rejection(call())).toMatchObject({ code: "TOOL_UNAVAILABLE", retryAfterMs: 5_000 });
  expect(running).toEqual([]);
  expect(await rejection(failing("TOOL_FAILED", "crm.corp:443"))).toMatchObject({ code: "TOOL_FAILED" });

  wait(5_000);
  const first = call();
  expect(await rejection(call())).toMatchObject({ code: "TOOL_UNAVAILABLE" });
  running[0]?.();
  expect(await first).toBe("erp.corp:443");
  const next = call();
  await settled();
  running[1]?.();
  expect(await next).toBe("erp.corp:443");
});

test("an API that answers with errors is there", async () => {
  const { failing } = aGate();

  for (const _ of [1, 2, 3])
    expect(await rejection(failing("TOOL_FAILED"))).toMatchObject({ code: "TOOL_FAILED" });
});
