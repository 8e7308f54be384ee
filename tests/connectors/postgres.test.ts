import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { BoundParameter, Connector } from "../../src/connectors/connector.ts";
import { placed, problemOf } from "../../src/connectors/postgres/parameters.ts";
import { openSession, readOnly, type Session } from "../../src/connectors/postgres/session.ts";
import { createPostgresConnector } from "../../src/connectors/postgres.ts";
import type { ConnectionSettings } from "../../src/domain/connection.ts";
import { parseAllowEntry } from "../../src/egress/allow-list.ts";
import {
  asked,
  connectorContract,
  type Engine,
  egressTo,
  eventually,
  LIMITS,
  PEOPLE,
  TENANT,
  textParameter,
} from "../helpers/connector-contract.ts";
import { type PostgresServer, SUPERUSER, startPostgres } from "../helpers/postgres.ts";
import { rejection } from "../helpers/rejection.ts";

/** Made for this test, and trusted by nobody. */
const ANOTHER_AUTHORITY = `-----BEGIN CERTIFICATE-----
MIIBjDCCATOgAwIBAgIUQHQ7L53pwxWYHdKmBIsHL6KaxZswCgYIKoZIzj0EAwIw
HDEaMBgGA1UEAwwRYW5vdGhlci1hdXRob3JpdHkwHhcNMjYxMTI3MDkzNzQ5WhcN
MzYxMTI0MDkzNzQ5WjAcMRowGAYDVQQDDBFhbm90aGVyLWF1dGhvcml0eTBZMBMG
ByqGSM49AgEGCCqGSM49AwEHA0IABJbh8MHDIZlxohCOwS+caffJMyF64UplNTgT
pZrWsgZzGnIcY5+h0KtT05tfcmcBQgHLPZwhQrM7ECLs+ZA1DbOjUzBRMB0GA1Ud
DgQWBBSGGXiwBImFiLgtF3ecVaJ7p0paOzAfBgNVHSMEGDAWgBSGGXiwBImFiLgt
F3ecVaJ7p0paOzAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCICes
dpkOYDLZnT7gBpvxyDGYMa8uWlCTTvBGH251hYCkAiACZFQKWt5ZoBryzQjK8JN3
6M0oLJ5gVFvHsWEF4mna1Q==
-----END CERTIFICATE-----`;

let server: PostgresServer;

const KINDS = `
  create type mood as enum ('glad', 'sad');
  create domain pieces as integer;
  create table kinds (
    small smallint, big bigint, exact numeric(30,10), single_precision real, double_precision double precision,
    no_number double precision, day date, moment timestamp, instant timestamptz, never timestamptz, clock time,
    zoned_clock timetz, span interval, flag boolean, word varchar(20), padded char(4), feeling mood, counted pieces,
    note text, document jsonb, exact_document json, blob_of bytea, words text[], numbers bigint[], moments timestamptz[],
    no_words text[], nothing text, id uuid, address inet, price money);
  insert into kinds values (
    -2, 9007199254740993, 12345678901234567890.0123456789, 1.1, 1.1,
    'NaN', '2026-11-27', '2026-11-27 10:00:00.123456', '2026-11-27 12:00:00.5+02', 'infinity', '12:34:56.78',
    '12:34:56+05:30', '1 day 02:03:04', true, 'Grüße 👩‍👩‍👧', 'ab', 'glad', 7,
    '', '{"a": 12345678901234567890}', '{"b":1, "a":2}', '\\x00ff', '{a,NULL,"b,c"}', '{1,9007199254740993}',
    '{2026-11-27 12:00:00+02}', '{}', null, '123e4567-e89b-12d3-a456-426614174000', '10.0.0.1', 12.50);`;

async function start(): Promise<Engine> {
  server = await startPostgres({ tls: false });
  await server.createDatabase("company");
  const rows = PEOPLE.map(({ id, name, city, born }) => {
    const text = (value: string | null) => (value === null ? "null" : `'${value.replace("'", "''")}'`);
    return `(${id}, ${text(name)}, ${text(city)}, ${text(born)})`;
  });
  await server.admin(
    `create table people (id integer primary key, name text, city text, born date);
     comment on table people is 'Everybody';
     insert into people values ${rows.join(", ")};
     create table salaries (id integer);
     ${KINDS}
     create function grow() returns integer language plpgsql as
       'begin insert into people (id) values (99); return 1; end';
     create role reader login password 'reads';
     grant select on people, kinds to reader;
     create role writer login password 'writes';
     grant all on people to writer;`,
    "company",
  );
  return {
    settings: settings("reader", "reads"),
    strong: { username: "writer", password: "writes" },
    connect: createPostgresConnector,
    queries: {
      everybody: "select id, name from people order by id",
      byCity: "select name from people where city = :city order by id",
      byId: "select name from people where id = :id",
      bornSince: "select name from people where born >= :day order by id",
      inCities: "select name from people where city = any(:cities) order by id",
      unknownParameter: "select name from people where id = :count",
      many: "select 'row ' || generate_series(1, 1000000000) as label",
      large: "select repeat('x', 6000000) as label",
      slow: "select pg_sleep(60)",
      forbidden: "select * from salaries",
      mistaken: "select name form people",
    },
    unsafe: [
      { query: "select 1; commit; drop table people", code: "UNSAFE_QUERY" },
      { query: "select 1) as q; commit; delete from people; select (1", code: "UNSAFE_QUERY" },
      { query: "delete from people", code: "UNSAFE_QUERY" },
      { query: "update people set name = :city", code: "UNSAFE_QUERY" },
      { query: "with gone as (delete from people returning *) select * from gone", code: "UNSAFE_QUERY" },
      { query: "set transaction read write", code: "UNSAFE_QUERY" },
      { query: "commit", code: "UNSAFE_QUERY" },
      { query: "copy people to program 'id'", code: "UNSAFE_QUERY" },
      { query: "do 'begin delete from people; end'", code: "UNSAFE_QUERY" },
      { query: "call grow()", code: "UNSAFE_QUERY" },
      { query: "select * into copied from people", code: "UNSAFE_QUERY" },
      { query: "select id from people for update", code: "UNSAFE_QUERY" },
      { query: "prepare a as delete from people", code: "UNSAFE_QUERY" },
      { query: "select 'a\\'; delete from people", code: "UNSAFE_QUERY" },
      { query: "select E'\\'; delete from people", code: "VALIDATION" },
      { query: "select /* /* */ 1; delete from people", code: "VALIDATION" },
      { query: "explain analyze delete from people", code: "UNSAFE_QUERY" },
      { query: "-- nothing", code: "UNSAFE_QUERY" },
    ],
    values: {
      query: "select * from kinds",
      columns: [
        { name: "small", type: "integer" },
        { name: "big", type: "integer" },
        { name: "exact", type: "decimal" },
        { name: "single_precision", type: "decimal" },
        { name: "double_precision", type: "decimal" },
        { name: "no_number", type: "decimal" },
        { name: "day", type: "date" },
        { name: "moment", type: "datetime" },
        { name: "instant", type: "datetime" },
        { name: "never", type: "datetime" },
        { name: "clock", type: "time" },
        { name: "zoned_clock", type: "time" },
        { name: "span", type: "text" },
        { name: "flag", type: "boolean" },
        { name: "word", type: "text" },
        { name: "padded", type: "text" },
        { name: "feeling", type: "text" },
        { name: "counted", type: "integer" },
        { name: "note", type: "text" },
        { name: "document", type: "json" },
        { name: "exact_document", type: "json" },
        { name: "blob_of", type: "bytes" },
        { name: "words", type: "json" },
        { name: "numbers", type: "json" },
        { name: "moments", type: "json" },
        { name: "no_words", type: "json" },
        { name: "nothing", type: "text" },
        { name: "id", type: "text" },
        { name: "address", type: "text" },
        { name: "price", type: "text" },
      ],
      row: [
        ...[-2, "9007199254740993", "12345678901234567890.0123456789", 1.1, 1.1, "NaN"],
        ...["2026-11-27", "2026-11-27T10:00:00.123456", "2026-11-27T10:00:00.5Z", "infinity", "12:34:56.78"],
        ...["12:34:56+05:30", "1 day 02:03:04", true, "Grüße 👩‍👩‍👧", "ab", "glad", 7],
        ...["", '{"a": 12345678901234567890}', '{"b":1, "a":2}', "AP8=", '["a",null,"b,c"]'],
        ...["[1,9007199254740993]", '["2026-11-27T10:00:00+00:00"]', "[]", null],
        ...["123e4567-e89b-12d3-a456-426614174000", "10.0.0.1/32", "$12.50"],
      ],
    },
    peopleOnServer: async () =>
      Number((await server.admin<{ n: string }>("select count(*) as n from people", "company"))[0]?.n),
    running: async () => (await sessions("state = 'active'")).length,
    sessions: async () => (await sessions("true")).length,
  };
}

function sessions(condition: string) {
  return server.admin(
    `select pid from pg_stat_activity where usename in ('reader', 'writer') and ${condition}`,
  );
}

function settings(username: string, password: string): ConnectionSettings {
  const { host, port } = server;
  return {
    tenantId: TENANT,
    type: "postgres",
    host,
    port,
    database: "company",
    username,
    password,
    tls: "off",
    ca: null,
  };
}

connectorContract("PostgreSQL", start, () => server.remove());

const NEVER = new AbortController().signal;

describe("PostgreSQL", () => {
  let connector: Connector;
  const opened: Connector[] = [];
  const connectAs = (changes: Partial<ConnectionSettings> = {}) => {
    const all = { ...settings("reader", "reads"), ...changes };
    const made = createPostgresConnector(all, egressTo(all));
    opened.push(made);
    return made;
  };
  const run = (text: string, ...parameters: BoundParameter[]) =>
    connector.run(asked(text, ...parameters), LIMITS, NEVER);
  const cells = async (text: string, ...parameters: BoundParameter[]) =>
    (await run(text, ...parameters)).rows.flat();
  const given = (type: BoundParameter["type"], value: BoundParameter["value"], name = "x") => ({
    name,
    type,
    value,
  });

  beforeAll(async () => {
    await start();
    connector = connectAs();
  }, 60_000);
  afterAll(async () => {
    await Promise.all(opened.map((each) => each.close()));
    await server.remove();
  });

  describe("takes a parameter for what it is compared with", () => {
    test.each([
      [
        "a text for an enum of the database",
        "select counted from kinds where feeling = :x",
        given("enum", "glad"),
        [7],
      ],
      [
        "a text for a uuid",
        "select counted from kinds where id = :x",
        given("text", "123e4567-e89b-12d3-a456-426614174000"),
        [7],
      ],
      [
        "a whole number beyond 2^53",
        "select counted from kinds where big = :x",
        given("integer", "9007199254740993"),
        [7],
      ],
      [
        "a decimal of any length",
        "select counted from kinds where exact = :x",
        given("decimal", "12345678901234567890.0123456789"),
        [7],
      ],
      [
        "a date for a time",
        "select counted from kinds where instant >= :x",
        given("date", "2026-11-27"),
        [7],
      ],
      [
        "a time with its zone",
        "select counted from kinds where instant = :x",
        given("datetime", "2026-11-27T12:00:00.5+02:00"),
        [7],
      ],
      [
        "a time without one as UTC",
        "select counted from kinds where instant = :x",
        given("datetime", "2026-11-27T10:00:00.5"),
        [7],
      ],
      ["yes or no", "select counted from kinds where flag = :x", given("boolean", true), [7]],
      ["a number to step back by", "select day - :x from kinds", given("integer", 7), ["2026-11-20"]],
      ["a day to step back from", "select :x - 7", given("date", "2026-11-27"), ["2026-11-20"]],
      ["a limit", "select id from people order by id limit :x", given("integer", 2), [1, 2]],
      [
        "nothing, where it may be left out",
        "select count(*) from people where :x is null or city = :x",
        given("text", null),
        [4],
      ],
      [
        "what may be left out for an enum",
        "select counted from kinds where :x is null or feeling = :x",
        given("enum", "glad"),
        [7],
      ],
      [
        "what is grouped by",
        "select left(name, :y), count(*) from people where city = :x group by left(name, :y) order by 1",
        given("text", "Berlin"),
        ["An", 1, "O'", 1],
      ],
      ["nothing alone", "select 1 where :x is null", given("date", null), [1]],
      ["a sum of two", "select :x + :y", given("integer", 40), [42]],
      [
        "part of a text",
        "select name from people where name ilike '%' || :x || '%'",
        given("text", "hara"),
        ["O'Hara"],
      ],
      ["a colon in a text", "select 'a:x' || :x", given("text", ":x"), ["a:x:x"]],
      ["a cast beside it", "select :x::text || '2026-01-01'::date", given("text", "on "), ["on 2026-01-01"]],
      [
        "a slice beside it",
        "select (words)[1:2] from kinds where word is not null or word = :x",
        given("text", ""),
        ['["a",null]'],
      ],
    ] as const)("%s", async (_what, text, parameter, expected) => {
      const parameters = [parameter, given("integer", 2, "y")];

      expect(await cells(text, ...parameters)).toEqual([...expected]);
      await connector.prepare(asked(text, ...parameters.map((each) => ({ ...each, value: null }))), NEVER);
    });
  });

  test("a value that the server does not take is told by its parameter", async () => {
    const query = "select counted from kinds where id = :id and note = :note";

    expect(
      await rejection(run(query, textParameter("id", "no uuid"), textParameter("note", ""))),
    ).toMatchObject({
      code: "INVALID_ARGUMENT",
      details: [{ parameter: "id", problem: expect.any(String) }],
    });
    expect(await rejection(run("select :n::smallint", given("integer", 40_000, "n")))).toMatchObject({
      code: "INVALID_ARGUMENT",
      details: [{ parameter: "n" }],
    });
  });

  test("a statement that ends as many write it is one", async () => {
    expect(await cells("select 1; -- the end\n ;")).toEqual([1]);
    expect(await cells("values (1), (2)")).toEqual([1, 2]);
    expect(await cells("with a as (select 3 as n) select n from a -- all of them")).toEqual([3]);
  });

  test("columns of one name, or of none, are all there", async () => {
    expect(await run("select 1 as a, 2 as a, 'x'")).toMatchObject({
      columns: [{ name: "a" }, { name: "a" }, { name: "?column?" }],
      rows: [[1, 2, "x"]],
    });
  });

  test("a table that was changed since it was last asked is asked anew", async () => {
    await server.admin(
      "create table moving (a integer); insert into moving values (1); grant select on moving to reader",
      "company",
    );
    expect((await run("select * from moving")).columns).toEqual([{ name: "a", type: "integer" }]);

    await server.admin(
      "alter table moving alter a type bytea using '\\x00', add b text default 'new'",
      "company",
    );

    expect(await run("select * from moving")).toEqual({
      columns: [
        { name: "a", type: "bytes" },
        { name: "b", type: "text" },
      ],
      rows: [["AA==", "new"]],
      truncated: false,
    });
    await server.admin("drop table moving", "company");
  });

  describe("each layer of the guard holds with the others switched off", () => {
    let strong: Session;
    const count = async () =>
      Number((await server.admin<{ n: string }>("select count(*) as n from people", "company"))[0]?.n);
    const asStrong = () => {
      const all = settings("writer", "writes");
      return openSession(egressTo(all), all, NEVER);
    };

    beforeAll(async () => {
      strong = await asStrong();
    });
    afterAll(() => strong.end());

    test("the role: without a transaction that only reads it still cannot write", async () => {
      const all = settings("reader", "reads");
      const weak = await openSession(egressTo(all), all, NEVER);

      for (const statement of [
        "delete from people",
        "create table mine ()",
        "select grow()",
        "set role writer",
      ])
        await expect(weak.simple(statement, NEVER)).rejects.toThrow(/permission denied/);
      weak.end();
    });

    test("the transaction: a role that may write cannot, whatever it says to it", async () => {
      for (const statement of [
        "delete from people",
        "select grow()",
        "select set_config('transaction_read_only', 'off', false)",
        "set transaction read write",
        "create temporary table mine ()",
        "select nextval('steps')",
      ]) {
        await expect(
          readOnly(strong, 2_000, NEVER, (signal) => strong.simple(statement, signal)),
        ).rejects.toThrow(/read-only transaction|read-write mode|does not exist/);
        await strong.simple("ROLLBACK", NEVER);
      }
      expect(await count()).toBe(PEOPLE.length);
    });

    test("the protocol: with a value beside it, a text of several statements is none", async () => {
      for (const text of [
        "select $1::text; commit; delete from people",
        "delete from people where name = $1; commit",
      ]) {
        await expect(strong.prepared(text, ["Ana"], NEVER)).rejects.toThrow(/multiple commands/);
      }
      expect(() => strong.prepared("delete from people; commit", [], NEVER)).toThrow(TypeError);
      expect(await count()).toBe(PEOPLE.length);
    });

    test("the cursor: a role that may write, in a transaction that may, is given nothing but rows", async () => {
      for (const text of [
        "delete from people",
        "with gone as (delete from people returning *) select * from gone",
        "select 1) as q; delete from people; select * from (select 1",
        "insert into people values (9) returning id",
        "copy people to program 'id'",
        "call grow()",
      ]) {
        const { text: statement } = placed(asked(text), { separate: false, casts: new Map() });
        const declared = `DECLARE c CURSOR FOR select * from (\n${statement}\n) as q limit $1::int8`;
        await strong.simple("BEGIN", NEVER);
        await expect(strong.prepared(declared, ["1"], NEVER)).rejects.toThrow();
        await strong.simple("ROLLBACK", NEVER);
      }
      expect(await count()).toBe(PEOPLE.length);
    });

    test("rolling back: what a function did all the same is undone", async () => {
      const everything = createPostgresConnector(
        { ...settings("writer", "writes") },
        egressTo(settings("writer", "writes")),
      );
      const objects = async () =>
        (await server.admin<{ n: string }>("select count(*) as n from pg_largeobject_metadata", "company"))[0]
          ?.n;

      // Before version 16 a transaction that only reads may make large objects.
      await everything.run(asked("select lo_create(0)"), LIMITS, NEVER).catch(() => {});
      await everything.close();

      expect(await objects()).toBe("0");
    });

    test("the text: what is more than one statement that reads is told before the server is asked", () => {
      expect(problemOf("select 1; commit")).toContain("more than one statement");
      expect(problemOf("delete from people")).toContain("SELECT");
      expect(problemOf(" -- why\n (select 1) ;")).toBeNull();
      expect(problemOf("select ';', $$;$$, E'\\';', \";\" /* ; */ -- ;")).toBeNull();
    });
  });

  test("what a query leaves behind in its session is gone for the next one", async () => {
    await run(
      "select set_config('search_path', 'nowhere', false), set_config('timezone', 'Asia/Tokyo', false), pg_advisory_lock(4711)",
    );

    expect(await cells("select current_setting('timezone'), name from people where id = 1")).toEqual([
      "UTC",
      "Ana",
    ]);
    await eventually(
      async () => (await server.admin("select 1 from pg_locks where locktype = 'advisory'")).length === 0,
    );
  });

  test("a table or function of the same name that somebody else made does not take a built-in one's place", async () => {
    await server.admin(
      "create function public.lower(text) returns text language sql as $$ select 'taken' $$",
      "company",
    );

    expect(
      await cells("select lower('A'), (select relname from pg_class where relname = 'pg_class')"),
    ).toEqual(["a", "pg_class"]);
    await server.admin("drop function public.lower(text)", "company");
  });

  test.each([
    "select pg_read_file('/etc/passwd')",
    "select lo_import('/etc/passwd')",
    "select * from pg_authid",
  ])("row 70: %s is forbidden", async (query) => {
    expect(await rejection(run(query))).toMatchObject({ code: "TOOL_FORBIDDEN" });
    const saving = connector.prepare(asked(query), new AbortController().signal);
    expect(await rejection(saving)).toMatchObject({ code: "TOOL_FORBIDDEN", details: { fields: {} } });
  });

  test("row 71: a value of 20 MB and a thousand wide columns are cut by the server", async () => {
    const before = process.memoryUsage.rss();

    expect(await run("select repeat('x', 20000000) as large")).toMatchObject({ rows: [], truncated: true });
    const columns = Array.from({ length: 1_000 }, (_, index) => `repeat('x', n) as c${index}`);
    expect(await run(`select ${columns.join(", ")} from (select 100000 as n offset 0) as s`)).toMatchObject({
      rows: [],
      truncated: true,
    });

    expect((process.memoryUsage.rss() - before) / 2 ** 20).toBeLessThan(50);
  });

  test("many rows that all fit are fetched in few turns", async () => {
    expect((await run("select n, 'x' from generate_series(1, 150) as n")).rows.length).toBe(150);
  });

  test("a connection that is open already is not used once the operator has taken the server from the list", async () => {
    const all = settings("reader", "reads");
    const entry = parseAllowEntry(`${all.host}:${all.port}`);
    let allowed = [entry];
    const watched = createPostgresConnector(all, egressTo(all, { allow: () => allowed }));
    opened.push(watched);
    await watched.run(asked("select 1"), LIMITS, NEVER);

    allowed = [];
    expect(await rejection(watched.run(asked("select 1"), LIMITS, NEVER))).toMatchObject({
      code: "EGRESS_DENIED",
    });
    allowed = [entry];

    expect((await watched.run(asked("select 1"), LIMITS, NEVER)).rows).toEqual([[1]]);
  });

  test("a server that is gone is not there, and is used again when it is back", async () => {
    const patient = connectAs();
    await patient.run(asked("select 1"), LIMITS, NEVER);

    await server.stop();
    expect(await rejection(patient.run(asked("select 1"), LIMITS, NEVER))).toMatchObject({
      code: "TOOL_UNAVAILABLE",
    });
    await server.start();

    expect((await patient.run(asked("select 1"), LIMITS, NEVER)).rows).toEqual([[1]]);
  });
});

describe("PostgreSQL over TLS", () => {
  let encrypted: PostgresServer;
  const namesAsked: string[] = [];
  const check = async (changes: Partial<ConnectionSettings>) => {
    const all: ConnectionSettings = {
      ...{ tenantId: TENANT, type: "postgres", host: "db.test", port: encrypted.port, database: "postgres" },
      ...{
        username: SUPERUSER.username,
        password: SUPERUSER.password,
        tls: "verify",
        ca: encrypted.certificate,
      },
      ...changes,
    };
    const resolve = async (hostname: string) => {
      namesAsked.push(hostname);
      return ["127.0.0.1"];
    };
    const connector = createPostgresConnector(all, egressTo(all, { resolve }));
    try {
      return (await connector.check(NEVER)).serverVersion;
    } finally {
      await connector.close();
    }
  };

  beforeAll(async () => {
    encrypted = await startPostgres();
  }, 60_000);
  afterAll(() => encrypted.remove());

  test("the address that was vetted is dialled, and the certificate is checked against the name", async () => {
    expect(await check({})).toContain("PostgreSQL");
    expect(await rejection(check({ host: "other.test" }))).toMatchObject({
      code: "TLS_FAILED",
      message: expect.stringContaining("other.test"),
    });
    expect(namesAsked).toEqual(["db.test", "other.test"]);
  });

  test("an address has to stand in the certificate as well", async () => {
    expect(await check({ host: "127.0.0.1" })).toContain("PostgreSQL");
  });

  test.each([
    ["no authority", null],
    ["another authority's certificate", ANOTHER_AUTHORITY],
    ["what is no certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"],
  ])("%s is not enough", async (_what, ca) => {
    expect(await rejection(check({ ca }))).toMatchObject({ code: "TLS_FAILED" });
    expect(await check({ ca, tls: "require" })).toContain("PostgreSQL");
  });

  test("what the environment says of PostgreSQL changes nothing", async () => {
    const [url, mode] = [process.env.DATABASE_URL, process.env.PGSSLMODE];
    Object.assign(process.env, {
      DATABASE_URL: "postgres://evil:evil@10.0.0.9:1/evil",
      PGSSLMODE: "disable",
      PGDATABASE: "evil",
    });
    try {
      expect(await check({})).toContain("PostgreSQL");
      expect(await rejection(check({ host: "other.test" }))).toMatchObject({ code: "TLS_FAILED" });
    } finally {
      for (const [name, value] of Object.entries({
        DATABASE_URL: url,
        PGSSLMODE: mode,
        PGDATABASE: undefined,
      }))
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
    }
  });
});
