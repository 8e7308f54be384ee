/** A question that its own words do not find is searched for in the model's words, too. */
import { beforeEach, describe, expect, test } from "bun:test";
import type { ChatProvider, ChatRequest, ChatStreamPart } from "../../src/providers/provider.ts";
import { FACT, openTestChat, QUESTION, type TestChat } from "../helpers/test-chat.ts";

const GERMAN = "Wie lange dauert Elternzeit?";
/** The same in Finnish, for which there is no table of words. */
const FINNISH = "Kuinka kauan vanhempainvapaa kestää?";
const WORDINGS = `${GERMAN}\nHow long is parental leave?\nparental leave weeks full pay`;

let chat: TestChat;
let wordings: ChatRequest[];
let answers: ChatRequest[];
/** What the model replies when it is asked for wordings. */
let word: (signal: AbortSignal) => AsyncIterable<string>;

beforeEach(async () => {
  wordings = [];
  answers = [];
  word = async function* () {
    yield WORDINGS;
  };
  const provider: ChatProvider = {
    name: "openai",
    async *streamChat(request, signal): AsyncGenerator<ChatStreamPart> {
      const isAnswer = request.grounding.passages.length > 0;
      (isAnswer ? answers : wordings).push(request);
      if (isAnswer) yield { type: "text", text: "26 weeks [1]." };
      else for await (const text of word(signal)) yield { type: "text", text };
      yield { type: "finish", reason: "stop", usage: { inputTokens: 1, outputTokens: 1 } };
    },
    listModels: async () => [],
  };
  chat = await openTestChat(() => provider);
});

describe("a question that the documents put otherwise", () => {
  test("is searched for in their language and words, which the model gives by one call", async () => {
    await chat.ask(GERMAN);

    expect(wordings).toHaveLength(1);
    expect(wordings[0]?.messages[0]?.content).toContain("The same question in English.");
    expect(JSON.stringify(answers[0]?.messages)).toContain(FACT);
    expect(answers[0]?.messages.at(-1)).toEqual({ role: "user", content: GERMAN });
    expect(await chat.savedAnswer()).toMatchObject({ content: "26 weeks [1].", abstained: false });
    expect(await chat.savedTrace()).toMatchObject({
      ...{ question: GERMAN, rewrittenQuery: GERMAN },
      wordings: ["How long is parental leave?", "parental leave weeks full pay"],
    });
  });

  test("goes on without when the model fails, and with what its own words find", async () => {
    // biome-ignore lint/correctness/useYield: a stream that breaks before its first part
    word = async function* () {
      throw new Error("broken");
    };
    await chat.ask(FINNISH);
    expect(answers).toEqual([]);
    expect(await chat.savedAnswer()).toMatchObject({ abstained: true, status: "complete" });

    await chat.ask("May the parental zeppelin of Xanadu land?");
    expect(JSON.stringify(answers[0]?.messages)).toContain(FACT);
  });

  test("is stopped with the visitor while the model is at it", async () => {
    const stop = new AbortController();
    word = async function* (signal) {
      queueMicrotask(() => stop.abort(new Error("stopped")));
      await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    };
    await chat.ask(GERMAN, stop.signal);

    expect(await chat.savedAnswer()).toMatchObject({ status: "interrupted", content: "" });
  });
});

test("a question that finds its answer by its own words costs no call more", async () => {
  await chat.ask(QUESTION);

  expect(wordings).toEqual([]);
  expect(answers).toHaveLength(1);
});

test("a follow-up stands alone in the model's words, and is answered as it was asked", async () => {
  await chat.ask(QUESTION);
  word = async function* () {
    yield "1. **Is parental leave at full pay?**\n- parental leave pay";
  };
  await chat.ask("And is it at full pay?");

  expect(wordings[0]?.messages[1]?.content).toContain(`Visitor: ${QUESTION}`);
  expect(await chat.savedTrace()).toMatchObject({
    ...{ rewrittenQuery: "Is parental leave at full pay?", wordings: ["parental leave pay"] },
  });
  expect(answers[1]?.messages.at(-1)).toEqual({ role: "user", content: "And is it at full pay?" });
});

test("without documents no model is asked for anything", async () => {
  const chunks = { ...chat.store.chunks, languages: async () => [] };
  chat.deps = { ...chat.deps, store: { ...chat.store, chunks } };
  await chat.ask("Which colour is the zeppelin?");

  expect([wordings, answers]).toEqual([[], []]);
});
