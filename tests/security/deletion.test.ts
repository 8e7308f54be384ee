/** What an admin deletes is gone from every byte of the data directory, while Parley runs. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { SearchHitView } from "../../src/protocol/admin-api/knowledge.ts";
import type { ModelsView } from "../../src/protocol/admin-api/models.ts";
import { type AdminClient, setUpOwner } from "../helpers/admin-client.ts";
import { count, integrity, withDatabase } from "../helpers/database.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { type ScriptedProvider, startScriptedProvider } from "../helpers/scripted-provider.ts";

/** No word of any language, also when its ending is cut. */
const SECRET = "zqxvkjwq";
const SECRET_VECTOR = [0.1234567, -0.7654321, 0.3141592, 0.5];
const PASSAGES = 300;

let parley: Parley;
let owner: AdminClient;
let scripted: ScriptedProvider;
beforeAll(async () => {
  [parley, scripted] = await Promise.all([startParley(), startScriptedProvider()]);
  owner = await setUpOwner(parley);
  scripted.vectorOf = (text) => (text.includes(SECRET) ? SECRET_VECTOR : [text.length, 1, 2, 3]);
});
afterAll(() => Promise.all([parley.remove(), scripted.close()]));

const search = async (query: string) =>
  (await owner.send<{ items: SearchHitView[] }>("POST", "/api/admin/knowledge/search", { query })).items;

/** Files of the data directory that hold these bytes. */
async function filesWith(bytes: Uint8Array): Promise<string[]> {
  const names = await readdir(parley.dataDirectory, { recursive: true, withFileTypes: true });
  const paths = names.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const found: string[] = [];
  for (const path of paths.filter((path) => !path.includes("/native/")))
    if ((await readFile(path)).includes(bytes)) found.push(path.slice(parley.dataDirectory.length + 1));
  return found;
}

const secretBytes = new TextEncoder().encode(SECRET);
/** As it is stored: at length 1. */
function secretVectorBytes(): Uint8Array {
  const length = Math.hypot(...SECRET_VECTOR);
  return new Uint8Array(Float32Array.from(SECRET_VECTOR, (value) => value / length).buffer);
}

function document(heading: string, word: string): string {
  const passages = Array.from(
    { length: PASSAGES },
    (_, n) => `## ${heading} ${n}\n\nPassage ${n} is about ${word}.`,
  );
  return passages.join("\n\n");
}

/** As when its 30 s were over. Cleaning up is announced to nobody, so this asks until it is done. */
async function purged(): Promise<void> {
  withDatabase(parley, (database) =>
    database.run("update jobs set run_at = 0 where kind = 'purge-source' and state = 'queued'"),
  );
  await parley.restart();
  while (count(parley, "jobs where kind = 'purge-source' and state in ('queued', 'running')") > 0)
    await owner.get("/readyz");
}

test("a deleted document leaves no row, no term, no vector, no file and no byte", async () => {
  const model = { source: "ollama", model: "scripted", baseUrl: scripted.url("ollama") };
  await owner.send("POST", "/api/admin/models/indexes", model);
  await owner.addDocument("kept.md", document("Kept", "meals"));
  const secret = await owner.addDocument(`${SECRET}.md`, document(SECRET, SECRET));
  await owner.addDocument("later.md", document("Later", "trains"));
  expect((await search(SECRET))[0]?.title).toBe(SECRET);
  const socket = await owner.live();
  while ((await owner.get<ModelsView>("/api/admin/models")).indexes[0]?.embedded !== 3 * PASSAGES)
    await socket.next("job");
  await socket.close();
  expect(await filesWith(secretBytes)).not.toEqual([]);
  expect(await filesWith(secretVectorBytes())).not.toEqual([]);

  await owner.call("DELETE", `/api/admin/knowledge/${secret.id}`);
  await purged();

  expect(await filesWith(secretBytes)).toEqual([]);
  expect(await filesWith(secretVectorBytes())).toEqual([]);
  for (const table of ["document_chunks", "chunks_fts_docsize", "vectors_1_rowids"])
    expect([table, count(parley, table)]).toEqual([table, 2 * PASSAGES]);
  expect(await readdir(join(parley.dataDirectory, "files"))).toHaveLength(2);
  expect((await search(SECRET)).filter(({ lexical, title }) => lexical !== null || title === SECRET)).toEqual(
    [],
  );
  expect((await search("trains"))[0]?.title).toBe("later");
  expect(integrity(parley)).toEqual(["ok"]);
});
