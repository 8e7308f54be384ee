/** What a tenant does not keep any longer is deleted, what is under legal hold stays, and the audit log says so. */
import { afterAll, afterEach, beforeEach, expect, test } from "bun:test";
import { PURGE_CONVERSATIONS } from "../../src/domain/conversation.ts";
import type { TenantId } from "../../src/domain/ids.ts";
import { newJob } from "../../src/domain/job.ts";
import { APPLY_RETENTION } from "../../src/domain/retention.ts";
import { deletionPurge } from "../../src/services/inbox/deletion.ts";
import { retentionJob, retentionUpkeep, setRetention } from "../../src/services/inbox/retention.ts";
import { createOutbox } from "../../src/services/operations/outbox.ts";
import type { Store } from "../../src/store/store.ts";
import {
  aChatSession,
  aConversation,
  aFirstAdmin,
  anAnswer,
  aQuestion,
  aTrace,
  NOW,
} from "../helpers/builders.ts";
import { openTestStore, removeTestStores } from "../helpers/sqlite.ts";

const DAY_MS = 86_400_000;
const never = new AbortController().signal;

let store: Store;
let tenantId: TenantId;
let said: unknown[];
beforeEach(async () => {
  store = await openTestStore();
  said = [];
  const first = aFirstAdmin();
  await store.instance.initialise(first);
  tenantId = first.tenant.id;
});
afterEach(() => store.close());
afterAll(removeTestStores);

const deps = () => ({
  ...{ store, now: () => NOW, live: { publish() {}, subscribe: () => () => {} }, wakeQueue() {} },
  outbox: createOutbox([], () => {}),
  log: { debug() {}, warn() {}, error() {}, info: (...line: unknown[]) => void said.push(line) },
});

/** A conversation that was answered so many days ago. */
async function answered(daysAgo: number) {
  const at = NOW - daysAgo * DAY_MS;
  const session = aChatSession({ tenantId });
  const { id: sessionId, conversationId } = session;
  await store.chatSessions.create(session, session.id, aConversation(session), []);
  const question = aQuestion({ conversationId, createdAt: at });
  await store.turns.acceptQuestion({ tenantId, sessionId, conversationId, question, page: null, jobs: [] });
  const answer = anAnswer({ conversationId, createdAt: at });
  await store.turns.beginAnswer(tenantId, question.id, answer);
  await store.turns.finishAnswer(tenantId, { ...answer, status: "complete" }, aTrace(), [], at, []);
  return { id: conversationId, answer: answer.id };
}

const set = (conversationDays: number | null, traceDays: number | null) =>
  setRetention(deps(), tenantId, { conversationDays, traceDays });
const run = (isTurnOver = async () => false) =>
  retentionUpkeep.run(deps(), retentionJob(deps(), tenantId), never, isTurnOver);
const left = async () =>
  (await store.conversations.list(tenantId, {}, { cursor: null, limit: 50 })).items.map(({ id }) => id);
const applied = async () =>
  (await store.audit.list(tenantId, { cursor: null, limit: 50 })).items
    .filter(({ action }) => action === "retention.applied")
    .map(({ changes }) => changes);

async function purgeAll(): Promise<void> {
  for (;;) {
    const job = await store.jobs.claim(NOW, 1_000, { [PURGE_CONVERSATIONS]: 0 });
    if (job === null) return;
    await deletionPurge.run(deps(), job, never, async () => false);
    await store.jobs.update(job.id, { state: "done" });
  }
}

test("conversations older than their days go for good, and those under legal hold stay", async () => {
  const [old, held, young] = [await answered(31), await answered(400), await answered(29)];
  await store.conversations.mark(tenantId, held.id, { legalHold: true });
  await set(30, null);

  expect(await run()).toBe("done");
  expect(await left()).toEqual([young.id, held.id]);
  await purgeAll();
  expect((await store.conversations.transcripts(tenantId, [old.id], null)).messages).toEqual([]);
  expect(await store.conversations.findTrace(tenantId, held.answer)).not.toBeNull();
  expect(said).toEqual([["retention-applied", { tenantId, conversations: 1, traces: 0 }]]);
  expect(await applied()).toEqual([{ conversations: 1, traces: 0, conversationDays: 30, traceDays: null }]);

  expect(await run()).toBe("done");
  expect(said).toHaveLength(1);
});

test("how answers came about goes after its own days, and the conversation stays", async () => {
  const [old, held, young] = [await answered(8), await answered(9), await answered(6)];
  await store.conversations.mark(tenantId, held.id, { legalHold: true });
  await set(null, 7);
  await run();

  expect(await store.conversations.findTrace(tenantId, old.answer)).toBeNull();
  expect(await store.conversations.findTrace(tenantId, held.answer)).not.toBeNull();
  expect(await store.conversations.findTrace(tenantId, young.answer)).not.toBeNull();
  expect(await left()).toHaveLength(3);
  expect(await applied()).toMatchObject([{ conversations: 0, traces: 1 }]);
});

test("nothing goes while nothing is set, and the work is left for another turn when its own is over", async () => {
  for (let n = 0; n < 3; n++) await answered(1_000);
  expect(await run()).toBe("done");
  expect(await left()).toHaveLength(3);

  await set(1, null);
  expect(await run(async () => true)).toBe("again");
  expect(await applied()).toMatchObject([{ conversations: 3 }]);
  expect(await run()).toBe("done");
});

test("the job comes round at once when something is set, however often, and again after a start", async () => {
  await retentionUpkeep.atStart?.(deps());
  expect(await store.jobs.findLatest(APPLY_RETENTION, tenantId)).toBeNull();
  await set(30, 7);
  await set(60, 7);
  expect(await store.jobs.claim(NOW, 1_000, { [APPLY_RETENTION]: 0 })).not.toBeNull();
  expect(await store.jobs.claim(NOW, 1_000, { [APPLY_RETENTION]: 0 })).toBeNull();

  const known = await store.jobs.findLatest(APPLY_RETENTION, tenantId);
  if (known) await store.jobs.update(known.id, { state: "done" });
  const later = { ...newJob(NOW, tenantId, APPLY_RETENTION, tenantId), runAt: NOW + DAY_MS };
  await store.jobs.create(later);
  await set(90, null);
  expect((await store.jobs.claim(NOW, 1_000, { [APPLY_RETENTION]: 0 }))?.id).toBe(later.id);
  await store.jobs.update(later.id, { state: "done" });
  await retentionUpkeep.atStart?.(deps());
  expect(await store.jobs.claim(NOW, 1_000, { [APPLY_RETENTION]: 0 })).not.toBeNull();
});
