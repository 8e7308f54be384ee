import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type {
  LlmConfigView,
  LlmProviderView,
  LlmTestAnswer,
  LlmTrouble,
} from "../../src/protocol/admin-api/llm.ts";
import type { WidgetConfigView } from "../../src/protocol/admin-api/widget.ts";
import { type AdminClient, formOf, setUpOwner } from "../helpers/admin-client.ts";
import { addMember, rows, withDatabase } from "../helpers/database.ts";
import { expectNothingPersisted } from "../helpers/nothing-persisted.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { type ScriptedProvider, startScriptedProvider } from "../helpers/scripted-provider.ts";
import { serverSentFrames } from "../helpers/visitor-client.ts";

let parley: Parley;
let provider: ScriptedProvider;
let canary: ScriptedProvider;
let owner: AdminClient;
let tenantId: string;
beforeAll(async () => {
  [parley, provider, canary] = await Promise.all([
    startParley(),
    startScriptedProvider(),
    startScriptedProvider(),
  ]);
  owner = await setUpOwner(parley);
  tenantId = (await owner.get<{ items: { id: string }[] }>("/api/admin/tenants")).items[0]?.id ?? "";
});
afterAll(() => Promise.all([parley.remove(), provider.close(), canary.close()]));

const KEY = "sk-CANARY-0123456789-wxyz";
const connectModel = () =>
  owner.send<LlmConfigView>("PUT", "/api/admin/llm/config", {
    provider: "openai",
    baseUrl: provider.url("openai"),
    apiKey: KEY,
    model: "scripted-small",
  });

describe("settings of the model", () => {
  test("change what is given, answer with the whole, and never show the key", async () => {
    const saved = await connectModel();
    const warmer = await owner.send<LlmConfigView>("PUT", "/api/admin/llm/config", { temperature: 0.9 });

    expect(saved).toMatchObject({ provider: "openai", apiKey: { set: true, last4: "wxyz" } });
    expect(warmer).toEqual({ ...saved, temperature: 0.9, updatedAt: warmer.updatedAt });
    expect(await owner.get<LlmConfigView>("/api/admin/llm/config")).toEqual(warmer);
    expect(JSON.stringify(warmer)).not.toContain("CANARY");
  });

  test("row 28: a stored key goes to no other address, whoever asks", async () => {
    await connectModel();
    const elsewhere = { baseUrl: canary.url("openai") };
    const viewer = await addMember(parley, tenantId, "viewer");
    const attempts: [string, string, Record<string, unknown>][] = [
      ["POST", "/api/admin/llm/test", elsewhere],
      ["PUT", "/api/admin/llm/config", elsewhere],
      ["PUT", "/api/admin/llm/config", { baseUrl: null }],
    ];
    for (const [method, path, body] of attempts) {
      const refused = await expectNothingPersisted(parley, () => owner.call(method, path, body));
      expect(refused.body).toMatchObject({ error: { code: "CREDENTIAL_REENTRY_REQUIRED" } });
      expect(refused.status).toBe(422);
      expect((await viewer.call(method, path, body)).status).toBe(403);
    }
    expect(canary.connections).toBe(0);
  });

  test("row 28: a stored key is forgotten when another provider takes over, and never sent to it", async () => {
    await connectModel();
    const ollama = { provider: "ollama", baseUrl: canary.url("ollama") };
    await owner.send("POST", "/api/admin/llm/test", ollama);
    const saved = await owner.send<LlmConfigView>("PUT", "/api/admin/llm/config", ollama);

    expect(canary.requests.length).toBeGreaterThan(0);
    expect(JSON.stringify(canary.requests)).not.toContain("CANARY");
    expect(saved.apiKey).toEqual({ set: false, last4: null });
  });

  test("row 28: with the key entered again another address is fine", async () => {
    await connectModel();
    const moved = await owner.send<LlmConfigView>("PUT", "/api/admin/llm/config", {
      baseUrl: provider.url("openai").replace("127.0.0.1", "localhost"),
      apiKey: "sk-another-0123456789",
    });

    expect(moved.apiKey).toEqual({ set: true, last4: "6789" });
  });

  test("forget the key when quoting takes over, so that switching back asks for it", async () => {
    await connectModel();
    const quoting = await owner.send<LlmConfigView>("PUT", "/api/admin/llm/config", {
      provider: "extractive",
    });

    expect(quoting.apiKey).toEqual({ set: false, last4: null });
    expect(rows(parley, "select 1 from llm_configs where api_key is not null")).toEqual([]);
  });

  test("are chosen from a list that says what each provider needs", async () => {
    const { items } = await owner.get<{ items: LlmProviderView[] }>("/api/admin/llm/catalog");

    expect(items.map(({ name, hasModel, key }) => [name, hasModel, key])).toEqual([
      ["extractive", false, "never"],
      ["ollama", true, "never"],
      ["openai", true, "unless-own-server"],
      ["anthropic", true, "always"],
    ]);
  });

  test.each([
    [{ provider: "openai", model: "" }],
    [{ provider: "openai", baseUrl: null, apiKey: null, model: "x" }],
    [{ provider: "anthropic", apiKey: null, model: "x" }],
    [{ provider: "mainframe" }],
    [{ temperature: 3 }],
    [{ maxTokens: 0 }],
    [{ baseUrl: "not a url" }],
    [{ tenantId: "ten_01ARZ3NDEKTSV4RRFFQ69G5FAV" }],
    [{ providerKey: "x" }],
  ])("refuse %j and keep what was there", async (changes) => {
    await owner.send("PUT", "/api/admin/llm/config", { provider: "extractive" });
    const answer = await expectNothingPersisted(parley, () =>
      owner.call("PUT", "/api/admin/llm/config", changes),
    );
    expect(answer.status).toBe(400);
  });

  test("that a newer Parley saved and this one does not know are shown, say so when used, and can be changed", async () => {
    await connectModel();
    withDatabase(parley, (database) => database.run("update llm_configs set provider = 'bedrock'"));

    const shown = await owner.get<LlmConfigView>("/api/admin/llm/config");
    const listing = await owner.call("GET", "/api/admin/llm/models");
    const { trouble } = await owner.get<{ trouble: LlmTrouble }>("/api/admin/llm/trouble");
    const quoting = await owner.send<LlmConfigView>("PUT", "/api/admin/llm/config", {
      provider: "extractive",
    });

    expect(shown.provider).toBe("bedrock");
    expect(listing).toMatchObject({
      status: 503,
      body: { error: { code: "MODEL_NOT_AVAILABLE", message: expect.stringContaining("“bedrock”") } },
    });
    expect(trouble).toMatchObject({ code: "MODEL_NOT_AVAILABLE" });
    expect(quoting.provider).toBe("extractive");
  });

  test("are tried before they are saved, as a whole or as it streams", async () => {
    await owner.send("PUT", "/api/admin/llm/config", { provider: "extractive" });
    const settings = { provider: "openai", baseUrl: provider.url("openai"), model: "scripted-small" };
    provider.script({ text: "Hello there." });

    const whole = await expectNothingPersisted(parley, () =>
      owner.send<LlmTestAnswer>("POST", "/api/admin/llm/test", settings),
    );
    provider.script({ text: "Hello again." });
    const streamed = await owner.fetch("POST", "/api/admin/llm/test", {
      headers: { accept: "text/event-stream" },
      body: settings,
    });
    const frames = await Array.fromAsync(serverSentFrames(streamed));

    expect(whole).toMatchObject({ ok: true, text: "Hello there.", model: "scripted-small", error: null });
    expect(
      frames
        .slice(0, -1)
        .map(({ text }) => text)
        .join(""),
    ).toBe("Hello again.");
    expect(frames.at(-1)).toMatchObject({ type: "done", result: { ok: true, text: "Hello again." } });
  });

  test("row 98: what a provider refuses is explained without the key", async () => {
    provider.script({ status: 401, errorType: "invalid_api_key", errorText: `Incorrect API key: ${KEY}` });
    const result = await owner.send<LlmTestAnswer>("POST", "/api/admin/llm/test", {
      provider: "openai",
      baseUrl: provider.url("openai"),
      apiKey: KEY,
      model: "scripted-small",
    });

    expect(result).toMatchObject({ ok: false, error: { code: expect.any(String) } });
    expect(JSON.stringify(result)).not.toContain("CANARY");
  });

  test("of a server that does not answer say so to the backoffice until it does again", async () => {
    await connectModel();
    const trouble = async () => (await owner.get<{ trouble: LlmTrouble }>("/api/admin/llm/trouble")).trouble;
    expect(await trouble()).toBeNull();

    const down = { status: 503, errorType: "overloaded", errorText: "down" };
    provider.script(down);
    await owner.send("POST", "/api/admin/llm/test", {});
    expect(await trouble()).toMatchObject({
      code: "PROVIDER_UNAVAILABLE",
      message: expect.stringContaining("127.0.0.1"),
    });

    provider.script({ text: "Back again." });
    await owner.send("POST", "/api/admin/llm/test", {});
    expect(await trouble()).toBeNull();
  });

  test("list the models that the provider offers", async () => {
    await connectModel();
    const { items } = await owner.get<{ items: { id: string }[] }>("/api/admin/llm/models");

    expect(items.map(({ id }) => id)).toEqual([...provider.models].sort());
  });
});

describe("settings of the widget", () => {
  test("change what is given and answer with the whole", async () => {
    const before = await owner.get<WidgetConfigView>("/api/admin/widget");
    const after = await owner.send<WidgetConfigView>("PUT", "/api/admin/widget", { greeting: "Moin!" });

    expect(after).toEqual({ ...before, greeting: "Moin!" });
    expect(await owner.get<WidgetConfigView>("/api/admin/widget")).toEqual(after);
  });

  test("keep a contact and replies in the tenant's own words", async () => {
    const changes = {
      contact: "people@acme.example",
      ownReplies: [{ kind: "thanks", language: "deu", text: "Da nich für." }],
    };
    await owner.send("PUT", "/api/admin/widget", changes);

    expect(await owner.get<WidgetConfigView>("/api/admin/widget")).toMatchObject(changes);
  });

  test.each([
    [{ primaryColor: "red" }],
    [{ primaryColor: "#12345" }],
    [{ displayName: "" }],
    [{ theme: "sepia" }],
    [{ suggestedQuestions: ["a", "b", "c", "d"] }],
    [{ contact: "people@acme" }],
    [{ contact: "javascript:alert(1)" }],
    [{ ownReplies: [{ kind: "curse", language: null, text: "x" }] }],
    [{ ownReplies: [{ kind: "greeting", language: "xxx", text: "x" }] }],
    [{ ownReplies: [{ kind: "greeting", language: null, text: " " }] }],
    [{ ownReplies: [{ kind: "greeting", language: null, text: "x".repeat(501) }] }],
    [{ ownReplies: Array(2).fill({ kind: "greeting", language: null, text: "Hi" }) }],
    [{ logoUrl: "javascript:alert(1)" }],
    [{ embedKey: "pk_mine" }],
    [{ tenantId: "x", role: "owner", id: "x", createdAt: 0 }],
    [JSON.parse('{"__proto__":{"admin":1}}')],
    [{ greeting: { type: "img" } }],
  ])("row 26: refuse %j", async (changes) => {
    const answer = await expectNothingPersisted(parley, () =>
      owner.call("PUT", "/api/admin/widget", changes),
    );

    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ error: { code: "VALIDATION" } });
  });
});

describe("the logo", () => {
  const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]);
  const SVG = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>';
  const setLogo = (content: string | Uint8Array, name = "logo.png", type = "image/png") =>
    owner.call<WidgetConfigView>("POST", "/api/admin/widget/logo", formOf([{ name, content, type }]));

  test("is stored, served as an image and nothing else, replaced and removed", async () => {
    const { body } = await setLogo(PNG);
    const path = body.logoUrl ?? "";
    const served = await fetch(parley.url + path);

    expect(served.headers.get("content-type")).toBe("image/png");
    expect(served.headers.get("content-security-policy")).toBe("sandbox; default-src 'none'");
    expect(served.headers.get("x-content-type-options")).toBe("nosniff");
    expect(new Uint8Array(await served.arrayBuffer())).toEqual(PNG);
    const jpeg = await setLogo(new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 0, 0, 0, 0, 0, 0, 0]), "evil.svg");
    expect((await fetch(parley.url + path)).status).toBe(404);
    expect((await fetch(parley.url + (jpeg.body.logoUrl ?? ""))).headers.get("content-type")).toBe(
      "image/jpeg",
    );
    const removed = await owner.send<WidgetConfigView>("DELETE", "/api/admin/widget/logo");
    expect(removed.logoUrl).toBeNull();
    expect((await fetch(parley.url + (jpeg.body.logoUrl ?? ""))).status).toBe(404);
  });

  test.each([
    ["an SVG", SVG, "logo.svg", "image/svg+xml"],
    ["an SVG named .png", SVG, "logo.png", "image/png"],
    ["an SVG after a byte order mark", `\ufeff<?xml version="1.0"?>${SVG}`, "logo.webp", "image/webp"],
    ["a data URL", `data:image/svg+xml;base64,${btoa(SVG)}`, "logo.png", "image/png"],
    ["a page", "<!doctype html><script>alert(1)</script>", "logo.jpg", "image/jpeg"],
    ["a GIF", "GIF89a", "logo.gif", "image/gif"],
    ["nothing", "", "logo.png", "image/png"],
  ])("row 50: %s is 415 and leaves nothing behind", async (_what, content, name, type) => {
    const answer = await expectNothingPersisted(parley, () => setLogo(content, name, type));

    expect(answer.status).toBe(415);
    expect(answer.body).toMatchObject({ error: { code: "UNSUPPORTED_MEDIA_TYPE" } });
  });

  test("of more than 256 kB is 413", async () => {
    const large = new Uint8Array(300 * 1024);
    large.set(PNG);
    expect((await expectNothingPersisted(parley, () => setLogo(large))).status).toBe(413);
  });
});

describe("tenants", () => {
  test("are created by the operator, renamed by their admins, and start with nothing allowed", async () => {
    const created = await owner.send<{ id: string; name: string }>("POST", "/api/admin/tenants", {
      name: " Legal ",
    });
    const renamed = await owner.send<{ name: string }>("PATCH", `/api/admin/tenants/${created.id}`, {
      name: "Law",
    });

    expect([created.name, renamed.name]).toEqual(["Legal", "Law"]);
    owner.tenant = created.id;
    expect(await owner.get<WidgetConfigView>("/api/admin/widget")).toMatchObject({ allowedDomains: [] });
    owner.tenant = null;
    const admin = await addMember(parley, created.id, "admin");
    expect((await admin.call("POST", "/api/admin/tenants", { name: "Mine" })).status).toBe(403);
    expect((await admin.call("PATCH", `/api/admin/tenants/${created.id}`, { name: "Ours" })).status).toBe(
      200,
    );
  });

  test("row 29: a viewer sees everything and changes nothing", async () => {
    const viewer = await addMember(parley, tenantId, "viewer");
    const source = await owner.addDocument("visible.txt", "Everybody may read this.");

    expect((await viewer.call("GET", `/api/admin/knowledge/${source.id}`)).status).toBe(200);
    const calls: [string, string, unknown?][] = [
      ["DELETE", `/api/admin/knowledge/${source.id}`],
      ["PATCH", `/api/admin/knowledge/${source.id}`, { title: "Mine" }],
      ["PUT", "/api/admin/widget", { greeting: "Mine" }],
      ["PUT", "/api/admin/llm/config", { temperature: 1 }],
      ["POST", "/api/admin/knowledge/samples"],
      ["POST", `/api/admin/tenants/${tenantId}/rotate-key`],
    ];
    for (const [method, path, body] of calls) {
      const answer = await expectNothingPersisted(parley, () => viewer.call(method, path, body));
      expect(`${path} ${answer.status}`).toBe(`${path} 403`);
    }
  });
});
