/** Calls that change something: rows 90, R2 and R3, over a whole turn and a real store. */
import { afterAll, beforeEach, describe, expect, spyOn, test } from "bun:test";
import { CONFIRM_WITHIN_MS, type Confirmation } from "../../src/domain/confirmation.ts";
import { newId } from "../../src/domain/ids.ts";
import type { CatalogueTool } from "../../src/domain/tool.ts";
import type { TurnEvent } from "../../src/domain/turn.ts";
import { AppError } from "../../src/errors.ts";
import type { ChatProvider, ChatRequest } from "../../src/providers/provider.ts";
import {
  type AnswerDeps,
  type Answered,
  answerConfirmation,
  endStartedCalls,
} from "../../src/services/chat/confirmations.ts";
import { createLiveStreams } from "../../src/services/chat/live-stream.ts";
import type { Tool, ToolResult } from "../../src/tools/tool.ts";
import { NOW } from "../helpers/builders.ts";
import { aCatalogueTool, aParameter } from "../helpers/catalogue-tools.ts";
import { rejection } from "../helpers/rejection.ts";
import { removeTestStores } from "../helpers/sqlite.ts";
import { openTestChat, type TestChat } from "../helpers/test-chat.ts";

const REFUND = {
  ...aCatalogueTool({
    name: "refund_order",
    label: "Refund an order",
    parameters: [
      { ...aParameter("order"), description: "Order." },
      { ...aParameter("amount", { type: "decimal" }), description: "" },
      { ...aParameter("notify", { type: "boolean", required: false }), description: "Tell the customer" },
      { ...aParameter("clerk", { boundTo: "visitor.email" }) },
    ],
  }),
  effect: "write" as const,
  updatedAt: NOW - 1,
};
const ASKED = { order: "4711", amount: "12.50", notify: true };
const REFUNDED: ToolResult = { content: "", table: null };

let chat: TestChat;
let deps: AnswerDeps;
let requests: ChatRequest[];
let ran: { id: string; arguments: string }[];
let now: number;
let entry: CatalogueTool;
let result: () => Promise<ToolResult>;
let words: string;
let asked: object[];

afterAll(removeTestStores);
beforeEach(async () => {
  [requests, ran, now, entry, words, asked] = [[], [], NOW, REFUND, "Please confirm.", [ASKED]];
  result = async () => REFUNDED;
  const provider: ChatProvider = {
    name: "openai",
    async *streamChat(request) {
      requests.push(request);
      const isAnswered = request.messages.some(({ role }) => role === "tool");
      if (isAnswered && words !== "") yield { type: "text", text: words };
      if (!isAnswered && request.tools.length > 0)
        for (const [n, one] of asked.entries())
          yield {
            type: "tool-call",
            toolCall: { id: `${n}`, name: "refund_order", arguments: JSON.stringify(one) },
          };
      yield { type: "finish", reason: "stop", usage: { inputTokens: 1, outputTokens: 1 } };
    },
    listModels: async () => [],
  };
  chat = await openTestChat(() => provider);
  chat.session.visitor = { id: "ada", name: "Ada", email: "ada@acme.example", groups: [] };
  const tools = { offered: async () => [aTool()] };
  chat.deps = { ...chat.deps, tools, now: () => now };
  const { store, log, outbox, live } = chat.deps;
  const streams = createLiveStreams({ store, log, monotonicNow: () => 0 });
  deps = { store, log, outbox, live, tools, streams, now: () => now, monotonicNow: () => 0, ...UNLIMITED };
});

function aTool(): Tool {
  return {
    ...{ definition: { name: entry.name, description: "", parameters: {} }, label: entry.label, entry },
    async run(call) {
      ran.push({ id: call.id, arguments: call.arguments });
      return result();
    },
  };
}

async function proposed(events?: TurnEvent[]): Promise<Confirmation> {
  const all = events ?? (await chat.ask("Refund order 4711, 12.50 please."));
  const event = all.find(({ type }) => type === "confirm");
  if (event?.type !== "confirm") throw new Error("nothing was to be confirmed");
  return event.confirmation;
}

const UNLIMITED = { limits: { take() {} }, settings: { limits: { changesPerMinutePerSession: 1 } } };
const say = (answered: Answered) => answerConfirmation(deps, chat.session, answered);
const messages = () => chat.store.conversations.messages(chat.session.tenantId, chat.session.conversationId);
const stateOf = async () =>
  (await messages()).flatMap(({ confirmations }) => confirmations.map(({ state }) => state));
const audited = async () =>
  (await chat.store.audit.list(chat.session.tenantId, { limit: 50, cursor: null })).items.map(
    ({ action, changes }) => [action, changes?.code ?? changes?.state],
  );

describe("row 90: a call that changes something", () => {
  test("waits, with exactly its arguments and in words, and nothing is sent", async () => {
    const events = await chat.ask("Refund order 4711, 12.50 please.");
    const confirmation = await proposed(events);

    expect(ran).toEqual([]);
    expect(confirmation).toMatchObject({
      ...{ name: "refund_order", label: "Refund an order", state: "pending_confirmation" },
      ...{ arguments: ASKED, expiresAt: NOW + CONFIRM_WITHIN_MS },
      words: [
        { label: "Order", value: "4711" },
        { label: "amount", value: "12.50" },
        { label: "Tell the customer", value: "yes" },
      ],
    });
    expect(JSON.stringify(confirmation)).not.toContain("ada@acme.example");
    expect(requests[1]?.messages.at(-1)?.content).toStartWith("Nothing has been done yet.");
    expect(events.some(({ type }) => type === "tool")).toBe(false);
    expect((await chat.savedTrace()).toolCalls).toMatchObject([
      { name: "refund_order", state: "pending_confirmation" },
    ]);
    expect((await messages()).at(-1)?.confirmations).toEqual([confirmation]);
  });

  test("that a document talked the model into is put before the visitor like any other", async () => {
    asked = [{ order: "1", amount: 999_999 }];

    expect((await proposed()).words).toEqual([
      { label: "Order", value: "1" },
      { label: "amount", value: "999999" },
    ]);
    expect(ran).toEqual([]);
  });

  test("is asked for in Parley's own words where the model has none", async () => {
    words = "";
    const { id } = await proposed();

    expect(id).toStartWith("tcl_");
    expect((await chat.savedAnswer())?.content).toBe(
      "**Refund an order**: confirm it below, and it is done. Until then nothing happens.",
    );
  });

  test("whose arguments do not fit is no card: the model is told why", async () => {
    asked = [
      { ...ASKED, amount: "twelve" },
      { ...ASKED, clerk: "eve@evil.example" },
    ];
    const events = await chat.ask("Refund order 4711");

    expect(events.some(({ type }) => type === "confirm")).toBe(false);
    const told = requests[1]?.messages.filter(({ role }) => role === "tool").map(({ content }) => content);
    expect(told).toEqual([
      "INVALID_ARGUMENT: amount must be a number.",
      "INVALID_ARGUMENT: clerk is no parameter: there are order, amount, notify.",
    ]);
  });

  test("asked for twice in one answer is one card", async () => {
    asked = [ASKED, { notify: true, amount: "12.50", order: "4711" }];
    await proposed();

    expect(await stateOf()).toEqual(["pending_confirmation"]);
  });
});

describe("what the visitor confirms", () => {
  test("runs once, under the call's own id, and its outcome is a message of the conversation", async () => {
    const { id } = await proposed();
    const message = await say({
      call: id,
      accept: true,
      arguments: { amount: "12.50", order: "4711", notify: true },
    });

    expect(ran).toEqual([{ id, arguments: JSON.stringify(ASKED) }]);
    expect(message).toMatchObject({
      role: "assistant",
      content: "Done: **Refund an order**.",
      status: "complete",
    });
    expect((await messages()).at(-1)).toEqual(message);
    expect(await stateOf()).toEqual(["done"]);
    expect(await audited()).toEqual([["tool.run", "done"]]);
    expect(await chat.store.conversations.findTrace(chat.session.tenantId, message.id)).toMatchObject({
      outcome: { reason: "The visitor confirmed “Refund an order”, and it ran once." },
    });
  });

  test("however often and at once it is said, is done once, and the same word has the same outcome", async () => {
    const { id } = await proposed();
    const all = await Promise.allSettled(Array.from({ length: 8 }, () => say({ call: id, accept: true })));
    const [first] = all.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));

    expect(ran).toHaveLength(1);
    expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await say({ call: id, accept: true })).toEqual(first as never);
    expect(await rejection(say({ call: id, accept: false }))).toMatchObject({ code: "CONFLICT" });
    expect(ran).toHaveLength(1);
  });

  test("tells every tab of the session: under way, done, and what became of it", async () => {
    const { id } = await proposed();
    const heard: string[] = [];
    const stream = await deps.streams.open(chat.session.id);
    stream.subscribe((event) => heard.push(event.type === "confirm" ? event.confirmation.state : event.type));

    await say({ call: id, accept: true });

    expect(heard).toEqual(["started", "done", "message"]);
  });

  test("answers with the admin's own sentence where rows come back", async () => {
    entry = { ...REFUND, answerTemplate: "Refund {number} of order {order}." };
    const columns = [{ name: "number", label: "Number", type: "integer" as const, unit: null }];
    result = async () => ({ content: "", table: { columns, rows: [[7]], rowCount: 1, truncated: false } });
    const { id } = await proposed();

    expect(await say({ call: id, accept: true })).toMatchObject({
      content: "Refund 7 of order 4711. [1]",
      citations: [{ kind: "tool", n: 1, tool: "refund_order", rows: [[7]] }],
    });
  });

  test("declined, does nothing and says so", async () => {
    const { id } = await proposed();

    expect((await say({ call: id, accept: false })).content).toBe("Not done: **Refund an order**.");
    expect(await rejection(say({ call: id, accept: true }))).toMatchObject({ code: "CONFLICT" });
    expect(ran).toEqual([]);
    expect(await stateOf()).toEqual(["declined"]);
  });

  test.each([
    ["another value", { ...ASKED, amount: "1250.00" }],
    ["one more", { ...ASKED, clerk: "eve@evil.example" }],
    ["one less", { order: "4711", amount: "12.50" }],
    ["another type", { ...ASKED, order: 4711 }],
  ])("with %s is refused, and waits on", async (_, edited) => {
    const { id } = await proposed();

    expect(await rejection(say({ call: id, accept: true, arguments: edited }))).toMatchObject({
      code: "CONFIRMATION_MISMATCH",
    });
    expect(ran).toEqual([]);
    expect(await stateOf()).toEqual(["pending_confirmation"]);
    expect(await audited()).toEqual([["tool.denied", "CONFIRMATION_MISMATCH"]]);
  });

  test("five minutes later is too late", async () => {
    const { id } = await proposed();
    now += CONFIRM_WITHIN_MS;

    expect(await rejection(say({ call: id, accept: true }))).toMatchObject({ code: "CONFLICT" });
    expect(ran).toEqual([]);
  });

  test("of a tool that an admin changed meanwhile is refused", async () => {
    const { id } = await proposed();
    entry = { ...REFUND, updatedAt: NOW + 1 };

    expect(await rejection(say({ call: id, accept: true }))).toMatchObject({ code: "CONFIRMATION_MISMATCH" });
    expect(ran).toEqual([]);
  });

  test("of another session, or never asked for, does not exist", async () => {
    const { id } = await proposed();
    const other = { ...chat.session, id: newId("chat-session") };
    const elsewhere = { ...chat.session, tenantId: newId("tenant") };

    for (const session of [other, elsewhere])
      expect(await rejection(answerConfirmation(deps, session, { call: id, accept: true }))).toMatchObject({
        code: "NOT_FOUND",
      });
    expect(await rejection(say({ call: newId("tool-call"), accept: true }))).toMatchObject({
      code: "NOT_FOUND",
    });
    expect(ran).toEqual([]);
  });

  test("fails with words when it is refused, and nobody knows when no answer came", async () => {
    result = async () => {
      const cause = Object.assign(new Error("refused"), { code: "ConnectionRefused" });
      throw new AppError("TOOL_UNAVAILABLE", "the server is not there.", { cause });
    };
    const first = await proposed();
    expect((await say({ call: first.id, accept: true })).content).toStartWith("**Refund an order** failed.");

    result = async () => {
      throw new AppError("TOOL_UNAVAILABLE", "the connection was cut.");
    };
    asked = [{ ...ASKED, order: "4712" }];
    const second = await proposed();
    expect((await say({ call: second.id, accept: true })).content).toStartWith("It is not known whether");
    expect(await stateOf()).toEqual(["failed", "unknown"]);
  });

  test("that never answers is not known after a minute, and is not sent again", async () => {
    const { id } = await proposed();
    result = () => new Promise(() => {});
    const late = spyOn(AbortSignal, "timeout").mockImplementation(() =>
      AbortSignal.abort(new DOMException("late", "TimeoutError")),
    );
    try {
      expect((await say({ call: id, accept: true })).content).toStartWith("It is not known whether");
    } finally {
      late.mockRestore();
    }
    expect(await stateOf()).toEqual(["unknown"]);
    await say({ call: id, accept: true });
    expect(ran).toHaveLength(1);
  });
});

describe("rows R2 and R3: when the server ends", () => {
  test("between sending and the record, the next start says that nobody knows, and sends nothing", async () => {
    const { id } = await proposed();
    await chat.store.toolCalls.start(chat.session.tenantId, id, now);

    await endStartedCalls(deps);
    await endStartedCalls(deps);

    expect(await stateOf()).toEqual(["unknown"]);
    expect((await messages()).slice(2).map(({ content }) => content)).toEqual([
      "It is not known whether **Refund an order** was done: there was no answer. Check before you ask for it again.",
    ]);
    expect((await say({ call: id, accept: true })).content).toStartWith("It is not known whether");
    expect(ran).toEqual([]);
  });

  test("before the visitor has answered, the card is still there, and so is the call", async () => {
    const { id } = await proposed();

    await endStartedCalls(deps);

    expect(await stateOf()).toEqual(["pending_confirmation"]);
    await say({ call: id, accept: true });
    expect(ran).toHaveLength(1);
  });

  test("a conversation that is deleted takes its calls with it", async () => {
    const { id } = await proposed();
    const { tenantId, conversationId } = chat.session;
    await chat.store.conversations.remove(tenantId, conversationId, now, []);
    await chat.store.conversations.purge(tenantId, conversationId);

    expect(await chat.store.toolCalls.find(tenantId, chat.session.id, id)).toBeNull();
  });
});
