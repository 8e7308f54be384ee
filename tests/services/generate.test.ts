/** Tools in a turn: over each vendor's protocol and SDK, with tools that this test makes. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { AppError } from "../../src/errors.ts";
import type { Tool, ToolContext } from "../../src/tools/tool.ts";
import { manualClock } from "../helpers/manual-clock.ts";
import { connectTo } from "../helpers/provider-contract.ts";
import { type Protocol, type ScriptedProvider, startScriptedProvider } from "../helpers/scripted-provider.ts";
import { removeTestStores } from "../helpers/sqlite.ts";
import { openTestChat, type TestChat } from "../helpers/test-chat.ts";

const PROTOCOLS: Protocol[] = ["openai", "openai-responses", "anthropic", "ollama"];

let server: ScriptedProvider;
let chat: TestChat;
/** Calls that reached a tool, in the order in which they began. */
let ran: string[];
let offeredTo: ToolContext[];
let logged: string[];

beforeAll(async () => {
  server = await startScriptedProvider();
});
afterAll(async () => {
  await server.close();
  removeTestStores();
});
beforeEach(async () => {
  server.requests.length = 0;
  server.answer({ text: "There are 12 [1]." });
  ran = [];
  offeredTo = [];
  logged = [];
});

async function open(protocol: Protocol, ...tools: Tool[]): Promise<void> {
  const provider = connectTo(server, protocol, manualClock({ skipBelowMs: 10_000 }));
  chat = await openTestChat(() => provider);
  chat.deps = {
    ...chat.deps,
    log: { ...chat.deps.log, error: (event) => void logged.push(event) },
    tools: {
      async offered(context) {
        offeredTo.push(context);
        return tools;
      },
    },
  };
}

function aTool(name: string, answer: (argument: string, signal: AbortSignal) => Promise<string>): Tool {
  return {
    definition: {
      name,
      description: `Looks up ${name}.`,
      parameters: { type: "object", properties: { city: { type: "string" } } },
    },
    label: `Looking up ${name}`,
    entry: null,
    async run(call, signal) {
      ran.push(call.arguments);
      return { content: await answer(call.arguments, signal), table: null };
    },
  };
}

const stock = () => aTool("stock", async (asked) => `12 for ${asked}`);
const call = (city: string, name = "stock") => ({ name, arguments: JSON.stringify({ city }) });
const toolEvents = (events: Awaited<ReturnType<TestChat["ask"]>>) =>
  events.flatMap((event) => (event.type === "tool" ? `${event.label}: ${event.state}` : []));
/** What the model was sent in the request of that index. */
const sent = (index: number) => JSON.stringify(server.requests[index]?.body);

describe.each(PROTOCOLS)("a tool over the protocol of %s", (protocol) => {
  test("is offered, called, and its result is what the model answers from", async () => {
    await open(protocol, stock());
    server.script({ toolCalls: [call("Berlin")] });

    const events = await chat.ask();

    expect(sent(0)).toContain("Looks up stock.");
    expect(ran).toEqual(['{"city":"Berlin"}']);
    expect(sent(1)).toContain("12 for ");
    expect(toolEvents(events)).toEqual(["Looking up stock: running", "Looking up stock: done"]);
    expect(await chat.savedAnswer()).toMatchObject({ content: "There are 12 [1].", status: "complete" });
    expect((await chat.savedTrace()).toolCalls).toEqual([
      { name: "stock", arguments: '{"city":"Berlin"}', result: '12 for {"city":"Berlin"}', ms: 0 },
    ]);
  });

  test("called several times at once gives each call its own result, in the order of the calls", async () => {
    const last = Promise.withResolvers<void>();
    const slowFirst = aTool("stock", async (asked) => {
      // The first call ends only when the last one is done, which only works at once.
      if (asked.includes("Berlin")) await last.promise;
      if (asked.includes("Rome")) last.resolve();
      return `the stock of ${JSON.parse(asked).city}`;
    });
    await open(protocol, slowFirst);
    server.script({ toolCalls: [call("Berlin"), call("Paris"), call("Rome")] });

    await chat.ask();

    const results = ["Berlin", "Paris", "Rome"].map((city) => sent(1).indexOf(`the stock of ${city}`));
    expect(results).toEqual(results.toSorted((left, right) => left - right));
    expect(results[0]).toBeGreaterThan(0);
    expect((await chat.savedTrace()).toolCalls.map(({ result }) => result)).toEqual([
      "the stock of Berlin",
      "the stock of Paris",
      "the stock of Rome",
    ]);
  });
});

describe("tools in a turn", () => {
  test("are offered for the tenant and the visitor, once in a turn", async () => {
    await open("openai", stock());
    server.script({ toolCalls: [call("Berlin")] }, { toolCalls: [call("Rome")] });

    await chat.ask();

    expect(offeredTo).toEqual([{ tenantId: chat.session.tenantId, visitor: chat.session.visitor }]);
  });

  test("that fail tell the model why, and it may answer all the same", async () => {
    await open(
      "openai",
      aTool("stock", async () => {
        throw new AppError("VALIDATION", "city must be one of Berlin, Rome.");
      }),
    );
    server.script({ toolCalls: [call("Atlantis")] });

    const events = await chat.ask();

    expect(sent(1)).toContain("VALIDATION: city must be one of Berlin, Rome.");
    expect(toolEvents(events)).toEqual(["Looking up stock: running", "Looking up stock: failed"]);
    expect(await chat.savedAnswer()).toMatchObject({ status: "complete", errorCode: null });
    expect((await chat.savedTrace()).toolCalls).toMatchObject([
      { result: "VALIDATION: city must be one of Berlin, Rome.", error: "VALIDATION" },
    ]);
    expect(logged).toEqual([]);
  });

  test("that break keep their secrets from the model and are logged", async () => {
    const broken = aTool("stock", async () => "");
    broken.run = () => {
      throw new TypeError("postgres://reader:CANARY@db");
    };
    await open("openai", broken);
    server.script({ toolCalls: [call("Berlin")] });

    await chat.ask();

    expect(sent(1)).toContain("TOOL_FAILED");
    expect(sent(1)).not.toContain("CANARY");
    expect(JSON.stringify(await chat.savedTrace())).not.toContain("CANARY");
    expect((await chat.savedTrace()).toolCalls).toMatchObject([{ error: "TOOL_FAILED" }]);
    expect(logged).toEqual(["tool-failed"]);
  });

  test("row 89: that were not offered are refused beside those that were", async () => {
    await open("openai", stock());
    server.script({ toolCalls: [call("Berlin", "drop_tables"), call("Berlin")] });

    const events = await chat.ask();

    expect(ran).toHaveLength(1);
    expect(sent(1)).toContain("UNKNOWN_TOOL: there is no tool named “drop_tables”");
    expect(toolEvents(events)).toEqual(["Looking up stock: running", "Looking up stock: done"]);
    expect((await chat.savedTrace()).toolCalls).toMatchObject([
      { name: "drop_tables", error: "UNKNOWN_TOOL" },
      { name: "stock", result: '12 for {"city":"Berlin"}' },
    ]);
  });

  test("row 91: are offered for five rounds, and the sixth can only be an answer", async () => {
    await open("openai", stock());
    server.script(...["a", "b", "c", "d", "e"].map((city) => ({ toolCalls: [call(city)] })));

    await chat.ask();

    expect(ran).toHaveLength(5);
    expect(server.requests).toHaveLength(6);
    expect(server.requests.map(({ body }) => body?.tools !== undefined)).toEqual([
      ...[true, true, true, true, true],
      false,
    ]);
    expect(await chat.savedAnswer()).toMatchObject({ content: "There are 12 [1].", status: "complete" });
  });

  test("row 91: are not run when that would be more than ten calls, and what was done is kept", async () => {
    await open("openai", stock());
    const cities = (count: number) => Array.from({ length: count }, (_, n) => call(`city ${n}`));
    server.script({ text: "Let me see. ", toolCalls: cities(6) }, { toolCalls: cities(5) });

    await chat.ask();

    expect(ran).toHaveLength(6);
    expect(await chat.savedAnswer()).toMatchObject({
      content: "Let me see. ",
      status: "interrupted",
      errorCode: "UPSTREAM_BAD_RESPONSE",
    });
    const trace = await chat.savedTrace();
    expect(trace.toolCalls).toHaveLength(6);
    expect(trace.usage).toEqual({ inputTokens: 24, outputTokens: 14 });
  });

  test("may be called ten times", async () => {
    await open("openai", stock());
    const cities = (count: number) => Array.from({ length: count }, (_, n) => call(`city ${n}`));
    server.script({ toolCalls: cities(6) }, { toolCalls: cities(4) });

    await chat.ask();

    expect(ran).toHaveLength(10);
    expect(await chat.savedAnswer()).toMatchObject({ status: "complete" });
  });

  test("that hang are left when the visitor stops, though they do not heed it", async () => {
    const stop = new AbortController();
    const seen: AbortSignal[] = [];
    await open(
      "openai",
      aTool("stock", (_asked, signal) => {
        seen.push(signal);
        queueMicrotask(() => stop.abort());
        return new Promise(() => {});
      }),
    );
    server.script({ text: "Let me see. ", toolCalls: [call("Berlin")] });

    await chat.ask(undefined, stop.signal);

    expect(seen.map(({ aborted }) => aborted)).toEqual([true]);
    expect(server.requests).toHaveLength(1);
    expect(await chat.savedAnswer()).toMatchObject({
      content: "Let me see. ",
      status: "interrupted",
      errorCode: null,
    });
    expect((await chat.savedTrace()).toolCalls).toMatchObject([
      { name: "stock", arguments: '{"city":"Berlin"}', error: "TOOL_FAILED" },
    ]);
    expect(logged).toEqual([]);
  });

  test("that have not begun when the visitor stops do not begin", async () => {
    const stop = new AbortController();
    await open("openai", stock());
    server.script({ toolCalls: [call("Berlin")] });

    for await (const event of await chat.begin(undefined, stop.signal))
      if (event.type === "tool") stop.abort();

    expect(ran).toEqual([]);
    expect(await chat.savedAnswer()).toMatchObject({ status: "interrupted" });
  });
});
