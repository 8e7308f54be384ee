import { afterEach, beforeEach, describe, expect, jest, test } from "bun:test";
import type { Files } from "../../src/deps.ts";
import { createHealth, type Health } from "../../src/services/operations/health.ts";
import type { Store } from "../../src/store/store.ts";

const EVERY_MS = 10_000;

let writing: () => Promise<void>;
let reading: () => Promise<boolean>;
let filing: () => Promise<void>;
let hasRoom: boolean;
let tries: number;
let health: Health;

const store = {
  check: () => {
    tries++;
    return writing();
  },
  instance: { initialised: () => reading() },
} as unknown as Store;
const files = { check: () => filing() } as unknown as Files;
const log = { debug() {}, info() {}, warn() {}, error() {} };
const broken = async (): Promise<never> => {
  throw new Error("disk I/O error");
};

beforeEach(async () => {
  jest.useFakeTimers();
  tries = 0;
  writing = async () => {};
  reading = async () => true;
  filing = async () => {};
  hasRoom = true;
  health = await createHealth({ store, files, log, hasRoom: () => hasRoom });
});
afterEach(() => {
  health.stop();
  jest.useRealTimers();
});

/** The clock goes on, and what it began has been done. */
async function pass(ms: number): Promise<void> {
  jest.advanceTimersByTime(ms);
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

describe("readiness", () => {
  test("writes nothing, however often it is asked for", async () => {
    for (let asked = 0; asked < 100; asked++) expect((await health.readiness()).ready).toBe(true);

    expect(tries).toBe(1);
  });

  test("is lost when the database cannot be written, and comes back with it", async () => {
    writing = broken;
    await pass(EVERY_MS);
    expect(await health.readiness()).toEqual({
      ready: false,
      checks: [
        { name: "database", ok: false },
        { name: "files", ok: true },
        { name: "room", ok: true },
      ],
    });

    writing = async () => {};
    await pass(EVERY_MS);
    expect((await health.readiness()).ready).toBe(true);
  });

  test("is lost when files cannot be written, and comes back with them", async () => {
    filing = broken;
    await pass(EVERY_MS);
    expect(await health.readiness()).toMatchObject({
      ready: false,
      checks: [{ ok: true }, { ok: false }, { ok: true }],
    });

    filing = async () => {};
    await pass(EVERY_MS);
    expect((await health.readiness()).ready).toBe(true);
  });

  test("is lost while only the reserve of the disk is left", async () => {
    hasRoom = false;
    await pass(EVERY_MS);
    expect(await health.readiness()).toMatchObject({
      ready: false,
      checks: [{ ok: true }, { ok: true }, { name: "room", ok: false }],
    });

    hasRoom = true;
    await pass(EVERY_MS);
    expect((await health.readiness()).ready).toBe(true);
  });

  test("is lost at once when the database cannot be read", async () => {
    reading = broken;

    expect((await health.readiness()).ready).toBe(false);
  });

  test("a try that hangs has no others behind it", async () => {
    writing = () => new Promise(() => {});
    await pass(5 * EVERY_MS);

    expect(tries).toBe(2);
  });
});
