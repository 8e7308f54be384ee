/**
 * `kill -9` at random moments, again and again:
 *
 *     PARLEY_KILLS=100 bun test tests/fault/kills.test.ts                     a hundred of each kind
 *     PARLEY_KILLS=100 PARLEY_KILLS_SEED=7 bun test tests/fault/kills.test.ts the same moments once more
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SourcePage } from "../../src/protocol/admin-api/knowledge.ts";
import type { EmbeddingIndexView, ModelsView } from "../../src/protocol/admin-api/models.ts";
import { type AdminClient, adminClient, setUpOwner } from "../helpers/admin-client.ts";
import { count, integrity } from "../helpers/database.ts";
import { beginParley, type Parley, startParley } from "../helpers/parley.ts";
import { type ScriptedProvider, startScriptedProvider } from "../helpers/scripted-provider.ts";
import { expectSound } from "../helpers/soundness.ts";
import { clientId, openVisitor, type VisitorClient } from "../helpers/visitor-client.ts";

/** A few on every run, since each is a start; the hundred by command. */
const KILLS = Number(process.env.PARLEY_KILLS ?? 4);
const SEED = Number(process.env.PARLEY_KILLS_SEED ?? Date.now() % 1_000_000);
const A_WHILE = 60_000 + KILLS * 15_000;

const random = randomFrom(SEED);
console.log(`kills.test.ts: ${KILLS} of each kind, PARLEY_KILLS_SEED=${SEED}`);

/** Park and Miller's generator: 0 to 1, the same row for the same seed. */
function randomFrom(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** Lets the server do some work and no certain one: as long as it takes to answer so many requests, at most. */
async function someMoment(parley: Pick<Parley, "url">, most: number): Promise<void> {
  for (let left = Math.floor(random() * most); left > 0; left--)
    await fetch(`${parley.url}/healthz`).catch(() => {});
}

let parley: Parley;
let owner: AdminClient;
let provider: ScriptedProvider;

describe("kill -9 at random moments", () => {
  beforeEach(async () => {
    [parley, provider] = await Promise.all([startParley(), startScriptedProvider()]);
    owner = await setUpOwner(parley);
  });
  afterEach(() => Promise.all([parley.remove(), provider.close()]));

  test(
    "of ingestion: what was accepted is ready once, whole, or was never there",
    async () => {
      const accepted: string[] = [];
      for (let round = 0; round < KILLS; round++) {
        const upload = async (place: number) => {
          const { status, body } = await owner.upload(aDocument(round, place));
          if (status === 202) accepted.push(...body.items.map(({ id }) => id));
        };
        const uploads = [1, 2, 3].map((place) => upload(place).catch(() => {}));
        await someMoment(parley, 250);
        await parley.kill9();
        await Promise.all(uploads);
        await parley.restart();
        const { items } = await owner.get<SourcePage>("/api/admin/knowledge");
        for (const { id } of items) await owner.waitForSource(id);
      }

      for (const id of accepted) {
        const { chunkCount } = await owner.waitForSource(id);
        expect([id, chunkCount]).toEqual([id, PASSAGES]);
      }
      expect(count(parley, "document_chunks")).toBe(PASSAGES * count(parley, "documents"));
      await expectSound(parley);
    },
    A_WHILE,
  );

  test(
    "of an answer: the question is there once, and of the answer what was stored, as interrupted",
    async () => {
      await owner.addDocument("leave.txt", "Parental leave is 26 weeks at full pay.");
      await owner.send("PUT", "/api/admin/llm/config", {
        provider: "openai",
        baseUrl: provider.url("openai"),
        model: "scripted-small",
      });
      const { embedKey } = await owner.get<{ embedKey: string }>("/api/admin/widget");
      for (let round = 0; round < KILLS; round++) {
        const visitor = await openVisitor(parley, embedKey);
        const { text, isAccepted } = await askAndKill(visitor);
        await parley.restart();

        const { messages, running } = await visitor.history();
        const [question, answer, ...more] = messages;
        expect(more).toEqual([]);
        expect(running).toBeNull();
        if (isAccepted) expect(question?.role).toBe("user");
        if (answer) {
          expect(["interrupted", "complete"]).toContain(answer.status);
          expect(text.startsWith(answer.content)).toBe(true);
          if (answer.status === "complete") expect(answer.content).toBe(text);
        }
      }
      await expectSound(parley);
    },
    A_WHILE,
  );

  test(
    "of a change of the search model: it is one of the two, whole, and every passage gets its vector",
    async () => {
      provider.vectorOf = (text) => [text.length % 7, 1, text.length % 3];
      for (let place = 0; place < 6; place++) {
        const { name, content } = aDocument(0, place);
        await owner.addDocument(name, content);
      }
      for (let round = 0; round < KILLS; round++) {
        const change = changeModel(`model-${round}`).catch(() => {});
        await someMoment(parley, 400);
        await parley.kill9();
        await change;
        await parley.restart();

        const { indexes } = await owner.get<ModelsView>("/api/admin/models");
        expect(indexes.filter(({ state }) => state === "active").length).toBeLessThanOrEqual(1);
        expect(await found("clause 3 of agreement 0-1")).toBeGreaterThan(0);
        for (const index of indexes) await finished(index.id);
        await removeOldIndexes();
      }
      const index = await changeModel("last");
      expect(index).toMatchObject({ state: "active", chunks: 6 * PASSAGES, embedded: 6 * PASSAGES });
      await expectSound(parley);
    },
    A_WHILE,
  );
});

describe("kill -9 at a random moment of a first start or of setup", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "parley-kills-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test(
    "leaves one that can be set up, or is",
    async () => {
      for (let round = 0; round < KILLS; round++) {
        const dataDirectory = join(folder, String(round));
        const isStart = round % 2 === 0;
        if (isStart) await killFirstStart(dataDirectory);
        const started = await startParley({ dataDirectory });
        try {
          const admin = adminClient(started);
          const setUp = isStart ? null : admin.setUp().catch(() => {});
          if (setUp !== null) {
            await someMoment(started, 60);
            await started.kill9();
            await setUp;
            await started.restart();
          }
          const again = adminClient(started);
          await (started.setupToken === null ? again.signIn() : again.setUp());
          expect((await again.get<{ items: unknown[] }>("/api/admin/tenants")).items).toHaveLength(1);
          expect([count(started, "users"), integrity(started)]).toEqual([1, ["ok"]]);
        } finally {
          await started.remove();
          await rm(dataDirectory, { recursive: true, force: true });
        }
      }
    },
    A_WHILE,
  );
});

const PASSAGES = 60;

function aDocument(round: number, place: number): { name: string; content: string } {
  const clauses = Array.from(
    { length: PASSAGES },
    (_, n) => `## Clause ${n}\n\nClause ${n} of agreement ${round}-${place} is about item ${n * 7}.`,
  );
  return { name: `agreement-${round}-${place}.md`, content: clauses.join("\n\n") };
}

/** Asks, reads a random part of the answer, and kills. */
async function askAndKill(visitor: VisitorClient): Promise<{ text: string; isAccepted: boolean }> {
  const pieces = Array.from({ length: 400 }, (_, n) => `Word ${n} of it. `);
  const never = Promise.withResolvers<void>();
  provider.script({ pieces, gates: { [Math.ceil(random() * 399)]: never.promise } });
  const socket = await visitor.connect();
  await socket.next("ready");
  socket.send({ type: "message", id: clientId(), text: "How long is parental leave?" });
  const isAccepted = random() < 0.8;
  if (isAccepted) await socket.next("accepted");
  await someMoment(parley, 100);
  await parley.kill9();
  never.resolve();
  return { text: pieces.join(""), isAccepted };
}

async function changeModel(model: string): Promise<EmbeddingIndexView> {
  const built = await owner.send<EmbeddingIndexView>("POST", "/api/admin/models/indexes", {
    ...{ source: "ollama", model, baseUrl: provider.url("ollama") },
  });
  await finished(built.id);
  await owner.send("POST", `/api/admin/models/indexes/${built.id}/activate`);
  return await finished(built.id);
}

/** The index when nothing is being done for it any more. */
async function finished(id: string): Promise<EmbeddingIndexView> {
  const socket = await owner.live();
  try {
    for (;;) {
      const { indexes } = await owner.get<ModelsView>("/api/admin/models");
      const index = indexes.find((each) => each.id === id);
      if (index === undefined) throw new Error(`${id} is gone.`);
      if (index.error !== null) throw new Error(`${id}: ${index.error.message}`);
      if (!index.working && index.state !== "building") return index;
      await socket.next("job");
    }
  } finally {
    await socket.close();
  }
}

async function removeOldIndexes(): Promise<void> {
  const { indexes } = await owner.get<ModelsView>("/api/admin/models");
  for (const { id, state } of indexes)
    if (state !== "active") await owner.call("DELETE", `/api/admin/models/indexes/${id}`);
}

async function found(query: string): Promise<number> {
  const { items } = await owner.send<{ items: unknown[] }>("POST", "/api/admin/knowledge/search", { query });
  return items.length;
}

/** A first start, from nothing to the moment when it says where it listens. */
async function killFirstStart(dataDirectory: string): Promise<void> {
  const { ready, kill9 } = await beginParley(dataDirectory);
  const elsewhere = { url: "http://127.0.0.1:9" };
  await Promise.race([ready, someMoment(elsewhere, 2_000)]);
  await kill9();
}
