import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createEgress, type Egress, type EgressGrant } from "../../src/egress/egress.ts";
import { createProviderFactory, VENDOR_HOSTS } from "../../src/providers/catalog.ts";
import type { ChatProvider } from "../../src/providers/provider.ts";
import { manualClock } from "../helpers/manual-clock.ts";
import { aChatRequest, failureOf } from "../helpers/provider-contract.ts";
import { type ScriptedProvider, startScriptedProvider } from "../helpers/scripted-provider.ts";

const NEVER = new AbortController().signal;
const ask = (provider: ChatProvider) => Array.fromAsync(provider.streamChat(aChatRequest(), NEVER));

function aFactory({
  offline = false,
  warnings = [] as string[],
  clock = manualClock({ skipBelowMs: 10_000 }),
} = {}) {
  const log = { warn: (event: string) => void warnings.push(event) };
  const resolve = async () => ["127.0.0.1"];
  const egress = createEgress({ log, offline, vendorHosts: VENDOR_HOSTS, ownAddresses: () => [], resolve });
  return createProviderFactory({
    egress,
    extract: (question) => `About “${question}”:  26 weeks. [1]\n`,
    now: () => 0,
    log,
    clock,
  });
}

test("a vendor that only a newer Parley knows is refused in words, not called and no crash", () => {
  const settings = { provider: "bedrock" as "openai", baseUrl: null, apiKey: "sk-1" };

  expect(() => aFactory()(settings)).toThrow(
    expect.objectContaining({
      code: "MODEL_NOT_AVAILABLE",
      message: expect.stringContaining("“bedrock”"),
    }),
  );
  expect(() => aFactory()({ ...settings, provider: "constructor" as "openai" })).toThrow("does not know");
});

describe("the provider that quotes", () => {
  test("gives the extract word by word, byte for byte, with no usage and no models", async () => {
    const provider = aFactory()({ provider: "extractive", baseUrl: null, apiKey: null });
    const parts = await ask(provider);

    expect(parts.length).toBeGreaterThan(5);
    expect(parts.map((part) => (part.type === "text" ? part.text : "")).join("")).toBe(
      "About “How long is parental leave?”:  26 weeks. [1]\n",
    );
    expect(parts.at(-1)).toEqual({
      type: "finish",
      reason: "stop",
      usage: { inputTokens: null, outputTokens: null },
    });
    expect(await provider.listModels(NEVER)).toEqual([]);
  });

  test("stops when the visitor does", async () => {
    const controller = new AbortController();
    const provider = aFactory()({ provider: "extractive", baseUrl: null, apiKey: null });
    const seen: string[] = [];

    await expect(
      (async () => {
        for await (const part of provider.streamChat(aChatRequest(), controller.signal)) {
          seen.push(part.type);
          controller.abort(new Error("stopped"));
        }
      })(),
    ).rejects.toThrow("stopped");
    expect(seen).toEqual(["text"]);
  });
});

describe("offline", () => {
  test.each(["openai", "anthropic"] as const)(
    "%s at its own address is refused with a way out",
    async (provider) => {
      const error = await failureOf(
        ask(aFactory({ offline: true })({ provider, baseUrl: null, apiKey: "sk-x" })),
      );

      expect([error.code, error.message]).toEqual(["EGRESS_DENIED", expect.stringContaining("under Model")]);
    },
  );
});

describe("over real HTTP", () => {
  let server: ScriptedProvider;
  beforeAll(async () => {
    server = await startScriptedProvider();
  });
  afterAll(() => server.close());

  const openai = () => ({ provider: "openai" as const, baseUrl: server.url("openai"), apiKey: null });
  const lastBody = () => server.requests.at(-1)?.body;

  test("a server without a key gets no Authorization header, and one that wants a key says so", async () => {
    server.script({ text: "ok" }, { status: 401, errorType: "invalid_api_key" });
    await ask(aFactory()(openai()));
    expect(server.requests.at(-1)?.headers.authorization).toBeUndefined();

    expect((await failureOf(ask(aFactory()(openai())))).message).toContain("wants a key");
  });

  test("an address with a slash too many, or with the /v1 that the SDK adds, works", async () => {
    for (const baseUrl of [
      `${server.url("openai")}/`,
      `${server.url("anthropic")}/v1/`,
      `${server.url("ollama")}/api`,
    ]) {
      const provider = baseUrl.includes("anthropic")
        ? "anthropic"
        : baseUrl.includes("ollama")
          ? "ollama"
          : "openai";
      server.script({ text: "ok" });
      await ask(aFactory()({ provider, baseUrl, apiKey: "k" }));
      expect(server.requests.at(-1)?.path).not.toMatch(/\/\/|v1\/v1|api\/api/);
    }
  });

  test("an address without /v1 is answered with that hint", async () => {
    server.script({ status: 404, body: '{"detail":"Not Found"}' });

    const error = await failureOf(ask(aFactory()(openai())));

    expect([error.code, error.message]).toEqual(["PROVIDER_REJECTED", expect.stringContaining("/v1")]);
  });

  test.each([
    ["model_not_found", "The model does not exist", 400, "MODEL_NOT_AVAILABLE"],
    ["insufficient_quota", "You exceeded your quota", 429, "PROVIDER_REJECTED"],
    ["context_length_exceeded", "too long", 400, "PROVIDER_REJECTED"],
  ] as const)("%s is told apart", async (errorType, errorText, status, code) => {
    server.script({ status, errorType, errorText });

    expect((await failureOf(ask(aFactory()(openai())))).code).toBe(code);
  });

  test("a model that does not fit into memory is not tried again", async () => {
    server.script({
      status: 500,
      body: '{"error":"model requires more system memory (9 GiB) than is available"}',
    });
    const before = server.requests.length;

    const provider = aFactory()({ provider: "ollama", baseUrl: server.url("ollama"), apiKey: null });

    expect((await failureOf(ask(provider))).code).toBe("MODEL_NOT_AVAILABLE");
    expect(server.requests.length - before).toBe(1);
  });

  test("what a server does not take is left out, and never sent to it again", async () => {
    const refuse = (errorText: string) => ({ status: 400, errorType: "unsupported_parameter", errorText });
    const factory = aFactory();
    server.script(
      refuse("Unknown field: stream_options"),
      refuse("'temperature' is not supported with this model"),
      refuse("Use 'max_completion_tokens' instead of 'max_tokens'"),
      { text: "ok" },
      { text: "ok" },
    );
    const before = server.requests.length;

    await ask(factory(openai()));
    expect(lastBody()).toMatchObject({ model: "scripted", stream: true, max_completion_tokens: 200 });
    await ask(factory(openai()));

    expect(server.requests.length - before).toBe(5);
    for (const name of ["stream_options", "temperature", "max_tokens"])
      expect(lastBody()).not.toHaveProperty(name);
  });

  test("one address that fails does not keep another from being tried", async () => {
    const warnings: string[] = [];
    const factory = aFactory({ warnings });
    server.answer({ status: 503 });
    for (let call = 0; call < 5; call++) await failureOf(ask(factory(openai())));
    server.answer({ text: "ok" });

    const other = { provider: "ollama" as const, baseUrl: server.url("ollama"), apiKey: null };
    expect((await failureOf(ask(factory(openai())))).message).toContain("in a row");
    expect(await ask(factory(other))).not.toBeEmpty();
    expect(warnings).toEqual(["provider-left-alone"]);
  });

  test("a call that fails while the server is tried out leaves it alone again", async () => {
    const clock = manualClock({ skipBelowMs: 10_000 });
    const factory = aFactory({ clock });
    server.answer({ status: 503 });
    for (let call = 0; call < 5; call++) await failureOf(ask(factory(openai())));

    clock.advance(15_000);
    expect((await failureOf(ask(factory(openai())))).message).toContain("503");
    expect((await failureOf(ask(factory(openai())))).message).toContain("in a row");

    clock.advance(15_000);
    server.answer({ text: "ok" });
    expect(await ask(factory(openai()))).not.toBeEmpty();
  });

  test("a refused key is no outage", async () => {
    const factory = aFactory();
    server.answer({ status: 401 });
    for (let call = 0; call < 8; call++) {
      expect((await failureOf(ask(factory(openai())))).message).not.toContain("in a row");
    }
    server.answer({ text: "ok" });
  });

  test("a server that is not there is named, with what to check", async () => {
    const gone = await startScriptedProvider();
    await gone.close();

    const error = await failureOf(ask(aFactory()({ ...openai(), baseUrl: gone.url("openai") })));

    expect([error.code, error.message]).toEqual([
      "PROVIDER_UNAVAILABLE",
      expect.stringContaining("cannot be reached (ECONNREFUSED)"),
    ]);
  });
});

test("a base URL that Parley would never call is refused at once", () => {
  const factory = aFactory();

  expect(() =>
    factory({ provider: "openai", baseUrl: "http://user:pass@models.corp/v1", apiKey: null }),
  ).toThrow(expect.objectContaining({ code: "UNSAFE_URL" }));
});

describe("the way to a model", () => {
  /** What egress was asked for, and what was sent over it. */
  function watched() {
    const grants: EgressGrant[] = [];
    const sent: Headers[] = [];
    const egress: Egress = {
      fetchFor(grant) {
        grants.push(grant);
        return async (_input, init) => {
          sent.push(new Headers(init?.headers));
          return new Response("no", { status: 400 });
        };
      },
      refusal: () => null,
      vettedHost: () => Promise.reject(new Error("nobody asks")),
    };
    const log = { warn() {} };
    return { grants, sent, make: createProviderFactory({ egress, extract: () => "", now: () => 0, log }) };
  }
  const settings = { baseUrl: "http://llm.example/v1", apiKey: "sk-own" };

  test.each(["openai", "anthropic", "ollama"])(
    "of %s has the headers of its own, which never replace Parley's",
    async (provider) => {
      const { sent, make } = watched();
      const headers = {
        ...{ "x-team": "blue", authorization: "Bearer other", "x-api-key": "other" },
        ...{ "content-type": "text/html", "user-agent": "other" },
      };
      await failureOf(ask(make({ ...settings, provider, headers })));

      expect(sent[0]?.get("x-team")).toBe("blue");
      expect(sent[0]?.get("user-agent")).toBe("Parley");
      expect(sent[0]?.get("content-type")).toContain("application/json");
      const key = provider === "anthropic" ? sent[0]?.get("x-api-key") : sent[0]?.get("authorization");
      expect(key).toContain("sk-own");
    },
  );

  test("goes through its proxy, and as the operator has set it without one", () => {
    const { grants, make } = watched();
    make({ ...settings, provider: "openai", proxy: "http://proxy.example:3128", ca: null });
    make({ ...settings, provider: "openai", proxy: null });

    expect(grants[0]?.proxy).toMatchObject({ hostname: "proxy.example", port: 3128 });
    expect(grants[1]).not.toHaveProperty("proxy");
    expect(grants[1]).not.toHaveProperty("ca");
  });

  test("with certificates that are none is that model's failure, in words", () => {
    const ca = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

    expect(() => watched().make({ ...settings, provider: "openai", ca })).toThrow(
      expect.objectContaining({
        code: "PROVIDER_REJECTED",
        message: expect.stringContaining("certificates"),
      }),
    );
  });
});
