/** How long a tenant's small document takes to be found while another tenant's work is slow or fails. */
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { SearchHitView } from "../../src/protocol/admin-api/knowledge.ts";
import type { ModelsView } from "../../src/protocol/admin-api/models.ts";
import { type AdminClient, setUpOwner } from "../helpers/admin-client.ts";
import { rows, withDatabase } from "../helpers/database.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { type ReplyScript, startScriptedProvider } from "../helpers/scripted-provider.ts";
import { embeddingsBody } from "../helpers/wire-protocols.ts";
import { type Figure, median } from "./figure.ts";

const BATCH_MS = 600;
/** More batches of the model's than the measurement lasts. */
const PASSAGES = 3_000;
const DOCUMENTS = 15;

export async function benchJobs(): Promise<Figure[]> {
  const parley = await startParley();
  const provider = await startScriptedProvider();
  try {
    const owner = await setUpOwner(parley);
    await failToPurge(parley, owner);
    await owner.send("POST", "/api/admin/models/indexes", {
      ...{ source: "ollama", model: "slow", baseUrl: provider.url("ollama") },
    });
    await untilIdle(owner);
    provider.scriptEmbeddings(...new Array<ReplyScript>(PASSAGES).fill(slowly));
    await owner.addDocument("large.md", passages());
    const tenant = await owner.send<{ id: string }>("POST", "/api/admin/tenants", { name: "Neighbours" });
    owner.tenant = tenant.id;
    const tookMs: number[] = [];
    for (let n = 0; n < DOCUMENTS; n++) tookMs.push(await untilFound(owner, n));
    const stillSlow = rows(parley, "select 1 from jobs where kind = 'embed-index' and state = 'running'");
    if (stillSlow.length === 0) throw new Error("The other tenant's work was over before the measurement.");
    return [
      { what: "upload to found, median of 15", measured: milliseconds(median(tookMs)), target: "" },
      {
        what: "upload to found, slowest of 15",
        measured: milliseconds(Math.max(...tookMs)),
        target: "< 2000 ms",
      },
    ];
  } finally {
    await parley.remove();
    await provider.close();
  }
}

/** A purge that is tried again and again: where its file was is a folder with something in it. */
async function failToPurge(parley: Parley, owner: AdminClient): Promise<void> {
  const { id } = await owner.addDocument("obstinate.md", "# Obstinate\n\nIt stays.");
  const files = join(parley.dataDirectory, "files");
  const [file] = await readdir(files);
  const path = join(files, String(file));
  await rm(path);
  await mkdir(join(path, "in-the-way"), { recursive: true });
  await owner.call("DELETE", `/api/admin/knowledge/${id}`);
  withDatabase(parley, (database) => database.run("update jobs set run_at = 0 where state = 'queued'"));
  await parley.restart();
  await parley.printed("job-will-retry");
}

const slowly: ReplyScript = async ({ protocol, body }) => {
  await Bun.sleep(BATCH_MS);
  const vectors = [body?.input].flat().map(() => [1, 1]);
  return { body: JSON.stringify(embeddingsBody(protocol, vectors)) };
};

async function untilIdle(owner: AdminClient): Promise<void> {
  const socket = await owner.live();
  const isIdle = async () =>
    (await owner.get<ModelsView>("/api/admin/models")).indexes[0]?.state === "active";
  while (!(await isIdle())) await socket.next("job");
  await socket.close();
}

function passages(): string {
  const sections = Array.from(
    { length: PASSAGES },
    (_, n) => `## Section ${n}\n\nWhat section ${n} says is long.`,
  );
  return sections.join("\n\n");
}

async function untilFound(owner: AdminClient, n: number): Promise<number> {
  const startedAt = performance.now();
  await owner.addDocument(`note-${n}.md`, `# Note ${n}\n\nThe lighthouse number ${n} is painted white.`);
  const question = { query: `lighthouse number ${n}` };
  const { items } = await owner.send<{ items: SearchHitView[] }>(
    "POST",
    "/api/admin/knowledge/search",
    question,
  );
  if (!items.some(({ title }) => title === `note-${n}`)) throw new Error(`Note ${n} was not found.`);
  return performance.now() - startedAt;
}

function milliseconds(value: number): string {
  return `${value.toFixed(0)} ms`;
}
