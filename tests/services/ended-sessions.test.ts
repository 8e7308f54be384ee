/** Sessions that nobody can use any more are removed, and those that somebody can use stay. */
import { afterAll, afterEach, beforeEach, expect, test } from "bun:test";
import type { ChatSession } from "../../src/domain/conversation.ts";
import type { ChatSessionId, TenantId } from "../../src/domain/ids.ts";
import type { Job } from "../../src/domain/job.ts";
import {
  endedSessionJob,
  endedSessionRemoval,
  REMOVE_ENDED_SESSIONS,
} from "../../src/services/access/ended-sessions.ts";
import type { Store } from "../../src/store/store.ts";
import {
  aChatSession,
  aConversation,
  aFirstAdmin,
  anAdminSession,
  aQuestion,
  NOW,
} from "../helpers/builders.ts";
import { openTestStore, removeTestStores } from "../helpers/sqlite.ts";

const HOUR_MS = 3_600_000;
const never = new AbortController().signal;

let store: Store;
let tenantId: TenantId;
let userId: ReturnType<typeof aFirstAdmin>["user"]["id"];

beforeEach(async () => {
  store = await openTestStore();
  const first = aFirstAdmin();
  await store.instance.initialise(first);
  tenantId = first.tenant.id;
  userId = first.user.id;
});
afterEach(() => store.close());
afterAll(removeTestStores);

const deps = (now = NOW) => ({ store, now: () => now });

async function opened(changes: Partial<ChatSession> = {}): Promise<ChatSession> {
  const session = aChatSession({ origin: null, ...changes, tenantId });
  await store.chatSessions.create(session, session.id, aConversation(session), []);
  return session;
}

async function ask({ id: sessionId, conversationId }: ChatSession): Promise<void> {
  const question = aQuestion({ conversationId });
  await store.turns.acceptQuestion({ tenantId, sessionId, conversationId, question, page: null, jobs: [] });
}

const isThere = async (id: ChatSessionId) => (await store.chatSessions.findByTokenHash(id)) !== null;

function run(now: number, isTurnOver = async () => false) {
  return endedSessionRemoval.run(deps(now), endedSessionJob(deps(now), tenantId), never, isTurnOver);
}

test("a visitor's session without a question goes once it is over, and one with a question stays", async () => {
  const expiresAt = NOW + HOUR_MS;
  const [empty, asked] = [await opened({ expiresAt }), await opened({ expiresAt })];
  await ask(asked);

  expect(await run(NOW)).toBe("done");
  expect([await isThere(empty.id), await isThere(asked.id)]).toEqual([true, true]);
  expect(await run(NOW + HOUR_MS)).toBe("done");
  expect([await isThere(empty.id), await isThere(asked.id)]).toEqual([false, true]);
});

test("of each page that the chat was opened on the latest session stays for a while", async () => {
  const page = { origin: "https://wiki.corp", createdAt: NOW, expiresAt: NOW };
  const { id } = await opened(page);

  await run(NOW + HOUR_MS);
  expect(await store.chatSessions.recentOrigins(tenantId, 9)).toEqual(["https://wiki.corp"]);
  await run(NOW + 31 * 24 * HOUR_MS);
  expect(await isThere(id)).toBe(false);
});

test("a person's session goes once it is over, whoever has left it behind", async () => {
  const [over, running] = [
    anAdminSession({ userId, expiresAt: NOW }),
    anAdminSession({ userId, expiresAt: NOW + 1 }),
  ];
  await store.adminSessions.create(over);
  await store.adminSessions.create(running);

  await run(NOW);

  expect(await store.adminSessions.find(over.idHash)).toBeNull();
  expect(await store.adminSessions.find(running.idHash)).not.toBeNull();
});

test("a great many are removed in pieces, and others have their turn in between", async () => {
  const sessions: ChatSession[] = [];
  for (let n = 0; n < 450; n++) sessions.push(await opened({ expiresAt: NOW }));
  const left = async () => (await Promise.all(sessions.map(({ id }) => isThere(id)))).filter(Boolean).length;

  expect(await run(NOW, async () => true)).toBe("again");
  expect(await left()).toBe(250);
  expect(await run(NOW, async () => false)).toBe("done");
  expect(await left()).toBe(0);
});

test("the work waits from the start on, once, wherever somebody has set Parley up", async () => {
  await endedSessionRemoval.atStart?.(deps());
  await endedSessionRemoval.atStart?.(deps());

  const waiting = (await store.jobs.findLatest(REMOVE_ENDED_SESSIONS, "ended-sessions")) as Job;
  expect(waiting).toMatchObject({ state: "queued", runAt: NOW });
  expect(endedSessionRemoval.everyMs).toBeLessThanOrEqual(HOUR_MS);

  const unused = await openTestStore();
  await endedSessionRemoval.atStart?.({ store: unused, now: () => NOW });
  expect(await unused.jobs.waitingKinds()).toEqual([]);
  await unused.close();
});
