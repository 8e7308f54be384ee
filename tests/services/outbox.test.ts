/** Whoever wants to hear of conversations hears of all that is committed, and of nothing else. */
import { afterAll, afterEach, beforeEach, expect, test } from "bun:test";
import type { Settings } from "../../src/deps.ts";
import { type Job, newJob } from "../../src/domain/job.ts";
import { AppError } from "../../src/errors.ts";
import { createTokens } from "../../src/secrets/tokens.ts";
import { openChatSession, startConversation } from "../../src/services/access/visitors.ts";
import { type AskDeps, ask, createRunningTurns } from "../../src/services/chat/ask.ts";
import { createLiveStreams } from "../../src/services/chat/live-stream.ts";
import { endUnfinishedAnswers } from "../../src/services/chat/unfinished.ts";
import {
  rateAnswer,
  removeConversation,
  restoreConversation,
} from "../../src/services/inbox/conversations.ts";
import { type ConversationListener, createOutbox } from "../../src/services/operations/outbox.ts";
import type { Store } from "../../src/store/store.ts";
import { anAnswer, NOW } from "../helpers/builders.ts";
import { rejection } from "../helpers/rejection.ts";
import { removeTestStores, TEST_KEY } from "../helpers/sqlite.ts";
import { openTestChat, QUESTION, type TestChat } from "../helpers/test-chat.ts";

const LIMITS = {
  concurrentGenerations: 9,
  concurrentGenerationsPerSession: 9,
  messagesPerMinutePerSession: 99,
  messagesPerMinutePerTenant: 99,
} as Settings["limits"];

let chat: TestChat;
let deps: AskDeps & { wakeQueue: () => void };
/** Jobs that the listener made, whether or not they were queued. */
let made: { job: Job; about: string }[];
let woken: number;

const listener: ConversationListener = (event) => {
  const subject = "messageId" in event ? event.messageId : event.conversationId;
  const job = newJob(NOW, event.tenantId, "reanalyse", subject);
  made.push({ job, about: `${event.type} ${subject}` });
  return [job];
};

beforeEach(async () => {
  made = [];
  woken = 0;
  chat = await openTestChat(() => ({
    name: "openai",
    async *streamChat() {
      yield { type: "text" as const, text: "26 weeks [1]." };
      yield { type: "finish" as const, reason: "stop" as const, usage: { inputTokens: 1, outputTokens: 1 } };
    },
    listModels: async () => [],
  }));
  const wakeQueue = () => void woken++;
  chat.deps = { ...chat.deps, outbox: createOutbox([listener], wakeQueue) };
  deps = {
    ...chat.deps,
    settings: { limits: LIMITS } as Settings,
    limits: { take() {} },
    streams: createLiveStreams({ ...chat.deps, monotonicNow: () => 0 }),
    running: createRunningTurns(9),
    wakeQueue,
  };
});
afterEach(() => {
  deps.streams.close();
  return chat.pendingWrites.close();
});
afterAll(removeTestStores);

/** What was queued, in the order in which it was decided. */
async function queued(): Promise<string[]> {
  const there = await Promise.all(made.map(({ job }) => chat.store.jobs.find(job.id)));
  return made.flatMap(({ about }, index) => (there[index] === null ? [] : about));
}

function withTurns(changes: Partial<Store["turns"]>): AskDeps {
  return { ...deps, store: { ...chat.store, turns: { ...chat.store.turns, ...changes } } };
}

const asked = (clientId: string) => ({ clientId, text: QUESTION, locale: null, page: null });

test("a question and its answer are told of once, however often the question is sent", async () => {
  const { question, answer } = await ask(deps, chat.session, asked("client-1"));
  const stored = await answer;
  const again = await ask(deps, chat.session, asked("client-1"));

  expect(again.duplicate).toBe("stored");
  expect(await queued()).toEqual([`question-asked ${question.id}`, `answer-finished ${stored?.id}`]);
  expect(woken).toBeGreaterThan(0);
});

test("a question that moves to a new conversation is told of there only", async () => {
  await removeConversation(deps, chat.session.tenantId, chat.session.conversationId);
  made = [];

  const { question, answer } = await ask(deps, chat.session, asked("client-1"));
  const stored = await answer;

  expect(question.conversationId).not.toBe(chat.session.conversationId);
  expect(await queued()).toEqual([
    `conversation-started ${question.conversationId}`,
    `question-asked ${question.id}`,
    `answer-finished ${stored?.id}`,
  ]);
});

test("a question that cannot be stored is not told of", async () => {
  const full = new AppError("STORAGE_FULL", "The disk is full.");
  const refused = ask(
    withTurns({ acceptQuestion: () => Promise.reject(full) }),
    chat.session,
    asked("client-1"),
  );

  expect(await rejection(refused)).toMatchObject({ code: "STORAGE_FULL" });
  expect(made).toHaveLength(1);
  expect(await queued()).toEqual([]);
  expect(woken).toBe(0);
});

test("an answer that cannot be stored is told of exactly once, when it is", async () => {
  let attempts = 0;
  const broken = withTurns({
    finishAnswer: (...given) =>
      ++attempts < 3
        ? Promise.reject(new AppError("STORAGE_FULL", "The disk is full."))
        : chat.store.turns.finishAnswer(...given),
  });

  const { question, answer } = await ask(broken, chat.session, asked("client-1"));
  const shown = await answer;
  expect(shown).toMatchObject({ status: "failed", errorCode: "STORAGE_FULL" });
  await chat.pendingWrites.retry();
  expect(await queued()).toEqual([`question-asked ${question.id}`]);
  for (let retries = 0; retries < 3; retries++) await chat.pendingWrites.retry();

  expect(await queued()).toEqual([`question-asked ${question.id}`, `answer-finished ${shown?.id}`]);
});

test("what people and visitors do with a conversation is told of, what is refused is not", async () => {
  const { tenantId, conversationId } = chat.session;
  const { answer } = await ask(deps, chat.session, asked("client-1"));
  const stored = await answer;
  if (stored === null) throw new Error("there is no answer");
  made = [];

  await rateAnswer(deps, chat.session, stored.id, "helpful", null);
  expect(await rejection(restoreConversation(deps, tenantId, conversationId))).toBeInstanceOf(AppError);
  await removeConversation(deps, tenantId, conversationId);
  expect(await rejection(removeConversation(deps, tenantId, conversationId))).toBeInstanceOf(AppError);
  await restoreConversation(deps, tenantId, conversationId);
  const next = await startConversation(deps, chat.session);

  expect(await queued()).toEqual([
    `answer-rated ${stored.id}`,
    `conversation-removed ${conversationId}`,
    `conversation-restored ${conversationId}`,
    `conversation-started ${next}`,
  ]);
});

test("a rating is told of under the conversation of its answer, also when the visitor began another", async () => {
  const { answer } = await ask(deps, chat.session, asked("client-1"));
  const stored = await answer;
  if (stored === null) throw new Error("there is no answer");
  const next = await startConversation(deps, chat.session);
  const heard: unknown[] = [];
  const outbox = createOutbox(
    [
      (event) => {
        heard.push(event);
        return [];
      },
    ],
    () => {},
  );

  const session = { ...chat.session, conversationId: next };
  await rateAnswer({ ...deps, outbox }, session, stored.id, "helpful", null);

  expect(heard).toMatchObject([{ type: "answer-rated", conversationId: stored.conversationId }]);
});

test("a visitor's first conversation is told of, and coming back to it is not", async () => {
  const { tenantId } = chat.session;
  const visitors = { ...deps, tokens: createTokens(TEST_KEY) };
  const page = { origin: null, sameOrigin: true, address: "10.0.0.1" };

  const { session, token } = await openChatSession(visitors, tenantId, {}, null, page);
  await openChatSession(visitors, tenantId, { session: session.id }, token, page);

  expect(await queued()).toEqual([`conversation-started ${session.conversationId}`]);
});

test("answers that a dead process left are told of when the next start ends them, once", async () => {
  const { tenantId, conversationId } = chat.session;
  const { question, answer } = await ask(deps, chat.session, asked("client-1"));
  await answer;
  const left = anAnswer({ conversationId });
  await chat.store.turns.beginAnswer(tenantId, question.id, left);
  made = [];

  await endUnfinishedAnswers(deps);
  await endUnfinishedAnswers(deps);

  expect(await queued()).toEqual([`answer-finished ${left.id}`]);
  expect((await chat.savedAnswer())?.status).toBe("interrupted");
});

test("with nobody listening nothing is queued, and the queue sleeps on", async () => {
  const given: (readonly Job[])[] = [];
  const listening = withTurns({
    acceptQuestion(turn) {
      given.push(turn.jobs);
      return chat.store.turns.acceptQuestion(turn);
    },
  });
  const silent = { ...listening, outbox: createOutbox([], deps.wakeQueue) };

  await (await ask(silent, chat.session, asked("client-1"))).answer;

  expect(given).toEqual([[]]);
  expect(woken).toBe(0);
});
