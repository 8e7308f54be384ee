/**
 * What every provider promises, over real HTTP. Each wire protocol runs it unchanged in
 * tests/providers/contract.test.ts; a new vendor is finished when this passes.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createEgress, type Egress } from "../../src/egress/egress.ts";
import { AppError } from "../../src/errors.ts";
import { createProviderFactory, VENDOR_HOSTS } from "../../src/providers/catalog.ts";
import type { ChatProvider, ChatRequest, ChatStreamPart } from "../../src/providers/provider.ts";
import { type ManualClock, manualClock } from "./manual-clock.ts";
import {
  type Protocol,
  type Reply,
  type ScriptedProvider,
  startScriptedProvider,
} from "./scripted-provider.ts";
import { WIRE, type WireEvent } from "./wire-protocols.ts";

const KEY = "sk-CANARY";
const NEVER = new AbortController().signal;
/** Everything that decoders get wrong: accents, two-, three- and four-byte characters, joined emoji, line ends in text. */
const DIFFICULT = [
  "Grüße, ",
  "東京の天気は",
  "👩‍👩‍👧‍👦 ",
  '\u2028 and "quotes"\n',
  "data: [DONE]\r\n\r\n",
  "𝒳",
  " end",
];

const SETTINGS: Record<Protocol, { provider: "openai" | "anthropic" | "ollama"; isVendorAddress: boolean }> =
  {
    openai: { provider: "openai", isVendorAddress: false },
    "openai-responses": { provider: "openai", isVendorAddress: true },
    anthropic: { provider: "anthropic", isVendorAddress: false },
    ollama: { provider: "ollama", isVendorAddress: false },
  };

/** The provider as the product makes it, speaking `protocol` with the scripted server. */
export function connectTo(server: ScriptedProvider, protocol: Protocol, clock: ManualClock): ChatProvider {
  const { provider, isVendorAddress } = SETTINGS[protocol];
  const plain = createEgress({
    log: { warn: () => {} },
    offline: false,
    vendorHosts: VENDOR_HOSTS,
    ownAddresses: () => [],
  });
  const target = new URL(server.url(protocol));
  const egress = isVendorAddress ? redirecting(plain, "https://api.openai.com/v1", target) : plain;
  const factory = createProviderFactory({
    egress,
    extract: () => "",
    now: () => Date.parse("2026-01-01T00:00:00Z"),
    log: { warn: () => {} },
    clock,
  });
  return factory({ provider, baseUrl: isVendorAddress ? null : target.href, apiKey: KEY });
}

/** The Responses API has one fixed address; this answers there. */
function redirecting(egress: Egress, from: string, to: URL): Egress {
  const fetch = egress.fetchFor({ purpose: "llm", baseUrl: to, tenantId: null });
  return { ...egress, fetchFor: () => (input, init) => fetch(String(input).replace(from, to.href), init) };
}

export function aChatRequest(overrides: Partial<ChatRequest> = {}): ChatRequest {
  return {
    model: "scripted",
    temperature: 0.3,
    maxTokens: 200,
    messages: [
      { role: "system", content: "You are Parley." },
      { role: "user", content: "How long is parental leave?" },
    ],
    tools: [],
    grounding: { question: "How long is parental leave?", passages: [] },
    ...overrides,
  };
}

const ORDER_TOOL = {
  name: "find_order",
  description: "Finds an order.",
  parameters: { type: "object", properties: { id: { type: "string" } }, required: ["id"] },
};

function thoughtOf(parts: ChatStreamPart[]): string {
  return parts.flatMap((part) => (part.type === "reasoning" ? part.text : [])).join("");
}

function textOf(parts: ChatStreamPart[]): string {
  return parts.map((part) => (part.type === "text" ? part.text : "")).join("");
}

export async function failureOf(work: Promise<unknown>): Promise<AppError> {
  const thrown = await work.then(
    () => null,
    (error: unknown) => error,
  );
  if (thrown instanceof AppError) return thrown;
  throw new Error("an AppError was expected", { cause: thrown });
}

export function providerContract(protocol: Protocol): void {
  describe(`${protocol} keeps the provider contract`, () => {
    let server: ScriptedProvider;
    beforeAll(async () => {
      server = await startScriptedProvider();
    });
    afterAll(() => server.close());

    /** Pauses between retries are skipped; deadlines never fall due by themselves. */
    const connect = (clock = manualClock({ skipBelowMs: 30_000 })) => connectTo(server, protocol, clock);
    const ask = (request = aChatRequest(), provider = connect()) =>
      Array.fromAsync(provider.streamChat(request, NEVER));
    const isLines = protocol === "ollama";
    const lastWord = twoPieces(protocol).findIndex(({ isLastWord }) => isLastWord);

    test("streams text in order and ends with one finish that has the usage", async () => {
      server.script({ pieces: ["Twenty", "-six", " weeks."], usage: { inputTokens: 31, outputTokens: 4 } });

      expect(await ask()).toEqual([
        { type: "text", text: "Twenty" },
        { type: "text", text: "-six" },
        { type: "text", text: " weeks." },
        { type: "finish", reason: "stop", usage: { inputTokens: 31, outputTokens: 4 } },
      ]);
    });

    test("gives each piece on when it comes, not at the end", async () => {
      const gate = Promise.withResolvers<void>();
      server.script({ pieces: ["first", "second"], gate: gate.promise });
      const parts = connect().streamChat(aChatRequest(), NEVER)[Symbol.asyncIterator]();

      expect((await parts.next()).value).toEqual({ type: "text", text: "first" });
      gate.resolve();
      expect((await parts.next()).value).toEqual({ type: "text", text: "second" });
      await parts.return?.();
    });

    test("sends the model, the key and the conversation, and nothing about this machine", async () => {
      server.script({ text: "ok" });
      await ask();
      const { headers, body } = await server.request(server.requests.length - 1);

      expect(body).toMatchObject({ model: "scripted", stream: true });
      expect(JSON.stringify(body)).toContain("You are Parley.");
      expect([headers.authorization, headers["x-api-key"]]).toContain(
        protocol === "anthropic" ? KEY : `Bearer ${KEY}`,
      );
      expect(headers["user-agent"]).toBe("Parley");
      expect(Object.keys(headers).filter((name) => name.startsWith("x-stainless"))).toEqual([]);
    });

    for (const lineEnd of isLines ? (["\n", "\r\n"] as const) : (["\n", "\r\n", "\r"] as const)) {
      test(`gives the same text when every byte comes alone and lines end in ${JSON.stringify(lineEnd)}`, async () => {
        server.script({ pieces: DIFFICULT, split: "bytes", lineEnd, pings: true, bom: true });

        expect(textOf(await ask())).toBe(DIFFICULT.join(""));
      });
    }

    test("puts an emoji together that the server cut into two events", async () => {
      server.script({ pieces: ["a \ud83d", "\ude00 b"] });

      const parts = await ask();

      expect(textOf(parts)).toBe("a 😀 b");
      expect(parts.every((part) => part.type !== "text" || part.text.isWellFormed())).toBe(true);
    });

    test("says when an answer was cut at the token limit", async () => {
      server.script({ text: "too long", finish: "length" });

      expect((await ask()).at(-1)).toMatchObject({ type: "finish", reason: "length" });
    });

    test("leaves usage unknown when the server does not say", async () => {
      server.script({ text: "ok", usage: null });

      expect((await ask()).at(-1)).toMatchObject({ usage: { inputTokens: null, outputTokens: null } });
    });

    test("assembles tool calls and sends their results back", async () => {
      server.script({
        pieces: ["Let me look."],
        toolCalls: [TOOL_CALL, { ...TOOL_CALL, arguments: '{"id":"B-2"}' }],
      });
      const parts = await ask(aChatRequest({ tools: [ORDER_TOOL] }));
      const calls = parts.flatMap((part) => (part.type === "tool-call" ? [part.toolCall] : []));

      expect(textOf(parts)).toBe("Let me look.");
      expect(calls.map(({ name, arguments: text }) => [name, JSON.parse(text)])).toEqual([
        ["find_order", { id: "A-東" }],
        ["find_order", { id: "B-2" }],
      ]);
      expect(new Set(calls.map(({ id }) => id)).size).toBe(2);
      expect(parts.at(-1)).toMatchObject({ type: "finish", reason: "tool-calls" });

      server.script({ text: "It is on its way." });
      const results = calls.map(({ id }) => ({
        role: "tool" as const,
        content: `result of ${id}`,
        toolCallId: id,
      }));
      const assistant = { role: "assistant" as const, content: "Let me look.", toolCalls: calls };
      const messages = [...aChatRequest().messages, assistant, ...results];
      await ask(aChatRequest({ messages, tools: [ORDER_TOOL] }));
      const sent = JSON.stringify((await server.request(server.requests.length - 1)).body);

      expect(sent).toContain("A-東");
      for (const { id } of calls) expect(sent).toContain(`result of ${id}`);
    });

    test("never takes an answer that was cut for a whole one, wherever the cut is", async () => {
      for (let events = 0; events <= lastWord; events++) {
        for (const ending of ["clean", "close"] as const) {
          server.answer({ pieces: ["a", "b"], usage: null, onlyEvents: events, ending });
          const error = await failureOf(ask());
          expect([events, ending, error.code]).toEqual([events, ending, "PROVIDER_UNAVAILABLE"]);
          expect(error.message).toContain("cut off");
        }
      }
      server.answer({});
    });

    for (const ending of ["clean", "hang"] as const) {
      test(`takes an answer for whole that the server called finished, when its end marker is missing: ${ending}`, async () => {
        server.script({ pieces: ["a", "b"], usage: null, onlyEvents: lastWord + 1, ending });

        const parts = await ask();

        expect([textOf(parts), parts.at(-1)]).toEqual(["ab", expect.objectContaining({ reason: "stop" })]);
      });
    }

    test("gives an answer that comes as one JSON document instead of a stream", async () => {
      server.script({ pieces: ["Twenty-six", " weeks."], document: true, toolCalls: [TOOL_CALL] });
      const parts = await ask();

      expect(textOf(parts)).toBe("Twenty-six weeks.");
      expect(parts.slice(1)).toEqual([
        {
          type: "tool-call",
          toolCall: { id: expect.any(String), name: "find_order", arguments: TOOL_CALL.arguments },
        },
        { type: "finish", reason: "tool-calls", usage: { inputTokens: 12, outputTokens: 7 } },
      ]);

      server.script({ text: "Long.", finish: "length", document: true });
      expect((await ask()).at(-1)).toMatchObject({ reason: "length" });
    });

    test.each([
      ["that is no reply", '{\n"detail": "come back later"\n}', "UPSTREAM_BAD_RESPONSE"],
      ["that is no JSON", "{oops}", "UPSTREAM_BAD_RESPONSE"],
      ["that is half", '{"choices": [', "PROVIDER_UNAVAILABLE"],
    ])("does not take a document for a reply %s", async (_what, body, code) => {
      server.answer({ body });

      const error = await failureOf(ask());

      server.answer({});
      expect(error.code).toBe(code as AppError["code"]);
    });

    test("reads over events without content, as queues send them", async () => {
      server.script({ pieces: ["a", "b"], keepAlives: true });

      expect(textOf(await ask())).toBe("ab");
    });

    test("takes the text of an answer that comes in parts, and leaves out what is no text", async () => {
      const thought = { type: "thinking", thinking: [{ type: "text", text: "hidden" }] };
      server.script({
        pieces: [
          [thought],
          [
            { type: "text", text: "28 " },
            { type: "text", text: "days" },
          ],
          ".",
        ],
      });

      expect(textOf(await ask())).toBe("28 days.");
    });

    test.each(["whole", "bytes"])("keeps what the model thinks aloud to itself: %s", async (how) => {
      for (const [text, shown] of THOUGHTS) {
        server.script({ pieces: how === "whole" ? [text] : [...text] });
        expect([text, textOf(await ask())]).toEqual([text, shown]);
      }
    });

    test.each(["whole", "bytes"])("gives what the model thinks apart from what it says: %s", async (how) => {
      const cut = (text: string) => (how === "whole" ? [text] : [...text]);
      server.script({ pieces: ["28 ", "days."], thoughts: cut("How long was it? 30? 28.") });
      const named = await ask();
      server.script({ pieces: cut("<think>How long was it? 30? 28.</think>28 days.") });
      const marked = await ask();

      for (const parts of [named, marked]) {
        expect(textOf(parts)).toBe("28 days.");
        expect(thoughtOf(parts)).toBe("How long was it? 30? 28.");
      }
    });

    test("does not ask again once the model has thought, for that is paid for", async () => {
      server.requests.length = 0;
      // Up to the second thought, which comes later where a stream has a beginning.
      const onlyEvents = { openai: 3, "openai-responses": 4, anthropic: 4, ollama: 2 }[protocol];
      const heard = Promise.withResolvers<void>();
      const endingGate = heard.promise;
      server.script({
        ...{ pieces: ["28 days."], thoughts: ["How", "long"], onlyEvents },
        ...{ ending: "reset", endingGate },
      });
      const listen = async () => {
        for await (const { type } of connect().streamChat(aChatRequest(), NEVER))
          if (type === "reasoning") heard.resolve();
      };
      const error = await failureOf(listen());

      expect(error.code).toBe("PROVIDER_UNAVAILABLE");
      expect(server.requests).toHaveLength(1);
    });

    test("shows the model a picture beside a question", async () => {
      server.requests.length = 0;
      server.script({ text: "Red." });
      await ask({
        ...aChatRequest(),
        messages: [
          { role: "user", content: "Which colour?", images: [{ mediaType: "image/png", base64: "UElD" }] },
        ],
      });

      const sent = JSON.stringify(server.requests[0]?.body);
      expect(sent).toContain("UElD");
      expect(sent).toContain("Which colour?");
    });

    test("leaves out a call of a tool without a name", async () => {
      for (const document of [false, true]) {
        server.script({ pieces: ["28 days."], toolCalls: [{ name: "", arguments: "{}" }], document });
        const parts = await ask();

        expect(parts.map(({ type }) => type)).toEqual(["text", "finish"]);
        expect(parts.at(-1)).toMatchObject({ reason: "stop" });
      }
    });

    test("says why a reply without a word ended", async () => {
      const reasonOf = async (reply: Reply) => {
        server.script({ pieces: [], ...reply });
        const parts = await ask();
        expect(textOf(parts)).toBe("");
        return parts.at(-1)?.type === "finish" && parts.at(-1);
      };

      expect(await reasonOf({})).toMatchObject({ reason: "stop" });
      expect(await reasonOf({ thoughts: ["hm", "well"], finish: "length" })).toMatchObject({
        reason: "length",
      });
      expect(await reasonOf({ finish: "filtered" })).toMatchObject({
        reason: isLines ? "stop" : "content-filter",
      });
    });

    test("says that the answer was cut when the connection is reset", async () => {
      const before = server.requests.length;
      const gate = Promise.withResolvers<void>();
      server.script({ ...halfAnAnswer(protocol), ending: "reset", endingGate: gate.promise });
      const parts = connect().streamChat(aChatRequest(), NEVER)[Symbol.asyncIterator]();

      expect((await parts.next()).value).toEqual({ type: "text", text: "a" });
      gate.resolve();
      const error = await failureOf(Promise.resolve(parts.next()));

      expect([error.code, error.message]).toEqual([
        "PROVIDER_UNAVAILABLE",
        expect.stringContaining("cut off"),
      ]);
      // Not tried again: the visitor has seen a word.
      expect(server.requests.length - before).toBe(1);
    });

    test("fails when the server reports an error in the middle, without repeating its words", async () => {
      server.script({ text: "Twenty", error: "overloaded_error" });
      const seen: ChatStreamPart[] = [];

      const error = await failureOf(collect(connect().streamChat(aChatRequest(), NEVER), seen));

      expect(error.code).toBe("PROVIDER_UNAVAILABLE");
      expect(everythingIn(error)).not.toContain("CANARY");
      expect(textOf(seen)).toBe("Twenty");
    });

    for (const { status, errorType, errorText, code, words } of REFUSALS) {
      test(`answers ${status} ${errorType} with ${code} and what to do`, async () => {
        server.answer({ status, errorType, errorText: `${errorText} ${KEY}` });

        const error = await failureOf(ask());

        server.answer({});
        expect([error.code, error.message]).toEqual([code, expect.stringContaining(words)]);
        expect(everythingIn(error)).not.toContain("CANARY");
      });
    }

    test("tries a busy server twice more, and no third time", async () => {
      const before = server.requests.length;
      server.script({ status: 500 }, { status: 529, errorType: "overloaded_error" }, { text: "now" });
      expect(textOf(await ask())).toBe("now");

      server.script({ status: 503 }, { status: 503 }, { status: 503 }, { text: "too late" });
      expect((await failureOf(ask())).code).toBe("PROVIDER_UNAVAILABLE");

      expect(server.requests.length - before).toBe(6);
      server.script();
      await ask(); // takes what is left of the script
    });

    test("waits as long as a limit says, in seconds or until a date, when that is soon enough", async () => {
      const clock = manualClock();
      const limited = { status: 429, errorType: "rate_limit_error" };
      server.script(
        { ...limited, headers: { "retry-after": "2" } },
        { ...limited, headers: { "retry-after": "Thu, 01 Jan 2026 00:00:04 GMT" } },
        { text: "now" },
      );
      const answer = ask(aChatRequest(), connect(clock));
      for (const ms of [2000, 4000]) {
        await clock.waitFor(ms);
        clock.advance(ms);
      }

      expect(textOf(await answer)).toBe("now");
    });

    test("gives up at once when a limit lasts longer than anyone waits", async () => {
      const before = server.requests.length;
      server.script({ status: 429, errorType: "rate_limit_error", headers: { "retry-after": "3600" } });

      const error = await failureOf(ask());

      expect([error.code, error.retryAfterMs]).toEqual(["PROVIDER_RATE_LIMITED", 3_600_000]);
      expect(server.requests.length - before).toBe(1);
    });

    test("closes the connection when the visitor stops", async () => {
      const controller = new AbortController();
      const reason = new Error("stopped");
      server.script({ pieces: ["a", "b"], gate: new Promise(() => {}) });
      const index = server.requests.length;
      const stream = connect().streamChat(aChatRequest(), controller.signal)[Symbol.asyncIterator]();
      await stream.next();

      const next = stream.next();
      controller.abort(reason);

      expect(await next.catch((thrown: unknown) => thrown)).toBe(reason);
      await (await server.request(index)).clientClosed;
    });

    test("closes the connection when the reader leaves", async () => {
      server.script({ pieces: ["a", "b"], gate: new Promise(() => {}) });
      const index = server.requests.length;

      for await (const _ of connect().streamChat(aChatRequest(), NEVER)) break;

      await (await server.request(index)).clientClosed;
    });

    for (const [silence, reply] of [
      ["before the status line", { headersGate: new Promise(() => {}) }],
      ["before the first word", { onlyEvents: 0, ending: "hang" }],
    ] as const) {
      test(`ends a silence ${silence} after half a minute and closes the connection`, async () => {
        const clock = manualClock();
        server.script(reply);
        const index = server.requests.length;
        const answer = failureOf(ask(aChatRequest(), connect(clock)));
        const request = await server.request(index);
        clock.advance(30_000);

        expect((await answer).code).toBe("PROVIDER_TIMEOUT");
        await request.clientClosed;
      });
    }

    for (const [limit, ms] of [
      ["a silence between two words after half a minute", 30_000],
      ["an answer that takes more than two minutes", 120_000],
    ] as const) {
      test(`ends ${limit} and closes the connection`, async () => {
        const clock = manualClock();
        server.script({ pieces: ["a", "b"], gate: new Promise(() => {}) });
        const index = server.requests.length;
        const parts = connect(clock).streamChat(aChatRequest(), NEVER)[Symbol.asyncIterator]();
        await parts.next();
        const next = failureOf(Promise.resolve(parts.next()));
        clock.advance(ms);

        expect((await next).code).toBe("PROVIDER_TIMEOUT");
        await (await server.request(index)).clientClosed;
      });
    }

    test("refuses a line without end", async () => {
      server.answer({ raw: `${isLines ? "" : "data: "}{"x":"${"x".repeat(10_000_000)}"}\n\n` });

      const error = await failureOf(ask());

      server.answer({});
      expect([error.code, error.message]).toEqual([
        "UPSTREAM_BAD_RESPONSE",
        expect.stringContaining("too large"),
      ]);
    });

    const nonsense: [what: string, reply: Reply][] = [
      [
        "a web page",
        { body: "<!doctype html><title>Sign in</title>", headers: { "content-type": "text/html" } },
      ],
      ["a web page that says it is a stream", { raw: "\n<html><body>Gateway</body></html>\n\n" }],
      ["what is not JSON", { raw: 'data: {"choices": NaN}\n\n' }],
      ["an object where text belongs", { pieces: [{ type: "img", props: { onerror: "x" } }] }],
      ["a list where text belongs", { pieces: [["a"]] }],
      ["a number where text belongs", { pieces: [7] }],
    ];
    for (const [what, reply] of nonsense) {
      test(`refuses ${what}`, async () => {
        server.script(reply);

        expect((await failureOf(ask())).code).toBe("UPSTREAM_BAD_RESPONSE");
      });
    }

    test("lists the models on offer, sorted", async () => {
      server.models = ["b-model", "a-model"];

      expect((await connect().listModels(NEVER)).map(({ id }) => id)).toEqual(["a-model", "b-model"]);

      server.script({ status: 401, errorType: "authentication_error" });
      expect((await failureOf(connect().listModels(NEVER))).code).toBe("PROVIDER_REJECTED");
    });

    test("uses one connection for one answer after the other", async () => {
      await ask();
      const before = server.connections;
      await ask();
      await ask();

      expect(server.connections - before).toBe(0);
    });

    test("leaves a server alone after five failures, then lets one call try", async () => {
      const clock = manualClock({ skipBelowMs: 10_000 });
      const provider = connect(clock);
      server.answer({ status: 503 });
      for (let call = 0; call < 5; call++) await failureOf(ask(aChatRequest(), provider));
      const before = server.requests.length;

      expect((await failureOf(ask(aChatRequest(), provider))).message).toContain("in a row");
      expect(server.requests.length).toBe(before);

      server.answer({ text: "back" });
      clock.advance(15_000);
      expect(textOf(await ask(aChatRequest(), provider))).toBe("back");
      expect(textOf(await ask(aChatRequest(), provider))).toBe("back");
    });
  });
}

/** What a model thinks before it answers, and what a visitor sees of it. */
const THOUGHTS = [
  ["<think>\nhidden</think>\n\nYou have 28 days [1].", "You have 28 days [1]."],
  ["\n<Thinking>a <b> c</Thinking><think>more</think>28 days", "28 days"],
  ["[THINK]hidden[/THINK]28 days", "28 days"],
  ["<think>never ended", ""],
  ["<thi", "<thi"],
  ["<thing> is not hidden", "<thing> is not hidden"],
  ["Write <think> in front of it.", "Write <think> in front of it."],
] as const;

/** An answer of two pieces, event by event. */
function twoPieces(protocol: Protocol): WireEvent[] {
  return WIRE[protocol]({
    ...{ pieces: ["a", "b"], thoughts: [], toolCalls: [] },
    ...{ finish: "stop", usage: null, error: null },
  });
}

/** Everything up to the first of two pieces. */
function halfAnAnswer(protocol: Protocol): Reply {
  return {
    ...{ pieces: ["a", "b"], usage: null },
    onlyEvents: twoPieces(protocol).findIndex(({ piece }) => piece === 1),
  };
}

const TOOL_CALL = { name: "find_order", arguments: '{"id":"A-東"}' };

const REFUSALS = [
  {
    status: 401,
    errorType: "authentication_error",
    errorText: "bad key",
    code: "PROVIDER_REJECTED",
    words: "The key was refused by",
  },
  {
    status: 403,
    errorType: "permission_error",
    errorText: "not yours",
    code: "PROVIDER_REJECTED",
    words: "The key was refused by",
  },
  {
    status: 404,
    errorType: "not_found_error",
    errorText: "model: x",
    code: "MODEL_NOT_AVAILABLE",
    words: "does not have this model",
  },
  {
    status: 400,
    errorType: "invalid_request_error",
    errorText: "bad",
    code: "PROVIDER_REJECTED",
    words: "refused the request (status 400",
  },
  {
    status: 429,
    errorType: "rate_limit_error",
    errorText: "slow down",
    code: "PROVIDER_RATE_LIMITED",
    words: "too many requests",
  },
  {
    status: 500,
    errorType: "api_error",
    errorText: "oops",
    code: "PROVIDER_UNAVAILABLE",
    words: "cannot answer",
  },
  {
    status: 502,
    errorType: "api_error",
    errorText: "oops",
    code: "PROVIDER_UNAVAILABLE",
    words: "cannot answer",
  },
  {
    status: 529,
    errorType: "overloaded_error",
    errorText: "busy",
    code: "PROVIDER_UNAVAILABLE",
    words: "cannot answer",
  },
  {
    status: 302,
    errorType: "moved",
    errorText: "elsewhere",
    code: "EGRESS_DENIED",
    words: "another address",
  },
] as const;

async function collect(parts: AsyncIterable<ChatStreamPart>, seen: ChatStreamPart[]): Promise<void> {
  for await (const part of parts) seen.push(part);
}

/** Everything that could end up in a log or an answer. */
function everythingIn(error: AppError): string {
  return Bun.inspect([error, error.message, error.details, error.cause, error.stack]);
}
