/** Connections to an organisation's own databases, over HTTP. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createServer } from "node:net";
import type {
  ConnectionPage,
  ConnectionView,
  DatabaseSchemaView,
  NewRoleAnswer,
  TableRowsView,
  TestConnectionAnswer,
} from "../../src/protocol/admin-api/connections.ts";
import type { ToolView } from "../../src/protocol/admin-api/tools.ts";
import { type AdminClient, setUpOwner } from "../helpers/admin-client.ts";
import { eventually } from "../helpers/connector-contract.ts";
import { rows, withDatabase } from "../helpers/database.ts";
import { type FakePostgres, startFakePostgres } from "../helpers/fake-postgres.ts";
import { expectNothingPersisted } from "../helpers/nothing-persisted.ts";
import { freePort, type Parley, startParley } from "../helpers/parley.ts";
import { type PostgresServer, SUPERUSER, startPostgres } from "../helpers/postgres.ts";

const COMPANY = `
create table stock (product text not null, city text not null, pieces integer not null, price numeric(10,2) not null);
comment on table stock is 'What lies in the warehouses';
comment on column stock.pieces is 'Counted every night';
insert into stock values ('Laptop', 'Berlin', 12, 999.90), ('Laptop', 'Madrid', 3, 999.90), ('Chair', 'Berlin', 40, 89.00);
create schema hidden;
create table hidden.salaries (amount numeric);
create role reader login password 'reader-password';
grant select on stock to reader;
analyze stock;`;

/** Roles that can do more than read, each in another way, and a word of what is said of it. */
const STRONG: [string, string, string][] = [
  ["insert", "grant select, insert on stock to insert", "write to public.stock"],
  ["update_column", "grant select, update (pieces) on stock to update_column", "write to public.stock"],
  [
    "owner_of_a_table",
    "create table mine (); alter table mine owner to owner_of_a_table",
    "owns public.mine",
  ],
  ["maker_of_tables", "grant create on schema public to maker_of_tables", "make tables in the schema public"],
  ["maker_of_schemas", "grant create on database company to maker_of_schemas", "make schemas"],
  ["maker_of_roles", "alter role maker_of_roles createrole", "make roles"],
  ["maker_of_databases", "alter role maker_of_databases createdb", "make databases"],
  ["passer", "alter role passer bypassrls", "row security"],
  ["reader_of_files", "grant pg_read_server_files to reader_of_files", "pg_read_server_files"],
  ["runner", "grant pg_execute_server_program to runner", "pg_execute_server_program"],
  ["writer_of_all", "grant pg_write_all_data to writer_of_all", "pg_write_all_data"],
  [
    "heir",
    "create role writers; grant insert on stock to writers; alter role heir noinherit; grant writers to heir",
    "write to public.stock",
  ],
  ["counter", "create sequence steps; grant usage on sequence steps to counter", "sequence public.steps"],
];

let postgres: PostgresServer;
let old: FakePostgres;
let parley: Parley;
let owner: AdminClient;
/** Where nobody listens, where somebody says nothing, where somebody speaks HTTP, and what nobody has listed. */
let nobody: number;
let silent: Listener;
let web: Listener;
let unlisted: Listener;

beforeAll(async () => {
  [postgres, old, nobody, silent, web, unlisted] = await Promise.all([
    startPostgres(),
    startFakePostgres(90_600),
    freePort(),
    listen(),
    listen("HTTP/1.1 400 Bad Request\r\n\r\n"),
    listen(),
  ]);
  await postgres.createDatabase("company");
  await postgres.admin(COMPANY, "company");
  const ports = [postgres.port, old.port, nobody, silent.port, web.port];
  const listed = [...ports.map((port) => `127.0.0.1:${port}`), "db.nowhere.invalid:5432"].join(",");
  parley = await startParley({ flags: ["--egress-allow", listed] });
  owner = await setUpOwner(parley);
  await connected();
  // The first round of looking after connections, which writes when the next one is due.
  await eventually(async () => rows(parley, "select 1 from jobs where run_at > created_at").length > 0);
}, 60_000);
afterAll(async () => {
  await Promise.all([parley?.remove(), postgres?.remove()]);
  await Promise.all([old, silent, web, unlisted].map((each) => each?.close()));
});

const settings = () => ({
  ...{ type: "postgres", host: postgres.host, port: postgres.port, database: "company" },
  ...{ username: "reader", password: "reader-password", tls: "off" },
});
let names = 0;
const connect = (changes: Record<string, unknown> = {}) =>
  owner.call<ConnectionView>("POST", "/api/admin/db", {
    name: `Company ${++names}`,
    ...settings(),
    ...changes,
  });
const connected = async () => (await connect()).body;
const tryOut = (changes: Record<string, unknown>) =>
  owner.send<TestConnectionAnswer>("POST", "/api/admin/db/test", { ...settings(), ...changes });
const change = (id: string, changes: Record<string, unknown>) =>
  owner.call<ConnectionView>("PATCH", `/api/admin/db/${id}`, changes);
const read = (id: string) => owner.get<ConnectionView>(`/api/admin/db/${id}`);
const aTool = (connection: string, changes: Record<string, unknown> = {}) =>
  owner.call<ToolView>("POST", "/api/admin/tools", {
    ...{ name: `stock_${++names}`, label: "Stock", description: "Pieces.", type: "db_query" },
    ...{ connection, query: "select pieces from stock", ...changes },
  });
const refused = (code: string, status = 422) => ({ status, body: { error: { code } } });

describe("a connection", () => {
  test("is saved when its role can only read, and shows its password to nobody", async () => {
    const { status, body } = await connect();

    expect(status).toBe(201);
    expect(body).toMatchObject({
      ...{ state: "ready", problem: null, password: { set: true } },
    });
    expect([body.id, body.serverVersion].join(" ")).toMatch(/^dbc_\w+ PostgreSQL \d+/);
    const seen = JSON.stringify([
      ...[body, await owner.get("/api/admin/db"), await read(body.id)],
      ...[
        rows(parley, "select * from db_connections"),
        rows(parley, "select * from audit_log"),
        parley.log(),
      ],
    ]);
    expect(seen).not.toContain("reader-password");
  });

  test.each(STRONG)("whose role is %s is refused, and says what it can do", async (role, grants, words) => {
    await postgres.admin(`create role ${role} login password 'strong'; ${grants}`, "company");

    const answer = await expectNothingPersisted(parley, () =>
      connect({ username: role, password: "strong" }),
    );

    expect(answer).toMatchObject(refused("CREDENTIAL_NOT_READONLY"));
    expect(JSON.stringify(answer.body)).toContain(words);
    await postgres.admin(`drop owned by ${role}; drop role ${role}`, "company");
  });

  test("of the superuser is refused", async () => {
    expect(await expectNothingPersisted(parley, () => connect(SUPERUSER))).toMatchObject(
      refused("CREDENTIAL_NOT_READONLY"),
    );
  });

  test("to a database that is not there is kept unchecked, and no tool uses it", async () => {
    const { status, body } = await connect({ port: nobody });

    expect([status, body]).toMatchObject([
      201,
      { state: "unchecked", problem: { code: "CONNECTION_REFUSED" } },
    ]);
    expect(await expectNothingPersisted(parley, () => aTool(body.id))).toMatchObject(
      refused("TOOL_UNAVAILABLE", 503),
    );
  });

  test("to an address that is not on the list is refused without a packet", async () => {
    const answer = await expectNothingPersisted(parley, () => connect({ port: unlisted.port }));

    expect(answer).toMatchObject(refused("EGRESS_DENIED"));
    expect(await tryOut({ port: unlisted.port })).toMatchObject({ ok: false, code: "EGRESS_DENIED" });
    expect(await tryOut({ host: "169.254.169.254" })).toMatchObject({ ok: false, code: "EGRESS_DENIED" });
    expect(unlisted.connections()).toBe(0);
  });

  test("says in words what is wrong with it, before it is saved", async () => {
    const outcomes = await expectNothingPersisted(parley, () =>
      Promise.all([
        tryOut({}),
        tryOut({ host: "db.nowhere.invalid", port: 5432 }),
        tryOut({ port: nobody }),
        tryOut({ port: silent.port }),
        tryOut({ port: web.port }),
        tryOut({ password: "wrong" }),
        tryOut({ username: "nobody" }),
        tryOut({ database: "nowhere" }),
        tryOut({ ...SUPERUSER }),
        tryOut({ port: old.port }),
        tryOut({ tls: "verify" }),
        tryOut({ tls: "verify", ca: "no certificate" }),
      ]),
    );

    expect(outcomes.map(({ ok, code }): unknown => code ?? ok)).toEqual([
      ...[true, "HOST_NOT_FOUND", "CONNECTION_REFUSED", "CONNECTION_TIMEOUT", "CONNECTION_REFUSED"],
      ...["AUTHENTICATION_FAILED", "AUTHENTICATION_FAILED", "DATABASE_NOT_FOUND", "CREDENTIAL_NOT_READONLY"],
      ...["SERVER_TOO_OLD", "TLS_FAILED", "TLS_FAILED"],
    ]);
    expect(outcomes[0]).toMatchObject({
      readOnly: true,
      serverVersion: expect.stringContaining("PostgreSQL"),
    });
    expect(outcomes[8]).toMatchObject({ readOnly: false });
    for (const { message } of outcomes) expect(message).toMatch(/^[A-Z“\d].{15,}[.…]$/u);
  });

  test("is encrypted as it was asked to be", async () => {
    const encrypted = { tls: "verify", ca: postgres.certificate };

    expect(await Promise.all([tryOut({ tls: "require" }), tryOut(encrypted)])).toMatchObject([
      { ok: true },
      { ok: true },
    ]);
    expect((await connect({ ...encrypted })).body).toMatchObject({
      tls: "verify",
      ca: postgres.certificate.trim() === "" ? null : postgres.certificate,
    });
  });

  test("is changed; what has nothing to do with the server asks nobody", async () => {
    const { id, checkedAt } = await connected();

    const renamed = await change(id, { name: "Renamed" });

    expect(renamed.body).toMatchObject({ name: "Renamed", checkedAt, state: "ready" });
    expect(await change(id, { database: "nowhere" })).toMatchObject(refused("DATABASE_NOT_FOUND"));
    expect(await change(id, { username: SUPERUSER.username, password: SUPERUSER.password })).toMatchObject(
      refused("CREDENTIAL_NOT_READONLY"),
    );
    expect(await read(id)).toEqual(renamed.body);
    expect((await change(id, { name: (await connected()).name })).status).toBe(409);
  });

  test("row 28: keeps its password to the server that it was entered for", async () => {
    const { id } = await connected();

    for (const elsewhere of [{ host: "localhost" }, { port: silent.port }]) {
      const changed = await expectNothingPersisted(parley, () => change(id, elsewhere));
      expect(changed).toMatchObject(refused("CREDENTIAL_REENTRY_REQUIRED"));
      const tried = await owner.call("POST", "/api/admin/db/test", { id, ...elsewhere });
      expect(tried).toMatchObject(refused("CREDENTIAL_REENTRY_REQUIRED"));
    }
    const before = silent.connections();
    expect((await change(id, { port: silent.port, password: "another" })).body).toMatchObject({
      state: "unchecked",
    });
    expect(silent.connections()).toBe(before + 1);
  });

  test("whose role was given more is not used from its next check on, and again when that is taken back", async () => {
    await postgres.admin(
      "create role drifting login password 'drifts'; grant select on stock to drifting",
      "company",
    );
    const { body: connection } = await connect({ username: "drifting", password: "drifts" });
    const { body: tool } = await aTool(connection.id);
    const check = () => owner.send<TestConnectionAnswer>("POST", "/api/admin/db/test", { id: connection.id });
    const use = () => owner.call("POST", `/api/admin/tools/${tool.id}/run`, { arguments: {} });

    await postgres.admin("grant delete on stock to drifting", "company");
    expect(await check()).toMatchObject({ ok: false, code: "CREDENTIAL_NOT_READONLY", readOnly: false });
    expect(await read(connection.id)).toMatchObject({
      state: "failed",
      problem: { code: "CREDENTIAL_NOT_READONLY" },
    });
    expect(await use()).toMatchObject(refused("TOOL_UNAVAILABLE", 503));

    await postgres.admin("revoke delete on stock from drifting", "company");
    expect(await check()).toMatchObject({ ok: true });
    expect((await use()).status).toBe(200);
  });

  test("is removed when no tool uses it, and comes back for a while", async () => {
    const { id } = await connected();
    const { body: tool } = await aTool(id, { label: "The last one" });

    const used = await owner.call("DELETE", `/api/admin/db/${id}`);
    expect(used).toMatchObject({
      status: 409,
      body: { error: { message: expect.stringContaining("“The last one”") } },
    });
    await owner.send("DELETE", `/api/admin/tools/${tool.id}`);
    await owner.send("DELETE", `/api/admin/db/${id}`);
    expect((await owner.call("GET", `/api/admin/db/${id}`)).status).toBe(404);
    expect((await owner.call("POST", `/api/admin/tools/${tool.id}/restore`)).status).toBe(409);
    await owner.send("POST", `/api/admin/db/${id}/restore`);
    await owner.send("POST", `/api/admin/tools/${tool.id}/restore`);

    expect((await owner.call("POST", `/api/admin/tools/${tool.id}/run`, {})).status).toBe(200);
  });

  test("whose password does not open any more says so, and takes another", async () => {
    const { id } = await connected();
    const { body: tool } = await aTool(id);
    withDatabase(parley, (database) =>
      database.run("update db_connections set password = substr(password, 1, 20) where id = ?", [id]),
    );

    expect(await read(id)).toMatchObject({
      password: { set: true },
      passwordProblem: expect.stringContaining("cannot be opened"),
    });
    expect(await owner.call("POST", `/api/admin/tools/${tool.id}/run`, {})).toMatchObject(
      refused("TOOL_UNAVAILABLE", 503),
    );
    expect(await change(id, { name: "Renamed with a lost key" })).toMatchObject(
      refused("CREDENTIAL_UNDECRYPTABLE"),
    );
    expect((await change(id, { password: "reader-password" })).body).toMatchObject({
      passwordProblem: null,
      state: "ready",
    });
    expect((await owner.call("POST", `/api/admin/tools/${tool.id}/run`, {})).status).toBe(200);
  });

  test.each([
    ["no port", { port: 0 }],
    ["a port that there is not", { port: 65_536 }],
    ["no host", { host: " " }],
    ["a kind that there is not", { type: "oracle" }],
    ["a field that nobody knows", { readOnly: true }],
    ["a password that is none", { password: { $ne: null } }],
  ])("with %s is no connection", async (_what, changes) => {
    expect((await expectNothingPersisted(parley, () => connect(changes))).status).toBe(400);
  });
});

describe("the commands for a role that can only read", () => {
  test("make one that passes the check and reads", async () => {
    const role = await owner.send<NewRoleAnswer>("POST", "/api/admin/db/role", {
      type: "postgres",
      database: "company",
    });
    await postgres.admin(role.commands, "company");

    const { body } = await connect({ username: role.username, password: role.password });

    expect(body).toMatchObject({ state: "ready" });
    expect((await aTool(body.id)).status).toBe(201);
    expect(role.password.length).toBeGreaterThanOrEqual(24);
  });

  test("take hostile names as names", async () => {
    const database = 'x"; drop table stock; --';
    const { commands } = await owner.send<NewRoleAnswer>("POST", "/api/admin/db/role", {
      ...{ type: "postgres", database, username: 'a"b', schemas: ['s"t'] },
    });

    expect(commands).toContain('DATABASE "x""; drop table stock; --"');
    expect(commands).toContain('SCHEMA "s""t"');
    expect(commands).toContain('ROLE "a""b"');
  });

  test.each(["mysql", "mongodb"])("are there for %s, too", async (type) => {
    const role = await owner.send<NewRoleAnswer>("POST", "/api/admin/db/role", { type, database: "company" });

    expect(role.commands).toContain(role.password);
    expect(role.commands).toContain("company");
  });
});

describe("the schema of a database", () => {
  test("has what the role may read, with types, comments and estimates", async () => {
    const { id } = await connected();

    const { schemas } = await owner.get<DatabaseSchemaView>(`/api/admin/db/${id}/schema`);

    expect(schemas).toEqual([
      {
        name: "public",
        tables: [
          {
            ...{ name: "stock", comment: "What lies in the warehouses", rowEstimate: 3 },
            columns: [
              { name: "product", type: "text", comment: null },
              { name: "city", type: "text", comment: null },
              { name: "pieces", type: "integer", comment: "Counted every night" },
              { name: "price", type: "numeric(10,2)", comment: null },
            ],
          },
        ],
      },
    ]);
  });

  test("shows first rows, and nothing of a column that was masked", async () => {
    const { id } = await connected();
    const table = { schema: "public", table: "stock" };
    const masks = [{ ...table, column: "price" }];
    await change(id, { masks });

    const shown = await owner.send<TableRowsView>("POST", `/api/admin/db/${id}/rows`, table);

    expect(shown).toMatchObject({ masked: ["price"], truncated: false });
    expect(shown.rows[0]).toEqual(["Laptop", "Berlin", 12, null]);
    const foreign = await owner.call("POST", `/api/admin/db/${id}/rows`, {
      schema: "hidden",
      table: "salaries",
    });
    expect(foreign).toMatchObject(refused("TOOL_FORBIDDEN"));
  });
});

test("connections are listed by name", async () => {
  const { items } = await owner.get<ConnectionPage>("/api/admin/db?limit=50");

  expect(items.length).toBeGreaterThan(1);
  expect(items.map(({ name }) => name)).toEqual(items.map(({ name }) => name).toSorted());
});

type Listener = { port: number; connections(): number; close(): Promise<void> };

/** Takes connections; says `greeting` to what it hears, or nothing at all. */
async function listen(greeting?: string): Promise<Listener> {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.on("error", () => {});
    socket.on("data", () => greeting !== undefined && socket.end(greeting));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    connections: () => connections,
    close: async () => {
      server.close();
    },
  };
}
