import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join } from "node:path";
import OpenAI from "openai";
import { ENDPOINTS } from "../../src/http/server.ts";
import type { JobView, SearchHitView } from "../../src/protocol/admin-api/knowledge.ts";
import type { EmbeddingIndexView, ModelsView } from "../../src/protocol/admin-api/models.ts";
import { KNOWN_PAIRS } from "../../src/rag/similarity.ts";
import { type AdminClient, setUpOwner } from "../helpers/admin-client.ts";
import { addMember, rows } from "../helpers/database.ts";
import { examplePath } from "../helpers/endpoint-examples.ts";
import { type Parley, runParley, startParley } from "../helpers/parley.ts";
import { type ScriptedProvider, startScriptedProvider } from "../helpers/scripted-provider.ts";
import { writeTinyModel } from "../helpers/tiny-model.ts";
import { openVisitor } from "../helpers/visitor-client.ts";

const INDEXES = "/api/admin/models/indexes";
const LEAVE = "# Absence\n\nParental leave is granted for half a year.";
const MEALS = "# Canteen\n\nMeals are warm at noon.";

let parley: Parley;
let owner: AdminClient;
let scripted: ScriptedProvider;
beforeAll(async () => {
  parley = await startParley();
  owner = await setUpOwner(parley);
  scripted = await startScriptedProvider();
  await owner.addDocument("absence.md", LEAVE);
  await owner.addDocument("canteen.md", MEALS);
});
afterAll(async () => {
  await parley.remove();
  await scripted.close();
});

const models = () => owner.get<ModelsView>("/api/admin/models");

/** The index once it has the state and nothing is being done with it. */
async function settled(id: string, state: EmbeddingIndexView["state"]): Promise<EmbeddingIndexView> {
  const socket = await owner.live();
  for (;;) {
    const index = (await models()).indexes.find((each) => each.id === id);
    if (index?.state === state && !index.working) {
      await socket.close();
      return index;
    }
    await socket.next("job");
  }
}

async function build(body: object, state: EmbeddingIndexView["state"]): Promise<EmbeddingIndexView> {
  const answer = await owner.call<EmbeddingIndexView>("POST", INDEXES, body);
  expect(answer).toMatchObject({ status: 202 });
  return settled(answer.body.id, state);
}

/** Behind OpenAI's interface: as numbers, and as the bytes that its client asks for by itself. */
async function givesVectorsToPrograms(): Promise<void> {
  const scopes = { name: "A program", scopes: ["chat"] };
  const { key } = await owner.send<{ key: string }>("POST", "/api/admin/api-keys", scopes);
  const { embeddings } = new OpenAI({ baseURL: `${parley.url}/v1`, apiKey: key, maxRetries: 0 });
  const input = ["a leave", "a meal"];
  const asBytes = await embeddings.create({ model: "any", input });
  expect(asBytes).toMatchObject({ object: "list", model: "embedder" });
  expect(asBytes.data.map(({ index, embedding }) => [index, embedding])).toEqual(
    input.map((text, index) => [index, vectorOf(text)]),
  );
  const asNumbers = await embeddings.create({ model: "any", input, encoding_format: "float" });
  expect(asNumbers.data).toEqual(asBytes.data);
}

const search = async (query: string) =>
  (await owner.send<{ items: SearchHitView[] }>("POST", "/api/admin/knowledge/search", { query })).items;

/** Leave and wanderlust are one thing, which no table of synonyms knows, each known pair another, everything else a third. */
function vectorOf(text: string): number[] {
  const vector = new Array<number>(KNOWN_PAIRS.length + 2).fill(0);
  const pair = KNOWN_PAIRS.findIndex((texts) => texts.some((known) => text.endsWith(known)));
  const direction = pair >= 0 ? pair : KNOWN_PAIRS.length + (/leave|wanderlust/i.test(text) ? 0 : 1);
  vector[direction] = 1;
  return vector;
}

describe("embedding models", () => {
  test("are the operator's business alone", async () => {
    const { items } = await owner.get<{ items: { id: string }[] }>("/api/admin/tenants");
    const member = await addMember(parley, items[0]?.id ?? "", "admin");

    for (const endpoint of ENDPOINTS.filter(({ path }) => path.startsWith("/api/admin/models"))) {
      const { method, path } = endpoint;
      const answer = await member.call(method, examplePath(endpoint), method === "POST" ? {} : undefined);
      expect([path, answer.status, answer.body]).toMatchObject([path, 403, { error: { code: "FORBIDDEN" } }]);
    }
  });

  test("are none at first, and passages are found by words", async () => {
    const nothing = { active: null, problem: null };
    expect(await models()).toEqual({
      servers: [expect.objectContaining({ name: "ollama" }), expect.objectContaining({ name: "openai" })],
      ...{ models: [], indexes: [], dense: nothing, reranker: nothing },
    });
    expect((await search("leave"))[0]).toMatchObject({ dense: null, lexical: expect.any(Number) });
    expect(await search("wanderlust")).toEqual([]);
    expect(await owner.call("POST", "/api/admin/models/roll-back")).toMatchObject({ status: 409 });
  });

  test.each([
    [{ source: "local", model: "nowhere" }, 502, "MODEL_NOT_AVAILABLE"],
    [{ source: "local", model: "../../etc" }, 502, "MODEL_NOT_AVAILABLE"],
    [{ source: "ollama", model: "m", baseUrl: "http://169.254.169.254/" }, 400, "UNSAFE_URL"],
    [{ source: "ollama", model: "m" }, 400, "VALIDATION"],
    [{ source: "cloud", model: "m", baseUrl: "http://127.0.0.1:1" }, 400, "VALIDATION"],
  ])("that cannot be had leave nothing behind: %j", async (body, _status, code) => {
    const answer = await owner.call("POST", INDEXES, body);

    expect(answer.body).toMatchObject({ error: { code } });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect((await models()).indexes).toEqual([]);
  });

  test("show how far building an index is, as it happens", async () => {
    scripted.vectorOf = vectorOf;
    const socket = await owner.live();
    const { body } = await owner.call<EmbeddingIndexView>("POST", INDEXES, {
      source: "ollama",
      model: "watched",
      baseUrl: scripted.url("ollama"),
    });

    for (;;) {
      const { job } = await socket.next("job");
      const { kind, subject, state } = job as JobView;
      if (kind === "embed-index" && subject === body.id && state === "done") break;
    }
    await socket.close();
    await owner.send("POST", `${INDEXES}/${body.id}/retire`);
    expect(await owner.call("DELETE", `${INDEXES}/${body.id}`)).toMatchObject({ status: 204 });
  });

  test("of a server are embedded with, switched to, failed over and gone back from", async () => {
    scripted.vectorOf = vectorOf;
    const apiKey = "sk-very-secret-4711";
    const remote = { source: "openai", model: "embedder", baseUrl: scripted.url("openai"), apiKey };
    const first = await build(remote, "active");
    expect(first).toMatchObject({
      chunks: 2,
      embedded: 2,
      apiKey: { set: true, last4: "4711" },
      error: null,
    });
    expect(JSON.stringify(await models())).not.toContain(apiKey);

    const [found] = await search("wanderlust");
    expect(found).toMatchObject({ title: "absence", lexical: null, dense: expect.closeTo(1, 5) });
    expect(found?.score).toBeGreaterThan(0.8);
    expect(found).toMatchObject({ kept: true, fused: expect.any(Number), rerank: null });
    expect(found?.reason).toContain("similarity 1.00");

    await givesVectorsToPrograms();

    scripted.scriptEmbeddings({ status: 500 });
    expect(await search("wanderlusts")).toEqual([]);
    expect((await models()).dense).toMatchObject({
      active: first.id,
      problem: { code: "PROVIDER_UNAVAILABLE", message: expect.stringContaining("status 500") },
    });
    expect((await search("another wanderlust"))[0]).toMatchObject({ title: "absence" });
    expect((await models()).dense.problem).toBeNull();

    const changed = await build({ ...remote, apiKey: "sk-another-0815" }, "active");
    expect(changed).toMatchObject({ id: first.id, apiKey: { set: true, last4: "0815" } });
    await search("a long wanderlust");
    expect(scripted.requests.at(-1)?.headers.authorization).toBe("Bearer sk-another-0815");

    const ollama = { source: "ollama", model: "other", baseUrl: scripted.url("ollama") };
    const second = await build(ollama, "ready");
    await owner.send("POST", `${INDEXES}/${second.id}/activate`);
    await settled(second.id, "active");
    expect((await search("my wanderlust"))[0]).toMatchObject({ title: "absence" });
    expect(scripted.requests.at(-1)).toMatchObject({ protocol: "ollama", body: { model: "other" } });

    await owner.send("POST", "/api/admin/models/roll-back");
    expect((await models()).dense.active).toBe(first.id);
    expect(await owner.call("DELETE", `${INDEXES}/${first.id}`)).toMatchObject({ status: 409 });
    expect(await owner.call("DELETE", `${INDEXES}/${second.id}`)).toMatchObject({ status: 204 });
    await owner.send("POST", `${INDEXES}/${first.id}/retire`);
    expect((await models()).dense.active).toBeNull();
    expect(await owner.call("DELETE", `${INDEXES}/${first.id}`)).toMatchObject({ status: 204 });
    expect((await models()).indexes).toEqual([]);
  });

  test("imported into the data directory run on this machine, survive a restart and answer a turn", async () => {
    const source = join(parley.dataDirectory, "..", "any-folder");
    await writeTinyModel(source);
    const imported = await runParley(["model", "import", source, "--data", parley.dataDirectory]);
    expect(imported).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("tiny-words") });
    expect((await models()).models).toMatchObject([{ name: "tiny-words", dimension: 3, problem: null }]);

    const index = await build({ source: "local", model: "tiny-words" }, "active");
    expect(index).toMatchObject({ dimension: 3, embedded: 2, baseUrl: null });
    expect((await search("laptop leave"))[0]).toMatchObject({ title: "absence", dense: expect.any(Number) });
    const inUse = await runParley(["model", "remove", "tiny-words", "--data", parley.dataDirectory]);
    expect(inUse.exitCode).not.toBe(0);
    expect(inUse.stderr).toContain("An index uses it");

    await parley.restart();
    await owner.signIn();
    const [row] = rows(parley, "select number from embedding_indexes");
    await parley.printed(`"event":"vectors-in-memory","indexNumber":${row?.number},"vectors":2`);
    expect((await search("laptop leave"))[0]).toMatchObject({ title: "absence", dense: expect.any(Number) });
    const trace = await owner.get<{ candidates: object[] }>(await ask("How long is parental leave?"));
    expect(trace.candidates[0]).toMatchObject({ dense: expect.any(Number), lexical: expect.any(Number) });

    await owner.send("POST", `${INDEXES}/${index.id}/retire`);
    await owner.send("POST", "/api/admin/models/roll-back");
    expect((await models()).dense.active).toBe(index.id);
    await owner.send("POST", `${INDEXES}/${index.id}/retire`);
    await owner.send("DELETE", `${INDEXES}/${index.id}`);
    const removed = await runParley(["model", "remove", "tiny-words", "--data", parley.dataDirectory]);
    expect(removed).toMatchObject({ exitCode: 0 });
    expect((await models()).models).toEqual([]);
  });
});

/** Asks as a visitor; the address of the answer's trace. */
async function ask(text: string): Promise<string> {
  const { items: tenants } = await owner.get<{ items: { embedKey: string }[] }>("/api/admin/tenants");
  const visitor = await openVisitor(parley, tenants[0]?.embedKey ?? "");
  const message = await visitor.ask(text);
  const { items } = await owner.get<{ items: { id: string }[] }>("/api/admin/conversations");
  return `/api/admin/conversations/${items[0]?.id}/messages/${message.id}/trace`;
}
