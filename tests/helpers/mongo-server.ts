/**
 * A server that speaks MongoDB's wire protocol over a real socket, for the official driver: handshake, SCRAM-SHA-256,
 * find, aggregate, count, cursors, explain, privileges, errors and limits of time.
 * https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/
 */
import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import { createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { BSON } from "mongodb";
import { aggregate, type Doc, isDoc, MongoFailure, matches, project, sorted } from "./mongo-documents.ts";

export type MongoUser = {
  username: string;
  password: string;
  /** Database in which it is kept. */
  database: string;
  /** What it may do in which database; `collections` leaves it to some of them. */
  privileges: { database: string; collections?: readonly string[]; actions: readonly string[] }[];
};

export const READ_ACTIONS = [
  ..."changeStream collStats dbHash dbStats find killCursors listCollections listIndexes listSearchIndexes".split(
    " ",
  ),
  "planCacheRead",
];
export const WRITE_ACTIONS = [
  ...READ_ACTIONS,
  "insert",
  "remove",
  "update",
  "createCollection",
  "dropCollection",
];

export type MongoServer = {
  readonly host: "127.0.0.1";
  readonly port: number;
  addUser(user: MongoUser): void;
  insert(database: string, collection: string, documents: readonly Doc[]): void;
  documents(database: string, collection: string): Doc[];
  /** A collection whose every query takes so long, or until it is ended. */
  slow(database: string, collection: string, ms: number): void;
  /** Queries that run now. */
  running(): number;
  /** Connections that are open, and have said who they are. */
  sessions(): number;
  /** Commands that were asked for, in order, without those of the handshake. */
  commands(): Doc[];
  /** Cursors that were opened and neither read to the end nor closed. */
  openCursors(): number;
  remove(): Promise<void>;
};

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const ITERATIONS = 4096;
const MAX_MESSAGE_BYTES = 48_000_000;
const MAX_REPLY_BYTES = 16 * 1024 * 1024;

type Peer = { socket: Socket; user: MongoUser | null; scram: Scram | null; closed: AbortController };
type Scram = { user: MongoUser | null; salt: Buffer; nonce: string; bare: string; first: string };
type Cursor = { namespace: string; rest: Doc[] };

/** With a certificate it takes encrypted connections and no others. */
export async function startMongoServer(
  tls: { cert: string; key: string } | null = null,
): Promise<MongoServer> {
  const data = new Map<string, Doc[]>();
  const users: MongoUser[] = [];
  const delays = new Map<string, number>();
  const peers = new Set<Peer>();
  const cursors = new Map<bigint, Cursor>();
  const asked: Doc[] = [];
  let runningNow = 0;
  let nextCursor = 1n;

  const documentsOf = (namespace: string) => data.get(namespace) ?? [];

  function requireRight(peer: Peer, action: string, database: string, collection: string | null): void {
    const has = peer.user?.privileges.some(
      (privilege) =>
        privilege.database === database &&
        privilege.actions.includes(action) &&
        (collection === null ||
          privilege.collections === undefined ||
          privilege.collections.includes(collection)),
    );
    if (!has) throw new MongoFailure(13, "Unauthorized", `not authorized on ${database} to execute command`);
  }

  /** Runs for as long as the collection is slow, unless its time is over or the client is gone. */
  async function delayed(peer: Peer, namespace: string, maxTimeMs: number): Promise<void> {
    const ms = delays.get(namespace) ?? 0;
    if (ms === 0) return;
    runningNow += 1;
    try {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(ms, maxTimeMs || ms));
        peer.closed.signal.addEventListener("abort", () => {
          clearTimeout(timer);
          resolve();
        });
      });
    } finally {
      runningNow -= 1;
    }
    if (maxTimeMs > 0 && ms >= maxTimeMs)
      throw new MongoFailure(50, "MaxTimeMSExpired", "operation exceeded time limit");
  }

  function batch(
    namespace: string,
    documents: Doc[],
    size: number,
    name: "firstBatch" | "nextBatch",
    id?: bigint,
  ): Doc {
    let bytes = 0;
    let count = 0;
    for (const document of documents) {
      bytes += BSON.calculateObjectSize(document);
      if (count >= size || (count > 0 && bytes > MAX_REPLY_BYTES)) break;
      count += 1;
    }
    const rest = documents.slice(count);
    const cursor = id ?? nextCursor++;
    if (rest.length > 0) cursors.set(cursor, { namespace, rest });
    else cursors.delete(cursor);
    const told = rest.length > 0 ? cursor : 0n;
    return {
      cursor: { id: BSON.Long.fromBigInt(told), ns: namespace, [name]: documents.slice(0, count) },
      ok: 1,
    };
  }

  function found(database: string, command: Doc): Doc[] {
    const namespace = `${database}.${command.find}`;
    const filter = isDoc(command.filter) ? command.filter : {};
    const all = documentsOf(namespace).filter((document) => matches(document, filter));
    const inOrder = isDoc(command.sort) ? sorted(all, command.sort) : all;
    const skip = numberOf(command.skip);
    const limit = numberOf(command.limit);
    const some = inOrder.slice(skip, limit > 0 ? skip + limit : undefined);
    const { projection } = command;
    return isDoc(projection) ? some.map((document) => project(document, projection)) : some;
  }

  function aggregated(database: string, command: Doc): Doc[] {
    const pipeline = Array.isArray(command.pipeline) ? command.pipeline : [];
    const find = (collection: string) => documentsOf(`${database}.${collection}`);
    return aggregate(find(String(command.aggregate)), pipeline, find);
  }

  const batchSize = (command: Doc) =>
    numberOf(isDoc(command.cursor) ? command.cursor.batchSize : command.batchSize) || 101;

  type Handler = (peer: Peer, database: string, command: Doc) => Doc | Promise<Doc>;
  const HANDLERS: Record<string, Handler> = {
    ismaster: (peer, database, command) => greeting(peer, database, command, users),
    hello: (peer, database, command) => greeting(peer, database, command, users),
    ping: () => ({ ok: 1 }),
    endsessions: () => ({ ok: 1 }),
    buildinfo: () => ({ version: "7.0.14", versionArray: [7, 0, 14, 0], ok: 1 }),
    saslstart: (peer, database, command) => saslStart(peer, database, command, users),
    saslcontinue: saslContinue,
    connectionstatus: (peer) => connectionStatus(peer),
    find: async (peer, database, command) => {
      const namespace = `${database}.${command.find}`;
      requireRight(peer, "find", database, String(command.find));
      await delayed(peer, namespace, numberOf(command.maxTimeMS));
      return batch(namespace, found(database, command), batchSize(command), "firstBatch");
    },
    aggregate: async (peer, database, command) => {
      const namespace = `${database}.${command.aggregate}`;
      requireRight(peer, "find", database, String(command.aggregate));
      await delayed(peer, namespace, numberOf(command.maxTimeMS));
      return batch(namespace, aggregated(database, command), batchSize(command), "firstBatch");
    },
    count: (peer, database, command) => {
      requireRight(peer, "find", database, String(command.count));
      return { n: documentsOf(`${database}.${command.count}`).length, ok: 1 };
    },
    getmore: (_, database, command) => {
      const id = BigInt(String(command.getMore));
      const cursor = cursors.get(id);
      if (!cursor) throw new MongoFailure(43, "CursorNotFound", `cursor id ${id} not found`);
      return batch(
        `${database}.${command.collection}`,
        cursor.rest,
        numberOf(command.batchSize) || 101,
        "nextBatch",
        id,
      );
    },
    killcursors: (_, __, command) => {
      const ids = (Array.isArray(command.cursors) ? command.cursors : []).map((id) => BigInt(String(id)));
      for (const id of ids) cursors.delete(id);
      return { cursorsKilled: ids.map((id) => BSON.Long.fromBigInt(id)), ok: 1 };
    },
    explain: (peer, database, command) => {
      const inner = isDoc(command.explain) ? command.explain : {};
      requireRight(peer, "find", database, String(inner.find ?? inner.aggregate));
      if ("find" in inner) found(database, inner);
      else aggregated(database, inner);
      return {
        queryPlanner: {
          namespace: `${database}.${inner.find ?? inner.aggregate}`,
          winningPlan: { stage: "COLLSCAN" },
        },
        ok: 1,
      };
    },
    listcollections: (peer, database) => {
      requireRight(peer, "listCollections", database, null);
      const names = [...data.keys()].filter((namespace) => namespace.startsWith(`${database}.`));
      const listed = names.map((namespace) => ({
        name: namespace.slice(database.length + 1),
        type: "collection",
      }));
      return batch(`${database}.$cmd.listCollections`, listed, 1_000, "firstBatch");
    },
  };

  async function answer(peer: Peer, command: Doc): Promise<Doc> {
    const [name = ""] = Object.keys(command);
    const handler = HANDLERS[name.toLowerCase()];
    if (!/^(ismaster|hello|sasl|ping|endsessions)/i.test(name)) asked.push(command);
    try {
      if (!handler) throw new MongoFailure(59, "CommandNotFound", `no such command: '${name}'`);
      return await handler(peer, String(command.$db ?? "admin"), command);
    } catch (thrown) {
      if (!(thrown instanceof MongoFailure)) throw thrown;
      return { ok: 0, errmsg: thrown.message, code: thrown.code, codeName: thrown.codeName };
    }
  }

  const serve = (socket: Socket) => {
    const peer: Peer = { socket, user: null, scram: null, closed: new AbortController() };
    peers.add(peer);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      peers.delete(peer);
      peer.closed.abort();
    });
    let pending = Buffer.alloc(0);
    socket.on("data", (chunk: Buffer) => {
      pending = Buffer.concat([pending, chunk]);
      // As the real one does with what is no message of its protocol, such as the beginning of TLS.
      if (pending.length >= 16 && pending.readUInt32LE(0) > MAX_MESSAGE_BYTES) return void socket.destroy();
      while (pending.length >= 16 && pending.length >= pending.readInt32LE(0)) {
        const length = pending.readInt32LE(0);
        const message = pending.subarray(0, length);
        pending = pending.subarray(length);
        void reply(peer, message, answer);
      }
    });
  };
  const server = tls ? createTlsServer(tls, serve) : createServer(serve);
  const port = await listen(server);

  return {
    host: "127.0.0.1",
    port,
    addUser: (user) => users.push(user),
    insert(database, collection, documents) {
      const namespace = `${database}.${collection}`;
      const withIds = documents.map((document) => ({ _id: new BSON.ObjectId(), ...document }));
      const kept = documentsOf(namespace);
      for (const document of withIds) kept.push(document);
      data.set(namespace, kept);
    },
    documents: (database, collection) => documentsOf(`${database}.${collection}`),
    slow: (database, collection, ms) => {
      data.set(`${database}.${collection}`, documentsOf(`${database}.${collection}`));
      delays.set(`${database}.${collection}`, ms);
    },
    running: () => runningNow,
    sessions: () => peers.size,
    commands: () => asked,
    openCursors: () => cursors.size,
    remove: () =>
      new Promise((resolve) => {
        for (const { socket } of peers) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

function numberOf(value: unknown): number {
  return value === undefined || value === null ? 0 : Number(value.toString());
}

const DECODING = { promoteValues: false } as const;

async function reply(
  peer: Peer,
  message: Buffer,
  answer: (peer: Peer, command: Doc) => Promise<Doc>,
): Promise<void> {
  const requestId = message.readInt32LE(4);
  const code = message.readInt32LE(12);
  if (code !== OP_MSG && code !== OP_QUERY) return void peer.socket.destroy();
  const command = code === OP_MSG ? bodyOf(message) : queryOf(message);
  const document = Buffer.from(BSON.serialize(await answer(peer, command)));
  const head = code === OP_MSG ? Buffer.from([0, 0, 0, 0, 0]) : replyHead();
  const header = Buffer.alloc(16);
  header.writeInt32LE(16 + head.length + document.length, 0);
  header.writeInt32LE(requestId, 8);
  header.writeInt32LE(code === OP_MSG ? OP_MSG : OP_REPLY, 12);
  if (!peer.socket.destroyed) peer.socket.write(Buffer.concat([header, head, document]));
}

/** The one section of kind 0; those of kind 1 carry documents to be written, which nobody does here. */
function bodyOf(message: Buffer): Doc {
  return BSON.deserialize(message.subarray(21, 21 + message.readInt32LE(21)), DECODING);
}

function queryOf(message: Buffer): Doc {
  const nameEnd = message.indexOf(0, 20);
  const start = nameEnd + 1 + 8;
  const database = message
    .subarray(20, nameEnd)
    .toString()
    .replace(/\.\$cmd$/, "");
  return {
    ...BSON.deserialize(message.subarray(start, start + message.readInt32LE(start)), DECODING),
    $db: database,
  };
}

function replyHead(): Buffer {
  const head = Buffer.alloc(20);
  head.writeInt32LE(8, 0);
  head.writeInt32LE(1, 16);
  return head;
}

function greeting(_: Peer, __: string, command: Doc, users: MongoUser[]): Doc {
  const wanted = typeof command.saslSupportedMechs === "string" ? command.saslSupportedMechs : null;
  const isKnown = users.some(({ database, username }) => `${database}.${username}` === wanted);
  return {
    helloOk: true,
    ismaster: true,
    isWritablePrimary: true,
    maxBsonObjectSize: MAX_REPLY_BYTES,
    maxMessageSizeBytes: MAX_MESSAGE_BYTES,
    maxWriteBatchSize: 100_000,
    localTime: new Date(),
    minWireVersion: 0,
    maxWireVersion: 21,
    readOnly: false,
    ...(wanted !== null && isKnown ? { saslSupportedMechs: ["SCRAM-SHA-256"] } : {}),
    ok: 1,
  };
}

function connectionStatus({ user }: Peer): Doc {
  const privileges = user?.privileges.map(({ database, actions }) => ({
    resource: { db: database, collection: "" },
    actions,
  }));
  return {
    authInfo: {
      authenticatedUsers: user ? [{ user: user.username, db: user.database }] : [],
      authenticatedUserRoles: [],
      authenticatedUserPrivileges: privileges ?? [],
    },
    ok: 1,
  };
}

function textOf(payload: unknown): string {
  return payload instanceof BSON.Binary ? Buffer.from(payload.value()).toString() : "";
}

const failed = () => new MongoFailure(18, "AuthenticationFailed", "Authentication failed.");

function saslStart(peer: Peer, database: string, command: Doc, users: MongoUser[]): Doc {
  const first = textOf(command.payload);
  const bare = first.replace(/^n,,/, "");
  const { n: username = "", r: clientNonce = "" } = attributesOf(bare);
  const user = users.find((each) => each.username === username && each.database === database) ?? null;
  const scram: Scram = {
    user,
    salt: randomBytes(16),
    nonce: clientNonce + randomBytes(18).toString("base64"),
    bare,
    first: "",
  };
  scram.first = `r=${scram.nonce},s=${scram.salt.toString("base64")},i=${ITERATIONS}`;
  peer.scram = scram;
  return { conversationId: 1, done: false, payload: new BSON.Binary(Buffer.from(scram.first)), ok: 1 };
}

/** RFC 5802: the client proves that it knows the password, and the server that it knows it too. */
function saslContinue(peer: Peer, _: string, command: Doc): Doc {
  const { scram } = peer;
  const message = textOf(command.payload);
  const { p: proof = "" } = attributesOf(message);
  if (!scram?.user) throw failed();
  const salted = pbkdf2Sync(scram.user.password, scram.salt, ITERATIONS, 32, "sha256");
  const clientKey = hmac(salted, "Client Key");
  const storedKey = createHash("sha256").update(clientKey).digest();
  const told = `${scram.bare},${scram.first},${message.replace(/,p=.*$/, "")}`;
  const signature = hmac(storedKey, told);
  const expected = Buffer.from(clientKey.map((byte, index) => byte ^ (signature[index] ?? 0)));
  if (expected.toString("base64") !== proof) throw failed();
  peer.user = scram.user;
  const verifier = hmac(hmac(salted, "Server Key"), told).toString("base64");
  return { conversationId: 1, done: true, payload: new BSON.Binary(Buffer.from(`v=${verifier}`)), ok: 1 };
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

function attributesOf(message: string): Record<string, string> {
  return Object.fromEntries(message.split(",").map((part) => [part.slice(0, 1), part.slice(2)]));
}
