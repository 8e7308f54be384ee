/** Rows R8 and R9: a disk that is full, while Parley runs and when it starts. */
import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { closeSync, existsSync, openSync, statfsSync, writeSync } from "node:fs";
import { copyFile, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SourcePage, SourceView } from "../../src/protocol/admin-api/knowledge.ts";
import { type AdminClient, adminClient, OWNER, setUpOwner } from "../helpers/admin-client.ts";
import { type SmallDisk, smallDisk } from "../helpers/confined.ts";
import { count, integrity, rows } from "../helpers/database.ts";
import { type Parley, runParley, startParley } from "../helpers/parley.ts";
import { clientId, openVisitor } from "../helpers/visitor-client.ts";

/** Readiness is looked at every ten seconds. */
setDefaultTimeout(45_000);

const MB = 1024 ** 2;

let disk: SmallDisk;
let seen: string;
const giveDisk = async (megabytes: number) => {
  disk = await smallDisk(megabytes);
  seen = join(disk.seenAs, "data");
};
beforeEach(() => giveDisk(256));
afterEach(() => disk.remove());

/** Takes all that is left of the disk, but for so many bytes. */
function fill(leaveBytes = 0): void {
  const { bavail, bsize } = statfsSync(disk.seenAs);
  const filler = openSync(join(disk.seenAs, "filler"), "w");
  try {
    let left = bavail * bsize - leaveBytes;
    const piece = Buffer.alloc(MB, 1);
    while (left > 0) left -= writeSync(filler, piece, 0, Math.min(left, MB));
  } catch (thrown) {
    expect(thrown).toMatchObject({ code: "ENOSPC" });
  } finally {
    closeSync(filler);
  }
}

const empty = () => rm(join(disk.seenAs, "filler"));
const start = () => startParley({ dataDirectory: join(disk.path, "data"), within: disk.within });

/** What a stopped Parley left, where SQLite finds it. */
async function takenOut<Result>(look: (place: { dataDirectory: string }) => Result): Promise<Result> {
  const dataDirectory = await mkdtemp(join(tmpdir(), "parley-taken-out-"));
  try {
    await copyFile(join(seen, "parley.db"), join(dataDirectory, "parley.db"));
    return look({ dataDirectory });
  } finally {
    await rm(dataDirectory, { recursive: true, force: true });
  }
}

const LONG = Array.from(
  { length: 12_000 },
  (_, n) => `## Rule ${n}\n\nThe ${n}th rule of the house is about item ${n * 7}.`,
).join("\n\n");

describe("row R8: while Parley runs, a full disk", () => {
  let parley: Parley;
  let owner: AdminClient;
  beforeEach(async () => {
    parley = await start();
    owner = await setUpOwner(parley);
  });
  afterEach(() => parley.remove());

  const uploading = (name: string) => owner.upload({ name, content: `${name} has the rules of the house.` });

  test("refuses what would be stored before saying that it is, and keeps nothing of it", async () => {
    const { embedKey } = await owner.get<{ embedKey: string }>("/api/admin/widget");
    await owner.addDocument("leave.txt", "Parental leave is 26 weeks at full pay.");
    const visitor = await openVisitor(parley, embedKey);
    await visitor.ask("How long is parental leave?");
    const files = await readdir(join(seen, "files"));
    fill();

    const asking = () =>
      visitor.call("POST", "/api/chat/message", {
        session: visitor.session,
        id: clientId(),
        text: "Travel?",
      });
    for (const call of [() => uploading("travel.txt"), asking]) {
      expect(await call()).toMatchObject({ status: 507, body: { error: { code: "STORAGE_FULL" } } });
    }
    await expect(openVisitor(parley, embedKey)).rejects.toThrow("507");
    expect(await readdir(join(seen, "files"))).toEqual(files);

    expect((await owner.get<SourcePage>("/api/admin/knowledge")).items).toHaveLength(1);
    expect((await visitor.history()).messages).toHaveLength(2);
    const found = await owner.call("POST", "/api/admin/knowledge/search", { query: "parental leave" });
    expect(found).toMatchObject({ status: 200, body: { items: [{ title: "leave" }] } });
    await parley.printed('"readiness-check-failed"');
    expect((await fetch(`${parley.url}/readyz`)).status).toBe(503);

    await empty();
    await parley.printed('"ready-again"');
    expect((await asking()).status).toBe(200);
    await owner.addDocument("travel.txt", "Travel is paid by the mile.");
    expect(await parley.stop()).toBe(0);
    expect(await takenOut(integrity)).toEqual(["ok"]);
  });

  test("lets people sign in and out, fail to, change settings and delete, from the room set aside", async () => {
    const { id } = await owner.addDocument("leave.txt", "Parental leave is 26 weeks at full pay.");
    await owner.addDocument("travel.txt", "Travel is paid by the mile.");
    expect(existsSync(join(seen, "ballast"))).toBe(true);
    fill();
    const colleague = adminClient(parley);

    const wrong = { email: OWNER.email, password: "a guess that is wrong" };
    expect((await colleague.call("POST", "/api/auth/login", wrong)).status).toBe(401);
    await colleague.signIn();
    expect((await colleague.call("DELETE", `/api/admin/knowledge/${id}`)).status).toBe(204);
    expect((await colleague.call("PUT", "/api/admin/widget", { greeting: "We are full." })).status).toBe(200);
    expect((await colleague.call("POST", "/api/auth/logout")).status).toBe(204);

    expect(existsSync(join(seen, "ballast"))).toBe(false);
    const { items } = await owner.get<SourcePage>("/api/admin/knowledge");
    expect(items.map(({ title }) => title)).toEqual(["travel"]);
    // There is room now, and it is not for this.
    expect((await uploading("more.txt")).status).toBe(507);

    await empty();
    await owner.addDocument("more.txt", "Travel by train is first class.");
    expect(existsSync(join(seen, "ballast"))).toBe(true);
    expect(await parley.stop()).toBe(0);
    expect(await takenOut(integrity)).toEqual(["ok"]);
    const actions = await takenOut((place) => rows(place, "select action from audit_log order by id"));
    for (const action of [
      "sign-in.failed",
      "sign-in.done",
      "DELETE /api/admin/knowledge/:id",
      "PUT /api/admin/widget",
    ])
      expect(actions).toContainEqual({ action });
  });

  test("holds up the document that is being read, which goes on by itself and is complete", async () => {
    const socket = await owner.live();
    // The file has its place, and its passages do not.
    fill(2 * MB);
    const { body } = await owner.upload({ name: "rules.md", content: LONG });
    const id = body.items[0]?.id ?? "";
    await socket.until(
      ({ type, source }) => type === "source" && String((source as SourceView).stage).startsWith("Indexing"),
    );
    await parley.printed('"readiness-check-failed"');
    expect((await owner.get<SourceView>(`/api/admin/knowledge/${id}`)).status).toBe("processing");
    // Not claimed by somebody who would keep it until the lease ends.
    expect(parley.log()).not.toContain("job-not-recorded");

    await empty();

    const source = await owner.waitForSource(id);
    expect(source.chunkCount).toBeGreaterThan(100);
    expect(await parley.stop()).toBe(0);
    const passages = "document_chunks where version = (select current_version from documents)";
    expect(await takenOut((place) => count(place, passages))).toBe(source.chunkCount);
    expect(await takenOut(integrity)).toEqual(["ok"]);
  });
});

describe("row R9: at the start, a full disk", () => {
  const startAndFail = () => runParley(["--data", join(disk.path, "data"), "--port", "0"], {}, disk.within);

  function expectRefused({ exitCode, stderr }: { exitCode: number; stderr: string }): void {
    expect(exitCode).toBe(74);
    expect(stderr).toMatch(/^parley: [^\n]+ \[STORAGE_FULL\]\n$/);
    expect(stderr).toContain(`The disk of ${join(disk.path, "data")} is full: 0 MB are free`);
    expect(stderr).toContain("Free that much");
  }

  test("exits 74 with what to free, and makes neither key nor database", async () => {
    fill();

    expectRefused(await startAndFail());

    expect(await readdir(seen)).toEqual([]);
  });

  test("exits 74 and changes nothing of what is there, which starts again with room", async () => {
    const parley = await start();
    await setUpOwner(parley);
    await parley.kill9();
    const contents = () =>
      Promise.all(["parley.db", "parley.db-wal", "secret.key"].map((name) => readFile(join(seen, name))));
    const before = await contents();
    fill();

    expectRefused(await startAndFail());

    expect(await contents()).toEqual(before);
    await empty();
    await parley.restart();
    expect(parley.setupToken).toBeNull();
    await parley.remove();
  });

  test("is said when it is nearly one: people sign in, documents wait for room, and there is none set aside", async () => {
    await disk.remove();
    await giveDisk(512);
    const parley = await start();
    await setUpOwner(parley);
    await parley.stop();
    await rm(join(seen, "ballast"));
    // Enough for a start, and less than the fiftieth of the disk that is set aside.
    fill(9 * MB);
    await parley.restart({ readiness: 503 });

    expect(parley.log()).toContain('"disk-almost-full"');
    const owner = adminClient(parley);
    await owner.signIn();
    const upload = await owner.upload({ name: "travel.txt", content: "Travel is paid by the mile." });
    expect(upload.status).toBe(507);

    await empty();
    await parley.printed('"ready-again"');
    await owner.addDocument("travel.txt", "Travel is paid by the mile.");
    expect(existsSync(join(seen, "ballast"))).toBe(true);
    await parley.remove();
  });
});
