/**
 * What tools cost: a call over the bare driver, 50 turns at once that each look something up, and what those who ask one
 * database notice when another one has stopped answering. MariaDB, PostgreSQL and the tests' MongoDB server with the
 * sample company; the model answers at once.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { connect as connectTcp, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SQL } from "bun";
import { MongoClient } from "mongodb";
import { createConnection } from "mysql2/promise";
import { createConnectorFactory } from "../../src/connectors/catalog.ts";
import type { ConnectionSettings, DatabaseKind } from "../../src/domain/connection.ts";
import { newId } from "../../src/domain/ids.ts";
import { percentile } from "../../src/rag/metrics.ts";
import { databaseQueries } from "../../src/tools/database-query.ts";
import { adminClient } from "../helpers/admin-client.ts";
import { aCatalogueTool, aParameter } from "../helpers/catalogue-tools.ts";
import { egressTo } from "../helpers/connector-contract.ts";
import { startMariaDb } from "../helpers/mariadb.ts";
import { startMongoServer } from "../helpers/mongo-server.ts";
import { startPostgres } from "../helpers/postgres.ts";
import { fillMariaDb } from "../helpers/sample-mariadb.ts";
import { fillMongo } from "../helpers/sample-mongo.ts";
import { fillPostgres } from "../helpers/sample-postgres.ts";
import { openVisitor, type VisitorClient } from "../helpers/visitor-client.ts";
import type { Figure } from "./figure.ts";
import { BINARY, printedAddress } from "./start.ts";

const CALLS = 500;
const WARMING = 50;
const TURNS_AT_ONCE = 50;
const ROUNDS = 3;
/** Turns of a block in which the other database answers, and of one in which it does not. */
const BLOCK = 40;
const BLOCKS = 3;
/** Who ask the database that is away, all the time. */
const WAITING = 5;

type Server = { type: DatabaseKind; port: number; database: string; username: string; password: string };

const PRODUCT = "Laptop";
const SQL_QUERY = "select pieces from stock where product = :product and city = 'Berlin'";
const MONGO_QUERY = JSON.stringify({
  collection: "stock",
  find: { product: ":product", city: "Berlin" },
  projection: { _id: 0, pieces: 1 },
});

export async function benchTools(): Promise<Figure[]> {
  const [postgres, mariadb, mongo] = await Promise.all([startPostgres(), startMariaDb(), startMongoServer()]);
  try {
    const servers: Server[] = [
      { type: "postgres", port: postgres.port, ...(await fillPostgres(postgres)) },
      { type: "mysql", port: mariadb.port, ...(await fillMariaDb(mariadb)) },
      { type: "mongodb", port: mongo.port, ...fillMongo(mongo) },
    ];
    const figures: Figure[] = [];
    for (const server of servers) figures.push(await costOfCall(server));
    const [near, away] = servers;
    if (near && away) figures.push(...(await inTurns(near, away)));
    return figures;
  } finally {
    await Promise.all([postgres.remove(), mariadb.remove(), mongo.remove()]);
  }
}

/** Both in turn, so that whatever else the machine does troubles both alike. */
async function costOfCall(server: Server): Promise<Figure> {
  const bare = await BARE[server.type](server);
  const settings = settingsOf(server);
  const connector = createConnectorFactory(egressTo(settings))(settings);
  const entry = aCatalogueTool({
    ...{ name: "stock", label: "Stock", parameters: [aParameter("product")] },
    action: {
      type: "db_query",
      connection: newId("connection"),
      query: server.type === "mongodb" ? MONGO_QUERY : SQL_QUERY,
    },
  });
  const runner = databaseQueries(async () => connector);
  const never = new AbortController().signal;
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let call = 0; call < WARMING + CALLS; call++) {
    const bareMs = await timed(() => bare.ask());
    const ourMs = await timed(() =>
      runner.run(entry, { product: PRODUCT }, { tenantId: entry.tenantId, visitor: null }, never),
    );
    if (call < WARMING) continue;
    theirs.push(bareMs);
    ours.push(ourMs);
  }
  await Promise.all([bare.close(), connector.close()]);
  const [our, their] = [percentile(0.5, ours), percentile(0.5, theirs)];
  return {
    what: `${server.type}: a call, the bare driver, what is added (p50)`,
    measured: `${our.toFixed(2)} − ${their.toFixed(2)} = ${(our - their).toFixed(2)} ms`,
    target: "< 3 ms",
  };
}

type Bare = { ask(): Promise<unknown>; close(): Promise<void> };

/** The same question with nothing but the driver, on one connection, prepared where the driver prepares. */
const BARE: Record<DatabaseKind, (server: Server) => Promise<Bare>> = {
  async postgres({ port, database, username, password }) {
    const sql = new SQL({
      adapter: "postgres",
      hostname: "127.0.0.1",
      port,
      database,
      username,
      password,
      max: 1,
    });
    return {
      ask: () => sql`select pieces from stock where product = ${PRODUCT} and city = 'Berlin'`,
      close: () => sql.end(),
    };
  },
  async mysql({ port, database, username, password }) {
    const connection = await createConnection({
      host: "127.0.0.1",
      port,
      database,
      user: username,
      password,
    });
    return {
      ask: () => connection.execute(SQL_QUERY.replace(":product", "?"), [PRODUCT]),
      close: () => connection.end(),
    };
  },
  async mongodb({ port, database, username, password }) {
    const client = new MongoClient(`mongodb://127.0.0.1:${port}`, {
      auth: { username, password },
      authSource: database,
      directConnection: true,
    });
    const stock = client.db(database).collection("stock");
    return {
      ask: () =>
        stock.find({ product: PRODUCT, city: "Berlin" }, { projection: { _id: 0, pieces: 1 } }).toArray(),
      close: () => client.close(),
    };
  },
};

async function inTurns(near: Server, away: Server): Promise<Figure[]> {
  const proxy = await startProxy(away.port);
  const model = startModel();
  const folder = mkdtempSync(join(tmpdir(), "parley-bench-tools-"));
  const listed = [near.port, proxy.port].map((port) => `127.0.0.1:${port}`).join(",");
  const parley = Bun.spawn(
    [BINARY, "--port", "0", "--host", "127.0.0.1", "--data", folder, "--egress-allow", listed],
    { stdout: "pipe", stderr: "ignore" },
  );
  try {
    const url = (await printedAddress(parley.stdout)).replace(/\/$/, "");
    const embedKey = await setUp(url, String(model.url), near, { ...away, port: proxy.port });
    const visitors = await Promise.all(
      Array.from({ length: TURNS_AT_ONCE }, () => openVisitor({ url }, embedKey)),
    );
    return [await manyTurns(visitors), await oneAway(visitors, proxy)];
  } finally {
    parley.kill("SIGTERM");
    await parley.exited;
    model.stop(true);
    proxy.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function manyTurns(visitors: readonly VisitorClient[]): Promise<Figure> {
  const took: number[] = [];
  for (let round = 0; round < ROUNDS; round++)
    took.push(...(await Promise.all(visitors.map((visitor) => timed(() => askNear(visitor))))));
  return {
    what: `${TURNS_AT_ONCE} turns at once, each with a look-up, p50 / p95`,
    measured: `${percentile(0.5, took).toFixed(0)} / ${percentile(0.95, took).toFixed(0)} ms`,
    target: "",
  };
}

/** Blocks with and without in turn; those who ask the other database go on asking in both. */
async function oneAway(visitors: readonly VisitorClient[], proxy: Proxy): Promise<Figure> {
  const asking = visitors.slice(WAITING);
  const took = { without: [] as number[], with: [] as number[] };
  let isOver = false;
  const others = visitors.slice(0, WAITING).map(async (visitor) => {
    while (!isOver) await visitor.ask("Is the other one away?").catch(() => Bun.sleep(500));
  });
  for (let block = 0; block < BLOCKS * 2; block++) {
    const kind = block % 2 === 0 ? "without" : "with";
    proxy.swallow(kind === "with");
    for (let turn = 0; turn < BLOCK; turn++) {
      const visitor = asking[(block * BLOCK + turn) % asking.length];
      if (visitor) took[kind].push(await timed(() => askNear(visitor)));
    }
  }
  isOver = true;
  proxy.swallow(false);
  await Promise.all(others);
  const [without, withIt] = [percentile(0.5, took.without), percentile(0.5, took.with)];
  return {
    what: "a turn while another database answers, and while it is silent, p50",
    measured: `${without.toFixed(0)} / ${withIt.toFixed(0)} ms (${(((withIt - without) / without) * 100).toFixed(0)} %)`,
    target: "within 10 %",
  };
}

async function askNear(visitor: VisitorClient): Promise<void> {
  const { content } = await visitor.ask("How many laptops are in Berlin?");
  if (!content.includes("That is it")) throw new Error(`The turn ended with: ${content}`);
}

/** One tool on each database, and a model that calls the one that is meant. */
async function setUp(url: string, model: string, near: Server, away: Server): Promise<string> {
  const owner = adminClient({ url });
  await owner.setUp();
  await owner.send("PUT", "/api/admin/llm/config", {
    ...{ provider: "openai", baseUrl: model, model: "bench", apiKey: "none" },
  });
  for (const [name, server] of [
    ["near", near],
    ["away", away],
  ] as const) {
    const { type, ...settings } = server;
    const connection = await owner.send<{ id: string }>("POST", "/api/admin/db", {
      ...{ name, type, host: "127.0.0.1", tls: "off", ...settings },
    });
    await owner.send("POST", "/api/admin/tools", {
      ...{
        name,
        label: name,
        description: name,
        type: "db_query",
        connection: connection.id,
        query: SQL_QUERY,
      },
      parameters: [{ name: "product", type: "text", description: "Product", required: true }],
      ...{ rowLimit: 10, enabled: true },
    });
  }
  const { items } = await owner.get<{ items: { embedKey: string }[] }>("/api/admin/tenants");
  return items[0]?.embedKey ?? "";
}

/** Chat Completions: a tool call for every question, and an answer to every result. */
function startModel() {
  return Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      if (request.method === "GET") return Response.json({ data: [{ id: "bench" }] });
      const { messages } = (await request.json()) as { messages: { role: string; content: unknown }[] };
      const question = JSON.stringify(messages.findLast(({ role }) => role === "user")?.content);
      const name = question.includes("away") ? "away" : "near";
      const isAnswered = messages.at(-1)?.role === "tool";
      const call = { index: 0, id: "call_1", type: "function" };
      const delta = isAnswered
        ? { content: "That is it [1]." }
        : { tool_calls: [{ ...call, function: { name, arguments: JSON.stringify({ product: PRODUCT }) } }] };
      const chunks = [
        { choices: [{ index: 0, delta, finish_reason: null }] },
        { choices: [{ index: 0, delta: {}, finish_reason: isAnswered ? "stop" : "tool_calls" }] },
      ];
      const events = chunks.map((chunk) =>
        JSON.stringify({ id: "1", object: "chat.completion.chunk", ...chunk }),
      );
      return new Response(`${[...events, "[DONE]"].map((event) => `data: ${event}\n\n`).join("")}`, {
        headers: { "content-type": "text/event-stream" },
      });
    },
  });
}

type Proxy = { port: number; swallow(isSilent: boolean): void; close(): void };

/** In front of a database: hands on what is said, or takes it and says nothing any more. */
async function startProxy(port: number): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let isSilent = false;
  const server = createServer((client) => {
    const upstream = connectTcp({ host: "127.0.0.1", port });
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on("data", (chunk: Buffer) => {
        if (!isSilent) to.write(chunk);
      });
      from.on("error", () => to.destroy());
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    swallow(next) {
      isSilent = next;
    },
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

function settingsOf(server: Server): ConnectionSettings {
  return { tenantId: newId("tenant"), host: "127.0.0.1", tls: "off", ca: null, ...server };
}
