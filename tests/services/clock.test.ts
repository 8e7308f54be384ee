/** A machine whose clock is set while Parley runs, and one whose clock was wrong while another Parley ran. */
import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import type { Log, Settings } from "../../src/deps.ts";
import type { TenantId, UserId } from "../../src/domain/ids.ts";
import { createTokens } from "../../src/secrets/tokens.ts";
import { authenticateAdmin, type SignInDeps, signIn } from "../../src/services/access/sign-in.ts";
import {
  authenticateVisitor,
  openChatSession,
  type VisitorDeps,
} from "../../src/services/access/visitors.ts";
import { createSteadyClock, type SteadyClock } from "../../src/services/operations/clock.ts";
import { createOutbox } from "../../src/services/operations/outbox.ts";
import type { Store } from "../../src/store/store.ts";
import { aFirstAdmin, aJob, aUser, NOW } from "../helpers/builders.ts";
import { openTestStore, removeTestStores, TEST_KEY } from "../helpers/sqlite.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const TEN_YEARS = 3652 * DAY;
const PASSWORD = "the right password";
const user = aUser({ email: "ada@example.org" });

let wall: number;
let monotonic: number;
let slept: number;
let store: Store;
let clock: SteadyClock;
let tenantId: TenantId;
let deps: SignInDeps & VisitorDeps;

beforeEach(async () => {
  wall = NOW;
  monotonic = 1000;
  slept = 0;
  store = await openTestStore();
  const first = aFirstAdmin({ user, passwordHash: `hash of ${PASSWORD}` });
  await store.instance.initialise(first);
  tenantId = first.tenant.id;
  startAgain();
});
afterAll(removeTestStores);

/** Another process: it knows only what the clock says now. */
function startAgain(): void {
  clock = createSteadyClock({
    wall: () => wall,
    monotonic: () => monotonic,
    uptime: () => Math.floor((monotonic + slept) / 1000),
  });
  const tokens = {
    ...createTokens(TEST_KEY),
    verifyPassword: async (password: string, hash: string) => hash === `hash of ${password}`,
    verifyDummy: async () => false as const,
  };
  const limits = { signInsPerAccount: 3, signInsPerAddress: 5, sessionsPerMinutePerAddress: 9 };
  deps = {
    ...{ store, tokens, now: clock.now, outbox: createOutbox([], () => {}) },
    settings: { limits: limits as Settings["limits"] } as Settings,
    limits: { take: () => {} },
  };
}

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };
const look = () => clock.look({ store, log: quiet });

function pass(ms: number): void {
  wall += ms;
  monotonic += ms;
}

async function setClock(by: number): Promise<void> {
  wall += by;
  await look();
}

const jumps: [string, number][] = [
  ["a day back", -DAY],
  ["ten years ahead", TEN_YEARS],
];

const codeOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => "done",
    (thrown) => thrown.code as string,
  );
const attempt = (password: string) =>
  codeOf(signIn(deps, user.email, password, { address: "203.0.113.1", device: null }));

describe.each(jumps)("a clock that is set %s", (_name, by) => {
  test("and put right leaves people signed in, and ends a session that is idle when it should", async () => {
    const { token } = await signIn(deps, user.email, PASSWORD, { address: "203.0.113.1", device: null });
    pass(11 * HOUR);
    await setClock(by);
    expect(await codeOf(authenticateAdmin(deps, token))).toBe("done");
    pass(11 * HOUR);
    await setClock(-by);

    pass(HOUR - MINUTE);
    expect(await codeOf(authenticateAdmin(deps, token))).toBe("done");
    pass(12 * HOUR);
    expect(await codeOf(authenticateAdmin(deps, token))).toBe("UNAUTHENTICATED");
  });

  test("ends sessions that began meanwhile after their seven days, used or not", async () => {
    await setClock(by);
    const { token } = await signIn(deps, user.email, PASSWORD, { address: "203.0.113.1", device: null });
    await setClock(-by);

    for (let hours = 0; hours < 6 * 24; hours += 8) {
      pass(8 * HOUR);
      expect(await codeOf(authenticateAdmin(deps, token))).toBe("done");
    }
    pass(8 * HOUR);
    await authenticateAdmin(deps, token);
    pass(8 * HOUR);
    await authenticateAdmin(deps, token);
    pass(8 * HOUR);
    expect(await codeOf(authenticateAdmin(deps, token))).toBe("UNAUTHENTICATED");
  });

  test("locks nobody out for longer than the window, nor for less", async () => {
    for (let n = 0; n < 3; n++) await attempt("wrong");
    await setClock(by);
    expect(await attempt(PASSWORD)).toBe("RATE_LIMITED");
    pass(14 * MINUTE);
    await setClock(-by);

    expect(await attempt(PASSWORD)).toBe("RATE_LIMITED");
    pass(MINUTE);
    expect(await attempt(PASSWORD)).toBe("done");
  });

  test("leaves a visitor's chat open until nobody used it for a day", async () => {
    const page = { origin: null, sameOrigin: true, address: "10.0.0.1" };
    const { token } = await openChatSession(deps, tenantId, {}, null, page);
    await setClock(by);
    expect(await codeOf(authenticateVisitor(deps, token, null))).toBe("done");
    await setClock(-by);

    pass(DAY - MINUTE);
    expect(await codeOf(authenticateVisitor(deps, token, null))).toBe("done");
    pass(DAY);
    expect(await codeOf(authenticateVisitor(deps, token, null))).toBe("UNAUTHENTICATED");
  });

  test("runs jobs when they would have run, and at once what was due", async () => {
    const due = aJob({ tenantId, runAt: NOW });
    const later = aJob({ tenantId, runAt: NOW + 30_000 });
    for (const job of [due, later]) await store.jobs.create(job);
    const claim = () => store.jobs.claim(clock.now(), MINUTE, { ingest: 1 });

    await setClock(by);

    expect((await claim())?.id).toBe(due.id);
    pass(29_000);
    expect(await claim()).toBeNull();
    await setClock(-by);
    expect(await claim()).toBeNull();
    pass(1_000);
    expect((await claim())?.id).toBe(later.id);
  });
});

test("until it is noticed that the clock was set, time goes on as before", async () => {
  pass(HOUR);
  wall += TEN_YEARS;
  monotonic += 500;

  expect(clock.now()).toBe(NOW + HOUR + 500);
  wall -= TEN_YEARS;
  await look();
  expect(clock.now()).toBe(NOW + HOUR);
});

test("a machine that slept was not set: its sleep counts as time without use", async () => {
  const { token } = await signIn(deps, user.email, PASSWORD, { address: "203.0.113.1", device: null });
  wall += 13 * HOUR;
  slept += 13 * HOUR;
  await look();

  expect(clock.now()).toBe(NOW + 13 * HOUR);
  expect(await codeOf(authenticateAdmin(deps, token))).toBe("UNAUTHENTICATED");
});

describe("what a Parley wrote whose clock was ten years ahead, for one that was started after it", () => {
  const later = NOW + TEN_YEARS;

  test("is a session that has twelve hours without use from now on, and the rest of its seven days", async () => {
    await setSession(later, user.id);

    await store.clock.settle(NOW);

    const found = (await store.adminSessions.find("of-the-future"))?.session;
    expect(found).toMatchObject({ createdAt: NOW, lastSeenAt: NOW, expiresAt: NOW + 7 * DAY });
  });

  test("is a job that waits as long as it was to wait", async () => {
    const job = aJob({ tenantId, runAt: later + 30_000, createdAt: later, updatedAt: later });
    await store.jobs.create(job);

    await store.clock.settle(NOW);

    expect(await store.jobs.claim(NOW + 29_999, MINUTE, { ingest: 1 })).toBeNull();
    expect((await store.jobs.claim(NOW + 30_000, MINUTE, { ingest: 1 }))?.id).toBe(job.id);
  });

  test("locks nobody out", async () => {
    wall = later;
    startAgain();
    for (let n = 0; n < 5; n++) await attempt("wrong");
    wall = NOW;
    startAgain();

    expect(await attempt(PASSWORD)).toBe("done");
  });

  test("is a chat that ends a day after it is used", async () => {
    wall = later;
    startAgain();
    const page = { origin: null, sameOrigin: true, address: "10.0.0.1" };
    const { token } = await openChatSession(deps, tenantId, {}, null, page);
    wall = NOW;
    startAgain();

    expect(await codeOf(authenticateVisitor(deps, token, null))).toBe("done");
    pass(DAY);
    expect(await codeOf(authenticateVisitor(deps, token, null))).toBe("UNAUTHENTICATED");
  });
});

function setSession(at: number, userId: UserId): Promise<void> {
  const session = { idHash: "of-the-future", userId, createdAt: at, lastSeenAt: at, expiresAt: at + 7 * DAY };
  return store.adminSessions.create(session);
}
