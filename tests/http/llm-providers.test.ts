import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type {
  LlmChain,
  LlmConfigView,
  LlmProviderConfigView,
  LlmTestAnswer,
} from "../../src/protocol/admin-api/llm.ts";
import { type AdminClient, setUpOwner } from "../helpers/admin-client.ts";
import { addMember, rows } from "../helpers/database.ts";
import { expectNothingPersisted } from "../helpers/nothing-persisted.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { type ScriptedProvider, startScriptedProvider } from "../helpers/scripted-provider.ts";

const PROVIDERS = "/api/admin/llm/providers";
const CHAIN = "/api/admin/llm/chain";
const KEY = "sk-CANARY-0123456789-wxyz";
const HEADER = "CANARY-header-value-abcd";
const PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

let parley: Parley;
let canary: ScriptedProvider;
let owner: AdminClient;
let tenantId: string;
beforeAll(async () => {
  [parley, canary] = await Promise.all([startParley(), startScriptedProvider()]);
  owner = await setUpOwner(parley);
  tenantId = (await owner.get<{ items: { id: string }[] }>("/api/admin/tenants")).items[0]?.id ?? "";
});
afterAll(() => Promise.all([parley.remove(), canary.close()]));

let names = 0;
const newName = () => `Model ${++names}`;
const add = (changes: Record<string, unknown> = {}) =>
  owner.send<LlmProviderConfigView>("POST", PROVIDERS, {
    ...{ name: newName(), provider: "openai", baseUrl: canary.url("openai"), apiKey: KEY, model: "m" },
    ...changes,
  });
const list = async () => (await owner.get<{ items: LlmProviderConfigView[] }>(PROVIDERS)).items;
const chain = () => owner.get<LlmChain>(CHAIN);

describe("models of a tenant", () => {
  test("are several, of which the saved settings are the default", async () => {
    const config = await owner.get<LlmConfigView>("/api/admin/llm/config");
    const added = await add({
      ...{ contextTokens: 128_000, inputPrice: 0.15, outputPrice: 0.6, proxy: "http://proxy.example:3128" },
      ...{ tls: { ca: PEM }, headers: { "x-team": HEADER } },
    });

    expect(added.id).toMatch(/^llm_/);
    expect(added).toMatchObject({
      ...{ isDefault: false, contextTokens: 128_000, inputPrice: 0.15, outputPrice: 0.6, tls: { ca: PEM } },
      ...{ proxy: "http://proxy.example:3128", headers: { "x-team": { set: true, last4: "abcd" } } },
      ...{ apiKey: { set: true, last4: "wxyz" }, capabilities: null, testedAt: null },
    });
    expect(JSON.stringify(added)).not.toContain("CANARY");
    const { systemPrompt: _, defaultSystemPrompt: __, ...first } = config;
    expect((await list())[0]).toEqual(first);
    expect(await list()).toContainEqual(added);
    expect(await owner.get<LlmProviderConfigView>(`${PROVIDERS}/${added.id}`)).toEqual(added);
    expect(JSON.stringify(rows(parley, "select * from llm_configs"))).not.toContain("CANARY");
  });

  test("are saved without a word to any provider", async () => {
    const { id } = await add();
    await owner.send("PATCH", `${PROVIDERS}/${id}`, { temperature: 1 });
    await owner.send("PUT", CHAIN, { providers: [id] });
    await owner.send("PUT", CHAIN, { providers: [] });

    expect(canary.connections).toBe(0);
  });

  test("row 28: a stored key and stored headers go to no other address and through no other proxy", async () => {
    const keyed = await add();
    const headed = await add({ apiKey: undefined, headers: { "x-team": HEADER } });
    const elsewhere = [{ baseUrl: "http://elsewhere.example/v1" }, { proxy: "http://proxy.example:3128" }];

    for (const { id } of [keyed, headed])
      for (const changes of elsewhere) {
        const refused = await expectNothingPersisted(parley, () =>
          owner.call("PATCH", `${PROVIDERS}/${id}`, changes),
        );
        expect(refused).toMatchObject({
          ...{ status: 422, body: { error: { code: "CREDENTIAL_REENTRY_REQUIRED" } } },
        });
      }
    const moved = await owner.send<LlmProviderConfigView>("PATCH", `${PROVIDERS}/${headed.id}`, {
      ...{ baseUrl: "http://elsewhere.example/v1", headers: { "x-team": "another value" } },
    });
    expect(moved.baseUrl).toBe("http://elsewhere.example/v1");
  });

  test("keep a header whose value is not entered again, and lose those that are left out", async () => {
    const { id } = await add({ headers: { "x-team": HEADER, "x-other": HEADER } });
    const changed = await owner.send<LlmProviderConfigView>("PATCH", `${PROVIDERS}/${id}`, {
      headers: { "x-team": null },
    });

    expect(changed.headers).toEqual({ "x-team": { set: true, last4: "abcd" } });
  });

  test.each([
    [{ name: "" }],
    [{ provider: "mainframe" }],
    [{ model: "" }],
    [{ inputPrice: -1 }],
    [{ contextTokens: 1 }],
    [{ proxy: "socks5://proxy.example" }],
    [{ tls: { ca: "not a certificate" } }],
    [{ tls: { rejectUnauthorized: false } }],
    [{ headers: { authorization: "Bearer mine" } }],
    [{ headers: { Host: "elsewhere.example" } }],
    [{ headers: { "X-Api-Key": "mine" } }],
    [{ headers: { "x-team": "two\r\nlines" } }],
    [{ headers: { "x team": "blue" } }],
    [{ headers: { "x-team": null } }],
    [{ systemPrompt: "Mine." }],
    [{ isDefault: true }],
    [{ id: "llm_01ARZ3NDEKTSV4RRFFQ69G5FAV" }],
  ])("are refused with %j", async (changes) => {
    const answer = await expectNothingPersisted(parley, () =>
      owner.call("POST", PROVIDERS, {
        ...{ name: newName(), provider: "openai", baseUrl: "http://llm.example/v1", model: "m" },
        ...changes,
      }),
    );

    expect(answer).toMatchObject({ status: 400, body: { error: { code: "VALIDATION" } } });
  });

  test("have a name of their own", async () => {
    const { name } = await add();
    const twin = { name, provider: "ollama", model: "m" };

    expect(await owner.call("POST", PROVIDERS, twin)).toMatchObject({
      ...{ status: 409, body: { error: { code: "CONFLICT" } } },
    });
  });

  test("are deleted, brought back, and not when they are the default", async () => {
    const { id } = await add();
    await owner.send("PUT", CHAIN, { providers: [id] });
    await owner.send("DELETE", `${PROVIDERS}/${id}`);

    expect((await owner.call("GET", `${PROVIDERS}/${id}`)).status).toBe(404);
    expect(await chain()).toEqual({ providers: [] });
    await owner.send("POST", `${PROVIDERS}/${id}/restore`);
    expect((await chain()).providers as string[]).toEqual([id]);
    const [first] = await list();
    expect(await owner.call("DELETE", `${PROVIDERS}/${first?.id}`)).toMatchObject({
      ...{ status: 409, body: { error: { code: "CONFLICT" } } },
    });
  });

  test("are changed by admins and seen by viewers", async () => {
    const { id } = await add();
    const viewer = await addMember(parley, tenantId, "viewer");

    expect((await viewer.call("GET", PROVIDERS)).status).toBe(200);
    expect((await viewer.call("PATCH", `${PROVIDERS}/${id}`, { temperature: 1 })).status).toBe(403);
    expect((await viewer.call("PUT", CHAIN, { providers: [id] })).status).toBe(403);
  });
});

describe("the chain", () => {
  test("is the order in which models take over from the default", async () => {
    const [a, b] = [await add(), await add()];
    const saved = await owner.send<LlmChain>("PUT", CHAIN, { providers: [b.id, a.id] });

    expect(saved).toEqual({ providers: [b.id, a.id] } as LlmChain);
    expect(await chain()).toEqual(saved);
    expect((await list()).slice(1, 3).map(({ id }) => id)).toEqual(saved.providers);
  });

  test("is refused with what cannot take over, and stays as it was", async () => {
    const { id } = await add();
    await owner.send("PUT", CHAIN, { providers: [id] });
    const [first] = await list();
    const quoting = await add({ provider: "extractive", baseUrl: null, apiKey: null });
    const refused: [string[], number][] = [
      [["llm_01ARZ3NDEKTSV4RRFFQ69G5FAV"], 404],
      [[id, id], 400],
      [["gpt"], 400],
      [[first?.id ?? ""], 400],
      [[quoting.id], 400],
    ];

    for (const [providers, status] of refused)
      expect((await owner.call("PUT", CHAIN, { providers })).status).toBe(status);
    expect(await chain()).toEqual({ providers: [id] } as LlmChain);
  });

  test("begins with another default when that is chosen, which is told what the one before it was told", async () => {
    await owner.send("PUT", "/api/admin/llm/config", { systemPrompt: "Be brief." });
    const former = (await list())[0]?.id;
    const { id } = await add();
    await owner.send("PUT", "/api/admin/llm/default", { provider: id });

    const config = await owner.get<LlmConfigView>("/api/admin/llm/config");
    expect(config).toMatchObject({ id, isDefault: true, systemPrompt: "Be brief." });
    await owner.send("PUT", "/api/admin/llm/default", { provider: former });
    expect(await owner.get<LlmConfigView>("/api/admin/llm/config")).toMatchObject({
      ...{ id: former, systemPrompt: "Be brief." },
    });
  });
});

describe("a test of a model", () => {
  test("finds out what it can do with three requests, and the list shows it", async () => {
    const { id } = await add({ apiKey: "sk-test-0123456789" });
    canary.requests.length = 0;
    canary.script(
      { text: "Hello.", thoughts: ["Hm."] },
      { text: "Heron. Hello.", toolCalls: [{ name: "read_gauge", arguments: "{}" }], usage: null },
      { text: "Blue." },
    );
    const found = await owner.send<LlmTestAnswer>("POST", "/api/admin/llm/test", { id });

    const capabilities = {
      ...{ tools: true, images: false, reasoning: true, systemRole: true, streamingUsage: true },
    };
    expect(found).toMatchObject({ ok: true, text: "Hello.", capabilities });
    expect(canary.requests).toHaveLength(3);
    expect(await owner.get<LlmProviderConfigView>(`${PROVIDERS}/${id}`)).toMatchObject({
      ...{ capabilities, testedAt: expect.any(String) },
    });
    await owner.send("PATCH", `${PROVIDERS}/${id}`, { model: "another" });
    expect(await owner.get<LlmProviderConfigView>(`${PROVIDERS}/${id}`)).toMatchObject({
      ...{ capabilities: null, testedAt: null },
    });
  });

  test("says what a server refuses, what it does not know, and sends no more for it", async () => {
    const { id } = await add({ model: "old" });
    canary.requests.length = 0;
    canary.script(
      { status: 400, errorText: "Unsupported parameter: temperature" },
      { text: "Hello.", usage: null },
      { status: 400, errorText: "This model does not take images or anything else." },
    );
    const { capabilities } = await owner.send<LlmTestAnswer>("POST", "/api/admin/llm/test", { id });

    expect(canary.requests).toHaveLength(3);
    expect(capabilities).toEqual({
      ...{ tools: false, images: null, reasoning: false, systemRole: null, streamingUsage: false },
    });
  });

  test("of one that is down asks once", async () => {
    const { id } = await add({ model: "down" });
    canary.requests.length = 0;
    canary.script({ status: 500 });

    expect(await owner.send<LlmTestAnswer>("POST", "/api/admin/llm/test", { id })).toMatchObject({
      ...{ ok: false, capabilities: null, error: { code: "PROVIDER_UNAVAILABLE" } },
    });
    expect(canary.requests).toHaveLength(1);
  });
});
