/** Parley as a server of the Model Context Protocol, asked by the official client with an API key. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { type AdminClient, adminClient } from "../helpers/admin-client.ts";
import { type Parley, startParley } from "../helpers/parley.ts";

type Created = { id: string; key: string; last4: string };
const FACT = "Parental leave is 26 weeks at full pay.";
let parley: Parley;
let admin: AdminClient;
let key: string;

beforeAll(async () => {
  parley = await startParley();
  admin = adminClient(parley);
  await admin.setUp({ token: parley.setupToken ?? "" });
  await admin.addDocument("Leave.md", `# Parental leave\n\n${FACT}\n`);
  key = (await makeKey()).key;
});
afterAll(() => parley.remove());

async function makeKey(more: Record<string, unknown> = {}): Promise<Created> {
  const made = await admin.call<Created>("POST", "/api/admin/api-keys", {
    name: "An agent",
    scopes: ["mcp"],
    ...more,
  });
  expect(made.status).toBe(201);
  return made.body;
}

async function connected<Result>(work: (client: Client) => Promise<Result>, withKey = key): Promise<Result> {
  const client = new Client({ name: "a test", version: "1" });
  const headers = { authorization: `Bearer ${withKey}` };
  const transport = new StreamableHTTPClientTransport(new URL(`${parley.url}/mcp`), {
    requestInit: { headers },
  });
  // The SDK's class and its own interface differ under exactOptionalPropertyTypes.
  await client.connect(transport as Parameters<Client["connect"]>[0]);
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

const textOf = (result: unknown): string =>
  (result as { content: { text: string }[] }).content[0]?.text ?? "";
const callTool = (name: string, given: Record<string, unknown>) =>
  connected((client) => client.callTool({ name, arguments: given }));

test("a program finds what it may call, and the passage of a question", async () => {
  const { tools } = await connected((client) => client.listTools());
  expect(tools.map(({ name }) => name)).toEqual(["search_knowledge", "fetch_passage"]);

  const found = JSON.parse(
    textOf(await callTool("search_knowledge", { query: "How long is parental leave?" })),
  );
  expect(found.passages[0]).toMatchObject({
    title: "Leave",
    text: expect.stringContaining(FACT),
    answersTheQuestion: true,
  });

  const fetched = JSON.parse(textOf(await callTool("fetch_passage", { id: found.passages[0].id })));
  expect(fetched).toMatchObject({ title: "Leave", passages: [{ text: expect.stringContaining(FACT) }] });
});

test.each<[string, Record<string, unknown>, string]>([
  ["search_knowledge", { query: "" }, "INVALID_ARGUMENT"],
  ["search_knowledge", { query: { $ne: null } }, "INVALID_ARGUMENT"],
  ["search_knowledge", { query: "leave", limit: 1.5 }, "INVALID_ARGUMENT"],
  ["fetch_passage", { id: "chk_01J00000000000000000000000" }, "NOT_FOUND"],
  ["fetch_passage", { id: ["chk"] }, "NOT_FOUND"],
  ["drop_everything", {}, "UNKNOWN_TOOL"],
])("%s with %j is the program's to mend: %s", async (name, given, code) => {
  const result = await callTool(name, given);
  expect(result.isError).toBe(true);
  expect(textOf(result)).toStartWith(code);
});

describe("a key", () => {
  const post = (headers: Record<string, string>, path = "/mcp") =>
    fetch(`${parley.url}${path}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
        ...headers,
      },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list" }),
    });

  test("opens by the one header alone, and nothing but what it is for", async () => {
    expect((await post({ authorization: `Bearer ${key}` })).status).toBe(200);
    const others = [
      post({}),
      post({ authorization: `Basic ${btoa(`x:${key}`)}` }),
      post({ authorization: `bearer ${key.toUpperCase()}` }),
      post({ "x-api-key": key }),
      post({ cookie: `parley_session=${key}` }),
      post({}, `/mcp?api_key=${key}`),
      post({ authorization: `Bearer prl_${"x".repeat(43)}` }),
      post({ authorization: "Bearer x' OR '1'='1" }),
      post({ authorization: `Bearer ${"a".repeat(10_000)}` }),
    ];
    for (const answer of await Promise.all(others)) expect(answer.status).toBe(401);
    expect(
      (await fetch(`${parley.url}/api/admin/tenants`, { headers: { authorization: `Bearer ${key}` } }))
        .status,
    ).toBe(401);
  });

  test("is shown once, listed without itself, and gone when it is revoked", async () => {
    const made = await makeKey({ name: "For a while" });
    expect(made.key).toStartWith("prl_");
    const listed = await admin.get<{ items: Record<string, unknown>[] }>("/api/admin/api-keys");
    expect(listed.items[0]).toMatchObject({ id: made.id, name: "For a while", last4: made.key.slice(-4) });
    expect(JSON.stringify(listed)).not.toContain(made.key);

    expect((await post({ authorization: `Bearer ${made.key}` })).status).toBe(200);
    expect((await admin.call("DELETE", `/api/admin/api-keys/${made.id}`)).status).toBe(204);
    expect((await post({ authorization: `Bearer ${made.key}` })).status).toBe(401);
    expect((await admin.call("DELETE", `/api/admin/api-keys/${made.id}`)).status).toBe(404);
  });

  test("expires, and cannot be made for a time that is over or for nothing", async () => {
    const soon = new Date(Date.now() + 1_500).toISOString();
    const made = await makeKey({ expiresAt: soon });
    expect((await post({ authorization: `Bearer ${made.key}` })).status).toBe(200);
    let status = 200;
    while (status === 200) status = (await post({ authorization: `Bearer ${made.key}` })).status;
    expect(status).toBe(401);

    const past = { name: "Late", scopes: ["mcp"], expiresAt: "2020-01-01T00:00:00Z" };
    expect((await admin.call("POST", "/api/admin/api-keys", past)).status).toBe(400);
    expect((await admin.call("POST", "/api/admin/api-keys", { name: "None", scopes: [] })).status).toBe(400);
    expect((await admin.call("POST", "/api/admin/api-keys", { name: "All", scopes: ["root"] })).status).toBe(
      400,
    );
  });

  test("stands in no file of the data folder", () => {
    const found = Bun.spawnSync(["grep", "-rlaF", key, parley.dataDirectory]);
    expect(found.stdout.toString()).toBe("");
  });
});

test("calls that are none of the protocol's are refused, and Parley goes on", async () => {
  const send = (body: string, method = "POST") =>
    fetch(`${parley.url}/mcp`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        "content-type": "application/json",
        accept: "application/json, text/event-stream",
      },
      ...(method === "POST" && { body }),
    });
  for (const body of ["", "null", '"x"', "{", "[".repeat(100_000)]) {
    const { status } = await send(body);
    expect([status, status >= 400 && status < 500]).toEqual([status, true]);
  }
  expect((await send("x".repeat(2_000_000))).status).toBe(413);
  expect((await fetch(`${parley.url}/healthz`)).status).toBe(200);
});
