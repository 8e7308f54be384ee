/** Background work as tenants feel it: nobody waits for what is slow or fails at somebody else's. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { SearchHitView } from "../../src/protocol/admin-api/knowledge.ts";
import type { EmbeddingIndexView, ModelsView } from "../../src/protocol/admin-api/models.ts";
import { type AdminClient, setUpOwner } from "../helpers/admin-client.ts";
import { count, rows, withDatabase } from "../helpers/database.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { type ScriptedProvider, startScriptedProvider } from "../helpers/scripted-provider.ts";

let parley: Parley;
let owner: AdminClient;
let scripted: ScriptedProvider;
beforeAll(async () => {
  parley = await startParley();
  owner = await setUpOwner(parley);
  scripted = await startScriptedProvider();
});
afterAll(async () => {
  await parley.remove();
  await scripted.close();
});

const search = async (query: string) =>
  (await owner.send<{ items: SearchHitView[] }>("POST", "/api/admin/knowledge/search", { query })).items;
const isEmbedding = () => count(parley, "jobs where kind = 'embed-index' and state = 'running'") > 0;
const purges = () => rows(parley, "select state, attempts from jobs where kind = 'purge-source'");

const theIndex = async () => (await owner.get<ModelsView>("/api/admin/models")).indexes[0];

async function buildIndex(): Promise<void> {
  const model = { source: "ollama", model: "slow", baseUrl: scripted.url("ollama") };
  await owner.send("POST", "/api/admin/models/indexes", model);
  await untilIndex(({ state, working }) => state === "active" && !working);
}

async function untilIndex(holds: (index: EmbeddingIndexView) => boolean): Promise<void> {
  const socket = await owner.live();
  for (let index = await theIndex(); index === undefined || !holds(index); index = await theIndex())
    await socket.next("job");
  await socket.close();
}

/** A deleted source whose file cannot be removed: where the file was is a folder with something in it. */
async function purgeThatFails(name: string): Promise<string> {
  const files = join(parley.dataDirectory, "files");
  const before = await readdir(files);
  const { id } = await owner.addDocument(name, `# ${name}\n\nThis is to be forgotten.`);
  const file = (await readdir(files)).find((each) => !before.includes(each));
  const path = join(files, String(file));
  await rm(path);
  await mkdir(join(path, "in-the-way"), { recursive: true });
  await owner.call("DELETE", `/api/admin/knowledge/${id}`);
  return path;
}

/** As when all that waits is due; a start looks for it at once. */
async function restartWhenDue(): Promise<void> {
  withDatabase(parley, (database) => database.run("update jobs set run_at = 0 where state = 'queued'"));
  await parley.restart();
}

async function untilPurged(): Promise<void> {
  while (count(parley, "knowledge_sources where deleted_at is not null") > 0) await owner.get("/readyz");
}

test("a slow embedding server and a failing purge keep nobody's document waiting", async () => {
  const path = await purgeThatFails("obstinate.md");
  await restartWhenDue();
  await parley.printed("job-will-retry");
  await buildIndex();
  const released = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  scripted.scriptEmbeddings(async () => {
    asked.resolve();
    await released.promise;
    return { status: 503 };
  });
  await owner.addDocument("handbook.md", "# Leave\n\nParental leave is granted for half a year.");
  await asked.promise;

  const tenant = await owner.send<{ id: string }>("POST", "/api/admin/tenants", { name: "Neighbours" });
  owner.tenant = tenant.id;
  await owner.addDocument("canteen.md", "# Canteen\n\nMeals are warm at noon.");

  // By its words at once, while the other tenant's passages still wait for the server.
  expect(await search("meals at noon")).toMatchObject([{ title: "canteen", lexical: expect.any(Number) }]);
  expect(isEmbedding()).toBe(true);
  expect(purges()).toMatchObject([{ state: "queued" }]);

  released.resolve();
  await restartWhenDue();
  owner.tenant = null;
  await untilIndex(({ embedded, working }) => embedded === 2 && !working);
  await rm(path, { recursive: true });
});

test("what must be deleted for good is deleted when nothing stands in its way any more, after a restart too", async () => {
  const path = await purgeThatFails("stubborn.md");
  // As after three failures, which were the last ones once.
  withDatabase(parley, (database) =>
    database.run("update jobs set attempts = 3 where kind = 'purge-source'"),
  );
  await restartWhenDue();
  await parley.printed('"attempts":4');
  expect(count(parley, "knowledge_sources where deleted_at is not null")).toBe(1);

  await rm(path, { recursive: true });
  await restartWhenDue();

  await untilPurged();
  expect(purges().filter(({ state }) => state === "failed")).toEqual([]);
});

test("what an older version gave up deleting is deleted by this one", async () => {
  const path = await purgeThatFails("forsaken.md");
  await rm(path, { recursive: true });
  withDatabase(parley, (database) =>
    database.run("update jobs set state = 'failed', attempts = 3, run_at = 0 where kind = 'purge-source'"),
  );

  await parley.restart();

  await untilPurged();
});
