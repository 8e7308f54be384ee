/** Statements that a model wrote, on real servers: what is let through, and each layer with the others out of the way. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { SQL } from "bun";
import type { Connector } from "../../src/connectors/connector.ts";
import { openSession, type Session } from "../../src/connectors/mysql/session.ts";
import { createMysqlConnector } from "../../src/connectors/mysql.ts";
import { createPostgresConnector } from "../../src/connectors/postgres.ts";
import type { ConnectionSettings } from "../../src/domain/connection.ts";
import { readableTables } from "../../src/domain/schema-access.ts";
import { asked, egressTo, LIMITS, TENANT } from "../helpers/connector-contract.ts";
import {
  HARMLESS_MYSQL,
  HARMLESS_POSTGRES,
  HOSTILE_MYSQL,
  HOSTILE_POSTGRES,
} from "../helpers/hostile-selects.ts";
import { type MariaDb, startMariaDb } from "../helpers/mariadb.ts";
import { type PostgresServer, startPostgres } from "../helpers/postgres.ts";
import { rejection } from "../helpers/rejection.ts";

const NEVER = new AbortController().signal;
/** What nobody may read: an amount of `salaries`, and the masked address of a person. */
const SALARY = "424242";
const ADDRESS = "ana@private.example";

const TABLES = `
create table people (id integer primary key, name varchar(40), city varchar(40), email varchar(80));
create table orders (id integer primary key, person_id integer, day date, total numeric(10,2), status varchar(20));
create table salaries (id integer, amount integer);
insert into people values (1, 'Ana', 'Berlin', '${ADDRESS}'), (2, 'Bo', null, null);
insert into orders values (1, 1, '2026-01-05', 12.50, 'open'), (2, 1, '2026-02-05', 7.25, 'sent');
insert into salaries values (1, ${SALARY});`;

const READER = { username: "reader", password: "reads" };
const WRITER = { username: "writer", password: "writes" };

let postgres: PostgresServer;
let mariadb: MariaDb;
const connectors: Connector[] = [];

beforeAll(async () => {
  [postgres, mariadb] = await Promise.all([startPostgres({ tls: false }), startMariaDb()]);
  await postgres.createDatabase("company");
  await postgres.admin(
    `${TABLES}
     create type mood as enum ('glad'); create sequence steps; create schema hidden;
     create function grow() returns integer language plpgsql as 'begin delete from people; return 1; end';
     create role reader login password 'reads'; grant select on people, orders to reader;
     create role writer login password 'writes'; grant all on all tables in schema public to writer;
     grant all on all sequences in schema public to writer;
     revoke execute on function grow from public; grant execute on function grow to writer;
     alter role reader set statement_timeout = '100ms'; alter role writer set statement_timeout = '100ms';`,
    "company",
  );
  await mariadb.run(
    ...["create database company", "use company", ...TABLES.split(";").filter((each) => each.trim() !== "")],
    "create function grow() returns int modifies sql data begin delete from people; return 1; end",
    ...["create user reader identified by 'reads'", "create user writer identified by 'writes'"],
    "grant select on company.people to reader",
    "grant select on company.orders to reader",
    "grant all on company.* to writer",
  );
}, 60_000);
afterAll(async () => {
  await Promise.all(connectors.map((connector) => connector.close()));
  await Promise.all([postgres?.remove(), mariadb?.remove()]);
});

type Engine = {
  type: "postgres" | "mysql";
  server: () => { host: string; port: number };
  schema: string;
  connect: typeof createPostgresConnector | typeof createMysqlConnector;
  hostile: readonly string[];
  harmless: readonly string[];
  /** Everything that a statement could have changed. */
  state: () => Promise<unknown>;
};

const ENGINES: Engine[] = [
  {
    ...{ type: "postgres", server: () => postgres, schema: "public", connect: createPostgresConnector },
    ...{ hostile: HOSTILE_POSTGRES, harmless: HARMLESS_POSTGRES },
    state: () =>
      postgres.admin(
        `select (select json_agg(p) from people p) as people, (select json_agg(o) from orders o) as orders,
           (select string_agg(relname, ',' order by oid) from pg_class where relnamespace = 'public'::regnamespace) as tables,
           (select string_agg(rolname, ',' order by oid) from pg_roles) as roles, (select last_value from steps) as step,
           (select count(*) from pg_largeobject_metadata) as objects, (select count(*) from pg_proc) as functions`,
        "company",
      ),
  },
  {
    ...{ type: "mysql", server: () => mariadb, schema: "company", connect: createMysqlConnector },
    ...{ hostile: HOSTILE_MYSQL, harmless: HARMLESS_MYSQL },
    state: async () => [
      await mariadb.ask("select * from company.people"),
      await mariadb.ask("select * from company.orders"),
      await mariadb.ask(
        "select table_name from information_schema.tables where table_schema = 'company' order by 1",
      ),
      await mariadb.ask("select user, authentication_string from mysql.user order by user"),
      await mariadb.ask("select routine_name from information_schema.routines order by 1"),
    ],
  },
];

/** Those that fill a memory are no test of a layer but of the machine. */
const runnable = (statements: readonly string[]) =>
  statements.filter((statement) => !/\b(repeat|lpad|rpad|format|array_fill|space)\b/i.test(statement));

describe.each(ENGINES)("in $type", ({ type, server, schema, connect, hostile, harmless, state }) => {
  const settings = (role: typeof READER): ConnectionSettings => ({
    ...{ tenantId: TENANT, type, host: server().host, port: server().port, database: "company" },
    ...{ ...role, tls: "off", ca: null },
  });
  const connectorOf = (role: typeof READER): Connector => {
    const connector = connect(settings(role), egressTo(settings(role)));
    connectors.push(connector);
    return connector;
  };
  const column = (name: string) => ({ name, type: "text", comment: null });
  const tables = readableTables({
    schemaAccess: {
      ...{ enabled: true, audience: "everyone" },
      tables: [
        { schema, table: "people", comment: null, columns: ["id", "name", "city", "email"].map(column) },
        {
          ...{ schema, table: "orders", comment: null },
          columns: ["id", "person_id", "day", "total", "status"].map(column),
        },
      ],
    },
    masks: [{ schema, table: "people", column: "email" }],
  });
  let reader: Connector;
  beforeAll(() => {
    reader = connectorOf(READER);
  });
  const select = (statement: string, ms = 5_000) =>
    reader.select({ statement, tables }, { ...LIMITS, ms }, NEVER);

  test.each(harmless)("a model may ask: %s", async (statement) => {
    const { rows } = await select(statement);

    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(ADDRESS);
  });

  test("what is answered is what stands there", async () => {
    const { columns, rows, truncated } = await select(
      "select p.name, sum(o.total) as spent from people p join orders o on o.person_id = p.id group by p.name",
    );

    expect(columns).toEqual([
      { name: "name", type: "text" },
      { name: "spent", type: "decimal" },
    ]);
    expect({ rows, truncated }).toEqual({ rows: [["Ana", "19.75"]], truncated: false });
  });

  test.each([
    "select * from people",
    "select people.* from people",
    "select p.* from people p join people q on p.id = q.id",
    "select * from people p natural join people q",
    "with a as (select * from people) select * from a",
    "select * from (select * from people) q",
    ...(type === "postgres"
      ? [
          ...[
            "select p from people p",
            "select row_to_json(p) from people p",
            "select to_jsonb(people) from people",
          ],
          ...["select people from people", "select (p).* from people p", "select array_agg(p) from people p"],
        ]
      : []),
  ])("a masked column is in no answer to: %s", async (statement) => {
    const { columns, rows } = await select(statement);

    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify([columns, rows])).not.toMatch(new RegExp(`email|${ADDRESS}`));
  });

  test.each([
    "select email from people",
    "select p.email from people p",
    "select id from people where email like 'ana%'",
    "select count(*) from people group by email",
    "select id from people order by email",
    "select max(email) from people",
    ...(type === "mysql" ? ["select ~email~ from people".replaceAll("~", "`")] : []),
  ])("a masked column can be used in no part of: %s", async (statement) => {
    expect(await rejection(select(statement))).toMatchObject({
      code: "VALIDATION",
      message: expect.stringContaining("email"),
    });
  });

  test("a mistake comes back in the server's words, so that a model can mend it", async () => {
    const { code, message } = (await rejection(select("select nmae from people"))) as Error & {
      code: string;
    };

    expect({ code, message }).toMatchObject({ code: "VALIDATION", message: expect.stringContaining("nmae") });
  });

  test("what fails on the way is told, and nothing of the values", async () => {
    const casts = {
      postgres: "select name::integer from people",
      mysql: "select 1 / 0 as x, pow(10, 999) as y",
    };
    const { code, message } = (await rejection(select(casts[type]))) as Error & { code: string };

    expect(code).toMatch(/^(TOOL_FAILED|INVALID_ARGUMENT)$/);
    expect(message).toContain("value");
    expect(message).not.toMatch(/Ana|999/);
  });

  test("rows and time have the caps of the catalogue", async () => {
    const numbers =
      "with recursive n as (select 1 as x union all select x + 1 from n where x < 900) select x from n";
    const { rows, truncated } = await select(numbers);
    expect({ rows: rows.length, truncated }).toEqual({ rows: 200, truncated: true });

    const places = Array.from({ length: 26 }, (_, index) => `orders o${index}`).join(", ");
    expect(await rejection(select(`select count(*) from ${places}`, 200))).toMatchObject({
      code: "QUERY_TIMEOUT",
    });
  });

  test("a role that can write is asked nothing", async () => {
    const writer = connectorOf(WRITER);

    expect(
      await rejection(writer.select({ statement: "select id from people", tables }, LIMITS, NEVER)),
    ).toMatchObject({ code: "CREDENTIAL_NOT_READONLY" });
  });

  test("the read-only transaction alone: a role that can write everything changes nothing", async () => {
    const before = await state();
    const writer = connectorOf(WRITER);
    await several(runnable(hostile), (statement) => withoutGuard[type](writer, settings(WRITER), statement));

    expect(await state()).toEqual(before);
  }, 60_000);

  test("the role alone: without guard and transaction it changes nothing, and reads no other table", async () => {
    const before = await state();
    const statements = runnable(hostile).filter((each) => !OF_EVERYBODY.test(each));
    const read = await several(statements, (statement) => asRole[type](settings(READER), statement));

    expect(read.filter((rows) => JSON.stringify(rows)?.includes(SALARY))).toEqual([]);
    expect(await state()).toEqual(before);
  }, 60_000);
});

/** What no server keeps from any role: a password of its own, and large objects. The transaction does. */
const OF_EVERYBODY = /^set password|\blo_/;

const AT_ONCE = 8;

/** What each gave; nothing for what was refused. */
async function several(statements: readonly string[], run: (statement: string) => Promise<unknown>) {
  const answers: unknown[] = [];
  for (let at = 0; at < statements.length; at += AT_ONCE)
    answers.push(...(await Promise.allSettled(statements.slice(at, at + AT_ONCE).map(run))));
  return answers;
}

type Ask = (settings: ConnectionSettings, statement: string) => Promise<unknown>;

/** As every query is run: one statement that the server prepares and that answers rows, in a read-only transaction. */
const withoutGuard: Record<
  Engine["type"],
  (connector: Connector, settings: ConnectionSettings, statement: string) => Promise<unknown>
> = {
  postgres: (connector, _, statement) => connector.run(asked(statement), { ...LIMITS, ms: 150 }, NEVER),
  mysql: (_, settings, statement) =>
    inSession(settings, async (session) => {
      await session.command("start transaction read only");
      const prepared = await session.prepare(statement);
      if (prepared.columns.length === 0) return;
      await prepared.execute([], { columns: () => {}, row: () => true, overflow: () => {} });
    }),
};

/** As somebody asks who has the role's password and nothing of Parley. */
const asRole: Record<Engine["type"], Ask> = {
  async postgres({ host: hostname, port, database, username, password }, statement) {
    const role = { hostname, port, database, username, password: password ?? "" };
    const sql = new SQL({ adapter: "postgres", ...role, max: 1 });
    try {
      return await sql.unsafe(statement).simple();
    } finally {
      await sql.close({ timeout: 0 });
    }
  },
  mysql: (settings, statement) => inSession(settings, (session) => session.command(statement)),
};

async function inSession<Value>(
  settings: ConnectionSettings,
  work: (session: Session) => Promise<Value>,
): Promise<Value> {
  const session = await openSession(egressTo(settings), settings, NEVER);
  try {
    await session.command("set session max_statement_time = 0.1, lock_wait_timeout = 1");
    return await work(session);
  } finally {
    session.cut();
  }
}
