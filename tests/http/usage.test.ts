import { afterAll, beforeAll, expect, test } from "bun:test";
import type { LlmConfigView, LlmProviderConfigView } from "../../src/protocol/admin-api/llm.ts";
import type { UsageView } from "../../src/protocol/admin-api/usage.ts";
import { type AdminClient, setUpOwner } from "../helpers/admin-client.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { type ScriptedProvider, startScriptedProvider } from "../helpers/scripted-provider.ts";
import { openVisitor, type VisitorClient } from "../helpers/visitor-client.ts";

const QUESTION = "How long is parental leave?";

let parley: Parley;
let [down, backup]: ScriptedProvider[] = [];
let owner: AdminClient;
let visitor: VisitorClient;
let added: LlmProviderConfigView;

beforeAll(async () => {
  [parley, down, backup] = await Promise.all([
    startParley(),
    startScriptedProvider(),
    startScriptedProvider(),
  ]);
  owner = await setUpOwner(parley);
  await owner.addDocument("leave.txt", "Parental leave is 26 weeks at full pay.");
  await owner.send<LlmConfigView>("PUT", "/api/admin/llm/config", {
    ...{ provider: "openai", baseUrl: down.url("openai"), apiKey: "sk-first", model: "first" },
    ...{ inputPrice: 1, outputPrice: 1 },
  });
  added = await owner.send<LlmProviderConfigView>("POST", "/api/admin/llm/providers", {
    ...{ name: "=Backup", provider: "anthropic", baseUrl: backup.url("anthropic"), apiKey: "sk-second" },
    ...{ model: "second", inputPrice: 3, outputPrice: 15, headers: { "x-team": "blue" } },
  });
  await owner.send("PUT", "/api/admin/llm/chain", { providers: [added.id] });
  visitor = await openVisitor(parley, (await owner.get<{ embedKey: string }>("/api/admin/widget")).embedKey);
});
afterAll(() => Promise.all([parley.remove(), down?.close(), backup?.close()]));

const usage = async (query: string) => (await owner.get<UsageView>(`/api/admin/usage?${query}`)).items;

test("R18: with its first model over its limit for long an answer comes from the next one, once, and is counted there", async () => {
  down?.answer({ status: 429, headers: { "retry-after": "3600" } });
  backup?.answer({ text: "26 weeks at full pay [1].", usage: { inputTokens: 100, outputTokens: 20 } });

  const answer = await visitor.ask(QUESTION);

  expect(answer).toMatchObject({ content: "26 weeks at full pay [1].", status: "complete" });
  expect(down?.requests).toHaveLength(1);
  expect(backup?.requests).toHaveLength(1);
  expect(backup?.requests[0]?.headers).toMatchObject({ "x-team": "blue", "x-api-key": "sk-second" });
  expect(await usage("by=provider")).toEqual([
    {
      ...{ provider: "anthropic", id: added.id, name: "=Backup", messages: 1, inputTokens: 100 },
      ...{ outputTokens: 20, costMicros: 100 * 3 + 20 * 15, unpriced: 0, estimated: false },
    },
  ]);
  expect(await owner.get("/api/admin/llm/trouble")).toMatchObject({
    trouble: { code: "PROVIDER_RATE_LIMITED", name: "Default", meanwhile: "=Backup" },
  });
});

test("is there by day and by model, and as a table that is safe in a spreadsheet", async () => {
  const day = new Date().toISOString().slice(0, 10);
  expect(await usage("by=day")).toMatchObject([{ day, messages: 1, costMicros: 600 }]);
  expect(await usage("by=model")).toMatchObject([{ provider: "anthropic", model: "second" }]);
  expect(await usage("by=model&from=2020-01-01&to=2020-02-01")).toEqual([]);

  const csv = await owner.fetch("GET", "/api/admin/usage?by=provider&format=csv");
  const [header, row] = new TextDecoder("utf-8", { ignoreBOM: true })
    .decode(await csv.arrayBuffer())
    .split("\r\n");
  expect(header).toBe(
    "\ufeffday,provider,id,name,model,messages,inputTokens,outputTokens,costMicros,unpriced,estimated",
  );
  expect(row).toBe(`,"anthropic","${added.id}","'=Backup",,1,100,20,600,0,false`);
});

test.each(["by=week", "from=yesterday", "from=2026-02-01&to=2026-01-01", "since=2026-01-01"])(
  "is refused with %s",
  async (query) => {
    expect(await owner.call("GET", `/api/admin/usage?${query}`)).toMatchObject({
      ...{ status: 400, body: { error: { code: "VALIDATION" } } },
    });
  },
);

test("R19: when all models are down the documents are quoted, with no error frame, and it is free", async () => {
  down?.answer({ status: 503 });
  backup?.answer({ status: 529 });
  const { embedKey } = await owner.get<{ embedKey: string }>("/api/admin/widget");
  const frames = await (await openVisitor(parley, embedKey)).askStreaming(QUESTION);

  expect(frames.filter(({ type }) => type === "error")).toEqual([]);
  expect(frames.at(-1)).toMatchObject({ type: "done", status: "complete" });
  const text = frames.flatMap((frame) => (frame.type === "delta" ? frame.text : [])).join("");
  expect(text).toContain("Parental leave is 26 weeks at full pay. [1]");
  expect(text).toContain("The language model is not available at the moment.");
  expect((await usage("by=provider")).map(({ provider, costMicros }) => [provider, costMicros])).toEqual([
    ["anthropic", 600],
    ["extractive", null],
  ]);
  expect(await owner.get("/api/admin/llm/trouble")).toMatchObject({ trouble: { meanwhile: null } });
});
