/** Stored keys that do not open any more: altered, cut short, of another row, made with another master key. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type { LlmConfigView } from "../../src/protocol/admin-api/llm.ts";
import type { EmbeddingIndexView, ModelsView } from "../../src/protocol/admin-api/models.ts";
import { KNOWN_PAIRS } from "../../src/rag/similarity.ts";
import { type AdminClient, setUpOwner } from "../helpers/admin-client.ts";
import { withDatabase } from "../helpers/database.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { type ScriptedProvider, startScriptedProvider } from "../helpers/scripted-provider.ts";
import { openVisitor } from "../helpers/visitor-client.ts";

const KEY = "sk-the-key-that-was-entered";
const INDEXES = "/api/admin/models/indexes";
const LOST = "cannot be opened with this Parley's key. Enter it again, or remove it.";

let parley: Parley;
let provider: ScriptedProvider;
let owner: AdminClient;
let embedKey: string;

beforeAll(async () => {
  [parley, provider] = await Promise.all([startParley(), startScriptedProvider()]);
  provider.vectorOf = vectorOf;
  owner = await setUpOwner(parley);
  embedKey = (await owner.get<{ embedKey: string }>("/api/admin/widget")).embedKey;
  await owner.addDocument("leave.txt", "Parental leave is 26 weeks.");
  await owner.send("POST", INDEXES, remoteModel());
});
afterAll(() => Promise.all([parley.remove(), provider.close()]));

/** Both texts of a known pair point in one direction of their own, which is all that a new model is tried on. */
function vectorOf(text: string): number[] {
  const vector = new Array<number>(KNOWN_PAIRS.length + 1).fill(0);
  const pair = KNOWN_PAIRS.findIndex((texts) => texts.some((known) => text.endsWith(known)));
  vector[pair >= 0 ? pair : KNOWN_PAIRS.length] = 1;
  return vector;
}

const remoteModel = () => ({
  ...{ source: "openai", model: "embedder", baseUrl: provider.url("openai"), apiKey: KEY },
});

const saveModel = (changes: Record<string, unknown>) =>
  owner.call<LlmConfigView>("PUT", "/api/admin/llm/config", changes);
const config = () => owner.get<LlmConfigView>("/api/admin/llm/config");

async function restartWith(damage: (sealed: string) => string): Promise<void> {
  await parley.stop();
  withDatabase(parley, (database) => {
    for (const table of ["llm_configs", "embedding_indexes"]) {
      const all = database.query<{ id: string; api_key: string | null }, []>(
        `select id, api_key from ${table}`,
      );
      for (const { id, api_key } of all.all())
        if (api_key !== null)
          database.run(`update ${table} set api_key = ? where id = ?`, [damage(api_key), id]);
    }
  });
  await parley.restart();
}

const altered = (sealed: string) => `${sealed.slice(0, -2)}${sealed.endsWith("A") ? "BB" : "AA"}`;
const damages: [string, (sealed: string) => string][] = [
  ["altered", altered],
  ["cut short", (sealed) => sealed.slice(0, 20)],
  ["made with another master key", (sealed) => sealed.replace(/^1\.[0-9a-f]{8}/, "1.00000000")],
  ["no sealed text at all", () => "sk-plain"],
];

beforeEach(async () => {
  await saveModel({
    provider: "openai",
    baseUrl: provider.url("openai"),
    apiKey: KEY,
    model: "scripted-small",
  });
});

describe("keys that do not open", () => {
  test.each(damages)("because they are %s stop nothing but their use", async (_how, damage) => {
    await restartWith(damage);
    const before = provider.requests.length;

    expect(await config()).toMatchObject({
      apiKey: { set: true, last4: null },
      keyProblem: expect.stringContaining(LOST),
    });
    for (const path of ["/api/admin/dashboard", "/api/admin/knowledge", "/api/admin/llm/catalog"])
      expect([path, (await owner.call("GET", path)).status]).toEqual([path, 200]);
    const { indexes } = await owner.get<ModelsView>("/api/admin/models");
    expect(indexes[0]).toMatchObject({
      apiKey: { set: true },
      error: { code: "CREDENTIAL_UNDECRYPTABLE", message: expect.stringContaining(LOST) },
    });
    await owner.addDocument(`${crypto.randomUUID()}.txt`, `A document of ${crypto.randomUUID()}.`);
    for (const [method, path, body] of [
      ["GET", "/api/admin/llm/models"],
      ["POST", "/api/admin/llm/test", {}],
      ["PUT", "/api/admin/llm/config", { temperature: 1 }],
      ["PUT", "/api/admin/llm/config", { baseUrl: provider.url("ollama") }],
      ["POST", `${INDEXES}/${indexes[0]?.id}/activate`],
    ] as const) {
      const refused = await owner.call(method, path, body);
      expect([path, refused]).toMatchObject([
        path,
        { status: 422, body: { error: { code: "CREDENTIAL_UNDECRYPTABLE" } } },
      ]);
    }
    expect(provider.requests.length).toBe(before);
  });

  test("can be entered again: the language model's", async () => {
    await restartWith(altered);

    expect(await saveModel({ apiKey: `${KEY}-2` })).toMatchObject({
      status: 200,
      body: { apiKey: { set: true, last4: "ed-2" }, keyProblem: null },
    });
    await (await openVisitor(parley, embedKey)).ask("How long is parental leave?");
    expect(provider.requests.at(-1)?.headers.authorization).toBe(`Bearer ${KEY}-2`);
  });

  test("can be removed where the server asks for none", async () => {
    await restartWith(altered);

    expect(await saveModel({ apiKey: null })).toMatchObject({
      status: 200,
      body: { apiKey: { set: false, last4: null }, keyProblem: null },
    });
  });

  test("can be left behind with their provider", async () => {
    await restartWith(altered);

    expect(await saveModel({ provider: "extractive" })).toMatchObject({
      status: 200,
      body: { provider: "extractive", apiKey: { set: false }, keyProblem: null },
    });
  });

  test("can be entered again: an index's, which goes on as it was", async () => {
    await restartWith(altered);
    const [former] = (await owner.get<ModelsView>("/api/admin/models")).indexes;

    const again = await owner.call<EmbeddingIndexView>("POST", INDEXES, remoteModel());

    expect(again.body).toMatchObject({ id: former?.id, error: null, apiKey: { set: true } });
    expect((await owner.get<ModelsView>("/api/admin/models")).indexes).toMatchObject([{ error: null }]);
  });

  test("can be deleted with their index", async () => {
    await restartWith(altered);
    const [index] = (await owner.get<ModelsView>("/api/admin/models")).indexes;

    await owner.call("POST", `${INDEXES}/${index?.id}/retire`);
    expect((await owner.call("DELETE", `${INDEXES}/${index?.id}`)).status).toBe(204);
  });
});
