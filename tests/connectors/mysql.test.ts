import { createMysqlConnector } from "../../src/connectors/mysql.ts";
import type { ConnectionSettings } from "../../src/domain/connection.ts";
import { connectorContract, type Engine, PEOPLE, TENANT } from "../helpers/connector-contract.ts";
import { type MariaDb, startMariaDb } from "../helpers/mariadb.ts";

let server: MariaDb;

const VALUES = `create table kinds (
  tiny tinyint(1), big bigint, huge bigint unsigned, exact decimal(30,10), single_precision float, double_precision double,
  day date, moment datetime(6), instant timestamp(3), clock time(2), year_of year, flag bit(1), bits bit(9),
  word varchar(20), choice enum('a','b'), choices set('x','y'), note text, document json, blob_of blob, nothing text, id uuid)`;
const ROW = `insert into kinds values (2, 9007199254740993, 18446744073709551615, '12345678901234567890.0123456789', 1.1, 1.1,
  '2026-11-27', '2026-11-27 10:00:00.123456', '2026-11-27 10:00:00.5', '-12:34:56.78', 2026, b'1', b'100000001',
  'Grüße 👩‍👩‍👧', 'a', 'x,y', '', '{"a": 12345678901234567890}', x'00ff', null, '123e4567-e89b-12d3-a456-426614174000')`;

async function start(): Promise<Engine> {
  server = await startMariaDb();
  await server.run(
    "create database company character set utf8mb4",
    "use company",
    "set time_zone = '+00:00'",
    "create table people (id int primary key, name varchar(50), city varchar(50), born date) comment 'Everybody'",
    ...PEOPLE.map(({ id, name, city, born }) => {
      const text = (value: string | null) => (value === null ? "null" : `'${value.replace("'", "''")}'`);
      return `insert into people values (${id}, ${text(name)}, ${text(city)}, ${text(born)})`;
    }),
    "create table salaries (id int)",
    VALUES,
    ROW,
    "create function grow() returns int modifies sql data begin insert into people (id) values (99); return 1; end",
    "create user reader identified by 'reads'",
    "grant select, show view on company.people to reader",
    "grant select on company.kinds to reader",
    "create user writer identified by 'writes'",
    "grant all on company.* to writer",
  );
  return {
    settings: settings("reader", "reads"),
    strong: { username: "writer", password: "writes" },
    connect: createMysqlConnector,
    queries: {
      everybody: "select id, name from people order by id",
      byCity: "select name from people where city = :city order by id",
      byId: "select name from people where id = :id",
      bornSince: "select name from people where born >= :day order by id",
      inCities: "select name from people where city in (:cities) order by id",
      unknownParameter: "select name from people where id = :count",
      many: "with recursive n as (select 1 as i union all select i + 1 from n where i < 2000) select concat('row ', i) as label from n limit 2000",
      large: "select repeat('x', 6000000) as label",
      slow: "select sleep(60)",
      forbidden: "select * from salaries",
      mistaken: "select name form people",
    },
    unsafe: [
      { query: "select 1; commit; drop table people", code: "UNSAFE_QUERY" },
      { query: "delete from people", code: "UNSAFE_QUERY" },
      { query: "update people set name = :city", code: "UNSAFE_QUERY" },
      { query: "set session transaction read write", code: "UNSAFE_QUERY" },
      { query: "commit", code: "UNSAFE_QUERY" },
      { query: "/*!50000 delete from people */", code: "UNSAFE_QUERY" },
      { query: "select /*+ max_execution_time(0) */ 1", code: "UNSAFE_QUERY" },
      { query: "select /*M! 1; */ 1", code: "UNSAFE_QUERY" },
      { query: "select * from people into outfile '/tmp/people'", code: "UNSAFE_QUERY" },
      { query: "select load_file('/etc/passwd')", code: "UNSAFE_QUERY" },
      { query: "select id from people for update", code: "UNSAFE_QUERY" },
      { query: "select 'a\\'; delete from people; -- '; delete from people", code: "UNSAFE_QUERY" },
      { query: "with n as (select 1) delete from people", code: "VALIDATION" },
      { query: "kill 1", code: "UNSAFE_QUERY" },
      { query: "", code: "UNSAFE_QUERY" },
    ],
    values: {
      query: "select * from kinds",
      columns: [
        { name: "tiny", type: "integer" },
        { name: "big", type: "integer" },
        { name: "huge", type: "integer" },
        { name: "exact", type: "decimal" },
        { name: "single_precision", type: "decimal" },
        { name: "double_precision", type: "decimal" },
        { name: "day", type: "date" },
        { name: "moment", type: "datetime" },
        { name: "instant", type: "datetime" },
        { name: "clock", type: "time" },
        { name: "year_of", type: "integer" },
        { name: "flag", type: "boolean" },
        { name: "bits", type: "integer" },
        { name: "word", type: "text" },
        { name: "choice", type: "text" },
        { name: "choices", type: "text" },
        { name: "note", type: "text" },
        { name: "document", type: "json" },
        { name: "blob_of", type: "bytes" },
        { name: "nothing", type: "text" },
        { name: "id", type: "text" },
      ],
      row: [
        ...[2, "9007199254740993", "18446744073709551615", "12345678901234567890.0123456789", 1.1, 1.1],
        ...["2026-11-27", "2026-11-27T10:00:00.123456", "2026-11-27T10:00:00.500Z", "-12:34:56.78"],
        ...[2026, true, 257, "Grüße 👩‍👩‍👧", "a", "x,y", "", '{"a": 12345678901234567890}', "AP8=", null],
        "123e4567-e89b-12d3-a456-426614174000",
      ],
    },
    peopleOnServer: async () => Number((await server.ask("select count(*) as n from company.people"))[0]?.n),
    running: async () => (await processes()).filter(({ COMMAND }) => COMMAND !== "Sleep").length,
    sessions: async () => (await processes()).length,
  };
}

function processes() {
  return server.ask(
    "select command as COMMAND from information_schema.processlist where user in ('reader', 'writer')",
  );
}

function settings(username: string, password: string): ConnectionSettings {
  const { host, port } = server;
  return {
    tenantId: TENANT,
    type: "mysql",
    host,
    port,
    database: "company",
    username,
    password,
    tls: "off",
    ca: null,
  };
}

connectorContract("MySQL, as MariaDB speaks it,", start, () => server.remove());
