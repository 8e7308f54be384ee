/** Data that Parley may not use: said at the start, and answered in words while it runs. */
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import { chmod, cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SourceView } from "../../src/protocol/admin-api/knowledge.ts";
import type { WidgetConfigView } from "../../src/protocol/admin-api/widget.ts";
import { type AdminClient, formOf, setUpOwner } from "../helpers/admin-client.ts";
import { limitFiles, withoutPrivileges, withReadOnly } from "../helpers/confined.ts";
import { integrity } from "../helpers/database.ts";
import { type Parley, runParley, startParley } from "../helpers/parley.ts";

setDefaultTimeout(60_000);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "parley-storage-"));
});
afterEach(async () => {
  await Bun.$`chmod -R u+rwX ${folder}`;
  await rm(folder, { recursive: true, force: true });
});

/** One sentence for a person, with its code, and no stack. */
function expectSentence(stderr: string, code: string, ...words: string[]): void {
  expect(stderr).toMatch(new RegExp(`^parley: [^\\n]+ \\[${code}\\]\\n$`));
  for (const word of words) expect(stderr).toContain(word);
}

describe("row R11: a start on data that Parley may not use", () => {
  let used: string;
  let data: string;

  /** A used folder as `kill -9` leaves it, with a log of writes beside the database. */
  beforeAll(async () => {
    used = await mkdtemp(join(tmpdir(), "parley-used-"));
    const parley = await startParley({ dataDirectory: join(used, "data") });
    const owner = await setUpOwner(parley);
    await owner.addDocument("leave.txt", "Parental leave is 26 weeks at full pay.");
    await parley.kill9();
    await parley.remove();
  });
  afterAll(() => rm(used, { recursive: true, force: true }));
  beforeEach(async () => {
    data = join(folder, "data");
    await cp(join(used, "data"), data, { recursive: true, preserveTimestamps: true });
  });

  test.each([
    ["the folder", ".", 0o000],
    ["the folder", ".", 0o500],
    ["the database", "parley.db", 0o000],
    ["the database", "parley.db", 0o400],
    ["the database's log", "parley.db-wal", 0o000],
    ["the database's log", "parley.db-wal", 0o400],
    ["the index of the log", "parley.db-shm", 0o400],
    ["the folder of files", "files", 0o000],
    ["the folder of files", "files", 0o500],
    ["the lock", "lock", 0o000],
    ["the key", "secret.key", 0o000],
  ])(
    "because of %s (%s, mode 0%o) names it, says what to do, exits 77 and changes nothing",
    async (_what, name, mode) => {
      const path = join(data, name);
      const before = await contentsOf(data);
      await chmod(path, mode);

      for (const words of [
        ["--port", "0"],
        ["index", "rebuild"],
      ]) {
        const { exitCode, stderr } = await runParley(["--data", data, ...words], {}, withoutPrivileges());
        expect(exitCode).toBe(77);
        expectSentence(stderr, "DATA_DIR_NOT_WRITABLE", path, `chmod -R u+rwX ${data}`);
      }

      await chmod(path, 0o700);
      expect(await contentsOf(data)).toEqual(before);
      const again = await startParley({ dataDirectory: data, within: withoutPrivileges() });
      expect(again.setupToken).toBeNull();
      await again.remove();
    },
  );

  test("is a matter of the key only when it is not given", async () => {
    const key = (await readFile(join(data, "secret.key"), "utf8")).trim();
    await chmod(join(data, "secret.key"), 0o000);

    const environment = { PARLEY_SECRET_KEY: key };
    const parley = await startParley({ dataDirectory: data, environment, within: withoutPrivileges() });

    expect(parley.setupToken).toBeNull();
    await parley.remove();
  });

  test.each(["native", "native/vec0.so", "native/sqlite_binding.node", "models", "backups"])(
    "is no matter of %s, which is mended or not needed",
    async (name) => {
      await Promise.all(["models", "backups"].map((each) => Bun.$`mkdir -p ${join(data, each)}`));
      await chmod(join(data, name), 0o000);

      const parley = await startParley({ dataDirectory: data, within: withoutPrivileges() });

      expect((await fetch(`${parley.url}/readyz`)).status).toBe(200);
      await parley.remove();
    },
  );

  test("because its disk is read-only says so and exits 77", async () => {
    const { exitCode, stderr } = await runParley(["--data", data, "--port", "0"], {}, withReadOnly(data));

    expect(exitCode).toBe(77);
    expectSentence(stderr, "DATA_DIR_NOT_WRITABLE", data, "read-only", "--data");
  });

  test("because its files are on a disk that is read-only says so and exits 77", async () => {
    const files = join(data, "files");
    const { exitCode, stderr } = await runParley(["--data", data, "--port", "0"], {}, withReadOnly(files));

    expect(exitCode).toBe(77);
    expectSentence(stderr, "DATA_DIR_NOT_WRITABLE", files, "read-only");
  });

  test("a password is not reset by somebody who may not read the data, and it says who may", async () => {
    await chmod(data, 0o000);
    const words = ["user", "reset-password", "ada@example.org", "--data", data];
    const { exitCode, stderr } = await runParley(words, {}, withoutPrivileges());

    expect(exitCode).toBe(77);
    expectSentence(stderr, "DATA_DIR_NOT_WRITABLE", data);
  });
});

/** Every file but those that only a reader of the log writes. */
async function contentsOf(data: string): Promise<Record<string, Buffer>> {
  const entries = await readdir(data, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && entry.name !== "parley.db-shm")
    .map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(await Promise.all(paths.map(async (path) => [path, await readFile(path)])));
}

describe("while Parley runs", () => {
  let parley: Parley;
  let owner: AdminClient;
  const inData = (name: string) => join(parley.dataDirectory, name);

  async function start(): Promise<void> {
    parley = await startParley({ dataDirectory: join(folder, "data"), within: withoutPrivileges() });
    owner = await setUpOwner(parley);
  }
  afterEach(() => parley.remove());

  const readiness = async () => {
    const answer = await fetch(`${parley.url}/readyz`);
    return {
      status: answer.status,
      ...((await answer.json()) as { checks: { name: string; ok: boolean }[] }),
    };
  };

  function expectTyped(
    { status, body }: { status: number; body: unknown },
    code = "STORAGE_UNAVAILABLE",
  ): void {
    expect({ status, code: (body as { error?: { code: string } }).error?.code }).toEqual({
      status: code === "STORAGE_FULL" ? 507 : 503,
      code,
    });
  }

  test("files that may not be written are STORAGE_UNAVAILABLE and a red readyz, until they may", async () => {
    await start();
    await chmod(inData("files"), 0o500);

    expectTyped(await owner.upload({ name: "leave.txt", content: "Parental leave is 26 weeks." }));
    const logo = new FormData();
    logo.append("file", new File([PIXEL], "logo.png", { type: "image/png" }));
    expectTyped(await owner.call("POST", "/api/admin/widget/logo", logo));
    expect(await owner.get("/api/admin/knowledge")).toMatchObject({ items: [] });
    await parley.printed('"readiness-check-failed"');
    expect(await readiness()).toMatchObject({
      status: 503,
      checks: [
        { name: "database", ok: true },
        { name: "files", ok: false },
        { name: "room", ok: true },
      ],
    });
    expect(parley.log()).toMatch(/"request-failed".*"code":"STORAGE_UNAVAILABLE".*EACCES/);

    await chmod(inData("files"), 0o700);
    await parley.printed('"ready-again"');
    expect((await readiness()).status).toBe(200);
    await owner.addDocument("leave.txt", "Parental leave is 26 weeks.");
  });

  test("an original that may not be read is no fault of the document, which waits for it", async () => {
    await start();
    const { id } = await owner.addDocument("leave.txt", "Parental leave is 26 weeks.");
    const [name = ""] = await readdir(inData("files"));
    await chmod(inData(`files/${name}`), 0o000);

    await owner.send("POST", `/api/admin/knowledge/${id}/reingest`);
    await parley.printed('"job-waits-for-disk"');
    expect((await owner.get<SourceView>(`/api/admin/knowledge/${id}`)).status).toBe("processing");

    await chmod(inData(`files/${name}`), 0o600);
    await owner.waitForSource(id);
  });

  test("a logo that may not be read is STORAGE_UNAVAILABLE", async () => {
    await start();
    const logo = new FormData();
    logo.append("file", new File([PIXEL], "logo.png", { type: "image/png" }));
    const { logoUrl } = await owner.send<WidgetConfigView>("POST", "/api/admin/widget/logo", logo);
    const [name = ""] = await readdir(inData("files"));
    await chmod(inData(`files/${name}`), 0o000);

    const answer = await fetch(new URL(logoUrl ?? "", parley.url));

    expectTyped({ status: answer.status, body: await answer.json() });
  });

  test("a folder that was taken away answers in words, and needs no restart when it is given back", async () => {
    await start();
    await owner.addDocument("leave.txt", "Parental leave is 26 weeks.");
    await chmod(parley.dataDirectory, 0o000);

    // A thread that has not read yet opens the database now.
    expectTyped(await owner.call("GET", "/api/admin/knowledge?sort=title"));
    expectTyped(await owner.upload({ name: "travel.txt", content: "Travel is paid by the mile." }));
    await parley.printed('"readiness-check-failed"');
    expect((await readiness()).status).toBe(503);

    await chmod(parley.dataDirectory, 0o700);
    expect((await owner.call("GET", "/api/admin/knowledge")).status).toBe(200);
    await owner.addDocument("travel.txt", "Travel is paid by the mile.");
    await parley.printed('"ready-again"');
    expect(integrity(parley)).toEqual(["ok"]);
  });

  test("models that may not be written are STORAGE_UNAVAILABLE", async () => {
    await start();
    await Bun.$`mkdir -p ${inData("models")}`;
    await chmod(inData("models"), 0o500);

    expectTyped(
      await owner.call("POST", "/api/admin/models/import", formOf([{ name: "model.zip", content: "PK" }])),
    );
  });

  test("row R10: a limit of the system on files is a full disk, and what was stored is still read", async () => {
    await start();
    await owner.addDocument("leave.txt", "Parental leave is 26 weeks.");
    await limitFiles(parley.pid, 64 * 1024);

    expectTyped(await owner.upload({ name: "long.txt", content: "x".repeat(3 * 1024 ** 2) }), "STORAGE_FULL");
    expectTyped(await owner.upload({ name: "short.txt", content: "Short." }), "STORAGE_FULL");
    await parley.printed('"readiness-check-failed"');
    expect((await readiness()).status).toBe(503);
    const { items } = await owner.get<{ items: SourceView[] }>("/api/admin/knowledge");
    expect(items.map(({ title }) => title)).toEqual(["leave"]);

    await limitFiles(parley.pid, null);
    await parley.printed('"ready-again"');
    await owner.addDocument("short.txt", "Short.");
    expect((await readiness()).status).toBe(200);
    expect(await readdir(inData("files"))).toHaveLength(2);
    expect(integrity(parley)).toEqual(["ok"]);
  });
});

const PIXEL = Uint8Array.fromBase64(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
);
