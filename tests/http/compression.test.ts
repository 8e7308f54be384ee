/** What goes over the wire, and that a stream is never held back for it. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { type AdminClient, setUpOwner } from "../helpers/admin-client.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { clientId, openVisitor } from "../helpers/visitor-client.ts";

let parley: Parley;
let owner: AdminClient;
let scripts: string[];

beforeAll(async () => {
  parley = await startParley();
  owner = await setUpOwner(parley);
  for (let n = 1; n <= 8; n++)
    await owner.addDocument(`policy-${n}.md`, `# Policy ${n}\n\nParental leave is ${n} weeks at full pay.`);
  const page = await (await fetch(parley.url)).text();
  scripts = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+\.(?:js|css))"/g)].map(([, path]) => path ?? "");
});
afterAll(() => parley.remove());

/** As it came over the wire. */
async function wire(path: string, acceptEncoding: string, headers: Record<string, string> = {}) {
  const answer = await fetch(`${parley.url}${path}`, {
    headers: { "accept-encoding": acceptEncoding, ...headers },
    decompress: false,
  });
  return { answer, bytes: new Uint8Array(await answer.arrayBuffer()) };
}

const DECODED = { br: brotliDecompressSync, gzip: gunzipSync } as const;

describe("the files of the backoffice and the widget", () => {
  test.each(["br", "gzip"] as const)(
    "come as %s where the browser takes it, and are the same",
    async (encoding) => {
      expect(scripts.length).toBeGreaterThan(1);
      for (const path of ["/widget.js", ...scripts]) {
        const plain = await wire(path, "identity");
        const { answer, bytes } = await wire(path, encoding);

        expect([path, answer.headers.get("content-encoding")]).toEqual([path, encoding]);
        expect(answer.headers.get("vary")).toContain("Accept-Encoding");
        expect(bytes.length).toBeLessThan(plain.bytes.length / 2);
        expect(Buffer.compare(DECODED[encoding](bytes), plain.bytes)).toBe(0);
        expect(answer.headers.get("content-type")).toBe(plain.answer.headers.get("content-type"));
      }
    },
  );

  test.each(["identity", "", "gzip;q=0", "br;q=0, gzip;q=0.0, *;q=0", "deflate"])(
    "come as they are where it takes “%s” only",
    async (accepted) => {
      const { answer } = await wire("/widget.js", accepted);

      expect(answer.headers.get("content-encoding")).toBeNull();
    },
  );

  test("are validated by what was sent, so that no cache mixes the two up", async () => {
    const tagOf = async (accepted: string) =>
      (await wire("/widget.js", accepted)).answer.headers.get("etag") ?? "";
    const [plain, gzip, br] = [await tagOf("identity"), await tagOf("gzip"), await tagOf("gzip, br")];

    expect(new Set([plain, gzip, br]).size).toBe(3);
    expect((await wire("/widget.js", "gzip", { "if-none-match": gzip })).answer.status).toBe(304);
    expect((await wire("/widget.js", "gzip", { "if-none-match": br })).answer.status).toBe(200);
  });
});

describe("JSON", () => {
  test("above a packet's size comes as gzip, below it as it is", async () => {
    const signedIn = { cookie: owner.cookie ?? "" };
    const list = await wire("/api/admin/knowledge", "gzip", signedIn);
    const plain = await wire("/api/admin/knowledge", "identity", signedIn);
    const small = await wire("/api/setup", "gzip");

    expect(plain.bytes.length).toBeGreaterThan(1024);
    expect(list.answer.headers.get("content-encoding")).toBe("gzip");
    expect(list.answer.headers.get("content-type")).toBe(plain.answer.headers.get("content-type"));
    expect(Buffer.compare(gunzipSync(list.bytes), plain.bytes)).toBe(0);
    expect(small.answer.headers.get("content-encoding")).toBeNull();
    expect(JSON.parse(new TextDecoder().decode(small.bytes))).toMatchObject({ initialised: true });
  });

  test("of an error keeps its status", async () => {
    const { answer, bytes } = await wire("/api/admin/knowledge", "gzip");

    expect(answer.status).toBe(401);
    expect(JSON.parse(new TextDecoder().decode(bytes))).toMatchObject({ error: { code: "UNAUTHENTICATED" } });
  });
});

test("a stream is never compressed, and tells proxies to pass it on at once", async () => {
  const { embedKey } = await owner.get<{ embedKey: string }>("/api/admin/widget");
  const visitor = await openVisitor(parley, embedKey);
  const answer = await visitor.fetch("POST", "/api/chat/message", {
    headers: { accept: "text/event-stream", "accept-encoding": "gzip, br" },
    body: { session: visitor.session, id: clientId(), text: "How long is parental leave?" },
  });
  await answer.text();

  expect(answer.headers.get("content-type")).toContain("text/event-stream");
  expect(answer.headers.get("content-encoding")).toBeNull();
  expect(answer.headers.get("x-accel-buffering")).toBe("no");
});
