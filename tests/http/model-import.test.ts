/** A model uploaded as a ZIP: rows 78, 82 and 86 of the security page, and what goes well. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { watch } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Zippable } from "fflate";
import type { EmbeddingIndexView, LocalModelView, ModelsView } from "../../src/protocol/admin-api/models.ts";
import { type AdminClient, adminClient, formOf, setUpOwner } from "../helpers/admin-client.ts";
import { addMember, rows } from "../helpers/database.ts";
import { modelZip } from "../helpers/model-zip.ts";
import { expectNothingPersisted } from "../helpers/nothing-persisted.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { rawRequest } from "../helpers/raw-http.ts";
import { writeTinyModel } from "../helpers/tiny-model.ts";

const IMPORT = "/api/admin/models/import";
const REFUSED = { status: 422, body: { error: { requestId: expect.any(String) } } };

let folder: string;
let model: string;
let parley: Parley;
let owner: AdminClient;
beforeAll(async () => {
  parley = await startParley();
  owner = await setUpOwner(parley);
  folder = await mkdtemp(join(tmpdir(), "parley-upload-"));
});
afterAll(async () => {
  await parley.remove();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  model = join(await mkdtemp(join(folder, "case-")), "whatever");
  await writeTinyModel(model);
});

const upload = async (content: Uint8Array | string, client = owner) =>
  client.call<LocalModelView & { error?: { code: string; message: string } }>(
    "POST",
    IMPORT,
    formOf([{ name: "model.zip", content, type: "application/zip" }]),
  );
const remove = (name: string) => owner.call("DELETE", `/api/admin/models/local/${name}`);
const models = async () => (await owner.get<ModelsView>("/api/admin/models")).models;
/** Hidden left-overs too. */
const folders = () => readdir(join(parley.dataDirectory, "models")).catch(() => []);

/** Resolves once there are so many of them. */
function foldersAre(wanted: number): Promise<void> {
  return new Promise((resolve) => {
    const look = async () => {
      if ((await folders()).length !== wanted) return;
      watcher.close();
      resolve();
    };
    const watcher = watch(join(parley.dataDirectory, "models"), look);
    void look();
  });
}

async function refused(content: Uint8Array | string, code: string): Promise<string> {
  const answer = await expectNothingPersisted(parley, () => upload(content));
  expect(answer).toMatchObject({ ...REFUSED, body: { error: { code } } });
  expect(await folders()).toEqual([]);
  return answer.body.error?.message ?? "";
}

describe("a model as a ZIP", () => {
  test("is there once it has shown that it works, can be imported again, and goes again", async () => {
    const imported = await upload(await modelZip(model, { top: "some-folder/" }));

    expect(imported).toMatchObject({
      status: 201,
      body: { name: "tiny-words", kind: "embedding", dimension: 3, licence: "Apache-2.0", packed: false },
    });
    expect(await folders()).toEqual(["tiny-words"]);
    expect(await models()).toEqual([imported.body]);

    await writeFile(join(parley.dataDirectory, "models/tiny-words/config.json"), "damaged");
    expect(await upload(await modelZip(model))).toMatchObject({ status: 201 });
    expect(await readFile(join(parley.dataDirectory, "models/tiny-words/config.json"), "utf8")).not.toBe(
      "damaged",
    );

    expect(await remove("tiny-words")).toMatchObject({ status: 204 });
    expect(await models()).toEqual([]);
    expect(await remove("tiny-words")).toMatchObject({ status: 404, body: { error: { code: "NOT_FOUND" } } });
  });

  test("stays while an index needs it, whatever its state, and its name is taken meanwhile", async () => {
    await upload(await modelZip(model));
    const index = await owner.send<EmbeddingIndexView>("POST", "/api/admin/models/indexes", {
      source: "local",
      model: "tiny-words",
    });

    const kept = await remove("tiny-words");
    expect(kept).toMatchObject({
      status: 409,
      body: { error: { code: "CONFLICT", message: expect.stringContaining(index.id) } },
    });
    // The same files, read otherwise: its vectors would not fit to those of the index.
    await writeTinyModel(model, { queryPrefix: "laptop " });
    const other = await upload(await modelZip(model));
    expect(other).toMatchObject({ status: 409, body: { error: { code: "CONFLICT" } } });
    expect(await folders()).toEqual(["tiny-words"]);

    const socket = await owner.live();
    while ((await owner.get<ModelsView>("/api/admin/models")).indexes[0]?.state !== "active")
      await socket.next("job");
    await socket.close();
    expect((await remove("tiny-words")).body).toMatchObject({
      error: { message: expect.stringContaining("Switch that index off") },
    });
    await owner.send("POST", `/api/admin/models/indexes/${index.id}/retire`);
    await owner.send("DELETE", `/api/admin/models/indexes/${index.id}`);
    expect(await remove("tiny-words")).toMatchObject({ status: 204 });
    const [entry] = rows(
      parley,
      "select target from audit_log where action like 'DELETE%local%' order by id desc",
    );
    expect(entry?.target).toBe("tiny-words");
  });

  test.each(["..%2f..%2fprecious", ".upload-x", "%2e%2e", "no-such-model"])(
    "is not removed as %s, nor anything else",
    async (name) => {
      await mkdir(join(parley.dataDirectory, "models", ".upload-x"), { recursive: true });
      await mkdir(join(parley.dataDirectory, "../precious"), { recursive: true });

      const path = `/api/admin/models/local/${name}`;
      const { status } = await rawRequest(
        parley.url,
        `DELETE ${path} HTTP/1.1\r\nHost: ${new URL(parley.url).host}\r\nOrigin: ${parley.url}\r\nCookie: ${owner.cookie}\r\nConnection: close\r\n\r\n`,
      );

      expect(status).toBe(404);
      expect(await folders()).toEqual([".upload-x"]);
      expect(await readdir(join(parley.dataDirectory, ".."))).toContain("precious");
      await rm(join(parley.dataDirectory, "models", ".upload-x"), { recursive: true });
    },
  );

  test("is the operator's business alone, and refused before it is read", async () => {
    const { items } = await owner.get<{ items: { id: string }[] }>("/api/admin/tenants");
    const member = await addMember(parley, items[0]?.id ?? "", "admin");

    const zip = await modelZip(model);
    expect(await upload(zip, member)).toMatchObject({ status: 403, body: { error: { code: "FORBIDDEN" } } });
    expect(await upload(zip, adminClient(parley))).toMatchObject({ status: 401 });
    expect(await folders()).toEqual([]);
  });
});

describe("row 78: a ZIP that would write or read elsewhere", () => {
  test.each(["../x", "/tmp/parley-x", "a/../../x", "..\\x", "C:\\x", "config.JSON"])(
    "is refused whole for %j",
    async (name) => {
      const zip = await modelZip(model, { changes: { [name]: new Uint8Array([1]) } });
      expect(await refused(zip, "UNSAFE_ARCHIVE")).toContain("Nothing was unpacked");
    },
  );

  const link = (target: string) =>
    [new TextEncoder().encode(target), { os: 3, attrs: 0o120777 << 16 }] as Zippable[string];
  test.each<[string, Record<string, Zippable[string]>]>([
    [
      "a folder that is a link, before its files",
      { tokens: link(".."), "tokens/a.txt": new Uint8Array([1]) },
    ],
    ["a folder that is a link, after its files", { onnx: link("/tmp") }],
    ["a file as a folder", { "config.json/x": new Uint8Array([1]) }],
    ["a folder of 300 letters", { [`${"d".repeat(300)}/x`]: new Uint8Array([1]) }],
    ["a name of 5,000 letters", { [`x${"a/".repeat(2_500)}x`]: new Uint8Array([1]) }],
    ["folders in folders, 1,500 deep", { [`${"d/".repeat(1_500)}x`]: new Uint8Array([1]) }],
    ["a name with U+0000", { "a\0b": new Uint8Array([1]) }],
  ])("is refused whole for %s", async (_what, changes) => {
    const zip = await modelZip(model, { changes });
    expect(await refused(zip, "UNSAFE_ARCHIVE")).toContain("Nothing was unpacked");
  });

  test("has its links unpacked as text, which is not the file that the manifest names", async () => {
    const symbolicLink = 0o120777 << 16;
    const link = [new TextEncoder().encode("/etc/passwd"), { os: 3, attrs: symbolicLink }] as const;
    const zip = await modelZip(model, { changes: { "config.json": [...link] } });

    expect(await refused(zip, "MODEL_INVALID")).toContain("config.json is not the one");
    const beside = await modelZip(model, { changes: { "notes.txt": [...link] } });
    expect(await upload(beside)).toMatchObject({ status: 201 });
    expect(await readdir(join(parley.dataDirectory, "models/tiny-words"))).not.toContain("notes.txt");
    await remove("tiny-words");
  });
});

describe("row 82: a ZIP that swells", () => {
  test("is left at once, counted by what comes out, and the next one is taken", async () => {
    const bomb = await modelZip(model, { changes: { "weights.bin": new Uint8Array(80 * 1024 * 1024) } });
    expect(bomb.length).toBeLessThan(200_000);
    await refused(bomb, "RESOURCE_LIMIT");
    await refused(declaring(bomb, 1), "RESOURCE_LIMIT");
    await refused(declaring(bomb, 0xffffffff), "RESOURCE_LIMIT");
    const many = Object.fromEntries(Array.from({ length: 1_001 }, (_, n) => [`f${n}`, new Uint8Array()]));
    await refused(await modelZip(model, { changes: many }), "RESOURCE_LIMIT");

    expect(await upload(await modelZip(model))).toMatchObject({ status: 201 });
    await remove("tiny-words");
  });
});

describe("a ZIP of what is no working model", () => {
  const weights = () => readFile(join(model, "onnx/model.onnx"));
  const cases: [string, () => Promise<Uint8Array | string>, string][] = [
    [
      "an altered file",
      () => modelZip(model, { changes: { "config.json": new Uint8Array([123, 125]) } }),
      "config.json is not the one",
    ],
    [
      "a missing file",
      () => modelZip(model, { changes: { "onnx/model.onnx": null } }),
      "model.onnx is missing",
    ],
    [
      "no tokenizer",
      () => modelZip(model, { changes: { "tokenizer.json": null } }),
      "tokenizer.json is missing",
    ],
    [
      "no manifest",
      () => modelZip(model, { changes: { "parley-model.json": null } }),
      "no ZIP file with a parley-model.json",
    ],
    [
      "a manifest that is not JSON",
      () => modelZip(model, { changes: { "parley-model.json": new Uint8Array([123]) } }),
      "is not JSON",
    ],
    ["another dimension", () => changed({ dimension: 4 }), "4 dimensions but its vectors have 3"],
    ["a name that leads away", () => changed({ name: "../tiny" }), "is not valid"],
    [
      "a file path that leads away",
      () => changed({ files: { "../config.json": "0".repeat(64) } }),
      "is not valid",
    ],
    ["vectors that are not numbers", () => changed({}, [Number.NaN, 0, 0]), "not numbers"],
    ["text", async () => "PK? Not at all.", "no ZIP file"],
    ["nothing", async () => "", "no ZIP file"],
    ["half a ZIP", async () => (await modelZip(model)).subarray(0, 700), ""],
    ["weights that are none", async () => changedWeights((await weights()).subarray(0, 40)), ""],
  ];
  test.each(cases)("is refused for %s, says so, and leaves nothing behind", async (_what, zip, reason) => {
    expect(await refused(await zip(), "MODEL_INVALID")).toContain(reason);
  });

  async function changed(change: object, unknownWord?: number[]): Promise<Uint8Array> {
    await writeTinyModel(model, change, unknownWord);
    return modelZip(model);
  }

  async function changedWeights(bytes: Uint8Array): Promise<Uint8Array> {
    const manifest = JSON.parse(await readFile(join(model, "parley-model.json"), "utf8"));
    manifest.files["onnx/model.onnx"] = new Bun.CryptoHasher("sha256").update(bytes).digest("hex");
    await writeFile(join(model, "onnx/model.onnx"), bytes);
    await writeFile(join(model, "parley-model.json"), JSON.stringify(manifest));
    return modelZip(model);
  }
});

describe("row 86: an upload", () => {
  const post = (headers: Record<string, string>, body: string | Uint8Array) => {
    const lines = {
      Host: new URL(parley.url).host,
      Origin: parley.url,
      Cookie: owner.cookie ?? "",
      Connection: "close",
      ...headers,
    };
    const head = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`);
    return Buffer.concat([Buffer.from(`POST ${IMPORT} HTTP/1.1\r\n${head.join("")}\r\n`), Buffer.from(body)]);
  };
  const FORM = { "Content-Type": "multipart/form-data; boundary=b" };
  const part = (name: string, body: string, filename = '; filename="m.zip"') =>
    `--b\r\nContent-Disposition: form-data; name="${name}"${filename}\r\n\r\n${body}\r\n`;

  test("that says it is larger than 2 GB is refused before its first byte", async () => {
    const { status, body } = await expectNothingPersisted(parley, () =>
      rawRequest(parley.url, post({ ...FORM, "Content-Length": String(2 * 1024 ** 3 + 100_000) }, "")),
    );
    expect(status).toBe(413);
    expect(body).toContain("parley model import");
  });

  test.each([
    ["another type", { "Content-Type": "application/zip" }, "PK", 415],
    ["no boundary", { "Content-Type": "multipart/form-data" }, part("file", "x"), 400],
    ["another part", FORM, `${part("model", "x")}--b--\r\n`, 400],
    ["a field instead of a file", FORM, `${part("file", "x", "")}--b--\r\n`, 400],
    ["two files", FORM, `${part("file", "x")}${part("file", "y")}--b--\r\n`, 400],
    ["no end", FORM, part("file", "x"), 400],
    ["another boundary", FORM, part("file", "x").replace("--b", "--c"), 400],
    ["headers without an end", FORM, `--b\r\n${"x".repeat(20_000)}`, 400],
    ["no body", FORM, "", 400],
  ])("with %s is refused and leaves nothing behind", async (_what, headers, body, status) => {
    const length = { "Content-Length": String(Buffer.byteLength(body)) };
    const answer = await expectNothingPersisted(parley, () =>
      rawRequest(parley.url, post({ ...headers, ...length }, body)),
    );

    expect(answer.status).toBe(status);
    expect(await folders()).toEqual([]);
  });

  test("that is cut off leaves nothing behind, and keeps nobody else waiting", async () => {
    const cut = connect(Number(new URL(parley.url).port), "127.0.0.1");
    cut.write(post({ ...FORM, "Content-Length": "1000000" }, part("file", "PK".repeat(1000))));
    const second = async () => upload(await modelZip(model));
    await foldersAre(1);
    expect(await second()).toMatchObject({ status: 409, body: { error: { code: "CONFLICT" } } });

    cut.destroy();
    await foldersAre(0);
    expect(await second()).toMatchObject({ status: 201 });
    await remove("tiny-words");
  });

  test("that was at work when the process died is swept at the next start", async () => {
    await mkdir(join(parley.dataDirectory, "models/.upload-dead"), { recursive: true });
    await writeFile(join(parley.dataDirectory, "models/.upload-dead/upload.zip"), "PK");

    await parley.restart();
    await owner.signIn();

    expect(await folders()).toEqual([]);
  });

  test("comes in pieces of any size, whatever stands in it", async () => {
    const zip = await modelZip(model, {
      changes: { "notes.txt": new TextEncoder().encode("\r\n--b \r\n--bc") },
    });
    const body = Buffer.concat([
      Buffer.from(part("file", "").slice(0, -2)),
      Buffer.from(zip),
      Buffer.from("\r\n--bcde--\r\n"),
    ]);
    const form = { "Content-Type": 'multipart/form-data; boundary="bcde"' };
    const whole = post(
      { ...form, "Content-Length": String(body.length + 3) },
      Buffer.from(body.toString("latin1").replace("--b\r\n", "--bcde\r\n"), "latin1"),
    );
    const answer = await inPieces(whole, 97);
    expect(answer).toContain(" 201 ");
    await remove("tiny-words");
  });

  /** What the server says to bytes that arrive a few at a time. */
  function inPieces(bytes: Buffer, size: number): Promise<string> {
    return new Promise((resolve) => {
      let received = "";
      const socket = connect(Number(new URL(parley.url).port), "127.0.0.1", async () => {
        socket.setNoDelay(true);
        for (let at = 0; at < bytes.length; at += size) {
          socket.write(bytes.subarray(at, at + size));
          await new Promise((written) => setImmediate(written));
        }
      });
      socket.on("data", (chunk) => {
        received += chunk;
      });
      socket.on("close", () => resolve(received));
    });
  }
});

/** The bomb with another declared size in its local header of the weights. */
function declaring(zip: Uint8Array, size: number): Uint8Array {
  const changed = Buffer.from(zip);
  const name = changed.indexOf("weights.bin");
  // The uncompressed size stands eight bytes before the name: size, length of name, length of extra.
  changed.writeUInt32LE(size, name - 8);
  return new Uint8Array(changed);
}
