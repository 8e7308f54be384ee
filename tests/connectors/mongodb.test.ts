import { Binary, Decimal128, Double, Int32, Long, ObjectId, UUID } from "mongodb";
import { createMongoConnector } from "../../src/connectors/mongodb.ts";
import type { ConnectionSettings } from "../../src/domain/connection.ts";
import { connectorContract, type Engine, PEOPLE, TENANT } from "../helpers/connector-contract.ts";
import { READ_ACTIONS, startMongoServer, WRITE_ACTIONS } from "../helpers/mongo-server.ts";
import { type MongoPlace, openRealMongo } from "../helpers/real-mongo.ts";

let place: MongoPlace;

const json = (query: object) => JSON.stringify(query);
const names = (find: object, more: object = {}) =>
  json({ collection: "people", find, projection: { _id: 0, name: 1 }, sort: { id: 1 }, ...more });
const aggregate = (...pipeline: object[]) => json({ collection: "people", aggregate: pipeline });

async function start(): Promise<Engine> {
  const url = process.env.TEST_MONGODB_URL;
  place = url ? await openRealMongo(url) : await openWireMongo();
  const { host, port, database } = place;
  await place.insert(
    "people",
    PEOPLE.map(({ born, ...person }) => ({ ...person, born: born === null ? null : new Date(born) })),
  );
  await place.insert("kinds", [
    {
      whole: new Int32(2),
      big: Long.fromString("9007199254740993"),
      exact: Decimal128.fromString("12345678901234567890.0123456789"),
      fraction: new Double(1.5),
      moment: new Date("2026-11-27T10:00:00.123Z"),
      flag: true,
      word: "Grüße 👩‍👩‍👧",
      note: "",
      reference: new ObjectId("64b0c0ffee64b0c0ffee64b0"),
      bytes: new Binary(Buffer.from([0, 255])),
      uuid: new UUID("123e4567-e89b-12d3-a456-426614174000"),
      nothing: null,
      list: ["a", new Int32(1), new ObjectId("64b0c0ffee64b0c0ffee64b0")],
      nested: { big: Long.fromString("9007199254740993"), at: new Date("2026-11-27T10:00:00Z") },
    },
  ]);
  await place.insert(
    "many",
    Array.from({ length: 2_000 }, (_, index) => ({ label: `row ${index}` })),
  );
  await place.insert("large", [{ label: "x".repeat(6_000_000) }]);
  await place.insert("salaries", [{ id: 1 }]);
  await place.slow("endless");
  const reader = { username: `reader_${database}`, password: "reads" };
  const writer = { username: `writer_${database}`, password: "writes" };
  const read = ["people", "kinds", "many", "large", "endless", 'people"`; drop table people; --'];
  await place.addReader(reader, read);
  await place.addWriter(writer);
  const settings: ConnectionSettings = {
    ...{ tenantId: TENANT, type: "mongodb", host, port, database, ...reader },
    ...{ tls: "off", ca: null },
  };
  return {
    settings,
    strong: writer,
    connect: createMongoConnector,
    queries: {
      everybody: json({
        collection: "people",
        find: {},
        projection: { _id: 0, id: 1, name: 1 },
        sort: { id: 1 },
      }),
      byCity: names({ city: ":city" }),
      byId: names({ id: ":id" }),
      bornSince: names({ born: { $gte: ":day" } }),
      inCities: names({ city: { $in: ":cities" } }),
      unknownParameter: names({ id: ":count" }),
      many: json({ collection: "many", find: {}, projection: { _id: 0, label: 1 } }),
      large: json({ collection: "large", find: {} }),
      slow: json({ collection: "endless", find: {} }),
      forbidden: json({ collection: "salaries", find: {} }),
      mistaken: '{"collection": "people", "find": {',
    },
    unsafe: [
      ...[
        [{ $out: "people" }],
        [{ $merge: { into: "people" } }],
        [{ $unionWith: "salaries" }],
        [
          {
            $graphLookup: {
              from: "people",
              startWith: "$id",
              connectFromField: "id",
              connectToField: "id",
              as: "x",
            },
          },
        ],
        [{ $currentOp: {} }],
        [{ $collStats: {} }],
        [{ $match: { $where: "sleep(1000)" } }],
        [{ $match: { $and: [{ $or: [{ $where: "1" }] }] } }],
        [{ $match: { $expr: { $function: { body: "function() {}", args: [], lang: "js" } } } }],
        [{ $project: { x: { $cond: [true, { $function: { body: "", args: [], lang: "js" } }, 1] } } }],
        [{ $group: { _id: null, x: { $accumulator: { init: "function() {}" } } } }],
        [{ $facet: { a: [{ $match: {} }, { $out: "people" }] } }],
        [{ $facet: { a: [{ $facet: { b: [{ $merge: "people" }] } }] } }],
        [{ $lookup: { from: "people", pipeline: [{ $out: "people" }], as: "x" } }],
        [{ $lookup: { from: { db: "admin", coll: "system.users" }, pipeline: [], as: "x" } }],
        [{ $lookup: { from: "system.profile", localField: "id", foreignField: "id", as: "x" } }],
        [{ $lookup: { from: ":city", localField: "id", foreignField: "id", as: "x" } }],
        [{ $unwind: ":city" }],
        [{ $count: ":city" }],
        [{ $set: { x: { $literal: ":city" } } }],
      ].map((pipeline) => ({
        query: aggregate(...pipeline),
        code: JSON.stringify(pipeline).includes('{"db"')
          ? ("VALIDATION" as const)
          : ("UNSAFE_PIPELINE" as const),
      })),
      { query: json({ collection: "people", find: { $where: "1" } }), code: "UNSAFE_PIPELINE" },
      {
        query: json({ collection: "people", find: { city: { $not: { $where: "1" } } } }),
        code: "UNSAFE_PIPELINE",
      },
      { query: json({ collection: "system.users", find: {} }), code: "UNSAFE_PIPELINE" },
      { query: json({ collection: ":city", find: {} }), code: "UNSAFE_PIPELINE" },
      { query: '{"collection": "people", "find": {"__proto__": {"x": 1}}}', code: "UNSAFE_PIPELINE" },
      { query: json({ collection: "people", delete: {} }), code: "VALIDATION" },
      { query: json({ collection: "people", find: {}, aggregate: [] }), code: "VALIDATION" },
      { query: json({ collection: "people", find: {}, comment: "x" }), code: "VALIDATION" },
      { query: "db.people.drop()", code: "VALIDATION" },
      { query: "[]", code: "VALIDATION" },
    ],
    values: {
      query: json({ collection: "kinds", find: {}, projection: { _id: 0 } }),
      columns: [
        { name: "whole", type: "integer" },
        { name: "big", type: "integer" },
        { name: "exact", type: "decimal" },
        { name: "fraction", type: "decimal" },
        { name: "moment", type: "datetime" },
        { name: "flag", type: "boolean" },
        { name: "word", type: "text" },
        { name: "note", type: "text" },
        { name: "reference", type: "text" },
        { name: "bytes", type: "bytes" },
        { name: "uuid", type: "text" },
        { name: "nothing", type: "text" },
        { name: "list", type: "json" },
        { name: "nested", type: "json" },
      ],
      row: [
        ...[2, "9007199254740993", "12345678901234567890.0123456789", 1.5, "2026-11-27T10:00:00.123Z", true],
        ...[
          "Grüße 👩‍👩‍👧",
          "",
          "64b0c0ffee64b0c0ffee64b0",
          "AP8=",
          "123e4567-e89b-12d3-a456-426614174000",
          null,
        ],
        '["a",1,"64b0c0ffee64b0c0ffee64b0"]',
        '{"big":"9007199254740993","at":"2026-11-27T10:00:00.000Z"}',
      ],
    },
    peopleOnServer: () => place.count("people"),
    running: place.running,
    sessions: place.sessions,
  };
}

/** The same over the wire protocol's test server, which is there on every machine. */
async function openWireMongo(): Promise<MongoPlace> {
  const server = await startMongoServer();
  const database = "company";
  const { host, port } = server;
  return {
    ...{ host, port, database },
    insert: async (collection, documents) => server.insert(database, collection, documents),
    slow: async (collection) => server.slow(database, collection, 60_000),
    // Where many keep the users of all databases.
    addReader: async (user, collections) =>
      server.addUser({
        ...{ ...user, database: "admin" },
        privileges: [{ database, collections, actions: READ_ACTIONS }],
      }),
    addWriter: async (user) =>
      server.addUser({ ...user, database, privileges: [{ database, actions: WRITE_ACTIONS }] }),
    count: async (collection) => server.documents(database, collection).length,
    running: async () => server.running(),
    sessions: async () => server.sessions(),
    remove: () => server.remove(),
  };
}

connectorContract("MongoDB", start, () => place.remove());
