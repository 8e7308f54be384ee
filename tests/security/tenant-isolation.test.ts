import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { newId } from "../../src/domain/ids.ts";
import { audienceOf, type Endpoint, isUpload } from "../../src/http/endpoint.ts";
import { ENDPOINTS } from "../../src/http/server.ts";
import { type AdminClient, formOf, setUpOwner } from "../helpers/admin-client.ts";
import { aTool } from "../helpers/builders.ts";
import { addMember, rows, withDatabase } from "../helpers/database.ts";
import { examplePath, type Ids, unknownId } from "../helpers/endpoint-examples.ts";
import { expectNothingPersisted } from "../helpers/nothing-persisted.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { clientId, openVisitor, type VisitorClient } from "../helpers/visitor-client.ts";

/** In every row of tenant B, and nowhere else. */
const CANARY = "zanzibarcanary";

let parley: Parley;
let a: AdminClient;
let visitorOfA: VisitorClient;
let visitorOfB: VisitorClient;
/** Real ids of tenant B, one of each kind that an address of a tenant's backoffice names. */
let idsOfB: Ids;
let tenantB: string;

beforeAll(async () => {
  parley = await startParley();
  const owner = await setUpOwner(parley);
  const [tenantA] = (await owner.get<{ items: { id: string }[] }>("/api/admin/tenants")).items;
  tenantB = (await owner.send<{ id: string }>("POST", "/api/admin/tenants", { name: `B ${CANARY}` })).id;
  const b = await addMember(parley, tenantB, "owner");
  a = await addMember(parley, tenantA?.id ?? "", "owner");

  await a.addDocument("leave.txt", "Parental leave is 12 weeks.");
  const source = await b.addDocument(
    `${CANARY}.md`,
    `# ${CANARY}\n\nParental leave is 26 weeks in ${CANARY}.`,
  );
  await b.send("PATCH", `/api/admin/knowledge/${source.id}`, { tags: [CANARY] });
  await b.send("PUT", "/api/admin/widget", {
    displayName: CANARY,
    greeting: CANARY,
    subtitle: CANARY,
    suggestedQuestions: [CANARY],
    allowedDomains: [`${CANARY}.example`],
  });
  await b.send("PUT", "/api/admin/llm/config", { systemPrompt: CANARY });
  visitorOfA = await openVisitor(parley, (await a.get<{ embedKey: string }>("/api/admin/widget")).embedKey);
  visitorOfB = await openVisitor(
    parley,
    (await b.get<{ embedKey: string }>("/api/admin/widget")).embedKey,
    `https://${CANARY}.example`,
  );
  const answer = await visitorOfB.ask(`How long is parental leave in ${CANARY}?`);
  await visitorOfB.ask(`Which colour has the moon of ${CANARY} zzz?`);
  const { conversation } = await visitorOfB.history();
  const question = await b.send<{ id: string }>("POST", "/api/admin/evals/questions", {
    text: `How long is parental leave in ${CANARY}?`,
    expected: [{ source: source.id, passage: CANARY }],
  });
  const synonym = await b.send<{ id: string }>("POST", "/api/admin/synonyms", {
    asked: [CANARY],
    written: [`${CANARY} leave`],
  });
  const credential = await b.send<{ id: string }>("POST", "/api/admin/credentials", {
    ...{ name: CANARY, kind: "basic", username: CANARY, password: CANARY },
  });
  const llm = await b.send<{ id: string }>("POST", "/api/admin/llm/providers", {
    ...{ name: CANARY, provider: "ollama", model: CANARY, proxy: `http://${CANARY}.example` },
  });
  const apiKey = await b.send<{ id: string }>("POST", "/api/admin/api-keys", {
    ...{ name: CANARY, scopes: ["mcp"] },
  });
  const run = await b.send<{ id: string }>("POST", "/api/admin/evals/runs");
  const live = await b.live();
  while ((await b.get<{ state: string }>(`/api/admin/evals/runs/${run.id}`)).state !== "done")
    await live.next("job");
  await live.close();
  const [connection, tool, mcpServer] = [newId("connection"), newId("tool"), newId("mcp-server")];
  withDatabase(parley, (database) => {
    // Nothing is asked of a database here, so there is none.
    database.run(
      `insert into db_connections (tenant_id, id, name, kind, host, port, database_name, username, tls, masks, state,
         created_at, updated_at) values (?, ?, ?, 'postgres', 'db.example', 5432, ?, ?, 'off', '[]', 'unchecked', 0, 0)`,
      [tenantB, connection, CANARY, CANARY, CANARY],
    );
    database.run(
      `insert into mcp_servers (tenant_id, id, name, url, state, created_at, updated_at)
         values (?, ?, ?, ?, 'unchecked', 0, 0)`,
      [tenantB, mcpServer, CANARY, `https://${CANARY}.example/mcp`],
    );
    const definition = {
      ...aTool({ action: { type: "db_query", connection, query: `select '${CANARY}'` } }),
      ...{ label: CANARY, description: CANARY },
    };
    database.run("insert into tools values (?, ?, ?, 'db_query', ?, ?, 1, 0, 0, null, null)", [
      ...[tenantB, tool, CANARY, JSON.stringify(definition), connection],
    ]);
  });
  idsOfB = {
    ...{ connection, tool },
    tenant: tenantB,
    credential: credential.id,
    "mcp-server": mcpServer,
    "api-key": apiKey.id,
    "llm-config": llm.id,
    "golden-question": question.id,
    "evaluation-run": run.id,
    synonym: synonym.id,
    source: source.id,
    conversation,
    message: answer.id,
  };
});
afterAll(() => parley.remove());

const SETTINGS = {
  ...{ name: "Mine", type: "postgres", host: "db.example", port: 5432 },
  ...{ database: "company", username: "reader", password: "secret", tls: "off" },
};
const TOOL = {
  ...{ name: "mine", label: "Mine", description: "Mine.", type: "db_query" },
  ...{ connection: unknownId("connection"), query: "select 1" },
};

/** Bodies that would do something, for every unsafe call of an admin. A new endpoint fails until it has its line. */
const BODIES: Record<string, unknown> = {
  "POST /api/admin/tenants/:id/rotate-key": undefined,
  "PATCH /api/admin/tenants/:id": { name: "Mine" },
  "POST /api/admin/knowledge/upload": () => formOf([{ name: "a.txt", content: "a" }]),
  "POST /api/admin/knowledge/samples": undefined,
  "POST /api/admin/knowledge/search": { query: `parental leave ${CANARY}` },
  "POST /api/admin/knowledge/answer": { question: `How long is parental leave in ${CANARY}?` },
  "PATCH /api/admin/knowledge/:id": { title: "Mine" },
  "DELETE /api/admin/knowledge/:id": undefined,
  "POST /api/admin/knowledge/:id/restore": undefined,
  "POST /api/admin/knowledge/:id/reingest": undefined,
  "POST /api/admin/synonyms": { asked: ["mine"], written: ["yours"] },
  "POST /api/admin/synonyms/import": { text: "ours = theirs" },
  "PATCH /api/admin/synonyms/:id": { bothWays: false },
  "DELETE /api/admin/synonyms/:id": undefined,
  "POST /api/admin/synonyms/:id/restore": undefined,
  "POST /api/admin/tools/import": { document: { openapi: "3.0.0", paths: { "/x": { get: {} } } } },
  "POST /api/admin/credentials": { name: "Mine", kind: "bearer", token: "mine" },
  "PATCH /api/admin/credentials/:id": { name: "Mine" },
  "DELETE /api/admin/credentials/:id": undefined,
  "POST /api/admin/credentials/:id/restore": undefined,
  "POST /api/admin/mcp-servers": { name: "Mine", url: "http://127.0.0.1:9/mcp" },
  "PATCH /api/admin/mcp-servers/:id": { name: "Mine" },
  "DELETE /api/admin/mcp-servers/:id": undefined,
  "POST /api/admin/mcp-servers/:id/restore": undefined,
  "POST /api/admin/identity/secret": {},
  "POST /api/admin/identity/check": { token: "a.b.c" },
  "DELETE /api/admin/identity/secret": undefined,
  "POST /api/admin/api-keys": { name: "Mine", scopes: ["mcp"] },
  "DELETE /api/admin/api-keys/:id": undefined,
  "PUT /api/admin/llm/config": { temperature: 1 },
  "POST /api/admin/llm/providers": { name: "Mine", provider: "ollama", model: "mine" },
  "PATCH /api/admin/llm/providers/:id": { name: "Mine" },
  "DELETE /api/admin/llm/providers/:id": undefined,
  "POST /api/admin/llm/providers/:id/restore": undefined,
  "PUT /api/admin/llm/chain": { providers: [] },
  "PUT /api/admin/llm/default": { provider: unknownId("llm-config") },
  "POST /api/admin/llm/test": {},
  "PUT /api/admin/widget": { greeting: "Mine" },
  "POST /api/admin/widget/logo": () => formOf([{ name: "a.png", content: "a" }]),
  "DELETE /api/admin/widget/logo": undefined,
  "POST /api/admin/conversations/delete": { ids: [unknownId("conversation")] },
  "POST /api/admin/conversations/restore": { deletion: unknownId("deletion") },
  "PATCH /api/admin/conversations/:id": { flagged: true },
  "PUT /api/admin/conversations/:id/hold": { legalHold: true },
  "PUT /api/admin/retention": { conversationDays: 30, traceDays: null },
  "DELETE /api/admin/conversations/:id": undefined,
  "POST /api/admin/conversations/:id/restore": undefined,
  "POST /api/admin/evals/questions": { text: "Mine?", expected: [] },
  "POST /api/admin/evals/questions/import": () => formOf([{ name: "a.csv", content: "text,relevant\na,\n" }]),
  "PATCH /api/admin/evals/questions/:id": { text: "Mine?" },
  "DELETE /api/admin/evals/questions/:id": undefined,
  "POST /api/admin/evals/questions/:id/restore": undefined,
  "POST /api/admin/evals/runs": undefined,
  "POST /api/admin/evals/runs/:id/cancel": undefined,
  "POST /api/admin/db": SETTINGS,
  "POST /api/admin/db/test": SETTINGS,
  "POST /api/admin/db/role": { type: "postgres", database: "company" },
  "PATCH /api/admin/db/:id": { name: "Mine" },
  "DELETE /api/admin/db/:id": undefined,
  "POST /api/admin/db/:id/restore": undefined,
  "POST /api/admin/db/:id/rows": { schema: "public", table: "stock" },
  "POST /api/admin/tools": TOOL,
  "POST /api/admin/tools/preview": { tool: TOOL },
  "PATCH /api/admin/tools/:id": { label: "Mine" },
  "DELETE /api/admin/tools/:id": undefined,
  "POST /api/admin/tools/:id/restore": undefined,
  "POST /api/admin/tools/:id/run": { arguments: {} },
};
const nameOf = ({ method, path }: Endpoint) => `${method} ${path}`;
const bodyOf = (endpoint: Endpoint) => {
  const body = BODIES[nameOf(endpoint)];
  return typeof body === "function" ? body() : body;
};
const OF_ADMINS = ENDPOINTS.filter(
  ({ need, path }) => audienceOf(need) === "admin" && path.startsWith("/api/admin"),
);
const READS = OF_ADMINS.filter(({ method }) => method === "GET");
const WRITES = OF_ADMINS.filter(({ method }) => method !== "GET");
const WITH_ID = OF_ADMINS.filter(({ path }) => path.includes(":"));

async function withoutRequestId(answer: Response) {
  const text = (await answer.text()).replace(/"requestId":"[^"]*"/, "");
  const headers = [...answer.headers].filter(([name]) => name !== "x-request-id" && name !== "date");
  return { status: answer.status, headers, text };
}

describe("row 25: nothing of tenant B is in any answer to A", () => {
  test.each(READS.filter(({ path }) => !path.includes(":")))("$method $path", async (endpoint) => {
    const queries = ["", "?limit=50", `?q=${CANARY}`, `?q=${CANARY}&limit=50`];
    for (const query of queries) {
      const answer = await a.fetch(endpoint.method, endpoint.path + query);
      expect(await answer.text()).not.toContain(CANARY);
    }
  });

  test("not even when A asks for it in words", async () => {
    const hits = await a.send<{ items: { text: string }[] }>("POST", "/api/admin/knowledge/search", {
      query: `parental leave ${CANARY}`,
    });
    const answer = await visitorOfA.ask(`How long is parental leave in ${CANARY}?`);

    expect(JSON.stringify(hits)).not.toContain(CANARY);
    expect(hits.items.map(({ text }) => text)).toEqual(["Parental leave is 12 weeks."]);
    expect(JSON.stringify(answer)).not.toContain(CANARY);
  });

  test("not a source of B as an expected one, nor its name in a file", async () => {
    const expected = [{ source: idsOfB.source }];
    const added = await a.call("POST", "/api/admin/evals/questions", { text: "Mine?", expected });
    const file = formOf([{ name: "a.csv", content: `text,relevant\nMine?,${CANARY}.md\n` }]);
    const imported = await a.call("POST", "/api/admin/evals/questions/import", file);

    expect([added.status, imported.status]).toEqual([400, 400]);
    expect(JSON.stringify(added.body)).not.toContain(CANARY);
  });

  test("not over the live socket, while B works", async () => {
    const socket = await a.live();
    await visitorOfB.ask(`How long is parental leave in ${CANARY}?`);
    const own = await a.addDocument("own.txt", "The frames of A come.");
    const frames = await socket.until(
      ({ type, source }) => type === "source" && (source as { id: string; status: string }).id === own.id,
    );

    expect(JSON.stringify([...frames, ...socket.waiting()])).not.toContain(CANARY);
    await socket.close();
  });
});

describe("row 20, row 22: an id of tenant B is for A the same 404 as an unknown one", () => {
  test("and B has one of each kind", () => {
    const kinds = WITH_ID.flatMap(({ params = {} }) => Object.values(params));
    expect(kinds.filter((kind) => !(kind in idsOfB))).toEqual([]);
  });

  test.each(WITH_ID)("$method $path", async (endpoint) => {
    const call = (ids: Ids) =>
      a.fetch(endpoint.method, examplePath(endpoint, ids), { body: bodyOf(endpoint) });

    const [foreign, unknown] = await expectNothingPersisted(parley, async () => [
      await withoutRequestId(await call(idsOfB)),
      await withoutRequestId(await call({})),
    ]);

    expect(foreign?.status).toBe(404);
    expect(foreign).toEqual(unknown);
  });

  test("an own source with a foreign document has no passages", async () => {
    const source = await a.addDocument("mine.txt", "The passages of A.");
    const [foreign] = rows(parley, "select id from documents where source_id = ?", idsOfB.source ?? "");

    const answer = await a.call("GET", `/api/admin/knowledge/${source.id}/chunks?document=${foreign?.id}`);

    expect(answer).toMatchObject({ status: 200, body: { items: [], nextCursor: null } });
  });

  test("an own conversation with a foreign message has no trace either", async () => {
    await visitorOfA.ask("How long is parental leave?");
    const { conversation, messages } = await visitorOfA.history();
    const traceOf = (message: string | undefined) =>
      a.call("GET", `/api/admin/conversations/${conversation}/messages/${message}/trace`);

    expect((await traceOf(messages.at(-1)?.id)).status).toBe(200);
    expect((await traceOf(idsOfB.message)).status).toBe(404);
  });
});

describe("the header that names the tenant", () => {
  test.each(OF_ADMINS.filter(({ path }) => !path.startsWith("/api/admin/tenants")))(
    "$method $path is 404 for A in B, as in a tenant that does not exist",
    async (endpoint) => {
      const call = (tenant: string) =>
        a.fetch(endpoint.method, examplePath(endpoint, idsOfB), {
          headers: { "x-parley-tenant": tenant },
          body: bodyOf(endpoint),
        });
      const [foreign, unknown] = await expectNothingPersisted(parley, async () => [
        await withoutRequestId(await call(tenantB)),
        await withoutRequestId(await call(unknownId("tenant"))),
      ]);

      expect(foreign?.status).toBe(404);
      expect(foreign).toEqual(unknown);
    },
  );

  test.each(["", " ", "null", "[]", "*", "ten_", `${"x".repeat(30)}`])(
    "row 27: %j is 400",
    async (tenant) => {
      const answer = await a.fetch("GET", "/api/admin/knowledge", { headers: { "x-parley-tenant": tenant } });
      expect(answer.status).toBe(400);
    },
  );

  test("row 27: given twice names no tenant", async () => {
    const own = (await a.get<{ items: { id: string }[] }>("/api/admin/tenants")).items[0]?.id ?? "";
    const answer = await a.fetch("GET", "/api/admin/knowledge", {
      headers: { "x-parley-tenant": `${own}, ${tenantB}` },
    });
    expect(answer.status).toBe(400);
  });

  test("is `tenant` on the live socket, and B's is refused before the upgrade", async () => {
    a.tenant = tenantB;
    await expect(a.live()).rejects.toThrow();
    a.tenant = null;
  });
});

describe("row 26: no body sets what only the server may set", () => {
  test.each(WRITES.filter(({ body }) => body && !isUpload(body)))("$method $path", async (endpoint) => {
    for (const more of [
      { tenantId: tenantB },
      { role: "owner" },
      { id: "x" },
      { createdAt: 0 },
      { tenantId: null },
      { tenantId: ["A", "B"] },
    ]) {
      const path = examplePath(endpoint);
      const answer = await expectNothingPersisted(parley, () =>
        a.call(endpoint.method, path, { ...(bodyOf(endpoint) as object), ...more }),
      );
      expect(`${JSON.stringify(more)} ${answer.status}`).toBe(`${JSON.stringify(more)} 400`);
    }
  });
});

describe("rows 23, 24: a visitor reaches only the session whose token it has", () => {
  const calls = (session: string): [string, string, unknown?][] => [
    ["GET", `/api/chat/history/${session}`],
    ["GET", `/api/chat/events/${session}`],
    ["POST", "/api/chat/message", { session, id: clientId(), text: "Whose is this?" }],
    ["POST", "/api/chat/conversation", { session }],
    ["POST", "/api/chat/stop", { session }],
    ["POST", "/api/chat/feedback", { session, message: idsOfB.message, rating: "unhelpful" }],
    ["POST", "/api/chat/confirm", { session, call: unknownId("tool-call"), accept: true }],
  ];

  test("row 24: these are all calls that name a session", () => {
    const covered = calls("x").map(([method, path]) => `${method} ${path.replace(/\/x$/, "/:session")}`);
    const real = ENDPOINTS.filter(({ path }) => path.startsWith("/api/chat")).map(nameOf);
    expect(covered.sort()).toEqual(real.sort());
  });

  test("another visitor's session is the same 404 as an unknown one, in this tenant and in another", async () => {
    const neighbour = await openVisitor(
      parley,
      (await a.get<{ embedKey: string }>("/api/admin/widget")).embedKey,
    );
    for (const session of [neighbour.session, visitorOfB.session, `ses_${"0".repeat(26)}`]) {
      for (const [method, path, body] of calls(session)) {
        const answer = await expectNothingPersisted(parley, () => visitorOfA.call(method, path, body));
        expect(`${path} ${answer.status}`).toBe(`${path} 404`);
        expect(answer.body).toMatchObject({ error: { code: "NOT_FOUND" } });
      }
    }
  });

  test("row 24: a socket on another session's address is refused, and the victim's answer finishes", async () => {
    const socket = await visitorOfB.openSocket();
    socket.send({ type: "hello", token: visitorOfA.token });
    expect(await socket.next()).toMatchObject({ type: "error", code: "NOT_FOUND" });
    await socket.closed;

    expect((await visitorOfB.ask("How long is parental leave?")).status).toBe("complete");
  });

  test("row 23: a conversation cannot be chosen by its id", async () => {
    const answer = await expectNothingPersisted(parley, () =>
      visitorOfA.call("POST", "/api/chat/message", {
        session: visitorOfA.session,
        id: clientId(),
        text: "Go on there.",
        conversationId: idsOfB.conversation,
      }),
    );
    expect(answer.status).toBe(400);
  });

  test("the same client id in two sessions is two messages", async () => {
    const id = clientId();
    const answers = [
      await visitorOfA.ask("How long is parental leave?", id),
      await visitorOfB.ask("How long is it?", id),
    ];

    expect(answers[0]?.id).not.toBe(answers[1]?.id);
    expect(rows(parley, "select 1 from messages where client_id = ?", id)).toHaveLength(2);
  });
});
