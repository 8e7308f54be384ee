/**
 * A database of the test's own in a MongoDB that somebody runs: `TEST_MONGODB_URL`, with the rights of an administrator.
 * It and its users go when the test ends.
 */
import { randomBytes } from "node:crypto";
import { type Document, MongoClient } from "mongodb";

export type MongoPlace = {
  host: string;
  port: number;
  /** Name of the database. */
  database: string;
  insert(collection: string, documents: Document[]): Promise<void>;
  /** A collection whose every query takes a minute, or until it is ended. */
  slow(collection: string): Promise<void>;
  /** One who may read these collections, kept where the users of all databases are. */
  addReader(user: MongoLogin, collections: readonly string[]): Promise<void>;
  /** One who may write, kept in the database. */
  addWriter(user: MongoLogin): Promise<void>;
  count(collection: string): Promise<number>;
  /** Queries of the reader that run now. */
  running(): Promise<number>;
  /** Connections that the reader has open. */
  sessions(): Promise<number>;
  remove(): Promise<void>;
};

export type MongoLogin = { username: string; password: string };

export async function openRealMongo(url: string): Promise<MongoPlace> {
  const client = await new MongoClient(url).connect();
  const database = `parley_test_${randomBytes(6).toString("hex")}`;
  const [db, admin] = [client.db(database), client.db("admin")];
  const { host = "127.0.0.1", port = 27_017 } = client.options.hosts[0] ?? {};
  const readers: string[] = [];

  /** Operations and connections of the readers. */
  async function operations(match: Document): Promise<Document[]> {
    const pipeline = [
      { $currentOp: { allUsers: true, idleConnections: true } },
      { $match: { "effectiveUsers.user": { $in: readers }, ...match } },
    ];
    return admin.aggregate(pipeline).toArray();
  }

  return {
    ...{ host, port, database },
    async insert(collection, documents) {
      await db.collection(collection).insertMany(documents);
    },
    async slow(collection) {
      const waiting = { body: "function() { sleep(60000); return 1; }", args: [], lang: "js" };
      await db.createCollection(collection, {
        viewOn: "people",
        pipeline: [{ $set: { waited: { $function: waiting } } }],
      });
    },
    async addReader({ username, password }, collections) {
      const role = `${database}_reader`;
      const actions = ["find", "collStats", "listIndexes"];
      const privileges = [
        { resource: { db: database, collection: "" }, actions: ["listCollections", "dbStats"] },
        ...collections.map((collection) => ({ resource: { db: database, collection }, actions })),
      ];
      await admin.command({ createRole: role, privileges, roles: [] });
      await admin.command({ createUser: username, pwd: password, roles: [role] });
      readers.push(username);
    },
    async addWriter({ username, password }) {
      await db.command({ createUser: username, pwd: password, roles: ["readWrite"] });
    },
    count: (collection) => db.collection(collection).countDocuments(),
    running: async () => (await operations({ active: true, ns: { $regex: `^${database}[.]` } })).length,
    sessions: async () => new Set((await operations({})).map((operation) => operation.client)).size,
    async remove() {
      for (const reader of readers) await admin.command({ dropUser: reader });
      await admin.command({ dropRole: `${database}_reader` });
      await db.command({ dropAllUsersFromDatabase: 1 });
      await db.dropDatabase();
      await client.close();
    },
  };
}
