/**
 * The data folder of an earlier version, upgraded. When the ranking changes on purpose, what searches find is made anew
 * by `bun scripts/make-data-folder.ts --found`; everything else stays as the earlier version told it.
 */
import { Database } from "bun:sqlite";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, watch } from "node:fs";
import { copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { embeddedMigrations } from "../../src/native/embedded.ts";
import { installNativeParts } from "../../src/native/native.ts";
import { openMigrated } from "../../src/store/sqlite/migrate.ts";
import { adminClient } from "../helpers/admin-client.ts";
import {
  everythingTold,
  FOLDER_ARCHIVE,
  FOLDER_TOLD,
  type ToldFolder,
  unpackFolder,
} from "../helpers/data-folder.ts";
import { integrity } from "../helpers/database.ts";
import { beginParley, type Parley, startParley } from "../helpers/parley.ts";
import { openVisitor } from "../helpers/visitor-client.ts";

const BEFORE = (await Bun.file(FOLDER_TOLD).json()) as ToldFolder;
const PENDING = embeddedMigrations()
  .map(({ name }) => name)
  .filter((name) => !BEFORE.migrations.includes(name));
/** The copy that is made before the first of them. */
const BACKUPS = PENDING.slice(0, 1).map((name) => `before-${name}.db`);

/** Sizes of SQLite's write-ahead log, https://www.sqlite.org/fileformat2.html#the_write_ahead_log */
const LOG_HEADER = 32;
const LOG_FRAME_HEADER = 24;

/** A frame that commits says how large the database is then; any other says 0. */
function commitsIn(log: Buffer): number[] {
  const commits: number[] = [];
  const frame = LOG_FRAME_HEADER + (log.length > 0 ? log.readUInt32BE(8) : 0);
  for (let at = LOG_HEADER; at + frame <= log.length; at += frame) {
    if (log.readUInt32BE(at + 4) > 0) commits.push(at + frame);
  }
  return commits;
}

let folder: string;
let data: string;
/** Copied out once, so that a start does nothing in the folder but what it does to the data. */
let native: string;
beforeAll(async () => {
  native = join(await mkdtemp(join(tmpdir(), "parley-native-")), "native");
  const parley = await startParley();
  await cp(join(parley.dataDirectory, "native"), native, { recursive: true }).catch(() => {});
  await parley.remove();
});
afterAll(() => rm(join(native, ".."), { recursive: true, force: true }));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "parley-migration-"));
  data = join(folder, "data");
  await unpack();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function unpack(): Promise<void> {
  await rm(data, { recursive: true, force: true });
  await unpackFolder(FOLDER_ARCHIVE, data);
  if (existsSync(native)) await cp(native, join(data, "native"), { recursive: true });
}

const backups = async () => (await readdir(join(data, "backups")).catch(() => [])).sort();

function migrationsIn(path: string): string[] {
  const database = new Database(path, { readonly: true });
  try {
    const rows = database.query<{ name: string }, []>("select name from schema_migrations order by name");
    return rows.all().map(({ name }) => name);
  } finally {
    database.close();
  }
}

/** Everything is there as the earlier version told it, in a sound database of this version. */
async function expectMigrated(parley: Parley): Promise<void> {
  expect(await everythingTold(parley, BEFORE.questions)).toEqual(BEFORE.told);
  expect(integrity(parley)).toEqual(["ok"]);
  expect(migrationsIn(join(data, "parley.db"))).toEqual([...BEFORE.migrations, ...PENDING]);
  const made = await backups();
  expect(made).toEqual(expect.arrayContaining(BACKUPS));
  for (const name of made)
    expect(`before-${nextAfter(migrationsIn(join(data, "backups", name)))}.db`).toBe(name);
}

/** A start that was killed between two migrations leaves a copy of before the second one, too. */
function nextAfter(applied: readonly string[]): string | undefined {
  return [...BEFORE.migrations, ...PENDING][applied.length];
}

describe("the data folder of an earlier version", () => {
  test("is migrated in place, with every id, passage, answer and hit as it was", async () => {
    const parley = await startParley({ dataDirectory: data });
    expect(parley.setupToken).toBeNull();
    await expectMigrated(parley);
    await parley.restart();
    await expectMigrated(parley);
    expect(await backups()).toEqual(BACKUPS);
    await parley.remove();
  }, 60_000);

  test("has its originals: each source is read again to as many passages", async () => {
    const parley = await startParley({ dataDirectory: data });
    const owner = adminClient(parley);
    await owner.signIn();
    for (const { id, sources } of BEFORE.told.tenants) {
      owner.tenant = id;
      for (const source of sources.filter(({ status }) => status === "ready")) {
        await owner.send("POST", `/api/admin/knowledge/${source.id}/reingest`);
        const again = await owner.waitForSource(source.id);
        expect([again.title, again.chunkCount]).toEqual([source.title, source.chunkCount]);
      }
    }
    await parley.remove();
  }, 60_000);

  test("goes on: what was deleted is purged, what is new is found and answered", async () => {
    const { tenant, source, conversation, file } = BEFORE.removed;
    expect(existsSync(join(data, "files", file))).toBe(true);
    const parley = await startParley({ dataDirectory: data });
    const owner = adminClient(parley);
    await owner.signIn();
    owner.tenant = tenant;
    expect((await owner.call("GET", `/api/admin/knowledge/${source}`)).status).toBe(404);
    expect((await owner.call("GET", `/api/admin/conversations/${conversation}`)).status).toBe(404);
    while (existsSync(join(data, "files", file))) await owner.get("/api/admin/jobs");

    await owner.addDocument("harbour.md", "# Harbour\n\nThe harbour master is Zoltan Quist.");
    const { embedKey } = await owner.get<{ embedKey: string }>("/api/admin/widget");
    const visitor = await openVisitor(parley, embedKey);
    expect((await visitor.ask("Who is the harbour master?")).content).toContain("Zoltan Quist");
    await parley.remove();
  }, 60_000);

  test.skipIf(PENDING.length === 0)(
    "is had back from the copy that was made of it",
    async () => {
      const parley = await startParley({ dataDirectory: data });
      await parley.stop();
      const [backup = ""] = BACKUPS;
      await copyFile(join(data, "backups", backup), join(data, "parley.db"));
      await parley.restart();
      await expectMigrated(parley);
      await parley.remove();
    },
    60_000,
  );
});

/** Ends tried in a whole CI: they take a second each and get more with every release. `KILLS=all` tries every one. */
const LATEST_ENDS = 4;
const EARLIER_ENDS = 6;

/** The latest, which nobody has run yet, and of the earlier ones as many, evenly. */
function sampleOf(ends: readonly number[]): number[] {
  const earlier = ends.slice(0, -LATEST_ENDS);
  if (process.env.KILLS === "all" || earlier.length <= EARLIER_ENDS) return [...ends];
  const step = earlier.length / EARLIER_ENDS;
  const sampled = Array.from({ length: EARLIER_ENDS }, (_, n) => earlier[Math.floor(n * step)] ?? 0);
  return [...sampled, ...ends.slice(-LATEST_ENDS)];
}

describe("a start that is killed while it upgrades the folder", () => {
  /** Resolves when the start has changed the folder that often, or is ready and changes nothing more. */
  async function killAfter(changes: number): Promise<void> {
    const changed = Promise.withResolvers<void>();
    let left = changes;
    const count = (_event: string, name: string | null) => {
      if (name?.startsWith("lock")) return;
      left -= 1;
      if (left <= 0) changed.resolve();
    };
    await mkdir(join(data, "backups"), { recursive: true });
    const watchers = [data, join(data, "backups")].map((directory) => watch(directory, count));
    const start = await beginParley(data);
    await Promise.race([changed.promise, start.ready]);
    await start.kill9();
    for (const watcher of watchers) watcher.close();
  }

  // Far apart where a copy is written, close together where a transaction commits; the last ones are past the upgrade.
  test.each([2, 5, 8, 10, 12, 14, 16, 18, 20, 22, 24, 40])(
    "at its change number %i of the folder starts again, and nothing is missing",
    async (changes) => {
      await killAfter(changes);
      const parley = await startParley({ dataDirectory: data });
      await expectMigrated(parley);
      await parley.remove();
    },
    60_000,
  );

  /**
   * A kill that waits for an event comes a moment late. What a kill leaves of the upgrade is the copy, the old database
   * and the beginning of its write-ahead log, so every such beginning that matters is made and started on.
   */
  test("within or right after any of its commits starts again, and nothing is missing", async () => {
    const { log, commits } = await logOfUpgrade();
    expect(commits.length).toBeGreaterThanOrEqual(PENDING.length);
    for (const end of sampleOf(commits.flatMap((commit) => [commit - LOG_FRAME_HEADER, commit]))) {
      await unpack();
      await cp(join(folder, "backups"), join(data, "backups"), { recursive: true });
      await writeFile(join(data, "parley.db-wal"), log.subarray(0, end));
      const parley = await startParley({ dataDirectory: data });
      await expectMigrated(parley);
      await parley.remove();
    }
  }, 120_000);

  /** The write-ahead log as it is when everything is migrated, and where in it each commit ends. */
  async function logOfUpgrade(): Promise<{ log: Buffer; commits: number[] }> {
    const { sqliteBinding, vec0 } = await installNativeParts(data);
    const backupsDirectory = join(folder, "backups");
    await mkdir(backupsDirectory);
    const client = openMigrated(
      { path: join(data, "parley.db"), nativeBinding: sqliteBinding, vec0 },
      { migrations: embeddedMigrations(), backupsDirectory, now: Date.now },
    );
    const log = await readFile(join(data, "parley.db-wal"));
    client.close();
    return { log, commits: commitsIn(log) };
  }

  test("again and again starts in the end, and nothing is missing", async () => {
    for (const changes of [2, 3, 5, 8, 13]) await killAfter(changes);
    const parley = await startParley({ dataDirectory: data });
    await expectMigrated(parley);
    await parley.remove();
  }, 60_000);
});
