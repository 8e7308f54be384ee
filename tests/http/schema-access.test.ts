/** A model asks a database in its own words, on the binary as it is shipped. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type { ConnectionView } from "../../src/protocol/admin-api/connections.ts";
import type { TraceView } from "../../src/protocol/admin-api/conversations.ts";
import type { MessageView } from "../../src/protocol/chat-protocol.ts";
import { type AdminClient, setUpOwner } from "../helpers/admin-client.ts";
import { rows } from "../helpers/database.ts";
import { expectNothingPersisted } from "../helpers/nothing-persisted.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { type PostgresServer, startPostgres } from "../helpers/postgres.ts";
import { type ScriptedProvider, startScriptedProvider } from "../helpers/scripted-provider.ts";
import { openVisitor, type VisitorClient } from "../helpers/visitor-client.ts";

const COMPANY = `
create table stock (product text, city text, pieces integer, bought_at numeric(10,2));
insert into stock values ('Laptop', 'Berlin', 12, 777.77), ('Laptop', 'Madrid', 3, 777.77);
create table salaries (amount integer);
insert into salaries values (424242);
create role reader login password 'reads';
grant select on stock, salaries to reader;`;

const STOCK = { schema: "public", table: "stock" };
const QUESTION = "How many laptops are there in Berlin?";
const STATEMENT = "select pieces from stock where product = 'Laptop' and city = 'Berlin'";

let postgres: PostgresServer;
let provider: ScriptedProvider;
let parley: Parley;
let owner: AdminClient;
let embedKey: string;
let connection: ConnectionView;

beforeAll(async () => {
  [postgres, provider] = await Promise.all([startPostgres({ tls: false }), startScriptedProvider()]);
  await postgres.createDatabase("company");
  await postgres.admin(COMPANY, "company");
  parley = await startParley({ flags: ["--egress-allow", `127.0.0.1:${postgres.port}`] });
  owner = await setUpOwner(parley);
  embedKey = (await owner.get<{ embedKey: string }>("/api/admin/widget")).embedKey;
  await useModel();
  connection = await owner.send<ConnectionView>("POST", "/api/admin/db", {
    ...{ name: "Warehouse", type: "postgres", host: postgres.host, port: postgres.port, database: "company" },
    ...{ username: "reader", password: "reads", tls: "off" },
  });
}, 60_000);
afterAll(async () => {
  await Promise.all([parley?.remove(), postgres?.remove(), provider?.close()]);
});
beforeEach(async () => {
  provider.answer({ text: "I do not know." });
  provider.script();
  await owner.send("PATCH", `/api/admin/db/${connection.id}`, {
    masks: [{ ...STOCK, column: "bought_at" }],
    schemaAccess: { enabled: true, tables: [STOCK], audience: "everyone" },
  });
});

const useModel = () =>
  owner.send("PUT", "/api/admin/llm/config", {
    ...{ provider: "openai", baseUrl: provider.url("openai"), model: "scripted-small" },
  });
const change = (changes: Record<string, unknown>) =>
  owner.call<ConnectionView>("PATCH", `/api/admin/db/${connection.id}`, changes);
const access = (changes: Record<string, unknown>) => change({ schemaAccess: changes });
const visit = (): Promise<VisitorClient> => openVisitor(parley, embedKey);
const callFor = (statement: string) => ({
  toolCalls: [{ id: "call_1", name: "query_warehouse", arguments: JSON.stringify({ statement }) }],
});
/** One turn in which the model writes this statement, and what became of it. */
async function asked(statement: string): Promise<{ answer: MessageView; told: string }> {
  const visitor = await visit();
  provider.script(callFor(statement), { text: "There are 12." });
  const answer = await visitor.ask(QUESTION);
  return { answer, told: JSON.stringify(provider.requests.at(-1)?.body) };
}
const offeredNames = () =>
  ((provider.requests.at(-1)?.body?.tools ?? []) as { function: { name: string } }[]).map(
    ({ function: { name } }) => name,
  );

describe("schema access", () => {
  test("is off for a connection that is new", () => {
    expect(connection.schemaAccess).toEqual({ enabled: false, tables: [], audience: "everyone" });
  });

  test("lets a model ask, and shows the statement with the answer and in the inspector", async () => {
    const visitor = await visit();
    provider.script(callFor(STATEMENT), { text: "There are 12 laptops [1]." });
    const answer = await visitor.ask(QUESTION);

    expect(answer).toMatchObject({ status: "complete", content: "There are 12 laptops [1]." });
    expect(answer.citations).toEqual([
      {
        ...{ kind: "tool", n: 1, tool: "query_warehouse", label: "Warehouse", statement: STATEMENT },
        ...{ columns: [{ name: "pieces", label: "pieces", type: "integer" }], rows: [[12]] },
        at: expect.stringMatching(/^\d{4}-.*Z$/),
      },
    ]);
    expect((await visitor.history()).messages.at(-1)).toEqual(answer);
    const [row] = rows(parley, "select conversation_id as id from messages order by created_at desc limit 1");
    const trace = await owner.get<TraceView>(
      `/api/admin/conversations/${row?.id}/messages/${answer.id}/trace`,
    );
    expect(trace.toolCalls).toMatchObject([
      {
        name: "query_warehouse",
        label: "Warehouse",
        n: 1,
        arguments: JSON.stringify({ statement: STATEMENT }),
      },
    ]);
  });

  test("tells the model of the tables that are ticked, and of nothing that is masked", async () => {
    await (await visit()).ask(QUESTION);

    const body = JSON.stringify(provider.requests.at(-1)?.body);
    expect(offeredNames()).toContain("query_warehouse");
    expect(body).toContain("public.stock");
    expect(body).not.toMatch(/salaries|bought_at/);
  });

  test.each([
    ["another table", "select amount from salaries", "TOOL_FORBIDDEN"],
    ["two statements", `${STATEMENT}; drop table stock`, "UNSAFE_QUERY"],
    ["a function that waits", "select pg_sleep(60)", "UNSAFE_QUERY"],
    ["a masked column", "select bought_at from stock", "VALIDATION"],
    [
      "a writing statement",
      "with gone as (delete from stock returning *) select * from gone",
      "UNSAFE_QUERY",
    ],
  ])("says to the model why it was not run: %s", async (_, statement, code) => {
    const { answer, told } = await asked(statement);

    expect(answer.citations).toEqual([]);
    expect(told).toContain(`${code}: `);
    expect(told).not.toMatch(/424242|777\.77/);
    expect(await postgres.admin("select count(*)::int as n from stock", "company")).toEqual([{ n: 2 }]);
  });

  test("gives a masked value to nobody, whatever is asked for", async () => {
    const { answer, told } = await asked("select * from stock order by city");

    expect(answer.citations).toMatchObject([
      {
        rows: [
          ["Laptop", "Berlin", 12],
          ["Laptop", "Madrid", 3],
        ],
      },
    ]);
    expect(JSON.stringify(answer) + told).not.toMatch(/bought_at|777/);
  });

  test("is offered to those whom it is for, and never without a model", async () => {
    // Where there is nothing to call and nothing to quote, no model is asked.
    const before = provider.requests.length;
    await access({ audience: "verified" });
    await (await visit()).ask(QUESTION);
    expect(provider.requests.length).toBe(before);

    await access({ audience: "everyone" });
    await owner.send("PUT", "/api/admin/llm/config", { provider: "extractive" });
    const answer = await (await visit()).ask(QUESTION);
    await useModel();

    expect(answer).toMatchObject({ citations: [] });
    expect(answer.lookup).toBeUndefined();
    expect(provider.requests.length).toBe(before);
  });

  test("ends at once when it is switched off, and keeps what was ticked", async () => {
    const { body } = await access({ enabled: false });

    expect(body.schemaAccess).toEqual({ enabled: false, tables: [STOCK], audience: "everyone" });
    const before = provider.requests.length;
    await (await visit()).ask(QUESTION);
    expect(provider.requests.length).toBe(before);
  });
});

describe("switching it on", () => {
  test.each([
    ["no table", { tables: [] }],
    ["a table that is not there", { tables: [{ schema: "public", table: "nothing" }] }],
    ["a table of another schema", { tables: [{ schema: "hidden", table: "stock" }] }],
  ])("takes tables that the role may read: %s", async (_, changes) => {
    expect(await expectNothingPersisted(parley, () => access({ enabled: true, ...changes }))).toMatchObject({
      status: 400,
      body: {
        error: { code: "VALIDATION", details: { fields: { "schemaAccess.tables": expect.any(String) } } },
      },
    });
  });

  test("takes a role that can only read, now and with each statement", async () => {
    await postgres.admin("grant insert on stock to reader", "company");
    const { answer, told } = await asked(STATEMENT);

    expect(answer.citations).toEqual([]);
    expect(told).toContain("CREDENTIAL_NOT_READONLY");
    expect(told).not.toContain("“reader”");
    expect(await owner.get<ConnectionView>(`/api/admin/db/${connection.id}`)).toMatchObject({
      state: "failed",
      problem: { code: "CREDENTIAL_NOT_READONLY" },
    });
    expect(await access({ enabled: true })).toMatchObject({
      status: 422,
      body: { error: { code: "CREDENTIAL_NOT_READONLY" } },
    });
    await postgres.admin("revoke insert on stock from reader", "company");
    expect(await access({ enabled: true })).toMatchObject({ status: 200, body: { state: "ready" } });
  });

  test("takes a database that answers", async () => {
    await access({ enabled: false });
    await postgres.stop();
    const away = await access({ enabled: true });
    await postgres.start();

    expect(away).toMatchObject({ status: 422, body: { error: { code: "CONNECTION_REFUSED" } } });
  });

  test("on another database it is off again", async () => {
    await postgres.admin("create database other");
    const moved = await change({ database: "other" });
    expect(moved.body.schemaAccess).toMatchObject({ enabled: false, tables: [STOCK] });

    await change({ database: "company" });
  });
});
