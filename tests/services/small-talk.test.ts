import { beforeEach, describe, expect, test } from "bun:test";
import type { ChatRequest, ChatStreamPart } from "../../src/providers/provider.ts";
import { FACT, openTestChat, QUESTION, type TestChat } from "../helpers/test-chat.ts";

let chat: TestChat;
let requests: ChatRequest[];
let written: string;

beforeEach(async () => {
  requests = [];
  written = "26 weeks [1].";
  chat = await openTestChat(() => ({
    name: "openai",
    host: "model.acme.example",
    async *streamChat(request): AsyncGenerator<ChatStreamPart> {
      requests.push(request);
      yield { type: "text", text: written };
      yield { type: "finish", reason: "stop", usage: { inputTokens: 1, outputTokens: 1 } };
    },
    listModels: async () => [],
  }));
});

const reply = async (text: string) => {
  await chat.ask(text);
  return (await chat.savedAnswer())?.content ?? "";
};
const change = async (settings: { contact?: string; ownReplies?: never[] | object[] }) => {
  const { tenantId } = chat.session;
  const widget = await chat.store.widgets.get(tenantId);
  await chat.store.widgets.replace(tenantId, { ...widget, ...settings } as typeof widget, 1);
};
const conversation = () => chat.store.conversations.get(chat.session.tenantId, chat.session.conversationId);

describe("small talk", () => {
  test("is answered with no search and no model, and is neither answered nor abstained", async () => {
    const events = await chat.ask("Hi there!");

    expect(events.map(({ type }) => type)).toEqual(["delta", "done"]);
    expect(requests).toEqual([]);
    expect(await chat.savedAnswer()).toMatchObject({
      ...{ content: "Hello. What would you like to know?", smallTalk: "greeting" },
      ...{ status: "complete", abstained: false, citations: [], nearest: [] },
    });
    expect(await chat.savedTrace()).toMatchObject({ smallTalk: "greeting", candidates: [], prompt: [] });
    const { tenantId } = chat.session;
    expect(await chat.store.conversations.statistics(tenantId, 0)).toMatchObject({
      ...{ conversations: 0, questions: 0, answered: 0, abstained: 0, unanswered: [], firstTokenMsP50: null },
    });
  });

  test("leaves the outcome and the title of a conversation to its questions", async () => {
    await chat.ask("hello");
    expect(await conversation()).toMatchObject({ lastOutcome: "small-talk", title: "hello" });
    await chat.ask(QUESTION);
    expect(await conversation()).toMatchObject({ lastOutcome: "answered", title: QUESTION });
    await chat.ask("thanks, bye");
    expect(await conversation()).toMatchObject({ lastOutcome: "answered", title: QUESTION });
  });

  test("that is part of a question is a question", async () => {
    expect(await reply(`hi, ${QUESTION}`)).toBe("26 weeks [1].");
  });

  test("is not what a model has just asked for", async () => {
    written = "Parental leave is 26 weeks [1]. Is that what you wanted to know?";
    await chat.ask(QUESTION);
    written = "26 weeks [1].";
    expect(await reply("yes")).toBe("26 weeks [1].");
    expect(await reply("yes")).toBe("Good. Ask me whatever you would like to know.");
  });

  test("is told what there is to know, with questions that are answered", async () => {
    const widget = await chat.store.widgets.get(chat.session.tenantId);
    await chat.store.widgets.replace(chat.session.tenantId, { ...widget, suggestedQuestions: [QUESTION] }, 1);

    expect(await reply("what can you do?")).toContain("They are about Leave, for example.");
    expect((await chat.savedAnswer())?.followUps).toEqual([QUESTION, "What do you have on “Leave”?"]);
    await chat.ask((await chat.savedAnswer())?.followUps[1]);
    expect((await chat.savedAnswer())?.citations).toMatchObject([{ text: FACT }]);
  });
});

describe("the language of a reply", () => {
  test("is the turn's, else what was written before, else the widget's", async () => {
    expect(await reply("guten Morgen")).toBe("Hallo. Was möchten Sie wissen?");
    expect(await reply("ok")).toStartWith("Gut. Wenn noch etwas ist");
    expect(await reply("muchas gracias")).toStartWith("De nada.");
    expect(await reply("👍")).toStartWith("Bien. Si tiene otra pregunta");
  });

  test("is the widget's where the turn is too short to tell", async () => {
    chat.locale = "ar-EG";
    expect(await reply("ok")).toBe("حسنًا. إن كان لديك سؤال آخر فاطرحه.");
    expect(await reply("x")).toStartWith("لم أفهم ذلك");
  });
});

describe("whoever asks for a person", () => {
  test("is offered the tenant's contact where one is set", async () => {
    expect(await reply("can I talk to a human?")).toStartWith("I can't put you through");
    await change({ contact: "people@acme.example" });
    expect(await reply("can I talk to a human?")).toBe(
      "A person can help you here: [people@acme.example](mailto:people@acme.example)",
    );
    expect(await reply("you are useless")).toEndWith("(mailto:people@acme.example)");
  });
});

describe("a tenant's own words", () => {
  test("are said in their language, else to everybody, with names filled in", async () => {
    await change({
      contact: "Room 3",
      ownReplies: [
        { kind: "greeting", language: "deu", text: "Moin, hier ist {assistant}." },
        { kind: "greeting", language: null, text: "Welcome to {organisation}. Ask in {contact}." },
      ],
    });
    const { displayName } = await chat.store.widgets.get(chat.session.tenantId);
    const { name } = await chat.store.tenants.get(chat.session.tenantId);

    expect(await reply("moin")).toBe(`Moin, hier ist ${displayName}.`);
    expect(await reply("buongiorno")).toBe(`Welcome to ${name}. Ask in Room 3.`);
  });
});
