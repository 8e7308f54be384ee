import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { ChatSession, Message } from "../../src/domain/conversation.ts";
import type { TurnEvent } from "../../src/domain/turn.ts";
import { AppError } from "../../src/errors.ts";
import type { ChatProvider, ChatRequest, ChatStreamPart } from "../../src/providers/provider.ts";
import { analyzeChunk } from "../../src/rag/text.ts";
import { createPendingWrites, type PendingWrites } from "../../src/services/chat/pending-writes.ts";
import { runTurn, type TurnDeps } from "../../src/services/chat/turn.ts";
import { LEXICAL_ONLY } from "../../src/services/retrieval/dense.ts";
import { NO_RERANKING } from "../../src/services/retrieval/reranking.ts";
import type { Store } from "../../src/store/store.ts";
import {
  aChatSession,
  aChunk,
  aConversation,
  aFile,
  aFirstAdmin,
  anLlmConfig,
  aQuestion,
  NOW,
} from "../helpers/builders.ts";
import { openTestStore } from "../helpers/sqlite.ts";

const FACT = "Parental leave is 26 weeks at full pay.";
const QUESTION = "How long is parental leave?";
const DONE: ChatStreamPart = { type: "finish", reason: "stop", usage: { inputTokens: 12, outputTokens: 7 } };
const QUIET = { debug() {}, info() {}, warn() {}, error() {} };

let store: Store;
let session: ChatSession;
let requests: ChatRequest[];
let deps: TurnDeps;
let pendingWrites: PendingWrites;
let reply: (request: ChatRequest, signal: AbortSignal) => AsyncIterable<ChatStreamPart>;

beforeEach(async () => {
  store = await openTestStore();
  const first = aFirstAdmin();
  await store.instance.initialise({
    ...first,
    llm: anLlmConfig({ tenantId: first.tenant.id, provider: "openai", baseUrl: "http://model", model: "m" }),
  });
  session = aChatSession({ tenantId: first.tenant.id });
  await store.chatSessions.create(session, "hash", aConversation(session));
  await addFact();
  requests = [];
  reply = async function* () {
    yield { type: "text", text: "26 weeks " };
    yield { type: "text", text: "[1]." };
    yield DONE;
  };
  const provider: ChatProvider = {
    name: "openai",
    streamChat(request, signal) {
      requests.push(request);
      return reply(request, signal) as ReturnType<ChatProvider["streamChat"]>;
    },
    listModels: async () => [],
  };
  const live = { publish() {}, subscribe: () => () => {} };
  pendingWrites = createPendingWrites(QUIET);
  deps = {
    ...{
      store,
      dense: LEXICAL_ONLY,
      reranking: NO_RERANKING,
      live,
      pendingWrites,
      log: QUIET,
      chatProvider: () => provider,
    },
    ...{ now: () => NOW, monotonicNow: () => 0 },
  };
});

async function addFact(): Promise<void> {
  const { source, document, job } = aFile({ tenantId: session.tenantId, title: "Leave" });
  await store.sources.create(source, [document], [job]);
  const chunk = aChunk({ sourceId: source.id, content: FACT });
  const terms = analyzeChunk({ title: "Leave", headingPath: [], content: FACT });
  await store.chunks.replaceForDocument(session.tenantId, document.id, [{ ...chunk, ...terms }], {
    ...{ format: "text", pageCount: null, warnings: [], jobId: job.id, now: NOW, analysis: 1 },
  });
}

/** One whole turn; a throw of the model is never one of the turn's. */
async function ask(text = QUESTION, signal = new AbortController().signal): Promise<TurnEvent[]> {
  const question = aQuestion({ conversationId: session.conversationId, content: text });
  await store.turns.acceptQuestion({
    ...{
      tenantId: session.tenantId,
      sessionId: session.id,
      conversationId: session.conversationId,
      question,
      page: null,
    },
  });
  return Array.fromAsync(runTurn(deps, { session, question, page: null }, signal));
}

const savedAnswer = async (): Promise<Message | undefined> =>
  (await store.conversations.messages(session.tenantId, session.conversationId)).at(-1);

describe("a turn", () => {
  test("streams the answer, cites what it used, and is stored before it says done", async () => {
    const events = await ask();

    expect(events.map(({ type }) => type)).toEqual(["citations", "delta", "delta", "done"]);
    expect(await savedAnswer()).toMatchObject({
      content: "26 weeks [1].",
      status: "complete",
      abstained: false,
    });
    expect((await savedAnswer())?.citations).toMatchObject([{ n: 1, title: "Leave", text: FACT }]);
  });

  test("gives the model the passages that bear on the question", async () => {
    await ask();

    expect(JSON.stringify(requests[0]?.messages)).toContain(FACT);
    expect(requests[0]?.messages.at(-1)).toMatchObject({ role: "user" });
  });

  test("asks no model when nothing in the knowledge bears on the question", async () => {
    const events = await ask("Which colour is the zeppelin of Xanadu?");

    expect(requests).toEqual([]);
    expect(events.map(({ type }) => type)).toEqual(["delta", "done"]);
    expect(await savedAnswer()).toMatchObject({ abstained: true, status: "complete", citations: [] });
  });

  test("row 95: a number that the model invents is no citation", async () => {
    reply = async function* () {
      yield { type: "text", text: "See [99] and [3](https://evil.example)." };
      yield DONE;
    };
    const events = await ask();

    expect((await savedAnswer())?.citations).toEqual([]);
    expect(events.filter(({ type }) => type === "citations").at(-1)).toMatchObject({ citations: [] });
  });

  test("keeps the words already written when it is stopped", async () => {
    const stop = new AbortController();
    reply = async function* (_request, signal) {
      yield { type: "text", text: "26 " };
      stop.abort();
      signal.throwIfAborted();
      yield DONE;
    };
    await ask(QUESTION, stop.signal);

    expect(await savedAnswer()).toMatchObject({ content: "26 ", status: "interrupted", errorCode: null });
  });

  test("fails with the model's code when nothing was written, and is interrupted when something was", async () => {
    const outage = new AppError("PROVIDER_UNAVAILABLE", "The model does not answer.");
    // biome-ignore lint/correctness/useYield: a stream that breaks before its first part
    reply = async function* () {
      throw outage;
    };
    await ask();
    expect(await savedAnswer()).toMatchObject({
      content: "",
      status: "failed",
      errorCode: "PROVIDER_UNAVAILABLE",
    });

    reply = async function* () {
      yield { type: "text", text: "26 " };
      throw outage;
    };
    await ask("Is parental leave at full pay?");
    expect(await savedAnswer()).toMatchObject({ content: "26 ", status: "interrupted" });
  });

  test("row 89: a tool that nobody offered is refused, and the model may answer without", async () => {
    reply = async function* (request) {
      const refused = request.messages.some(({ role }) => role === "tool");
      if (refused) yield { type: "text", text: "26 weeks [1]." };
      else yield { type: "tool-call", toolCall: { id: "1", name: "drop_tables", arguments: "{}" } };
      yield DONE;
    };
    await ask();

    expect(JSON.stringify(requests[1]?.messages)).toContain("UNKNOWN_TOOL");
    expect(await savedAnswer()).toMatchObject({ content: "26 weeks [1].", status: "complete" });
  });

  test("row 91: a model that only ever calls tools is stopped", async () => {
    let calls = 0;
    reply = async function* () {
      for (let n = 0; n < 4; n++)
        yield { type: "tool-call", toolCall: { id: `${calls++}`, name: "again", arguments: "{}" } };
      yield DONE;
    };
    await ask();

    expect(requests.length).toBeLessThanOrEqual(6);
    expect(await savedAnswer()).toMatchObject({ status: "failed", errorCode: "UPSTREAM_BAD_RESPONSE" });
  });

  test("records how it came about: passages, prompt, usage", async () => {
    await ask();
    const answer = await savedAnswer();
    const trace = answer && (await store.conversations.findTrace(session.tenantId, answer.id));

    expect(trace).toMatchObject({
      provider: "openai",
      model: "m",
      usage: { inputTokens: 12, outputTokens: 7 },
      outcome: { status: "complete" },
    });
    expect(trace?.candidates[0]).toMatchObject({ title: "Leave", kept: true });
    expect(trace?.prompt.map(({ role }) => role)).toContain("system");
  });
});

describe("with a full disk, a turn", () => {
  const full = async () => {
    throw new AppError("STORAGE_FULL", "The disk is full.");
  };
  const failWith = (broken: Partial<Store["turns"]>) => {
    deps = { ...deps, store: { ...store, turns: { ...store.turns, ...broken } } };
  };
  afterEach(() => pendingWrites.close());

  test("says that its answer is not stored, and stores it whole as soon as there is room", async () => {
    let room = false;
    failWith({
      finishAnswer: (...given) => (room ? store.turns.finishAnswer(...given) : full()),
    });

    const events = await ask();
    expect(events.at(-1)).toMatchObject({
      message: { content: "26 weeks [1].", status: "failed", errorCode: "STORAGE_FULL" },
    });
    room = true;
    await pendingWrites.retry();

    expect(await savedAnswer()).toMatchObject({
      content: "26 weeks [1].",
      status: "complete",
      errorCode: null,
    });
    expect((await ask()).at(-1)).toMatchObject({ message: { status: "complete" } });
  });

  test("that cannot even begin its answer ends as failed, and the question may be asked again", async () => {
    failWith({ beginAnswer: full });
    expect((await ask()).at(-1)).toMatchObject({ message: { status: "failed", errorCode: "STORAGE_FULL" } });
    expect(await savedAnswer()).toMatchObject({ role: "user" });

    failWith({});
    expect((await ask()).at(-1)).toMatchObject({ message: { status: "complete" } });
  });

  test("goes on writing when only what it has so far cannot be stored", async () => {
    failWith({ savePartial: full });
    let elapsed = 0;
    // A second passes at every look, so that every piece is due to be stored.
    deps = { ...deps, monotonicNow: () => (elapsed += 1000) };
    await ask();

    expect(await savedAnswer()).toMatchObject({ content: "26 weeks [1].", status: "complete" });
  });
});
