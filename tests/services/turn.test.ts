import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import type { TurnEvent } from "../../src/domain/turn.ts";
import { AppError } from "../../src/errors.ts";
import type { ChatProvider, ChatRequest, ChatStreamPart } from "../../src/providers/provider.ts";
import { createSupportFinder } from "../../src/services/chat/support.ts";
import { LEXICAL_ONLY } from "../../src/services/retrieval/dense.ts";
import type { Store } from "../../src/store/store.ts";
import { FACT, openTestChat, QUESTION, type TestChat } from "../helpers/test-chat.ts";

const DONE: ChatStreamPart = { type: "finish", reason: "stop", usage: { inputTokens: 12, outputTokens: 7 } };

const AWAY =
  "The language model is not available at the moment. Until it is back, Parley quotes the documents word for word.";

let chat: TestChat;
let requests: ChatRequest[];
let reply: (request: ChatRequest, signal: AbortSignal) => AsyncIterable<ChatStreamPart>;

beforeEach(async () => {
  requests = [];
  reply = async function* () {
    yield { type: "text", text: "26 weeks " };
    yield { type: "text", text: "[1]." };
    yield DONE;
  };
  const provider: ChatProvider = {
    name: "openai",
    host: "model.acme.example",
    streamChat(request, signal) {
      requests.push(request);
      return reply(request, signal) as ReturnType<ChatProvider["streamChat"]>;
    },
    listModels: async () => [],
  };
  chat = await openTestChat(() => provider);
});

const ask = (text?: string, signal?: AbortSignal): Promise<TurnEvent[]> => chat.ask(text, signal);
const savedAnswer = () => chat.savedAnswer();
/** Without those for other wordings of a question. */
const answerRequests = () => requests.filter(({ grounding }) => grounding.passages.length > 0);

describe("an answer that gets too long", () => {
  const CUT = "\n\nThe answer was cut off here because it got too long. Ask for a part of it to read on.";

  test("is cut in whole characters, says so, and its model is stopped", async () => {
    let ended = false;
    reply = async function* () {
      try {
        for (let word = 0; word < 1000; word++) yield { type: "text", text: "größe " };
        yield DONE;
      } finally {
        ended = true;
      }
    };
    chat.deps = { ...chat.deps, settings: { limits: { answerBytes: 102, passageTokens: 3_000 } } };
    const events = await ask();

    const { content, status } = (await savedAnswer()) ?? {};
    // Twelve words of eight bytes, then "gr" and the two bytes of ö, and two more that are no whole ß.
    expect(content).toBe(`${"größe ".repeat(12)}größ${CUT}`);
    expect(status).toBe("complete");
    expect(ended).toBe(true);
    const deltas = events.flatMap((event) => (event.type === "delta" ? event.text : []));
    expect(deltas.join("")).toBe(content ?? "");
    expect((await chat.savedTrace()).outcome.reason).toBe("The answer was cut off at its longest.");
  });

  test("for the model itself says so, too, unless nothing was written", async () => {
    reply = async function* () {
      yield { type: "text", text: "26 weeks [1]." };
      yield { ...DONE, reason: "length" };
    };
    await ask();
    expect((await savedAnswer())?.content).toBe(`26 weeks [1].${CUT}`);

    reply = async function* () {
      yield { ...DONE, reason: "length" };
    };
    await ask();
    expect(await savedAnswer()).toMatchObject({ status: "failed", errorCode: "PROVIDER_NO_ANSWER" });
  });
});

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

    expect(answerRequests()).toEqual([]);
    expect(await chat.savedTrace()).not.toHaveProperty("host");
    expect(events.map(({ type }) => type)).toEqual(["delta", "done"]);
    expect(await savedAnswer()).toMatchObject({ abstained: true, status: "complete", citations: [] });
  });

  test("asks the model when anything might bear on the question, however unlikely", async () => {
    await ask("May the parental zeppelin of Xanadu land on the colourful pyramid?");

    expect(JSON.stringify(answerRequests()[0]?.messages)).toContain(FACT);
    expect(await savedAnswer()).toMatchObject({ abstained: false, status: "complete" });
  });

  test("of which the model says that the passages hold no answer is an abstention, and its words are not shown", async () => {
    reply = async function* () {
      for (const text of ["NO ANS", "WER IN THE DOCU", "MENTS.", " Ask somebody."])
        yield { type: "text", text };
      yield DONE;
    };
    const events = await ask();

    const shown = events.flatMap((event) => (event.type === "delta" ? event.text : []));
    expect(shown).toEqual([expect.stringContaining("I could not find an answer")]);
    expect(events.filter(({ type }) => type === "citations").at(-1)).toMatchObject({ citations: [] });
    expect(await savedAnswer()).toMatchObject({
      ...{ content: shown.join(""), abstained: true, status: "complete", citations: [] },
      nearest: [{ title: "Leave" }],
    });
    const trace = await chat.savedTrace();
    expect(trace.outcome.reason).toContain("do not hold the answer");
    expect(trace.usage).toEqual({ inputTokens: 12, outputTokens: 7 });
  });

  test("row 95: a number that the model invents is no citation", async () => {
    reply = async function* () {
      yield { type: "text", text: "See [99] and [3](https://evil.example)." };
      yield DONE;
    };
    const events = await ask();

    expect(await savedAnswer()).toMatchObject({
      ...{ content: "See and [3](https://evil.example).", citations: [] },
    });
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

  test("quotes the documents when the model wrote nothing, and is interrupted when it wrote something", async () => {
    const outage = new AppError("PROVIDER_UNAVAILABLE", "The model does not answer.");
    // biome-ignore lint/correctness/useYield: a stream that breaks before its first part
    reply = async function* () {
      throw outage;
    };
    await ask();
    expect(await savedAnswer()).toMatchObject({ content: `${FACT} [1]\n\n${AWAY}`, status: "complete" });

    reply = async function* () {
      yield { type: "text", text: "26 " };
      throw outage;
    };
    await ask("Is parental leave at full pay?");
    expect(await savedAnswer()).toMatchObject({ content: "26 ", status: "interrupted" });
  });

  test("waits for its place before anything is asked, and says how long that was", async () => {
    let clock = 0;
    chat.deps = { ...chat.deps, monotonicNow: () => clock };
    chat.place = {
      async enter() {
        expect(requests).toEqual([]);
        clock += 700;
      },
    };
    await ask();

    expect((await savedAnswer())?.status).toBe("complete");
    expect((await chat.savedTrace()).timings).toMatchObject({ waitMs: 700, totalMs: 700 });
  });

  test("that waits in vain fails with words, and one that is stopped meanwhile is interrupted", async () => {
    const tooLong = new AppError("OVERLOADED", "Parley is answering as many questions as it can.");
    chat.place = { enter: () => Promise.reject(tooLong) };
    await ask();
    expect(await savedAnswer()).toMatchObject({ status: "failed", errorCode: "OVERLOADED" });

    const controller = new AbortController();
    chat.place = {
      async enter(signal) {
        controller.abort();
        signal.throwIfAborted();
      },
    };
    await ask(QUESTION, controller.signal);
    expect(await savedAnswer()).toMatchObject({ status: "interrupted", errorCode: null });
    expect(requests).toEqual([]);
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
    expect(await savedAnswer()).toMatchObject({ status: "failed", errorCode: "TOOL_LIMIT" });
  });

  test("records what of the answer the passages bear out", async () => {
    reply = async function* () {
      yield {
        type: "text",
        text: "Parental leave is 26 weeks [1]. The canteen serves warm ponies on Fridays.",
      };
      yield DONE;
    };
    await ask();

    expect((await chat.savedTrace()).support).toMatchObject([
      { text: "Parental leave is 26 weeks [1].", n: 1, verdict: "supported" },
      { text: "The canteen serves warm ponies on Fridays.", n: null, verdict: "unsupported" },
    ]);
  });

  test("compares by meaning what words do not settle, with the model of the index, and goes on without", async () => {
    const compared: string[][] = [];
    const vectors = (texts: readonly string[]) => texts.map(() => new Float32Array([1, 0]));
    const scale = { related: 0.9, unrelated: 0.1, background: 0, deviation: 0.1 };
    const embed = async (texts: readonly string[]) => {
      compared.push([...texts]);
      return { vectors: vectors(texts), scale };
    };
    chat.deps.findSupport = createSupportFinder({ dense: { ...LEXICAL_ONLY, embed } });
    reply = async function* () {
      yield { type: "text", text: "Mothers and fathers stay at home half a year [1]." };
      yield DONE;
    };
    await ask();
    expect(compared).toEqual([["Mothers and fathers stay at home half a year [1].", FACT]]);
    expect((await chat.savedTrace()).support).toMatchObject([{ n: 1, verdict: "supported" }]);

    chat.deps.findSupport = createSupportFinder({ dense: LEXICAL_ONLY });
    await ask("Is parental leave 26 weeks?");
    expect((await chat.savedTrace()).support).toMatchObject([{ verdict: "unsupported", meaning: null }]);
  });

  test("records how it came about: passages, prompt, usage", async () => {
    await ask();
    const trace = await chat.savedTrace();

    expect(trace).toMatchObject({
      provider: "openai",
      model: "m",
      host: "model.acme.example",
      usage: { inputTokens: 12, outputTokens: 7 },
      outcome: { status: "complete" },
    });
    expect(trace.candidates[0]).toMatchObject({ title: "Leave", kept: true });
    expect(trace.prompt.map(({ role }) => role)).toContain("system");
  });
});

describe("with a full disk, a turn", () => {
  const full = async () => {
    throw new AppError("STORAGE_FULL", "The disk is full.");
  };
  const failWith = (broken: Partial<Store["turns"]>) => {
    chat.deps = { ...chat.deps, store: { ...chat.store, turns: { ...chat.store.turns, ...broken } } };
  };
  afterEach(() => chat.pendingWrites.close());

  test("says that its answer is not stored, and stores it whole as soon as there is room", async () => {
    let room = false;
    failWith({
      finishAnswer: (...given) => (room ? chat.store.turns.finishAnswer(...given) : full()),
    });

    const events = await ask();
    expect(events.at(-1)).toMatchObject({
      message: { content: "26 weeks [1].", status: "failed", errorCode: "STORAGE_FULL" },
    });
    room = true;
    await chat.pendingWrites.retry();

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
});
