import { afterAll, afterEach, beforeAll, describe, expect, test } from "bun:test";
import { zipSync } from "fflate";
import { audienceOf, type Endpoint, isUpload } from "../../src/http/endpoint.ts";
import { ENDPOINTS } from "../../src/http/server.ts";
import { type AdminClient, formOf, setUpOwner } from "../helpers/admin-client.ts";
import { examplePath } from "../helpers/endpoint-examples.ts";
import { expectNothingPersisted } from "../helpers/nothing-persisted.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { rawRequest } from "../helpers/raw-http.ts";
import { refusalAt } from "../helpers/refusals.ts";
import { openVisitor, type VisitorClient } from "../helpers/visitor-client.ts";

let parley: Parley;
let owner: AdminClient;
let visitor: VisitorClient;
/** Of a program that may do all that programs may. */
let apiKey: string;
let pid: number;
beforeAll(async () => {
  parley = await startParley();
  pid = parley.pid;
  owner = await setUpOwner(parley);
  const { embedKey } = await owner.get<{ embedKey: string }>("/api/admin/widget");
  visitor = await openVisitor(parley, embedKey);
  apiKey = await owner.apiKey();
  // That a key is used is written down with its first call.
  await fetch(`${parley.url}/v1/models`, { headers: { authorization: `Bearer ${apiKey}` } });
});
afterAll(() => parley.remove());

/** Whatever a test threw at it, the same process goes on. */
afterEach(async () => {
  expect((await fetch(`${parley.url}/healthz`)).status).toBe(200);
  expect(() => process.kill(pid, 0)).not.toThrow();
});

const JSON_BODY = ENDPOINTS.filter(({ body }) => body && !isUpload(body));
const UPLOADS = ENDPOINTS.filter(({ body }) => body && isUpload(body));
const JSON_TYPE = { "content-type": "application/json" };

/** As whoever may make the call, so that only the body is wrong. */
function send(endpoint: Endpoint, headers: Record<string, string>, body?: string | Uint8Array | FormData) {
  return fetch(`${parley.url}${examplePath(endpoint)}`, {
    method: endpoint.method,
    headers: {
      origin: parley.url,
      cookie: owner.cookie ?? "",
      authorization: `Bearer ${audienceOf(endpoint.need) === "program" ? apiKey : visitor.token}`,
      ...headers,
    },
    ...(body !== undefined && { body: body instanceof Uint8Array ? new Uint8Array(body) : body }),
  });
}

async function expectRefusal(answer: Response, statuses: number[]): Promise<void> {
  const text = await answer.text();
  expect(statuses).toContain(answer.status);
  expect(JSON.parse(text)).toMatchObject({ error: refusalAt(new URL(answer.url).pathname) });
  expect(text).not.toMatch(/\bat \/|\.ts:\d|node_modules|SQLITE/);
}

describe("row 99: no body ends the process, whatever the route", () => {
  const nested = "[".repeat(100_000) + "]".repeat(100_000);
  const bodies: [string, string | Uint8Array | undefined][] = [
    ["no body", undefined],
    ["null", "null"],
    ["an array", "[]"],
    ["text", '"x"'],
    ["half of an object", '{"a":'],
    ["100,000 nested arrays", nested],
    ["a nested object", `{"email":${nested},"text":${nested}}`],
    ["bytes that are no UTF-8", new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])],
    ["a lone surrogate in a key", '{"\\ud800":1}'],
    ["a prototype", '{"__proto__":{"admin":true},"constructor":{"prototype":{}}}'],
    ["a number too large", '{"limit":1e999}'],
  ];

  for (const endpoint of JSON_BODY) {
    test(`${endpoint.method} ${endpoint.path}`, async () => {
      await expectNothingPersisted(parley, async () => {
        for (const [, body] of bodies)
          await expectRefusal(await send(endpoint, JSON_TYPE, body), [400, 401, 404, 409]);
        for (const type of [
          "text/plain",
          "application/x-www-form-urlencoded",
          "multipart/form-data; boundary=x",
          "",
        ])
          await expectRefusal(await send(endpoint, { "content-type": type }, "{}"), [415]);
      });
    });
  }

  for (const endpoint of UPLOADS) {
    test(`${endpoint.method} ${endpoint.path}`, async () => {
      await expectNothingPersisted(parley, async () => {
        for (const [, body] of bodies) await expectRefusal(await send(endpoint, JSON_TYPE, body), [415]);
        const multipart = { "content-type": "multipart/form-data; boundary=x" };
        for (const body of [
          "",
          "--x",
          "--x\r\n\r\n--x--",
          "--y\r\nContent-Disposition: form-data\r\n\r\nz\r\n--y--",
        ])
          await expectRefusal(await send(endpoint, multipart, body), [400]);
        await expectRefusal(await send(endpoint, { "content-type": "multipart/form-data" }, "x"), [400]);
      });
    });
  }

  test("a body of more than 1 MB is refused as too large, with or without a length", async () => {
    const large = new TextEncoder().encode(`{"email":"${"x".repeat(1_100_000)}","password":"x"}`);
    const login = ENDPOINTS.find(({ path }) => path === "/api/auth/login") as Endpoint;

    await expectRefusal(await send(login, JSON_TYPE, large), [413]);
    const streamed = await fetch(`${parley.url}/api/auth/login`, {
      method: "POST",
      headers: { origin: parley.url, ...JSON_TYPE },
      body: new ReadableStream({
        start(controller) {
          controller.enqueue(large);
          controller.close();
        },
      }),
    });
    await expectRefusal(streamed, [413]);
  });

  test("requests that lie about themselves are cut off", async () => {
    const { host } = new URL(parley.url);
    const post = `POST /api/auth/login HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${parley.url}\r\nContent-Type: application/json\r\nConnection: close\r\n`;
    const lies = [
      `${post}Content-Length: -1\r\n\r\n{}`,
      `${post}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      `${post}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`,
      `${post}Transfer-Encoding: chunked\r\n\r\nzzz\r\n`,
      `${post}X-Large: ${"x".repeat(1_000_000)}\r\n\r\n`,
      `${post}: nothing\r\n\r\n`,
      "GET\r\n\r\n",
      "\0\0\0\0\r\n\r\n",
    ];
    for (const lie of lies) {
      const { status, body } = await rawRequest(parley.url, lie);
      expect(status === 0 || (status >= 400 && status < 500)).toBe(true);
      expect(body).not.toContain(".ts:");
    }
  }, 30_000);

  test("a body shorter than its length keeps nobody else waiting", async () => {
    const { host, port, hostname } = new URL(parley.url);
    const half = await Bun.connect({ hostname, port: Number(port), socket: { data() {} } });
    half.write(
      `POST /api/auth/login HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${parley.url}\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"email":`,
    );
    expect((await fetch(`${parley.url}/readyz`)).status).toBe(200);
    half.end();
  });
});

describe("row 87: what somebody searches for is text", () => {
  test.each([
    '"',
    "NEAR(a b)",
    "*",
    "title:x",
    "a AND (b OR",
    "-x",
    "{a b}:c",
    "'; drop table users; --",
    "7~urlaub",
    "%_%",
    "\u0000",
    "\ud800",
    "",
    " ",
    "(a+)+$",
  ])("%j", async (query) => {
    const answer = await owner.call("POST", "/api/admin/knowledge/search", { query });
    expect(answer.status).toBe(200);
    const listed = await owner.call(
      "GET",
      `/api/admin/knowledge?q=${encodeURIComponent(query.toWellFormed().slice(0, 200))}`,
    );
    expect([200, 400]).toContain(listed.status);
  });

  test("a pattern that would backtrack for ever is only long", async () => {
    const query = `(a+)+$${"a".repeat(9_000)}`;
    expect((await owner.call("POST", "/api/admin/knowledge/search", { query })).status).toBe(200);
  });

  test("a query of more than 10,000 characters is 400", async () => {
    const answer = await owner.call("POST", "/api/admin/knowledge/search", { query: "a".repeat(30_000) });
    expect(answer.status).toBe(400);
  });
});

describe("row 83: taking a file in reads its first bytes and inflates nothing", () => {
  test("an archive that inflates a thousandfold is answered at once, and ends as a known failure", async () => {
    const zeros = new Uint8Array(30_000_000);
    const bomb = zipSync(
      { "[Content_Types].xml": new Uint8Array(), "word/document.xml": zeros },
      { level: 9 },
    );
    const { status, body } = await owner.call<{ items: { id: string; status: string }[] }>(
      "POST",
      "/api/admin/knowledge/upload",
      formOf([{ name: "bomb.docx", content: bomb }]),
    );

    expect([202, 422]).toContain(status);
    if (status === 202) {
      const source = await owner.waitForSource(body.items[0]?.id ?? "", "failed");
      expect(source.errorCode).toMatch(/^(RESOURCE_LIMIT|MALFORMED_DOCUMENT|EMPTY_DOCUMENT)$/);
    }
  }, 30_000);
});

test("a body in chunks is refused once it is too long, not when it is whole", async () => {
  const head = `POST /api/widget/session HTTP/1.1\r\nHost: parley\r\nContent-Type: application/json\r\n`;
  const chunk = `80000\r\n${" ".repeat(0x80000)}\r\n`;

  // Three half megabytes, and no end.
  const answer = await rawRequest(parley.url, `${head}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(3)}`);

  expect(answer.status).toBe(413);
});

test("files in chunks are refused once they are too long, not when they are whole", async () => {
  const head = [
    "POST /api/admin/widget/logo HTTP/1.1",
    `Host: ${new URL(parley.url).host}`,
    `Origin: ${parley.url}`,
    `Cookie: ${owner.cookie}`,
    "Content-Type: multipart/form-data; boundary=b",
    "Transfer-Encoding: chunked",
  ];
  const chunk = `80000\r\n${" ".repeat(0x80000)}\r\n`;

  const answer = await rawRequest(parley.url, `${head.join("\r\n")}\r\n\r\n${chunk.repeat(4)}`);

  expect(answer.status).toBe(413);
});
