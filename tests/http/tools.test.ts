/** The catalogue of queries over HTTP: written down, refused, run, and offered to a model. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { SignJWT } from "jose";
import type { ConnectionView } from "../../src/protocol/admin-api/connections.ts";
import type { PreviewToolAnswer, RunToolAnswer, ToolView } from "../../src/protocol/admin-api/tools.ts";
import { type AdminClient, setUpOwner } from "../helpers/admin-client.ts";
import { rows } from "../helpers/database.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { type PostgresServer, startPostgres } from "../helpers/postgres.ts";
import { type ScriptedProvider, startScriptedProvider } from "../helpers/scripted-provider.ts";
import { openVisitor } from "../helpers/visitor-client.ts";

const COMPANY = `
create table stock (product text not null, city text not null, pieces integer not null, price numeric(10,2) not null);
insert into stock values ('Laptop', 'Berlin', 12, 999.90), ('Laptop', 'Madrid', 3, 999.90), ('Chair', 'Berlin', 40, 89.00);
create table leave (email text not null, team text not null, days numeric(5,2) not null);
insert into leave values ('ana@corp.example', 'sales', 12.50), ('bo@corp.example', 'it', 3);
create role reader login password 'reader-password';
grant select on stock, leave to reader;`;

let postgres: PostgresServer;
let parley: Parley;
let provider: ScriptedProvider;
let owner: AdminClient;
let connection: string;
let embedKey: string;

beforeAll(async () => {
  [postgres, provider] = await Promise.all([startPostgres(), startScriptedProvider()]);
  await postgres.createDatabase("company");
  await postgres.admin(COMPANY, "company");
  parley = await startParley({ flags: ["--egress-allow", `127.0.0.1:${postgres.port}`] });
  owner = await setUpOwner(parley);
  embedKey = (await owner.get<{ embedKey: string }>("/api/admin/widget")).embedKey;
  const saved = await owner.send<ConnectionView>("POST", "/api/admin/db", {
    ...{ name: "Company", type: "postgres", host: postgres.host, port: postgres.port, database: "company" },
    ...{ username: "reader", password: "reader-password", tls: "off" },
  });
  connection = saved.id;
}, 60_000);
afterAll(async () => {
  await Promise.all([parley?.remove(), postgres?.remove(), provider?.close()]);
});
beforeEach(async () => {
  for (const { id } of (await owner.get<{ items: ToolView[] }>("/api/admin/tools")).items)
    await owner.send("DELETE", `/api/admin/tools/${id}`);
});

const STOCK = {
  ...{
    name: "stock",
    label: "Stock",
    description: "How many pieces of a product are in a city.",
    type: "db_query",
  },
  query: "select product, city, pieces, price from stock where city = :city and product = :product",
  parameters: [
    {
      ...{ name: "city", type: "enum", description: "The city.", required: true },
      valuesQuery: "select distinct city from stock order by 1",
    },
    { name: "product", type: "text", description: "The product.", required: true, example: "Laptop" },
  ],
  columns: [
    { name: "pieces", label: "Pieces", unit: "pcs" },
    { name: "price", mask: true },
  ],
  ...{ rowLimit: 50, answerTemplate: "There are {pieces} {product} in {city}.", enabled: true },
};
const LEAVE = {
  ...{ name: "my_leave", label: "My leave", description: "Days of leave that are left.", type: "db_query" },
  query: "select days from leave where email = :email",
  parameters: [
    { name: "email", type: "text", description: "Whose.", required: true, boundTo: "visitor.email" },
  ],
  ...{ rowLimit: 1, enabled: true },
};
const TEAM = {
  ...{ name: "team_leave", label: "Leave of my teams", description: "Days by team.", type: "db_query" },
  query: "select team, days from leave where team = any(:teams) order by 1",
  parameters: [
    { name: "teams", type: "text", description: "Which.", required: true, boundTo: "visitor.groups" },
  ],
  ...{ rowLimit: 10, enabled: true },
};
const ANA = { id: "u-1", email: "ana@corp.example", groups: ["sales", "it"] };

const save = (tool: object, changes: object = {}) =>
  owner.call<ToolView>("POST", "/api/admin/tools", { connection, ...tool, ...changes });
const saved = async (tool: object, changes: object = {}) => {
  const { status, body } = await save(tool, changes);
  expect(`${status} ${status === 201 ? "" : JSON.stringify(body)}`).toBe("201 ");
  return body;
};
const run = (tool: Pick<ToolView, "id">, given: object, visitor?: object) =>
  owner.call<RunToolAnswer>("POST", `/api/admin/tools/${tool.id}/run`, {
    arguments: given,
    ...(visitor && { visitor }),
  });
const refused = (code: string, status = 422) => ({ status, body: { error: { code } } });

describe("a tool is saved", () => {
  test("with what was left out, and its enum has the values of the database", async () => {
    const { status, body } = await save({ ...STOCK, enabled: undefined });

    expect(status).toBe(201);
    expect(body.id).toMatch(/^tol_/);
    expect(body).toMatchObject({
      ...{ audience: "everyone", effect: "read", exampleQuestions: [], emptyTemplate: null, enabled: true },
      parameters: [
        { name: "city", values: ["Berlin", "Madrid"] },
        { name: "product", min: null, boundTo: null, example: "Laptop" },
      ],
      columns: [
        { name: "pieces", label: "Pieces", unit: "pcs", mask: false },
        { name: "price", label: null, mask: true },
      ],
    });
    expect(await owner.get<ToolView>(`/api/admin/tools/${body.id}`)).toEqual(body);
  });

  test("with labels for the values of its enums, given or asked of the database, and shown as they were given", async () => {
    const [city, product] = STOCK.parameters;
    const values = [{ value: "Berlin", label: "Capital" }, "Madrid"];
    const given = await saved(STOCK, { parameters: [{ ...city, valuesQuery: null, values }, product] });
    expect(given.parameters[0]?.values).toEqual(values);
    const { body: renamed } = await owner.call<ToolView>("PATCH", `/api/admin/tools/${given.id}`, {
      parameters: [{ ...city, valuesQuery: null, values: ["Berlin"] }, product],
    });
    expect(renamed.parameters[0]?.values).toEqual(["Berlin"]);

    const valuesQuery = "select distinct city, upper(city) from stock order by 1";
    const asked = await saved(STOCK, { name: "asked", parameters: [{ ...city, valuesQuery }, product] });
    expect(asked.parameters[0]?.values).toEqual([
      { value: "Berlin", label: "BERLIN" },
      { value: "Madrid", label: "MADRID" },
    ]);
    expect(await run(asked, { city: "BERLIN", product: "Laptop" })).toMatchObject(
      refused("INVALID_ARGUMENT"),
    );
    expect((await run(asked, { city: "Berlin", product: "Laptop" })).body.rowCount).toBe(1);
  });

  const [city, product] = STOCK.parameters;
  test.each<[string, string, number, object]>([
    ["of two statements", "UNSAFE_QUERY", 422, { query: "select 1; commit; drop schema public cascade" }],
    ["that writes", "UNSAFE_QUERY", 422, { query: "delete from stock" }],
    [
      "that the database does not understand",
      "VALIDATION",
      400,
      { query: "select pieces form stock", columns: [] },
    ],
    ["of a table that is not there", "VALIDATION", 400, { query: "select 1 from nowhere", columns: [] }],
    [
      "with a parameter that nobody declared",
      "VALIDATION",
      400,
      { query: "select pieces, price from stock where city = :town" },
    ],
    [
      "with one label for two values",
      "VALIDATION",
      400,
      {
        parameters: [
          { ...city, valuesQuery: null, values: ["Berlin", { value: "B", label: "Berlin" }] },
          product,
        ],
      },
    ],
    ["with two parameters of one name", "VALIDATION", 400, { parameters: [city, product, product] }],
    [
      "with an enum without values",
      "VALIDATION",
      400,
      { parameters: [{ ...city, valuesQuery: null }, product] },
    ],
    [
      "with values that no query gives",
      "VALIDATION",
      400,
      { parameters: [{ ...city, valuesQuery: "select city from stock where false" }, product] },
    ],
    [
      "with values by a statement that writes",
      "UNSAFE_QUERY",
      422,
      { parameters: [{ ...city, valuesQuery: "delete from stock returning city" }, product] },
    ],
    [
      "with a pattern that takes for ever",
      "VALIDATION",
      400,
      { parameters: [city, { ...product, pattern: "(a+)+" }] },
    ],
    [
      "with a default that does not fit",
      "VALIDATION",
      400,
      { parameters: [city, { ...product, max: 3, default: "Laptop" }] },
    ],
    [
      "with a template that names nothing there is",
      "UNKNOWN_PLACEHOLDER",
      400,
      { answerTemplate: "{pieces} in {town}" },
    ],
    ["with a column that is not in the result", "VALIDATION", 400, { columns: [{ name: "colour" }] }],
    ["with a name that no model could call", "VALIDATION", 400, { name: "Stock-Level" }],
    ["with more rows than may be", "VALIDATION", 400, { rowLimit: 201 }],
    [
      "with a number bound to a visitor",
      "VALIDATION",
      400,
      { parameters: [city, { ...product, type: "integer", boundTo: "visitor.id" }] },
    ],
    [
      "over a connection that is not there",
      "NOT_FOUND",
      404,
      { connection: "dbc_01ARZ3NDEKTSV4RRFFQ69G5FAV" },
    ],
    ["with a field that nobody knows", "VALIDATION", 400, { colour: "red" }],
  ])("unless it is one %s", async (_what, code, status, changes) => {
    const kept = () => rows(parley, "select * from tools where deleted_at is null");
    const before = kept();

    expect(await save(STOCK, changes)).toMatchObject(refused(code, status));
    expect(kept()).toEqual(before);
  });

  test("under a name of its own", async () => {
    await saved(STOCK);

    expect((await save(STOCK)).status).toBe(409);
  });

  test("and changed: what it asks is prepared again, how it is called is not", async () => {
    const tool = await saved(STOCK);
    const change = (changes: object) => owner.call<ToolView>("PATCH", `/api/admin/tools/${tool.id}`, changes);

    expect((await change({ label: "In stock", enabled: false, answerTemplate: null })).body).toMatchObject({
      ...{ label: "In stock", enabled: false, answerTemplate: null, query: STOCK.query, rowLimit: 50 },
      columns: tool.columns,
    });
    expect(await change({ query: "drop table stock" })).toMatchObject(refused("UNSAFE_QUERY"));
    expect(
      (await change({ query: "select pieces, price from stock where :city = city and :product = product" }))
        .body.parameters,
    ).toEqual(tool.parameters);
  });

  test("and removed, and comes back for a while", async () => {
    const tool = await saved(STOCK);

    await owner.send("DELETE", `/api/admin/tools/${tool.id}`);
    expect((await run(tool, {})).status).toBe(404);
    await owner.send("POST", `/api/admin/tools/${tool.id}/restore`);

    expect((await run(tool, { city: "Berlin", product: "Laptop" })).body.rowCount).toBe(1);
  });
});

describe("a run", () => {
  test("answers with columns as they are told, and masks what nobody is to see", async () => {
    const tool = await saved(STOCK);

    expect((await run(tool, { city: "Berlin", product: "Laptop" })).body).toEqual({
      columns: [
        { name: "product", label: "product", type: "text" },
        { name: "city", label: "city", type: "text" },
        { name: "pieces", label: "Pieces", type: "integer", unit: "pcs" },
        { name: "price", label: "price", type: "text" },
      ],
      ...{ rows: [["Laptop", "Berlin", 12, "•••"]], rowCount: 1, truncated: false, ms: expect.any(Number) },
    });
    expect((await run(tool, { city: "Madrid", product: "Sofa" })).body).toMatchObject({
      rows: [],
      rowCount: 0,
      truncated: false,
    });
  });

  test("one row over the limit says so, and exactly as many do not", async () => {
    const all = {
      query: "select product, city from stock order by 1, 2",
      parameters: [],
      columns: [],
      answerTemplate: null,
    };
    const two = await saved(STOCK, { ...all, name: "two", rowLimit: 2 });
    const three = await saved(STOCK, { ...all, name: "three", rowLimit: 3 });

    expect((await run(two, {})).body).toMatchObject({ rowCount: 2, truncated: true });
    expect((await run(three, {})).body).toMatchObject({ rowCount: 3, truncated: false });
  });

  const TYPES = {
    ...{ name: "types", label: "Types", description: "One of each.", type: "db_query", rowLimit: 1 },
    query: "select :t::text, :i::bigint, :d::numeric, :day::date, :at::timestamptz, :yes::boolean, :e::text",
    parameters: [
      { name: "t", type: "text", description: "", required: false, pattern: "[a-z]+", max: 10 },
      { name: "i", type: "integer", description: "", required: false, min: 1 },
      { name: "d", type: "decimal", description: "", required: false, max: 100 },
      { name: "day", type: "date", description: "", required: false },
      { name: "at", type: "datetime", description: "", required: false },
      { name: "yes", type: "boolean", description: "", required: false },
      { name: "e", type: "enum", description: "", required: false, values: ["Red", "Blue"] },
    ],
  };

  test("takes every type, canonical numbers as text, and nothing for what may be left out", async () => {
    const tool = await saved(TYPES);
    const row = async (given: object) => (await run(tool, given)).body.rows[0];

    expect(
      await row({
        t: "abc",
        i: 5,
        d: 12.5,
        day: "2026-02-28",
        at: "2026-11-27T12:00:00+02:00",
        yes: false,
        e: "Red",
      }),
    ).toEqual(["abc", 5, "12.5", "2026-02-28", "2026-11-27T10:00:00Z", false, "Red"]);
    expect(await row({ i: "9007199254740993", d: "0.10" })).toEqual([
      null,
      "9007199254740993",
      "0.10",
      null,
      null,
      null,
      null,
    ]);
  });

  const SQL = "x'; DROP TABLE stock;--";
  test.each<[string, Record<string, unknown>]>([
    ["words for a number", { i: "five" }],
    ["a number that is none", { d: "NaN" }],
    ["a number with an exponent", { d: "1e3" }],
    ["a fraction for a whole number", { i: 1.5 }],
    ["a number with spaces", { i: " 5" }],
    ["a number that is too small", { i: 0 }],
    ["a number that is too large", { d: "100.01" }],
    ["a date that does not exist", { day: "2026-02-30" }],
    ["a date in other words", { day: "27.11.2026" }],
    ["a time that does not exist", { at: "2026-11-27T25:00:00Z" }],
    ["a word for yes", { yes: "yes" }],
    ["a number for yes", { yes: 1 }],
    ["an enum in another case", { e: "red" }],
    ["10 kB of text", { t: "a".repeat(10_000) }],
    ["a text that does not match", { t: SQL }],
    ["SQL as a number", { i: SQL, d: SQL }],
    ["SQL as a date", { day: SQL, at: SQL }],
    ["SQL as an enum", { e: SQL }],
    ["an object", { t: { $ne: null } }],
    ["a list", { t: ["a", "b"] }],
    ["a zero byte", { t: "a\0b" }],
    ["a name that is no parameter", { colour: "red" }],
    ["the name of every object", { constructor: "x" }],
  ])("is refused %s, and the database is not asked", async (_what, given) => {
    const tool = await saved(TYPES);
    const asked = () =>
      postgres.admin<{ n: string }>(
        "select xact_commit + xact_rollback as n from pg_stat_database where datname = 'company'",
      );
    await postgres.admin("select pg_stat_force_next_flush(), pg_stat_clear_snapshot()");
    const before = await asked();

    const answer = await run(tool, given);

    expect(answer).toMatchObject(refused("INVALID_ARGUMENT"));
    const { details } = (
      answer.body as unknown as { error: { details: { parameter: string; problem: string }[] } }
    ).error;
    expect(details.map(({ parameter }) => parameter).sort()).toEqual(Object.keys(given).sort());
    expect(await asked()).toEqual(before);
  });

  test("takes SQL in a text as a text", async () => {
    const tool = await saved(STOCK);

    for (const product of [SQL, '" OR 1=1', "'; COMMIT; DROP SCHEMA public CASCADE; --", "$1", ":city", "\\"])
      expect((await run(tool, { city: "Berlin", product })).body).toMatchObject({ rows: [] });
    expect(await postgres.admin("select count(*)::int as n from stock", "company")).toEqual([{ n: 3 }]);
  });

  test("row 70: what takes too long is stopped within six seconds, on the server too", async () => {
    const tool = await saved(STOCK, {
      query: "select pg_sleep(60)",
      parameters: [],
      columns: [],
      answerTemplate: null,
    });

    expect(await run(tool, {})).toMatchObject(refused("QUERY_TIMEOUT", 504));
    const sleeping = () =>
      postgres.admin(
        "select 1 from pg_stat_activity where query like '%pg_sleep%' and state = 'active' and usename = 'reader'",
      );
    while ((await sleeping()).length > 0);
  }, 20_000);

  test("R35: while the database is gone it says so, and works again when it is back", async () => {
    const tool = await saved(STOCK);
    const given = { city: "Berlin", product: "Laptop" };

    await postgres.stop();
    expect(await run(tool, given)).toMatchObject(refused("TOOL_UNAVAILABLE", 503));
    await postgres.start();

    while ((await run(tool, given)).status !== 200);
  }, 30_000);

  test("is tried before it is saved, with what the database makes of it", async () => {
    const tool = { connection, ...STOCK };
    const preview = await owner.send<PreviewToolAnswer>("POST", "/api/admin/tools/preview", {
      ...{ tool, arguments: { city: "Berlin", product: "Chair" } },
    });

    expect(preview).toMatchObject({ rows: [["Chair", "Berlin", 40, "•••"]], truncated: false });
    expect(preview.plan).toContain("stock");
    expect((await owner.get<{ items: ToolView[] }>("/api/admin/tools")).items).toEqual([]);
  });
});

describe("what is bound to a visitor", () => {
  test("is set by nobody else, and without a visitor the tool does not run", async () => {
    const [leave, team] = [await saved(LEAVE), await saved(TEAM)];

    expect((await run(leave, {}, ANA)).body.rows).toEqual([["12.50"]]);
    expect((await run(team, {}, ANA)).body.rows).toEqual([
      ["it", "3.00"],
      ["sales", "12.50"],
    ]);
    expect((await run(team, {}, { ...ANA, groups: [] })).body.rows).toEqual([]);
    expect(await run(leave, {})).toMatchObject(refused("TOOL_REQUIRES_IDENTITY"));
    expect(await run(leave, { email: "bo@corp.example" }, ANA)).toMatchObject(refused("INVALID_ARGUMENT"));
  });
});

describe("in a turn", () => {
  type Asked = {
    body: {
      tools?: { function: { name: string; parameters: unknown } }[];
      messages: { role: string; content: string }[];
    };
  };
  let secret: string;

  beforeAll(async () => {
    secret = (await owner.send<{ secret: string }>("POST", "/api/admin/identity/secret", {})).secret;
    await owner.send("PUT", "/api/admin/llm/config", {
      ...{
        provider: "openai",
        baseUrl: provider.url("openai"),
        apiKey: "sk-scripted",
        model: "scripted-small",
      },
    });
  });

  const identityOf = (claims: Record<string, unknown>) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: "HS256" })
      .setExpirationTime("10m")
      .sign(new TextEncoder().encode(secret));
  const offeredTo = async (identity?: string) => {
    const visitor = await openVisitor(parley, embedKey, identity === undefined ? {} : { identity });
    const before = provider.requests.length;
    provider.script({ text: "I do not know." });
    await visitor.ask("How many laptops are there in Berlin?");
    const { tools = [] } = (provider.requests[before] as unknown as Asked).body;
    return tools.map((tool) => tool.function);
  };

  test("each visitor is offered what is theirs, and of what is bound to them nothing is told", async () => {
    await saved(STOCK);
    await saved(LEAVE);
    await saved(TEAM, { name: "sales_only", audience: { tags: ["sales"] } });
    await saved(STOCK, { name: "for_the_known", audience: "verified" });
    await saved(STOCK, { name: "switched_off", enabled: false });
    const names = async (identity?: string) => (await offeredTo(identity)).map(({ name }) => name).sort();

    expect(await names()).toEqual(["stock"]);
    expect(await names(await identityOf({ sub: "u-3", groups: ["legal"] }))).toEqual([
      "for_the_known",
      "stock",
    ]);
    const ana = await identityOf({ sub: "u-1", email: ANA.email, groups: ["sales"] });
    expect(await names(ana)).toEqual(["for_the_known", "my_leave", "sales_only", "stock"]);
    const leave = (await offeredTo(ana)).find(({ name }) => name === "my_leave");
    expect(leave?.parameters).toMatchObject({ properties: {}, additionalProperties: false });
  });

  test("the model's call is run, and the answer cites its rows", async () => {
    await saved(STOCK);
    const visitor = await openVisitor(parley, embedKey);
    const before = provider.requests.length;
    provider.script(
      { toolCalls: [{ name: "stock", arguments: JSON.stringify({ city: "Berlin", product: "Laptop" }) }] },
      { text: "There are 12 laptops in Berlin [1]." },
    );

    const answer = await visitor.ask("How many laptops are in Berlin?");

    expect(answer.citations).toMatchObject([
      { n: 1, kind: "tool", tool: "stock", label: "Stock", rows: [["Laptop", "Berlin", 12, "•••"]] },
    ]);
    const told = (provider.requests[before + 1] as unknown as Asked).body.messages.find(
      ({ role }) => role === "tool",
    );
    expect(told?.content).toContain("Laptop");
    expect(told?.content).not.toContain("999.90");
  });

  test("an argument that does not fit is told to the model, which may try again", async () => {
    await saved(STOCK);
    const visitor = await openVisitor(parley, embedKey);
    const before = provider.requests.length;
    provider.script(
      { toolCalls: [{ name: "stock", arguments: JSON.stringify({ city: "berlin", product: "Laptop" }) }] },
      { toolCalls: [{ name: "stock", arguments: JSON.stringify({ city: "Berlin", product: "Laptop" }) }] },
      { text: "There are 12 [1]." },
    );

    const answer = await visitor.ask("How many laptops are in berlin?");

    const results = (provider.requests[before + 2] as unknown as Asked).body.messages.filter(
      ({ role }) => role === "tool",
    );
    expect(results[0]?.content).toContain("INVALID_ARGUMENT");
    expect(results[0]?.content).toContain("Berlin, Madrid");
    expect(answer.citations).toMatchObject([{ kind: "tool", rows: [["Laptop", "Berlin", 12, "•••"]] }]);
  });
});
