import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, statSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newId } from "../../src/domain/ids.ts";
import { adminClient, setUpOwner } from "../helpers/admin-client.ts";
import { withDatabase } from "../helpers/database.ts";
import { tracesOf } from "../helpers/nothing-persisted.ts";
import { freePort, runParley, startParley } from "../helpers/parley.ts";

/** Some start Parley four times, on a machine that may do other work. */
setDefaultTimeout(30_000);

let folder: string;
let data: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "parley-start-"));
  data = join(folder, "data");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A data directory that was set up and stopped. */
async function aStoppedParley(): Promise<void> {
  const parley = await startParley({ dataDirectory: data });
  await setUpOwner(parley);
  expect(await parley.stop()).toBe(0);
  await parley.remove();
}

const start = (...words: string[]) => runParley(["--data", data, "--port", "0", ...words]);

/** One sentence for a person, with its code, and no stack. */
function expectSentence(stderr: string, code: string, ...words: string[]): void {
  expect(stderr).toContain(`[${code}]`);
  for (const word of words) expect(stderr).toContain(word);
  expect(stderr).not.toMatch(/\n\s+at /);
}

describe("a start that cannot be", () => {
  test("row R13: because the port is taken names the port and exits 69", async () => {
    const other = Bun.serve({ port: 0, fetch: () => new Response() });
    const port = String(other.port);
    const { exitCode, stderr } = await runParley(["--data", data, "--port", port]);
    await other.stop(true);

    expect(exitCode).toBe(69);
    expectSentence(stderr, "PORT_IN_USE", port, "--port");
  });

  test.each([
    ["all addresses", [], []],
    ["one address, where all are taken", [], ["--host", "127.0.0.1"]],
    ["all addresses, where one is taken", ["--host", "127.0.0.1"], []],
  ])("row R13: because another Parley has the port on %s exits 69", async (_where, taken, wanted) => {
    const first = await startParley({ port: await freePort(), flags: taken });
    const port = new URL(first.url).port;

    const { exitCode, stderr } = await runParley(["--data", data, "--port", port, ...wanted]);

    expect(exitCode).toBe(69);
    expectSentence(stderr, "PORT_IN_USE", port, "--port");
    expect((await fetch(`${first.url}/readyz`)).status).toBe(200);
    // Its port is free again at once, also for connections that have just been closed.
    await first.restart();
    await first.remove();
  });

  test("row R11: because the data directory is no directory names it and exits 77", async () => {
    await writeFile(join(folder, "file"), "");
    const { exitCode, stderr } = await runParley(["--data", join(folder, "file/data"), "--port", "0"]);

    expect(exitCode).toBe(77);
    expectSentence(stderr, "DATA_DIR_NOT_WRITABLE", join(folder, "file"));
    expect(await readFile(join(folder, "file"), "utf8")).toBe("");
  });

  test("row R12: because another Parley runs on the same data exits 75 and leaves that one alone", async () => {
    const first = await startParley({ dataDirectory: data });
    await setUpOwner(first);
    const before = await tracesOf({ dataDirectory: data });

    const { exitCode, stderr } = await start();

    expect(exitCode).toBe(75);
    expectSentence(stderr, "DATA_DIR_LOCKED", data);
    expect(await tracesOf({ dataDirectory: data })).toEqual(before);
    expect((await fetch(`${first.url}/readyz`)).status).toBe(200);
    await first.kill9();
    // The lock of a process that is gone holds nobody up.
    await first.restart();
    await first.remove();
  });

  test.each([
    ["deleted", (lock: string) => rm(lock)],
    ["replaced by another", (lock: string) => rm(lock).then(() => writeFile(lock, ""))],
    ["moved away", (lock: string) => rename(lock, join(folder, "lock"))],
  ])(
    "row R12: because another Parley runs on the same data, although its lock file was %s",
    async (_how, lose) => {
      const first = await startParley({ dataDirectory: data });
      await setUpOwner(first);
      await lose(join(data, "lock"));
      const before = await tracesOf({ dataDirectory: data });

      for (const words of [
        ["--port", "0"],
        ["index", "rebuild"],
      ]) {
        const { exitCode, stderr } = await runParley([...words, "--data", data]);
        expect(exitCode).toBe(75);
        expectSentence(stderr, "DATA_DIR_LOCKED", data);
      }

      expect(await tracesOf({ dataDirectory: data })).toEqual(before);
      expect((await fetch(`${first.url}/readyz`)).status).toBe(200);
      await first.kill9();
      await first.restart();
      await first.remove();
    },
  );

  test("row R15: because a newer Parley wrote the database exits 78 and changes nothing", async () => {
    await aStoppedParley();
    withDatabase({ dataDirectory: data }, (database) =>
      database.run("insert into schema_migrations values ('9999_from_the_future', 0)"),
    );
    const before = await readFile(join(data, "parley.db"));

    const { exitCode, stderr } = await start();

    expect(exitCode).toBe(78);
    expectSentence(stderr, "SCHEMA_TOO_NEW", "9999_from_the_future");
    expect((await readFile(join(data, "parley.db"))).equals(before)).toBe(true);
    expect(existsSync(join(data, "backups"))).toBe(false);
  });

  test.each([
    ["a zeroed header", (bytes: Buffer) => bytes.fill(0, 0, 100)],
    ["half of it missing", (bytes: Buffer) => bytes.subarray(0, Math.floor(bytes.length / 2 / 4096) * 4096)],
    ["something else in its place", () => Buffer.from("This is not a database. ".repeat(500))],
    ["a page of noise", (bytes: Buffer) => bytes.fill(0xa5, 4096 * 3, 4096 * 4)],
  ])("row R14: because the database has %s exits 65 and touches nothing", async (_what, damage) => {
    await aStoppedParley();
    const path = join(data, "parley.db");
    const damaged = damage(await readFile(path));
    await writeFile(path, damaged);

    const { exitCode, stderr } = await start();

    expect(exitCode).toBe(65);
    expectSentence(stderr, "DB_CORRUPT", path);
    expect((await readFile(path)).equals(damaged)).toBe(true);
  });

  test("row R14: because the database belongs to another program exits 65", async () => {
    await mkdir(data);
    await writeFile(join(data, "secret.key"), Buffer.alloc(32, 7).toString("base64"));
    withDatabase({ dataDirectory: data }, (database) => database.run("create table recipes (name text)"));
    const { exitCode, stderr } = await start();

    expect(exitCode).toBe(65);
    expectSentence(stderr, "DB_CORRUPT");
  });

  test("row R40: because the key is gone names the file, makes no new one and exits 78", async () => {
    await aStoppedParley();
    await rm(join(data, "secret.key"));

    const { exitCode, stderr } = await start();

    expect(exitCode).toBe(78);
    expectSentence(stderr, "KEY_MISSING", join(data, "secret.key"));
    expect(existsSync(join(data, "secret.key"))).toBe(false);
  });

  test("row 100: because the key is another one exits 78 and changes nothing", async () => {
    await aStoppedParley();
    const before = await readFile(join(data, "parley.db"));
    const key = Buffer.alloc(32, 7).toString("base64");
    const { exitCode, stderr } = await runParley(["--data", data, "--port", "0"], { PARLEY_SECRET_KEY: key });

    expect(exitCode).toBe(78);
    expectSentence(stderr, "KEY_INVALID");
    expect(stderr).not.toContain(key);
    expect((await readFile(join(data, "parley.db"))).equals(before)).toBe(true);
  });

  test.each(["abc", "c2hvcnQ=", "!!!!", "x".repeat(50)])(
    "row 1: because PARLEY_SECRET_KEY is %s exits 78 before anything is made",
    async (key) => {
      const { exitCode, stderr } = await runParley(["--data", data, "--port", "0"], {
        PARLEY_SECRET_KEY: key,
      });

      expect(exitCode).toBe(78);
      expectSentence(stderr, "KEY_INVALID", "32");
      expect(stderr).not.toContain(key);
      expect(existsSync(data)).toBe(false);
    },
  );

  test.each([
    [["--colour", "red"], 64],
    [["fly"], 64],
    [["--port"], 64],
    [["--port", "many"], 78],
    [["--port", "70000"], 78],
    [["--public-url", "ftp://x"], 78],
    [["--log-level", "loud"], 78],
    [["--tls-cert", "only-one.pem"], 78],
    [["--tls-cert", "none.pem", "--tls-key", "none.pem"], 78],
    [["--config", "none.toml"], 78],
    [["--host", "192.0.2.1"], 78],
  ])("with %j exits %i and says why", async (words, code) => {
    const { exitCode, stderr } = await runParley([
      "--data",
      data,
      ...(words.includes("--port") ? [] : ["--port", "0"]),
      ...words,
    ]);

    expect(exitCode).toBe(code);
    expect(stderr).toMatch(/^parley: [^\n]+ \[[A-Z_]+\]\n$/);
  });
});

/** A data directory with one document, of a Parley that was stopped. */
async function aStoppedParleyWithADocument(environment: Record<string, string> = {}): Promise<void> {
  const parley = await startParley({ dataDirectory: data, environment });
  const owner = await setUpOwner(parley);
  await owner.addDocument("leave.txt", "Parental leave is 26 weeks at full pay.");
  expect(await parley.stop()).toBe(0);
  await parley.remove();
}

describe("a start on a used folder whose database is lost", () => {
  const DATABASE = ["parley.db", "parley.db-wal", "parley.db-shm"];
  const lose = () => Promise.all(DATABASE.map((name) => rm(join(data, name), { force: true })));
  const headerOnly = async () => {
    await lose();
    withDatabase({ dataDirectory: data }, (database) => database.run("pragma journal_mode = wal"));
    await Promise.all(DATABASE.slice(1).map((name) => rm(join(data, name), { force: true })));
  };
  /** What Parley makes where there is no database. */
  const anotherOne = async () => {
    await lose();
    const other = await startParley({ dataDirectory: join(folder, "other") });
    await other.stop();
    await other.remove();
    for (const name of ["parley.db", "secret.key"])
      await copyFile(join(folder, "other", name), join(data, name));
  };
  const filesIn = async (name: string) =>
    Object.fromEntries(
      await Promise.all(
        (await readdir(join(data, name)).catch(() => [])).map(async (file) => [
          file,
          await readFile(join(data, name, file), "utf8"),
        ]),
      ),
    );

  /** Refused with 78, naming `words`, with everything as it was and no database made. */
  async function expectRefused(words: string[], environment: Record<string, string> = {}): Promise<void> {
    const before = { names: await namesIn(data), files: await filesIn("files") };

    const { exitCode, stderr } = await runParley(["--data", data, "--port", "0"], environment);

    expect(exitCode).toBe(78);
    expectSentence(stderr, "DB_MISSING", data, ...words);
    expect(stderr).toMatch(/^parley: [^\n]+ \[DB_MISSING\]\n$/);
    expect({ names: await namesIn(data), files: await filesIn("files") }).toEqual(before);
  }

  test.each([
    ["missing", lose, "parley.db is missing"],
    ["0 bytes long", () => lose().then(() => writeFile(join(data, "parley.db"), "")), "parley.db is empty"],
    ["a header without a table", headerOnly, "parley.db is empty"],
    ["one that nobody was ever signed up in", anotherOne, "parley.db was never set up"],
  ])("is refused when it is %s, keeps every original, and starts again with it", async (_, damage, words) => {
    await aStoppedParleyWithADocument();
    const copy = await readFile(join(data, "parley.db"));
    const key = await readFile(join(data, "secret.key"));
    await damage();

    await expectRefused(["1 uploaded file in files/", "secret.key", words]);

    await Promise.all([writeFile(join(data, "parley.db"), copy), writeFile(join(data, "secret.key"), key)]);
    const restored = await startParley({ dataDirectory: data });
    expect(restored.setupToken).toBeNull();
    expect(Object.values(await filesIn("files"))).toEqual(["Parental leave is 26 weeks at full pay."]);
    await restored.remove();
  });

  test("is refused without a key too, and makes none", async () => {
    await aStoppedParleyWithADocument();
    await lose();
    await rm(join(data, "secret.key"));

    await expectRefused(["1 uploaded file in files/", "parley.db is missing"]);

    expect(existsSync(join(data, "secret.key"))).toBe(false);
  });

  test("is refused when the key is given from outside", async () => {
    const environment = { PARLEY_SECRET_KEY: Buffer.alloc(32, 9).toString("base64") };
    await aStoppedParleyWithADocument(environment);
    await lose();

    await expectRefused(["1 uploaded file in files/", "parley.db is missing"], environment);
  });

  test("is refused for files that a sweep set aside", async () => {
    await aStoppedParleyWithADocument();
    await lose();
    const [name = ""] = await readdir(join(data, "files"));
    await mkdir(join(data, "files/.swept"));
    await rename(join(data, "files", name), join(data, "files/.swept", name));

    const { exitCode, stderr } = await start();

    expect(exitCode).toBe(78);
    expectSentence(stderr, "DB_MISSING", "1 uploaded file in files/");
    expect(await readdir(join(data, "files/.swept"))).toEqual([name]);
  });

  test("is refused for a backup alone, and names it", async () => {
    await aStoppedParley();
    await mkdir(join(data, "backups"));
    await rename(join(data, "parley.db"), join(data, "backups/before-0002_more.db"));

    await expectRefused(["as a copy of backups/before-0002_more.db", "move backups/ and secret.key"]);
  });

  test.each(["missing", "empty"])(
    "is refused for a write-ahead log whose database is %s, and does not lose it",
    async (how) => {
      const parley = await startParley({ dataDirectory: data });
      await setUpOwner(parley);
      await parley.kill9();
      await parley.remove();
      const kept = await readFile(join(data, "parley.db"));
      await rm(join(data, "parley.db"));
      if (how === "empty") await writeFile(join(data, "parley.db"), "");
      const log = await readFile(join(data, "parley.db-wal"));
      expect(log.length).toBeGreaterThan(0);

      await expectRefused(["parley.db-wal", "parley.db-shm"]);

      expect((await readFile(join(data, "parley.db-wal"))).equals(log)).toBe(true);
      await writeFile(join(data, "parley.db"), kept);
      const restored = await startParley({ dataDirectory: data });
      expect(restored.setupToken).toBeNull();
      await restored.remove();
    },
  );

  test("is refused to the command that makes indexes anew, too", async () => {
    await aStoppedParleyWithADocument();
    await writeFile(join(data, "parley.db"), "");

    const { exitCode, stderr } = await runParley(["index", "rebuild", "--data", data]);

    expect(exitCode).toBe(78);
    expectSentence(stderr, "DB_MISSING", "1 uploaded file in files/");
    expect(statSync(join(data, "parley.db")).size).toBe(0);
  });

  test("begins anew once what is left of the old one was moved away", async () => {
    await aStoppedParleyWithADocument();
    await lose();
    await mkdir(join(folder, "away"));
    for (const name of ["files", "secret.key"]) await rename(join(data, name), join(folder, "away", name));

    const anew = await startParley({ dataDirectory: data });

    expect(anew.setupToken).not.toBeNull();
    await anew.remove();
  });
});

/** Everything in the folder but the lock, the binary's own parts and what reading a database leaves beside it. */
async function namesIn(directory: string): Promise<string[]> {
  const ours = /^(ballast|lock|native|parley\.db-(shm|wal))/;
  return (await readdir(directory, { recursive: true })).filter((name) => !ours.test(name)).sort();
}

describe("a first start that died", () => {
  const KEY = Buffer.alloc(32, 7).toString("base64");
  const key = () => writeFile(join(data, "secret.key"), KEY);
  const emptyDatabase = () => writeFile(join(data, "parley.db"), "");

  test.each<[string, () => Promise<unknown>]>([
    ["after it made the key", key],
    ["after it made the folders", () => mkdir(join(data, "files"))],
    ["after it made an empty database", () => Promise.all([key(), emptyDatabase()])],
    [
      "before the first table",
      async () => {
        await key();
        withDatabase({ dataDirectory: data }, (database) => database.run("pragma journal_mode = wal"));
      },
    ],
    [
      "with half of a file",
      async () => {
        await Promise.all([key(), mkdir(join(data, "files"))]);
        await writeFile(join(data, "files", `${newId("file")}.partial`), "half");
      },
    ],
    [
      "where an administrator had put something",
      async () => {
        await mkdir(join(data, "files/lost+found"), { recursive: true });
        await writeFile(join(data, "files/README"), "originals of the chat");
      },
    ],
  ])("%s is begun again", async (_when, leave) => {
    await mkdir(data);
    await leave();

    const parley = await startParley({ dataDirectory: data });

    expect(parley.setupToken).not.toBeNull();
    await setUpOwner(parley);
    await parley.remove();
  });
});

describe("a database of another day that is put back", () => {
  test("costs no original: what it does not know is set aside, and back when the newer one is", async () => {
    const parley = await startParley({ dataDirectory: data });
    const owner = await setUpOwner(parley);
    await owner.addDocument("monday.txt", "On Monday the canteen has soup.");
    await parley.stop();
    const [monday = ""] = await readdir(join(data, "files"));
    await copyFile(join(data, "parley.db"), join(folder, "monday.db"));
    await parley.restart();
    await owner.addDocument("tuesday.txt", "On Tuesday the canteen has stew.");
    await parley.stop();
    await rename(join(data, "parley.db"), join(folder, "tuesday.db"));
    const both = (await readdir(join(data, "files"))).sort();
    const [tuesday = ""] = both.filter((name) => name !== monday);

    await copyFile(join(folder, "monday.db"), join(data, "parley.db"));
    await parley.restart();
    await parley.printed('"files-swept"');
    expect((await readdir(join(data, "files"))).sort()).toEqual([".swept", monday]);
    expect(await readdir(join(data, "files/.swept"))).toEqual([tuesday]);
    expect((await fetch(`${parley.url}/logos/.swept`)).status).toBe(404);
    await parley.stop();

    await copyFile(join(folder, "tuesday.db"), join(data, "parley.db"));
    await parley.restart();
    expect((await readdir(join(data, "files"))).sort()).toEqual([".swept", ...both]);
    expect(await readFile(join(data, "files", tuesday), "utf8")).toBe("On Tuesday the canteen has stew.");
    expect(parley.log()).toMatch(/"files-swept".*"setAside":1/);
    expect(parley.log()).toMatch(/"files-swept".*"broughtBack":1/);
    await parley.remove();
  });

  test("costs no original when it knew none yet", async () => {
    await aStoppedParley();
    await copyFile(join(data, "parley.db"), join(folder, "empty.db"));
    const parley = await startParley({ dataDirectory: data });
    const owner = adminClient(parley);
    await owner.signIn();
    await owner.addDocument("leave.txt", "Parental leave is 26 weeks at full pay.");
    await parley.stop();
    const before = await readdir(join(data, "files"));

    await copyFile(join(folder, "empty.db"), join(data, "parley.db"));
    await parley.restart();

    expect(await readdir(join(data, "files"))).toEqual(before);
    expect(parley.log()).toMatch(/"files-swept".*"kept":1/);
    await parley.remove();
  });
});

describe("a start that can be", () => {
  test("takes the key from a variable or a file, and then writes none", async () => {
    const key = Buffer.alloc(32, 9).toString("base64");
    await writeFile(join(folder, "key"), `${key}\n`);
    const first = await startParley({ dataDirectory: data, environment: { PARLEY_SECRET_KEY: key } });
    const owner = await setUpOwner(first);
    await first.stop();
    await first.restart({ environment: { PARLEY_SECRET_KEY_FILE: join(folder, "key") } });

    expect((await owner.call("GET", "/api/auth/me")).status).toBe(200);
    expect(existsSync(join(data, "secret.key"))).toBe(false);
    await first.remove();
  });

  test("writes nothing outside of its data directory, which only its user can read", async () => {
    const parley = await startParley({ dataDirectory: data });

    expect((await readdir(data)).sort()).toEqual(
      expect.arrayContaining(["files", "lock", "native", "parley.db", "secret.key"]),
    );
    for (const place of [data, join(data, "files")]) expect(statSync(place).mode & 0o777).toBe(0o700);
    await parley.remove();
  });

  test("works on a copy of the directory made while it was stopped", async () => {
    await aStoppedParley();
    const copy = join(folder, "copy");
    await mkdir(copy);
    for (const name of ["parley.db", "secret.key"]) await copyFile(join(data, name), join(copy, name));
    const restored = await startParley({ dataDirectory: copy });

    expect(restored.setupToken).toBeNull();
    await restored.remove();
  });

  test("says its version, its settings and where they come from without starting", async () => {
    expect((await runParley(["version"])).stdout).toMatch(/^Parley \d+\.\d+\.\d+/);
    expect((await runParley(["--help"])).stdout).toContain("--data DIR");
    const shown = await runParley(["config", "show", "--port", "1"], {
      PARLEY_LOG_LEVEL: "warn",
      PARLEY_SECRET_KEY: Buffer.alloc(32, 9).toString("base64"),
    });
    expect(shown.stdout).toMatch(/^port +1 +flag$/m);
    expect(shown.stdout).toMatch(/^log-level +warn +environment$/m);
    expect(shown.stdout).toMatch(/^secret-key +\(set\) +environment$/m);
    expect(shown.stdout).toMatch(/^data +\.\/data +default$/m);
  });
});
