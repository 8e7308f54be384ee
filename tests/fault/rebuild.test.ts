import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { join } from "node:path";
import Database from "better-sqlite3";
import type { SearchHitView } from "../../src/protocol/admin-api/knowledge.ts";
import { type AdminClient, setUpOwner } from "../helpers/admin-client.ts";
import { count, integrity, rows, withDatabase } from "../helpers/database.ts";
import { type Parley, parleyCommand, runParley, startParley } from "../helpers/parley.ts";

let parley: Parley;
let owner: AdminClient;
beforeEach(async () => {
  parley = await startParley();
  owner = await setUpOwner(parley);
});
afterEach(() => parley.remove());

const RULES = 2600;
const LONG = Array.from(
  { length: RULES },
  (_, n) => `## Rule ${n}\n\nThe ${n}th rule of the house is about item ${n * 7}.`,
).join("\n\n");

const rebuild = (...words: string[]) =>
  runParley(["index", "rebuild", "--data", parley.dataDirectory, ...words]);

const search = async (query: string) =>
  (await owner.send<{ items: SearchHitView[] }>("POST", "/api/admin/knowledge/search", { query })).items;

/** What must hold after every rebuild: both indexes have exactly the passages that there are. */
function expectSound(): void {
  expect(integrity(parley)).toEqual(["ok"]);
  withDatabase(parley, (database) => {
    database.run("insert into chunks_fts (chunks_fts) values ('integrity-check')");
  });
  const chunks = count(parley, "document_chunks");
  expect(count(parley, "chunks_fts_docsize")).toBe(chunks);
  expect(count(parley, "chunks_fts_docsize where id not in (select number from document_chunks)")).toBe(0);
}

/** All terms of the lexical index gone wrong, as after damage to the disk. */
function damageLexicalIndex(): void {
  // The tables behind the index are guarded otherwise.
  const database = new Database(join(parley.dataDirectory, "parley.db")).unsafeMode();
  database.exec("update chunks_fts_data set block = zeroblob(64) where id > 100");
  database.exec("update document_chunks set content_terms = 'wrong', heading_terms = ''");
  database.close();
}

describe("parley index rebuild", () => {
  test("makes a damaged lexical index whole from the stored passages, its last line says what it did", async () => {
    await owner.addDocument("leave.md", "# Leave\n\nParental leave is 26 weeks at full pay.");
    await owner.addDocument("meals.md", "# Canteen\n\nMeals are warm at noon.");
    await parley.stop();
    damageLexicalIndex();
    const refused = await runParley(["--data", parley.dataDirectory, "--port", "0"]);
    expect(refused.exitCode).toBe(65);
    expect(refused.stderr).toContain(`parley index rebuild --data ${parley.dataDirectory}`);

    const { exitCode, stdout, stderr } = await rebuild();

    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(stdout.trim().split("\n").at(-1)).toBe(
      "2 passages are indexed anew; 0 left-over rows and 0 left-over vectors are removed.",
    );
    expectSound();
    await parley.restart();
    expect((await search("how long is parental leave"))[0]?.text).toContain("26 weeks");
  });

  test("of one tenant makes only that tenant's anew", async () => {
    await owner.addDocument("leave.md", "# Leave\n\nParental leave is 26 weeks at full pay.");
    const { id, slug } = await owner.send<{ id: string; slug: string }>("POST", "/api/admin/tenants", {
      name: "Second Office",
    });
    owner.tenant = id;
    await owner.addDocument("second.md", "# Second\n\nOne.\n\n# Third\n\nTwo.");
    await parley.stop();
    withDatabase(parley, (database) => database.run("update document_chunks set content_terms = 'wrong'"));

    const { exitCode, stdout } = await rebuild("--tenant", slug);

    expect({ exitCode, stdout }).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^2 passages are/),
    });
    expect(
      rows(parley, "select count(*) as n from document_chunks where content_terms = 'wrong'")[0]?.n,
    ).toBe(1);
    expectSound();
  });

  test("does nothing while Parley runs, and says so with exit code 75", async () => {
    const { exitCode, stderr } = await rebuild();

    expect(exitCode).toBe(75);
    expect(stderr).toContain("[DATA_DIR_LOCKED]");
    expect((await fetch(`${parley.url}/readyz`)).status).toBe(200);
  });

  test("refuses a tenant, a folder or a word that is not there", async () => {
    await parley.stop();
    const unknown = await rebuild("--tenant", "nobody");
    const elsewhere = await runParley(["index", "rebuild", "--data", join(parley.dataDirectory, "none")]);
    const misplaced = await runParley(["serve", "--data", parley.dataDirectory, "--vectors"]);

    expect([unknown.exitCode, elsewhere.exitCode, misplaced.exitCode]).toEqual([64, 64, 64]);
    expect(unknown.stderr).toContain("example-works");
    expect(elsewhere.stderr).toContain("--data");
    expect(misplaced.stderr).toContain("parley index rebuild");
  });
});

describe("kill -9 during a rebuild", () => {
  /** Kills it when a part is done. */
  async function killedRebuild(): Promise<void> {
    const command = [...parleyCommand(), "index", "rebuild", "--data", parley.dataDirectory];
    const child = Bun.spawn(command, { stdout: "ignore", stderr: "pipe" });
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
      if (text.includes("made anew")) child.kill("SIGKILL");
    }
    await child.exited;
    expect(child.signalCode).toBe("SIGKILL");
  }

  const isOutdated = "chunk_versions where analysis < 0";

  beforeEach(async () => {
    await owner.addDocument("rules.md", LONG);
    expect(count(parley, "document_chunks")).toBe(RULES);
    await parley.stop();
    damageLexicalIndex();
    await killedRebuild();
    expect(count(parley, isOutdated)).toBe(1);
  });

  test("the next one goes on where it was", async () => {
    const { exitCode, stdout } = await rebuild();

    expect(exitCode).toBe(0);
    const passages = Number(/^(\d+) passages/.exec(stdout)?.[1]);
    expect(passages).toBeGreaterThan(0);
    expect(passages).toBeLessThanOrEqual(RULES - 2000);
    expectSound();
    expect(count(parley, "document_chunks where content_terms = 'wrong'")).toBe(0);
    await parley.restart();
    expect((await search("rule 17 item 119"))[0]?.text).toContain("The 17th rule");
  });

  test("a start finishes it in the background, and every passage is found then", async () => {
    await parley.restart();
    const socket = await owner.live();
    while (count(parley, isOutdated) > 0) await socket.next("job");
    await socket.close();

    expect((await search("rule 2599 item 18193"))[0]?.text).toContain("The 2599th rule");
    expect(count(parley, "document_chunks where content_terms = 'wrong'")).toBe(0);
    await parley.stop();
    expectSound();
  });
});
