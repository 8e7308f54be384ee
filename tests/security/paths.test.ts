import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { type AdminClient, setUpOwner } from "../helpers/admin-client.ts";
import { rows } from "../helpers/database.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { rawRequest } from "../helpers/raw-http.ts";

let parley: Parley;
let owner: AdminClient;
beforeAll(async () => {
  parley = await startParley();
  owner = await setUpOwner(parley);
  await owner.addDocument("canary.txt", "The zanzibarcanary sings.");
});
afterAll(() => parley.remove());

/** Just as it stands: no client normalises it first. */
function get(path: string) {
  return rawRequest(
    parley.url,
    `GET ${path} HTTP/1.1\r\nHost: ${new URL(parley.url).host}\r\nConnection: close\r\n\r\n`,
  );
}

describe("row 11: no spelling of a path goes around the door", () => {
  test.each([
    "//api/admin/knowledge",
    "/API/ADMIN/knowledge",
    "/api/admin%2fknowledge",
    "/api/./admin/knowledge",
    "/api/admin/./knowledge",
    "/api/admin/..;/knowledge",
    "/api/widget/../admin/knowledge",
    "/api/widget/%2e%2e/admin/knowledge",
    "/api/admin/knowledge/",
    "/api/admin/knowledge%00",
    "/api/admin/knowledge;x",
    "/api/admin\\knowledge",
    "/assets/..%2f..%2fparley.db",
    "/assets/../../secret.key",
    "/assets/..%5c..%5csecret.key",
    "/assets/%2e%2e/%2e%2e/secret.key",
    "/logos/..%2fsecret.key",
    "/logos/../secret.key",
    "//etc/passwd",
    "http://localhost/api/admin/knowledge",
  ])("%s", async (path) => {
    const { status, body } = await get(path);

    expect([400, 401, 404]).toContain(status);
    expect(body).not.toContain("zanzibarcanary");
  });

  test("5000 mutated paths never reach anything without signing in", async () => {
    const random = seeded(20_261_122);
    const paths = Array.from({ length: 5000 }, () => mutate("/api/admin/knowledge", random));
    const wrong: string[] = [];
    const next = async () => {
      for (let path = paths.pop(); path !== undefined; path = paths.pop()) {
        const answer = await fetch(`${parley.url}${path}`, { redirect: "manual" }).catch(() => null);
        const text = (await answer?.text()) ?? "";
        const isPublic = /^\/+$/.test(new URL(parley.url + path).pathname);
        if (text.includes("zanzibarcanary") || (answer && !isPublic && answer.status < 400)) wrong.push(path);
      }
    };
    await Promise.all(Array.from({ length: 16 }, next));

    expect(wrong).toEqual([]);
  }, 60_000);
});

describe("row 77: a name that somebody gives is only ever text", () => {
  test.each([
    "../../parley.db",
    "..%2f..%2fsecret.key",
    "....//....//x.txt",
    "/etc/passwd",
    "C:\\Windows\\x.txt",
    "a\u0000.txt",
    "CON",
    `${"n".repeat(5000)}.txt`,
    "\u202Etxt.exe",
    "--help",
    "-o/etc/x",
    "$(id).txt",
    'a"\r\nX: y.txt',
  ])("%j", async (name) => {
    const before = await readdir(parley.dataDirectory);
    const { status, body } = await owner.upload({
      name,
      content: `Content of ${name.slice(0, 20)} ${Math.random()}`,
    });
    const [source] = body.items;
    if (status === 202) await owner.waitForSource(source?.id ?? "");

    expect([202, 400, 422]).toContain(status);
    expect(await readdir(parley.dataDirectory)).toEqual(before);
    for (const file of await readdir(join(parley.dataDirectory, "files")))
      expect(file).toMatch(/^fil_[0-9A-HJKMNP-TV-Z]{26}$/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may be left
    expect(source?.filename ?? "").not.toMatch(/[\u0000-\u001f\u202a-\u202e/\\]/);
    expect((source?.filename ?? "").length).toBeLessThanOrEqual(200);
  });

  test("every file on disk belongs to a row, under a name that the server made", async () => {
    const files = await readdir(join(parley.dataDirectory, "files"));
    const known = rows(parley, "select file_id from documents where file_id is not null");

    expect(files.sort()).toEqual(known.map(({ file_id }) => String(file_id)).sort());
  });

  test.each([
    "src_x",
    "../x",
    "..%2fx",
    `src_${"0".repeat(25)}`,
    `cnv_${"0".repeat(26)}`,
    "src_0000000000000000000000000O",
  ])("an id like %s is 400, not looked up", async (id) => {
    const { status } = await owner.call("GET", `/api/admin/knowledge/${encodeURIComponent(id)}`);
    expect(status).toBe(400);
  });
});

type Random = () => number;

function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const INSERTS = [
  "/",
  "//",
  "/./",
  "/../",
  "%2f",
  "%2F",
  "%2e",
  "%252f",
  "\\",
  "%5c",
  ";",
  "..;",
  "%00",
  "%09",
  "?",
  "#",
  "*",
  ":",
  "~",
  "%c0%af",
  ".",
];

function mutate(path: string, random: Random): string {
  let mutated = path;
  const times = 1 + Math.floor(random() * 3);
  for (let time = 0; time < times; time++) {
    const at = 1 + Math.floor(random() * mutated.length);
    const kind = random();
    if (kind < 0.6)
      mutated = mutated.slice(0, at) + INSERTS[Math.floor(random() * INSERTS.length)] + mutated.slice(at);
    else if (kind < 0.8) mutated = mutated.slice(0, at) + mutated.slice(at).toUpperCase();
    else {
      const code = mutated.charCodeAt(at);
      const escaped = Number.isNaN(code) ? "" : `%${code.toString(16).padStart(2, "0")}`;
      mutated = mutated.slice(0, at) + escaped + mutated.slice(at + 1);
    }
  }
  return mutated.startsWith("/") ? mutated : `/${mutated}`;
}
