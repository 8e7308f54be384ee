/** The sample company is asked through MariaDB and MongoDB, with the binary as it is shipped. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { ConnectionView, TestConnectionAnswer } from "../../src/protocol/admin-api/connections.ts";
import type { RunToolAnswer, ToolView } from "../../src/protocol/admin-api/tools.ts";
import { type AdminClient, setUpOwner } from "../helpers/admin-client.ts";
import { type MariaDb, startMariaDb } from "../helpers/mariadb.ts";
import { type MongoServer, startMongoServer } from "../helpers/mongo-server.ts";
import { type Parley, startParley } from "../helpers/parley.ts";
import { sampleCompany } from "../helpers/sample-company.ts";
import { fillMariaDb } from "../helpers/sample-mariadb.ts";
import { fillMongo } from "../helpers/sample-mongo.ts";

const company = sampleCompany();
let parley: Parley;
let owner: AdminClient;
let mariadb: MariaDb;
let mongo: MongoServer;

/** The same questions in the words of each engine. */
type Words = {
  stock: string;
  orders: string;
  cities: string;
  tickets: string;
  writes: string;
  writer: string;
};

const ENGINES = [
  {
    type: "mysql",
    version: "MariaDB",
    port: () => mariadb.port,
    refusal: "UNSAFE_QUERY",
    words: {
      stock: "select pieces, unit_price from stock where product = :product and city = :city",
      orders: "select number, status, total, ordered_on from orders where ordered_on >= :day order by number",
      cities: "select distinct city from stock order by city",
      tickets: "select count(*) as open_tickets from tickets where state = 'open' and assignee = :person",
      writes: "delete from orders",
      writer: "company_writer",
    } satisfies Words,
  },
  {
    type: "mongodb",
    version: "7.0",
    port: () => mongo.port,
    refusal: "UNSAFE_PIPELINE",
    words: {
      stock: JSON.stringify({
        collection: "stock",
        find: { product: ":product", city: ":city" },
        projection: { _id: 0, pieces: 1, unit_price: 1 },
      }),
      orders: JSON.stringify({
        collection: "orders",
        aggregate: [
          { $match: { ordered_on: { $gte: ":day" } } },
          { $sort: { number: 1 } },
          { $project: { _id: 0, number: 1, status: 1, total: 1, ordered_on: 1 } },
        ],
      }),
      cities: JSON.stringify({
        collection: "stock",
        aggregate: [{ $group: { _id: "$city" } }, { $sort: { _id: 1 } }],
      }),
      tickets: JSON.stringify({
        collection: "tickets",
        aggregate: [{ $match: { state: "open", assignee: ":person" } }, { $count: "open_tickets" }],
      }),
      writes: JSON.stringify({ collection: "orders", aggregate: [{ $out: "orders" }] }),
      writer: "company_writer",
    } satisfies Words,
  },
] as const;

beforeAll(async () => {
  [mariadb, mongo, parley] = await Promise.all([startMariaDb(), startMongoServer(), startParley()]);
  await fillMariaDb(mariadb);
  await mariadb.run(
    "create user company_writer identified by 'a password for writing'",
    "grant select, insert on company.* to company_writer",
  );
  fillMongo(mongo);
  mongo.addUser({
    ...{ username: "company_writer", password: "a password for writing", database: "company" },
    privileges: [{ database: "company", actions: ["find", "listCollections", "insert"] }],
  });
  const listed = [mariadb.port, mongo.port].map((port) => `127.0.0.1:${port}`).join(",");
  await parley.restart({ flags: ["--egress-allow", listed] });
  owner = await setUpOwner(parley);
}, 120_000);
afterAll(async () => {
  await Promise.all([parley?.remove(), mariadb?.remove(), mongo?.remove()]);
});

describe.each(ENGINES)("the sample company in $type", ({ type, version, port, refusal, words }) => {
  const settings = (changes: Record<string, unknown> = {}) => ({
    ...{ type, host: "127.0.0.1", port: port(), database: "company", tls: "off" },
    ...{ username: "parley_reader", password: "a password for reading" },
    ...changes,
  });
  const tool = (changes: Record<string, unknown>) =>
    owner.call<ToolView>("POST", "/api/admin/tools", {
      ...{ label: "Stock", description: "What is there.", type: "db_query", connection, rowLimit: 50 },
      ...{ parameters: [], enabled: true },
      ...changes,
    });
  const run = (id: string, given: Record<string, unknown>) =>
    owner.send<RunToolAnswer>("POST", `/api/admin/tools/${id}/run`, { arguments: given });
  let connection: string;

  beforeAll(async () => {
    const saved = await owner.call<ConnectionView>("POST", "/api/admin/db", {
      name: `In ${type}`,
      ...settings(),
    });
    expect(saved).toMatchObject({ status: 201, body: { state: "ready", problem: null } });
    expect(saved.body.serverVersion).toContain(version);
    connection = saved.body.id;
  });

  test("is opened to a model over its tables, unless it is MongoDB", async () => {
    const schemaAccess = { enabled: true, tables: [{ schema: "company", table: "stock" }] };
    const { status, body } = await owner.call<ConnectionView>("PATCH", `/api/admin/db/${connection}`, {
      schemaAccess,
    });

    if (type === "mongodb")
      expect({ status, body }).toMatchObject({ status: 400, body: { error: { code: "VALIDATION" } } });
    else expect({ status, body }).toMatchObject({ status: 200, body: { schemaAccess } });
  });

  test("tells an exact number, with its choices from the database", async () => {
    const wanted = company.stock.find(({ pieces }) => pieces > 0) ?? company.stock[0];
    const { body } = await tool({
      ...{ name: `${type}_stock`, query: words.stock },
      parameters: [
        { name: "product", type: "text", description: "Product", required: true },
        { name: "city", type: "enum", description: "City", required: true, valuesQuery: words.cities },
      ],
      answerTemplate: "There are {pieces} {product} in {city}.",
    });

    expect(body.parameters?.[1]?.values).toEqual([...new Set(company.stock.map(({ city }) => city))].sort());
    const { rows, columns } = await run(body.id, { product: wanted?.product, city: wanted?.city });
    expect(rows).toEqual([[wanted?.pieces ?? null, wanted?.unit_price ?? null]]);
    expect(columns.map((column) => column.type)).toEqual(["integer", "decimal"]);
    expect((await run(body.id, { product: "'; drop table stock; --", city: wanted?.city })).rows).toEqual([]);
  });

  test("shows as many rows as it may and says that there are more", async () => {
    const day = "2026-09-01";
    const expected = company.orders.filter(({ ordered_on }) => ordered_on >= day);
    const { body } = await tool({
      ...{ name: `${type}_orders`, query: words.orders },
      parameters: [{ name: "day", type: "date", description: "First day", required: true }],
    });

    const { rows, truncated, rowCount } = await run(body.id, { day });

    expect({ truncated, rowCount }).toEqual({ truncated: true, rowCount: 50 });
    expect(rows.map(([number, status, total]) => [number, status, total])).toEqual(
      expected.slice(0, 50).map(({ number, status, total }) => [number, status, total]),
    );
    expect(String(rows[0]?.[3])).toStartWith(expected[0]?.ordered_on ?? "?");
  });

  test("counts", async () => {
    const person = company.tickets[0]?.assignee ?? "";
    const expected = company.tickets.filter(({ state, assignee }) => state === "open" && assignee === person);
    const { body } = await tool({
      ...{ name: `${type}_tickets`, query: words.tickets },
      parameters: [{ name: "person", type: "text", description: "Person", required: true }],
    });

    expect(expected.length).toBeGreaterThan(0);
    expect((await run(body.id, { person })).rows).toEqual([[expected.length]]);
  });

  test("is not written to, neither by a query nor by whoever connects", async () => {
    const refused = await tool({ name: `${type}_writes`, query: words.writes });
    const strong = await owner.call("POST", "/api/admin/db", {
      name: "Strong",
      ...settings({ username: words.writer, password: "a password for writing" }),
    });

    expect([refused.status, refused.body]).toMatchObject([422, { error: { code: refusal } }]);
    expect([strong.status, strong.body]).toMatchObject([422, { error: { code: "CREDENTIAL_NOT_READONLY" } }]);
  });

  test("says in words what is wrong with a connection", async () => {
    const tested = (changes: Record<string, unknown>) =>
      owner.send<TestConnectionAnswer>("POST", "/api/admin/db/test", settings(changes));

    expect(await tested({})).toMatchObject({ ok: true, readOnly: true });
    expect(await tested({ password: "wrong" })).toMatchObject({ ok: false, code: "AUTHENTICATION_FAILED" });
    expect(await tested({ tls: "require" })).toMatchObject({ ok: false, code: "TLS_FAILED" });
    expect(await tested({ host: "192.0.2.1" })).toMatchObject({ ok: false, code: "EGRESS_DENIED" });
  });

  test("shows what tables there are", async () => {
    const { schemas } = await owner.get<{
      schemas: { tables: { name: string; columns: { name: string }[] }[] }[];
    }>(`/api/admin/db/${connection}/schema`);

    const tables = schemas.flatMap((schema) => schema.tables);
    expect(tables.map(({ name }) => name)).toEqual(["orders", "people", "stock", "tickets"]);
    expect(tables[2]?.columns.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["product", "city", "pieces"]),
    );
  });
});
