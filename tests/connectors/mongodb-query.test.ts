import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BoundParameter, Connector } from "../../src/connectors/connector.ts";
import { compileQuery } from "../../src/connectors/mongodb/query.ts";
import { roleStrength } from "../../src/connectors/mongodb/role.ts";
import { createMongoConnector } from "../../src/connectors/mongodb.ts";
import type { ConnectionSettings } from "../../src/domain/connection.ts";
import { makeCertificate } from "../helpers/certificate.ts";
import { asked, egressTo, LIMITS, TENANT, textParameter } from "../helpers/connector-contract.ts";
import { type MongoServer, READ_ACTIONS, startMongoServer } from "../helpers/mongo-server.ts";
import { rejection } from "../helpers/rejection.ts";

const NEVER = new AbortController().signal;
const json = (query: object) => JSON.stringify(query);
const people = (...aggregate: object[]) => json({ collection: "people", aggregate });
const compiled = (query: object, ...parameters: BoundParameter[]) =>
  compileQuery(asked(json(query), ...parameters));
const whole = (name: string, value: BoundParameter["value"]): BoundParameter => ({
  name,
  type: "integer",
  value,
});

describe("a parameter", () => {
  test("is bound as the scalar that it is", () => {
    const find = {
      a: ":text",
      b: { $gte: ":whole" },
      c: ":flag",
      d: { $lt: ":day" },
      e: ":exact",
      f: ":big",
    };
    const bound = compiled(
      { collection: "people", find },
      textParameter("text", "{$ne: null}"),
      whole("whole", 7),
      { name: "flag", type: "boolean", value: true },
      { name: "day", type: "date", value: "2026-11-27" },
      { name: "exact", type: "decimal", value: "12.50" },
      whole("big", "9007199254740993"),
    );

    expect(JSON.parse(json(bound)).filter).toEqual({
      a: "{$ne: null}",
      b: { $gte: 7 },
      c: true,
      d: { $lt: "2026-11-27T00:00:00.000Z" },
      e: { $numberDecimal: "12.50" },
      f: expect.objectContaining({ low: 1, high: 2097152 }),
    });
  });

  test("is no name of a field where an expression would read a text as one", () => {
    const query = {
      collection: "people",
      aggregate: [
        { $match: { $expr: { $eq: ["$city", ":city"] } } },
        { $project: { city: ":city", both: { $concat: [":city", "$name"] } } },
        { $group: { _id: ":city", least: { $min: ":city" } } },
      ],
    };

    const bound = compiled(query, textParameter("city", "$salary"));

    const literal = { $literal: "$salary" };
    expect(bound).toMatchObject({
      pipeline: [
        { $match: { $expr: { $eq: ["$city", literal] } } },
        { $project: { city: literal, both: { $concat: [literal, "$name"] } } },
        { $group: { _id: literal, least: { $min: literal } } },
      ],
    });
  });

  test("is the number of rows where it stands there, and refused when it is none", () => {
    const query = { collection: "people", aggregate: [{ $skip: ":n" }, { $limit: ":n" }] };

    expect(compiled(query, whole("n", 3))).toMatchObject({ pipeline: [{ $skip: 3 }, { $limit: 3 }] });
    expect(() => compiled(query, textParameter("n", "3; drop"))).toThrow(
      expect.objectContaining({ code: "VALIDATION" }),
    );
  });

  test("without a value makes its condition hold for nobody", () => {
    const find = { city: ":city", $or: [{ name: { $ne: ":city" } }], tags: { $in: [":city", "x"] } };

    expect(compiled({ collection: "people", find }, textParameter("city", null))).toMatchObject({
      filter: { city: { $in: [] }, $or: [{ name: { $in: [] } }], tags: { $in: ["x"] } },
    });
  });
});

describe("what is not allowed", () => {
  test.each([
    [[{ $match: {} }, { $out: "x" }], "aggregate[1].$out"],
    [
      [{ $facet: { a: [{ $lookup: { from: "b", pipeline: [{ $merge: "x" }], as: "c" } }] } }],
      "aggregate[0].$facet.a[0].$lookup.pipeline[0].$merge",
    ],
    [
      [{ $match: { $or: [{ a: 1 }, { b: { $elemMatch: { $where: "1" } } }] } }],
      "aggregate[0].$match.$or[1].b.$elemMatch.$where",
    ],
    [
      [{ $set: { a: { $map: { input: "$b", in: { $function: {} } } } } }],
      "aggregate[0].$set.a.$map.in.$function",
    ],
    [[{ $group: { _id: null, a: { $accumulator: {} } } }], "aggregate[0].$group.a.$accumulator"],
    [[{ $lookup: { from: ":x", as: "y" } }], "aggregate[0].$lookup.from"],
  ])("row 72: is told with its path: %j", (pipeline, path) => {
    expect(() => compileQuery(asked(people(...pipeline), textParameter("x", "a")))).toThrow(
      expect.objectContaining({ code: "UNSAFE_PIPELINE", details: { path } }),
    );
  });
});

describe("the columns of a query", () => {
  test.each([
    [{ find: {}, projection: { _id: 0, name: 1, year: { $year: "$born" } } }, ["name", "year"]],
    [{ find: {}, projection: { name: 1 } }, ["_id", "name"]],
    [{ find: {}, projection: { secret: 0 } }, null],
    [{ find: {} }, null],
    [{ count: { city: "x" } }, ["count"]],
    [
      { aggregate: [{ $group: { _id: "$city", people: { $sum: 1 } } }, { $sort: { people: -1 } }] },
      ["_id", "people"],
    ],
    [{ aggregate: [{ $match: {} }, { $count: "people" }] }, ["people"]],
    [{ aggregate: [{ $project: { _id: 0, name: 1 } }, { $set: { more: 1 } }] }, null],
  ])("are those that it names: %j", (query, columns) => {
    expect(compiled({ collection: "people", ...query }).columns).toEqual(columns);
  });
});

describe("what a user may do", () => {
  const withActions = (...actions: string[]) => ({
    authInfo: {
      authenticatedUsers: [{ user: "u" }],
      authenticatedUserPrivileges: [{ resource: {}, actions }],
    },
  });

  test("is reading alone, or told", () => {
    expect(roleStrength(withActions(...READ_ACTIONS))).toBeNull();
    expect(roleStrength(withActions("find", "insert", "remove"))).toBe("It has the rights insert, remove.");
    expect(roleStrength(withActions("find", "anyAction"))).toContain("anyAction");
    expect(roleStrength({ authInfo: { authenticatedUsers: [], authenticatedUserPrivileges: [] } })).toContain(
      "everybody may write",
    );
  });
});

describe("asking a server", () => {
  let server: MongoServer;
  let connector: Connector;
  const run = (query: object, ...parameters: BoundParameter[]) =>
    connector.run(asked(json({ collection: "people", ...query }), ...parameters), LIMITS, NEVER);

  beforeAll(async () => {
    server = await startMongoServer();
    server.insert("company", "people", [
      { id: 1, city: "Berlin", pay: 10 },
      { id: 2, city: "Berlin", pay: 20.5, tags: ["a"] },
      { id: 3, city: "Rom", extra: true },
    ]);
    server.insert("company", "cities", [{ name: "Berlin", country: "DE" }]);
    server.insert(
      "company",
      "many",
      Array.from({ length: 500 }, (_, index) => ({ index })),
    );
    server.addUser({
      ...{ username: "reader", password: "reads", database: "company" },
      privileges: [{ database: "company", actions: READ_ACTIONS }],
    });
    const { host, port } = server;
    const settings: ConnectionSettings = {
      ...{ tenantId: TENANT, type: "mongodb", host, port, database: "company" },
      ...{ username: "reader", password: "reads", tls: "off", ca: null },
    };
    connector = createMongoConnector(settings, egressTo(settings));
  });
  afterAll(async () => {
    await connector.close();
    await server.remove();
  });

  test("counts, zero too", async () => {
    expect(await run({ count: { city: "Berlin" } })).toMatchObject({
      columns: [{ name: "count", type: "integer" }],
      rows: [[2]],
    });
    expect((await run({ count: { city: ":city" } }, textParameter("city", "Oslo"))).rows).toEqual([[0]]);
  });

  test("joins and groups", async () => {
    const joined = await run({
      aggregate: [
        { $match: { id: 1 } },
        { $lookup: { from: "cities", localField: "city", foreignField: "name", as: "where" } },
        { $unwind: "$where" },
        { $project: { _id: 0, id: 1, country: "$where.country" } },
      ],
    });

    expect(joined.rows).toEqual([[1, "DE"]]);
  });

  test("makes one table of documents that differ, and says what is mixed", async () => {
    const { columns, rows } = await run({ find: {}, projection: { _id: 0 }, sort: { id: 1 } });

    expect(columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      "id integer",
      "city text",
      "pay decimal",
      "tags json",
      "extra boolean",
    ]);
    expect(rows).toEqual([
      [1, "Berlin", 10, null, null],
      [2, "Berlin", 20.5, '["a"]', null],
      [3, "Rom", null, null, true],
    ]);
  });

  test("tells what it will give before it is run, of whole documents too", async () => {
    const prepared = (query: object) =>
      connector.prepare(asked(json({ collection: "people", ...query })), NEVER);

    expect((await prepared({ find: {} })).columns.map(({ name }) => name)).toEqual([
      ...["_id", "id", "city", "pay", "tags", "extra"],
    ]);
    expect((await prepared({ find: {}, projection: { _id: 0, id: 1 } })).columns).toEqual([
      { name: "id", type: "integer" },
    ]);
  });

  test("tells what the server does not understand in its words", async () => {
    const prepared = connector.prepare(
      asked(people({ $bucket: { groupBy: "$pay", boundaries: [0, 1] } })),
      NEVER,
    );

    expect(await rejection(prepared)).toMatchObject({
      code: "VALIDATION",
      message: expect.stringContaining("Unrecognized pipeline stage"),
    });
  });

  test("says that a value does not fit where the server cannot convert it", async () => {
    const find = { $expr: { $eq: ["$_id", { $toObjectId: ":id" }] } };

    expect(await rejection(run({ find }, textParameter("id", "not an id")))).toMatchObject({
      code: "INVALID_ARGUMENT",
    });
  });

  test("row 71: leaves no cursor open, and asks for no more time or disk than it may", async () => {
    const { rows, truncated } = await connector.run(
      asked(json({ collection: "many", find: {} })),
      { ...LIMITS, bytes: 500 },
      NEVER,
    );

    expect(rows.length).toBeLessThan(LIMITS.rows);
    expect(truncated).toBe(true);
    expect(server.openCursors()).toBe(0);
    const finds = server.commands().filter((command) => command.find === "many");
    expect(finds.at(-1)).toMatchObject({ allowDiskUse: false, maxTimeMS: expect.anything() });
    expect(server.commands().flatMap((command) => Object.keys(command)[0] ?? [])).not.toContain("insert");
  });

  test("reads a result on when the server sends it in parts", async () => {
    const { rows } = await connector.run(
      asked(json({ collection: "many", find: {} })),
      { ...LIMITS, rows: 450, bytes: 1_000_000 },
      NEVER,
    );

    expect(rows.length).toBe(450);
  });
});

describe("an encrypted connection", () => {
  let folder: string;
  let server: MongoServer;
  let ca: string;
  const opened: Connector[] = [];
  const connect = (changes: Partial<ConnectionSettings>) => {
    const settings: ConnectionSettings = {
      ...{ tenantId: TENANT, type: "mongodb", host: "db.test", port: server.port, database: "company" },
      ...{ username: "reader", password: "reads", tls: "verify", ca },
      ...changes,
    };
    const connector = createMongoConnector(
      settings,
      egressTo(settings, { resolve: async () => ["127.0.0.1"] }),
    );
    opened.push(connector);
    return connector;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "parley-mongo-"));
    const pair = await makeCertificate(folder);
    ca = await Bun.file(pair.certificate).text();
    server = await startMongoServer({ cert: ca, key: await Bun.file(pair.key).text() });
    server.insert("company", "people", [{ id: 1 }]);
    server.addUser({
      ...{ username: "reader", password: "reads", database: "company" },
      privileges: [{ database: "company", actions: READ_ACTIONS }],
    });
  });
  afterAll(async () => {
    await Promise.all(opened.map((connector) => connector.close()));
    await server.remove();
    await rm(folder, { recursive: true });
  });

  test("is made with the authority that was pasted in, for the name that was entered", async () => {
    for (const host of ["db.test", "127.0.0.1"])
      expect(await connect({ host }).check(NEVER)).toMatchObject({ strength: null });
    expect(await connect({ host: "other.test", tls: "require", ca: null }).check(NEVER)).toMatchObject({
      strength: null,
    });
  });

  test.each([{ host: "other.test" }, { ca: null }])("is not made with %j", async (changes) => {
    expect(await rejection(connect(changes).check(NEVER))).toMatchObject({ code: "TLS_FAILED" });
  });
});
