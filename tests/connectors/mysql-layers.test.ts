/** Each layer that guards a MySQL database, with the others out of the way; and what is kept from one use to the next. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type { Connector } from "../../src/connectors/connector.ts";
import { parseGrant, strengthOf } from "../../src/connectors/mysql/grants.ts";
import { roleStrength } from "../../src/connectors/mysql/role.ts";
import { openSession, type Session } from "../../src/connectors/mysql/session.ts";
import { createMysqlConnector } from "../../src/connectors/mysql.ts";
import type { ConnectionSettings } from "../../src/domain/connection.ts";
import { asked, egressTo, LIMITS, TENANT } from "../helpers/connector-contract.ts";
import { type MariaDb, startMariaDb } from "../helpers/mariadb.ts";
import { rejection } from "../helpers/rejection.ts";

const NEVER = new AbortController().signal;
let server: MariaDb;
const opened: Connector[] = [];

beforeAll(async () => {
  server = await startMariaDb({ tls: true });
  await server.run(
    "create database company",
    "use company",
    "create table people (id int primary key)",
    "insert into people values (1), (2)",
    "create function grow() returns int modifies sql data begin insert into people values (99); return 1; end",
    "create user reader identified by 'reads'",
    "grant select on company.* to reader",
    "create user writer identified by 'writes'",
    "grant all on company.* to writer",
  );
}, 60_000);
beforeEach(async () => {
  await Promise.all(opened.splice(0).map((connector) => connector.close()));
});
afterAll(async () => {
  await Promise.all(opened.map((connector) => connector.close()));
  await server?.remove();
});

const settings = (changes: Partial<ConnectionSettings> = {}): ConnectionSettings => ({
  ...{ tenantId: TENANT, type: "mysql", host: server.host, port: server.port, database: "company" },
  ...{ username: "reader", password: "reads", tls: "off", ca: null },
  ...changes,
});
const WRITER = { username: "writer", password: "writes" };

function connect(changes: Partial<ConnectionSettings> = {}, resolve = async () => ["127.0.0.1"]): Connector {
  const given = settings(changes);
  const connector = createMysqlConnector(given, egressTo(given, { resolve }));
  opened.push(connector);
  return connector;
}
const open = (changes: Partial<ConnectionSettings>): Promise<Session> =>
  openSession(egressTo(settings(changes)), settings(changes), NEVER);
const people = async () => (await server.ask("select id from company.people")).length;

describe("each layer alone", () => {
  test.each([
    "insert into people values (3)",
    "delete from people",
    "drop table people",
    "select * from people into outfile '/tmp/parley-people'",
    "select grow()",
    "set global max_connections = 1",
  ])("the user may not: %s", async (statement) => {
    const session = await open({});

    expect(await rejection(session.command(statement))).toMatchObject({ sqlState: expect.any(String) });
    session.cut();
    expect(await people()).toBe(2);
  });

  test.each([
    "select 1; drop table people",
    "select 'a\\'; commit; drop table people; -- '; drop table people",
  ])("rows 67 and 68: the server prepares one statement, whoever asks: %s", async (statement) => {
    const session = await open(WRITER);

    expect(await rejection(session.prepare(statement))).toMatchObject({ code: "ER_PARSE_ERROR" });
    session.cut();
    expect(await people()).toBe(2);
  });

  test("row 69: a transaction that only reads lets no function write, whoever asks", async () => {
    const connector = connect(WRITER);

    expect(await rejection(connector.run(asked("select grow()"), LIMITS, NEVER))).toMatchObject({
      code: "TOOL_FORBIDDEN",
    });
    expect(await people()).toBe(2);
  });

  test("a server that asks for a file of this machine gets none", async () => {
    const session = await open(WRITER);

    expect(
      await rejection(session.command("load data local infile '/etc/hostname' into table people")),
    ).toBeInstanceOf(Error);
    session.cut();
    expect(await people()).toBe(2);
  });
});

describe("a connection that is used again", () => {
  test("knows nothing of the one before", async () => {
    const connector = connect();
    const run = async (sql: string) => (await connector.run(asked(sql), LIMITS, NEVER)).rows;

    expect(await run("select @left_behind := 5 as n, get_lock('mine', 0) as l")).toEqual([[5, 1]]);

    for (const _ of Array.from({ length: 4 }))
      expect(await run("select @left_behind as n, is_used_lock('mine') as l")).toEqual([[null, null]]);
  });

  test("R35: is replaced when the server has ended it, and a server that is away is one that comes back", async () => {
    const connector = connect();
    const run = () => connector.run(asked("select count(*) as n from people"), LIMITS, NEVER);
    expect((await run()).rows).toEqual([[2]]);

    await server.kill();
    expect(await rejection(run())).toMatchObject({ code: "TOOL_UNAVAILABLE" });
    await server.start();

    expect((await run()).rows).toEqual([[2]]);
  });
});

describe("an encrypted connection", () => {
  const check = (changes: Partial<ConnectionSettings>) => rejection(connect(changes).check(NEVER));

  test("is made with the authority that was pasted in, for the name that was entered", async () => {
    const ca = server.certificate;

    for (const host of ["db.test", "127.0.0.1"])
      expect(await connect({ host, tls: "verify", ca }).check(NEVER)).toMatchObject({ strength: null });
    expect(await connect({ host: "other.test", tls: "require" }).check(NEVER)).toMatchObject({
      strength: null,
    });
  });

  test("is not made with another name or an authority that nobody trusts", async () => {
    expect(await check({ host: "other.test", tls: "verify", ca: server.certificate })).toMatchObject({
      code: "TLS_FAILED",
    });
    expect(await check({ host: "db.test", tls: "verify" })).toMatchObject({ code: "TLS_FAILED" });
  });

  test("hides the password and every row from whoever listens", async () => {
    const connector = connect({ host: "db.test", tls: "verify", ca: server.certificate });

    const cipher =
      "select variable_value from information_schema.session_status where variable_name = 'ssl_cipher'";
    const { rows } = await connector.run(asked(cipher), LIMITS, NEVER);

    expect(String(rows[0]?.[0])).toContain("AES");
  });
});

describe("what a user may do", () => {
  test.each([
    ["GRANT USAGE ON *.* TO `u`@`%` IDENTIFIED BY PASSWORD '*AB, GRANT'", null],
    ["GRANT SELECT, SHOW VIEW ON `company`.* TO `u`@`%`", null],
    ["GRANT SELECT (`id`, `name`) ON `company`.`people` TO `u`@`%`", null],
    ["GRANT SELECT, INSERT ON `company`.* TO `u`@`%`", "INSERT"],
    ["GRANT SELECT (`id`), UPDATE (`name`) ON `company`.`people` TO `u`@`%`", "UPDATE"],
    ["GRANT ALL PRIVILEGES ON *.* TO `u`@`%` WITH GRANT OPTION", "ALL PRIVILEGES, GRANT OPTION"],
    ["GRANT FILE ON *.* TO `u`@`%`", "FILE"],
    ["GRANT SELECT ON `with grant option`.* TO `u`@`%`", null],
    ["GRANT EXECUTE ON FUNCTION `company`.`grow` TO `u`@`%`", "EXECUTE"],
    ["GRANT BACKUP_ADMIN,SYSTEM_VARIABLES_ADMIN ON *.* TO `u`@`%`", "BACKUP_ADMIN, SYSTEM_VARIABLES_ADMIN"],
  ])("is read from %s", (line, expected) => {
    const parsed = parseGrant(line);

    expect(parsed.kind === "privileges" ? strengthOf(parsed.privileges) : parsed).toEqual(
      expected === null ? null : `It has ${expected}.`,
    );
  });

  test.each(["GRANT PROXY ON ''@'%' TO 'u'@'%'", "REVOKE INSERT ON `a`.* FROM `u`@`%`", "something new"])(
    "is strong where it is not understood: %s",
    (line) => {
      expect(parseGrant(line).kind).toBe("unknown");
    },
  );

  test("is what its roles may do, too", async () => {
    const grants: Record<string, string[]> = {
      "current_user()": ["GRANT USAGE ON *.* TO `u`@`%`", "GRANT `readers`@`%`,`helpers`@`%` TO `u`@`%`"],
      "`readers`@`%`": ["GRANT SELECT ON `company`.* TO `readers`@`%`"],
      "`helpers`@`%`": [
        "GRANT SELECT ON `company`.* TO `helpers`@`%`",
        "GRANT `editors`@`%` TO `helpers`@`%`",
      ],
      "`editors`@`%`": ["GRANT DELETE ON `company`.* TO `editors`@`%`"],
    };
    const command = async (sql: string) =>
      (grants[sql.replace("show grants for ", "")] ?? []).map((line) => [line]);

    expect(await roleStrength({ command })).toBe("It has DELETE.");
  });
});
