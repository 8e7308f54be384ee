/**
 * Every endpoint, every place where a text enters: nothing that anybody sends is a fault of the server.
 * A sample that is always the same; FUZZ=all tries everything.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { z } from "zod";
import { audienceOf, type Endpoint, isUpload } from "../../src/http/endpoint.ts";
import { ENDPOINTS } from "../../src/http/server.ts";
import { type AdminClient, setUpOwner } from "../helpers/admin-client.ts";
import { examplePath, type Ids } from "../helpers/endpoint-examples.ts";
import { openSocket } from "../helpers/frames.ts";
import { HOSTILE_IN_ADDRESS, HOSTILE_IN_HEADER, HOSTILE_JSON, seeded } from "../helpers/hostile-texts.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { type RawAnswer, rawRequest } from "../helpers/raw-http.ts";
import { refusalAt } from "../helpers/refusals.ts";
import { openVisitor, type VisitorClient } from "../helpers/visitor-client.ts";

const EVERYTHING = process.env.FUZZ === "all";
const SAMPLE = 12;

let parley: Parley;
let owner: AdminClient;
let visitor: VisitorClient;
/** Of a program that may do all that programs may. */
let apiKey: string;
let key: string;
let ids: Ids;
beforeAll(async () => {
  parley = await startParley({
    environment: { PARLEY_MESSAGES_PER_MINUTE_PER_VISITOR: "10000", PARLEY_MESSAGES_PER_MINUTE: "10000" },
  });
  owner = await setUpOwner(parley);
  const source = await owner.addDocument("leave.txt", "Parental leave is 14 weeks.");
  key = (await owner.get<{ embedKey: string }>("/api/admin/widget")).embedKey;
  visitor = await openVisitor(parley, key);
  apiKey = await owner.apiKey();
  const { items } = await owner.get<{ items: { id: string }[] }>("/api/admin/tenants");
  ids = { tenant: items[0]?.id ?? "", source: source.id, "chat-session": visitor.session };
});
afterAll(() => parley.remove());

type Request = { path: string; headers?: Record<string, string>; body?: string | Uint8Array };

/** As it stands, byte for byte, from whoever may make the call. */
async function send(
  { method, need }: Endpoint,
  { path, headers = {}, body = "" }: Request,
): Promise<RawAnswer> {
  const lines = Object.entries({
    Host: new URL(parley.url).host,
    Origin: parley.url,
    Cookie: owner.cookie ?? "",
    Authorization: `Bearer ${audienceOf(need) === "program" ? apiKey : visitor.token}`,
    Connection: "close",
    "Content-Length": String(Buffer.byteLength(body)),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `${method === "ALL" ? "GET" : method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`;
  return rawRequest(parley.url, Buffer.concat([Buffer.from(head, "latin1"), Buffer.from(body)]));
}

/** That a model is not there is said with 503, whatever name was sent. Nothing else that is sent is the server's fault. */
function expectNoFault(what: unknown, endpoint: Endpoint | null, { status, body }: RawAnswer): void {
  const isFault = status >= 500 && !(status === 503 && /MODEL_NOT_AVAILABLE/i.test(body));
  expect([what, status, isFault ? body : ""]).toEqual([what, status, ""]);
  if (endpoint === null || status < 400 || !body.startsWith("{")) return;
  const { error } = JSON.parse(body) as { error: unknown };
  expect([what, error]).toEqual([what, refusalAt(endpoint.path)]);
}

function sampleOf<T>(all: readonly T[], place: string): readonly T[] {
  if (EVERYTHING || all.length <= SAMPLE) return all;
  const random = seeded(Bun.hash.crc32(place));
  return [...all].sort(() => random() - 0.5).slice(0, SAMPLE);
}

type Schema = {
  type?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  pattern?: string;
  format?: string;
  minLength?: number;
};

function described(schema: z.ZodType): Schema {
  return z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Schema;
}

/** A value that the schema takes, as far as it says so. */
function valid(schema: Schema, name: string): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const [first] = schema.anyOf ?? schema.oneOf ?? [];
  if (first) return valid(first, name);
  if (schema.type === "object")
    return Object.fromEntries(
      Object.entries(schema.properties ?? {}).map(([key, each]) => [key, valid(each, key)]),
    );
  if (schema.type === "array") return schema.items ? [valid(schema.items, name)] : [];
  if (schema.type === "number" || schema.type === "integer") return 1;
  if (schema.type === "boolean") return true;
  return KNOWN[name]?.() ?? "A text of some length";
}

const KNOWN: Record<string, () => string> = {
  key: () => key,
  session: () => visitor.session,
  id: () => crypto.randomUUID(),
  source: () => ids.source ?? "",
  message: () => "msg_01ARZ3NDEKTSV4RRFFQ69G5FAV",
  email: () => "ada@example.org",
  provider: () => "extractive",
  baseUrl: () => "http://127.0.0.1:9/v1",
  primaryColor: () => "#00655b",
  allowedDomains: () => "intranet.example",
};

/** Paths to every value of the body: `["context","title"]`, `["tags", 0]`. */
function placesOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, each]) => placesOf(each, [...path, name]))];
}

const MARK = "@@here@@";

function bodyWith(value: unknown, path: readonly string[]): string {
  const copy = structuredClone({ "": value }) as Record<string, unknown>;
  let at = copy;
  for (const name of ["", ...path].slice(0, -1)) at = at[name] as Record<string, unknown>;
  at[path.at(-1) ?? ""] = MARK;
  return JSON.stringify(copy[""]);
}

/** Calls that need a provider to be well, or that would end what the other tests need. */
const LEFT_OUT = new Set([
  "POST /api/auth/logout",
  "POST /api/admin/tenants/:id/rotate-key",
  "GET /api/chat/events/:session",
]);
const TRIED = ENDPOINTS.filter(({ method, path, socket }) => !socket && !LEFT_OUT.has(`${method} ${path}`));
const each = (endpoints: readonly Endpoint[]) =>
  endpoints.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const);

describe("no body is a fault of the server", () => {
  test.each(each(TRIED.filter(({ body }) => body && !isUpload(body))))("%s", async (name, endpoint) => {
    const value = valid(described(endpoint.body as z.ZodType), "");
    for (const place of placesOf(value)) {
      const body = bodyWith(value, place);
      for (const text of sampleOf(HOSTILE_JSON, `${name} ${place}`)) {
        const json = body.replace(`"${MARK}"`, () => text);
        // One more time under the same name: the last one counts, or none.
        const sent = place.length === 1 ? json.replace(/^\{/, `{${JSON.stringify(place[0])}:null,`) : json;
        const request = {
          path: examplePath(endpoint, ids),
          headers: { "Content-Type": "application/json" },
          body: sent,
        };
        expectNoFault([place, text.slice(0, 80)], endpoint, await send(endpoint, request));
      }
    }
  });
});

describe("no address is a fault of the server", () => {
  test.each(each(TRIED))("%s", async (name, endpoint) => {
    const path = examplePath(
      { ...endpoint, path: endpoint.path.replace(/\{.*\}/, "").replace(/:(path|file)/, "x") },
      ids,
    );
    const names = Object.keys(endpoint.query ? (described(endpoint.query).properties ?? {}) : { unknown: 1 });
    for (const text of sampleOf(HOSTILE_IN_ADDRESS, name)) {
      for (const parameter of [...names, text])
        expectNoFault(
          [parameter, text],
          endpoint,
          await send(endpoint, { path: `${path}?${parameter}=${text}` }),
        );
      const parts = path
        .split("/")
        .map((_part, index, all) => all.with(index, index === 0 ? "" : text).join("/"));
      for (const address of parts.slice(2))
        expectNoFault(address, endpoint, await send(endpoint, { path: address }));
    }
  });
});

describe("no header is a fault of the server", () => {
  const HEADERS = [
    "Host",
    "Origin",
    "Cookie",
    "Authorization",
    "X-Parley-Tenant",
    "Content-Type",
    "Accept",
    "Accept-Encoding",
    "If-None-Match",
    "X-Forwarded-For",
    "Sec-Fetch-Site",
    "Range",
  ];

  test.each(each(TRIED.filter(({ method }) => method !== "DELETE")))("%s", async (name, endpoint) => {
    for (const header of sampleOf(HEADERS, name))
      for (const text of sampleOf(HOSTILE_IN_HEADER, `${name} ${header}`).slice(
        0,
        EVERYTHING ? undefined : 3,
      ))
        expectNoFault(
          [header, text],
          // Without a host that is one, what follows it is no path either, so that it is nobody's to refuse.
          header.toLowerCase() === "host" ? null : endpoint,
          await send(endpoint, {
            path: examplePath(
              { ...endpoint, path: endpoint.path.replace(/\{.*\}/, "").replace(/:(path|file)/, "x") },
              ids,
            ),
            headers: { [header]: text },
          }),
        );
  });
});

describe("no schema lets through what could not be given back", () => {
  const schemas = TRIED.flatMap(({ method, path, body, query }) =>
    [body && !isUpload(body) ? body : undefined, query].flatMap((schema) =>
      schema ? [[`${method} ${path}`, schema] as const] : [],
    ),
  );

  test.each(schemas)("%s", (_name, schema) => {
    const value = valid(described(schema), "");
    for (const place of placesOf(value)) {
      for (const text of ["a\ud800", "\udc00b", "a\0b"]) {
        const parsed = schema.safeParse(
          JSON.parse(bodyWith(value, place).replace(`"${MARK}"`, () => JSON.stringify(text))),
        );
        const kept = parsed.success ? JSON.stringify(parsed.data) : "";
        expect([place, /\\u(d[89a-f]|0000)/.exec(kept)]).toEqual([place, null]);
      }
    }
  });
});

test.each(["two\nlines\r\nand a\ttab", "كم يوما \u202dالإجازة\u202c?", "👩‍👩‍👧‍👦 e\u0301 می\u200cخواهم"])(
  "a visitor's question %j is stored as it was sent",
  async (text) => {
    const asking = await openVisitor(parley, key);
    await asking.call("POST", "/api/chat/message", {
      session: asking.session,
      id: crypto.randomUUID(),
      text,
    });
    const { body } = await asking.call<{ messages: { content: string }[] }>(
      "GET",
      `/api/chat/history/${asking.session}`,
    );
    expect(body.messages[0]?.content).toBe(text);
  },
);

test("no frame of a chat is a fault of the server", async () => {
  const frames = [
    {
      type: "hello",
      token: "t".repeat(30),
      after: 0,
      locale: "en",
      page: { url: "https://a.example", title: "A" },
    },
    { type: "message", id: "client-0001", text: "How long is leave?", context: { url: "", title: "" } },
    { type: "feedback", message: "msg_01ARZ3NDEKTSV4RRFFQ69G5FAV", rating: "helpful", comment: "x" },
  ];
  for (const frame of frames) {
    for (const place of placesOf(frame)) {
      const socket = await openSocket(`${parley.url}/ws/chat/${visitor.session}`, { origin: parley.url });
      socket.send({ type: "hello", token: visitor.token });
      await socket.next("ready");
      for (const text of sampleOf(
        HOSTILE_JSON.filter(({ length }) => length < 20_000),
        `${place}`,
      ).slice(0, 5))
        socket.sendRaw(bodyWith(frame, place).replace(`"${MARK}"`, () => text));
      await socket.close();
    }
  }
  expect(parley.log()).not.toContain("socket-frame-failed");
});

test("and after all of it Parley answers, with nothing in its log that nobody expected", async () => {
  expect((await fetch(`${parley.url}/readyz`)).status).toBe(200);
  expect(parley.log()).not.toMatch(/"(request-failed|uncaught\w*)"/);
});
