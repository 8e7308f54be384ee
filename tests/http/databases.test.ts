/** The catalogue of queries from outside: a connection, a tool, a run. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { ConnectionView, TestConnectionAnswer } from "../../src/protocol/admin-api/connections.ts";
import type { RunToolAnswer, ToolView } from "../../src/protocol/admin-api/tools.ts";
import { type AdminClient, setUpOwner } from "../helpers/admin-client.ts";
import { rows } from "../helpers/database.ts";
import { expectNothingPersisted } from "../helpers/nothing-persisted.ts";
import { freePort, type Parley, startParley } from "../helpers/parley.ts";
import { type PostgresServer, SUPERUSER, startPostgres } from "../helpers/postgres.ts";

const COMPANY = `
create table stock (product text not null, city text not null, pieces integer not null, price numeric(10,2) not null);
comment on table stock is 'What lies in the warehouses';
comment on column stock.pieces is 'Counted every night';
insert into stock values ('Laptop', 'Berlin', 12, 999.90), ('Laptop', 'Madrid', 3, 999.90), ('Chair', 'Berlin', 40, 89.00);
create role reader login password 'reader-password';
grant select on stock to reader;
create role writer login password 'writer-password';
grant select, insert on stock to writer;
analyze stock;
`;

let postgres: PostgresServer;
let parley: Parley;
let owner: AdminClient;
/** Where nobody listens. */
let nobody: number;

beforeAll(async () => {
  [postgres, parley] = await Promise.all([startPostgres(), startParley()]);
  await postgres.createDatabase("company");
  await postgres.admin(COMPANY, "company");
  nobody = await freePort();
  const listed = [postgres.port, nobody].map((port) => `127.0.0.1:${port}`).join(",");
  await parley.restart({ flags: ["--egress-allow", listed] });
  owner = await setUpOwner(parley);
});
afterAll(async () => {
  await Promise.all([parley?.remove(), postgres?.remove()]);
});

const settings = () => ({
  ...{ type: "postgres", host: postgres.host, port: postgres.port, database: "company" },
  ...{ username: "reader", password: "reader-password", tls: "off" },
});
const connect = (changes: Record<string, unknown> = {}) =>
  owner.call<ConnectionView>("POST", "/api/admin/db", { name: "Company", ...settings(), ...changes });
const tryOut = (changes: Record<string, unknown>) =>
  owner.send<TestConnectionAnswer>("POST", "/api/admin/db/test", { ...settings(), ...changes });

const STOCK_TOOL = {
  ...{
    name: "stock",
    label: "Stock",
    description: "How many pieces of a product are in a city.",
    type: "db_query",
  },
  query:
    "select product, city, pieces, price from stock where city = :city and product = :product order by product",
  parameters: [
    {
      name: "city",
      type: "enum",
      description: "The city.",
      required: true,
      valuesQuery: "select distinct city from stock order by 1",
    },
    { name: "product", type: "text", description: "The product.", required: true },
  ],
  columns: [
    { name: "pieces", label: "Pieces", unit: "pcs" },
    { name: "price", mask: true },
  ],
  ...{ rowLimit: 50, answerTemplate: "There are {pieces} {product} in {city}.", enabled: true },
};

describe("a connection", () => {
  test("is saved when its role can only read, and never shows its password", async () => {
    const { status, body } = await connect({ name: "Saved" });

    expect(status).toBe(201);
    expect(body).toMatchObject({
      id: expect.stringMatching(/^dbc_/),
      state: "ready",
      password: { set: true },
      problem: null,
    });
    expect(body.serverVersion).toContain("PostgreSQL");
    expect(JSON.stringify([body, await owner.get("/api/admin/db")])).not.toContain("reader-password");
    expect(JSON.stringify(rows(parley, "select * from db_connections"))).not.toContain("reader-password");
  });

  test.each([
    ["writer", { username: "writer", password: "writer-password" }],
    ["superuser", SUPERUSER],
  ])("of a %s is refused, and nothing of it is kept", async (_who, role) => {
    const { status, body } = await expectNothingPersisted(parley, () => connect({ name: "Strong", ...role }));

    expect([status, body]).toMatchObject([422, { error: { code: "CREDENTIAL_NOT_READONLY" } }]);
  });

  test("to a database that is not there is kept unchecked", async () => {
    const { status, body } = await connect({ name: "Away", port: nobody });

    expect([status, body]).toMatchObject([
      201,
      { state: "unchecked", problem: { code: "CONNECTION_REFUSED" } },
    ]);
  });

  test("says in words what is wrong with it", async () => {
    const outcomes = await Promise.all([
      tryOut({}),
      tryOut({ password: "wrong" }),
      tryOut({ database: "nowhere" }),
      tryOut({ username: "writer", password: "writer-password" }),
      tryOut({ tls: "verify" }),
    ]);

    expect(outcomes.map(({ ok, code }) => code ?? ok)).toEqual([
      true,
      "AUTHENTICATION_FAILED",
      "DATABASE_NOT_FOUND",
      "CREDENTIAL_NOT_READONLY",
      "TLS_FAILED",
    ]);
    expect(outcomes[0]).toMatchObject({
      readOnly: true,
      serverVersion: expect.stringContaining("PostgreSQL"),
    });
  });
});

describe("a query of the catalogue", () => {
  test("is run with what it is given, and answers with its columns as they are told", async () => {
    const { body: connection } = await connect({ name: "For tools" });
    const tool = await owner.send<ToolView>("POST", "/api/admin/tools", {
      ...STOCK_TOOL,
      connection: connection.id,
    });

    expect(tool.parameters[0]?.values).toEqual(["Berlin", "Madrid"]);
    const run = await owner.send<RunToolAnswer>("POST", `/api/admin/tools/${tool.id}/run`, {
      arguments: { city: "Berlin", product: "Laptop" },
    });
    expect(run).toEqual({
      columns: [
        { name: "product", label: "product", type: "text" },
        { name: "city", label: "city", type: "text" },
        { name: "pieces", label: "Pieces", type: "integer", unit: "pcs" },
        { name: "price", label: "price", type: "text" },
      ],
      rows: [["Laptop", "Berlin", 12, "•••"]],
      rowCount: 1,
      truncated: false,
      ms: expect.any(Number),
    });
    const wrong = await owner.call("POST", `/api/admin/tools/${tool.id}/run`, {
      arguments: { city: "berlin", colour: "red" },
    });
    expect([wrong.status, wrong.body]).toMatchObject([
      422,
      {
        error: {
          code: "INVALID_ARGUMENT",
          details: expect.arrayContaining([{ parameter: "city", problem: expect.any(String) }]),
        },
      },
    ]);
  });
});
