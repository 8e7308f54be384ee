import { afterAll, describe, expect, test } from "bun:test";
import { existsSync, readdirSync } from "node:fs";
import { readFile, truncate, writeFile } from "node:fs/promises";
import Database from "better-sqlite3";
import { getTableColumns, getTableName, is } from "drizzle-orm";
import { SQLiteTable } from "drizzle-orm/sqlite-core";
import { openSqliteStore, type SqliteStoreOptions } from "../../src/store/sqlite/index.ts";
import { openMigrated } from "../../src/store/sqlite/migrate.ts";
import * as schema from "../../src/store/sqlite/schema.ts";
import { aFirstAdmin } from "../helpers/builders.ts";
import { rejection } from "../helpers/rejection.ts";
import { migrations, removeTestStores, sqliteOptions } from "../helpers/sqlite.ts";

afterAll(removeTestStores);

const ADDS_NOTES = { name: "9001_notes", sql: "create table notes (id text primary key) strict" };
const FAILS_HALFWAY = {
  name: "9002_halfway",
  sql: "create table halfway (id text) strict; insert into tenants (id) values ('incomplete');",
};

describe("migrations", () => {
  test("make every table that drizzle knows, column for column", async () => {
    const database = await migrated();

    for (const table of Object.values(schema).filter((value) => is(value, SQLiteTable))) {
      const columns = database.pragma(`table_xinfo(${getTableName(table)})`) as {
        name: string;
        notnull: 0 | 1;
      }[];
      const known = Object.values(getTableColumns(table));
      expect(known.map(({ name }) => name)).toEqual(columns.map(({ name }) => name));
    }
  });

  test("make every table of the model, all of them strict", async () => {
    const database = await migrated();

    const strict = database
      .prepare("select name from pragma_table_list where strict = 1 order by name")
      .pluck()
      .all();

    expect(strict).toEqual([
      ...[
        "active_reranker",
        "api_keys",
        "audit_log",
        "chat_sessions",
        "chunk_versions",
        "conversations",
        "credentials",
        "db_connections",
        "document_chunks",
        "documents",
        "egress_ledger",
      ],
      ...[
        "embedding_indexes",
        "evaluation_outcomes",
        "evaluation_runs",
        "golden_question_sources",
        "golden_questions",
        "identity_secrets",
        "instance",
        "jobs",
        "knowledge_sources",
        "llm_configs",
        "mcp_servers",
        "memberships",
        "messages",
        "messages_to_index",
      ],
      ...[
        "retention",
        "schema_migrations",
        "sessions",
        "synonyms",
        "tenant_languages",
        "tenants",
        "throttles",
        "tool_calls",
        "tool_figures",
        "tool_uses",
        "tools",
        "turn_traces",
        "usage",
        "users",
      ],
      "vector_changes",
      "widget_configs",
    ]);
  });

  test("copy a database with content before they change it", async () => {
    const options = await withOneTenant();
    const later = { ...options, migrations: [...migrations(), ADDS_NOTES] };

    await (await openSqliteStore(later)).close();

    expect(readdirSync(options.backupsDirectory)).toEqual(["before-9001_notes.db"]);
    const backup = new Database(`${options.backupsDirectory}/before-9001_notes.db`, { readonly: true });
    expect(backup.prepare("select count(*) from tenants").pluck().get()).toBe(1);
    expect(backup.prepare("select name from schema_migrations").pluck().all()).toEqual(
      migrations().map(({ name }) => name),
    );
    expect(backup.pragma("integrity_check", { simple: true })).toBe("ok");
  });

  test("need no copy of a database that is new or up to date", async () => {
    const options = await withOneTenant();
    await (await openSqliteStore(options)).close();

    expect(existsSync(options.backupsDirectory)).toBe(false);
  });

  test("that fail halfway leave the database as it was, with those before them", async () => {
    const options = await withOneTenant();
    const failing = { ...options, migrations: [...migrations(), ADDS_NOTES, FAILS_HALFWAY] };

    expect(await rejection(openSqliteStore(failing))).toMatchObject({
      cause: expect.stringContaining("NOT NULL"),
    });

    const database = new Database(options.path);
    const tables = database
      .prepare("select name from sqlite_schema where name in ('notes', 'halfway')")
      .pluck()
      .all();
    expect(tables).toEqual(["notes"]);
    expect(database.prepare("select name from schema_migrations").pluck().all()).toEqual([
      ...migrations().map(({ name }) => name),
      "9001_notes",
    ]);
    expect(database.prepare("select count(*) from tenants").pluck().get()).toBe(1);
  });

  test("that a kill interrupts are as if they had not begun, and run at the next start", async () => {
    const options = await withOneTenant();
    await killedInside(options.path, "create table notes (id text primary key) strict");

    const store = await openSqliteStore({ ...options, migrations: [...migrations(), ADDS_NOTES] });

    expect(await store.tenants.list()).toHaveLength(1);
    await store.close();
  });

  test("of a newer Parley are refused, and the database stays as it was", async () => {
    const options = await withOneTenant();
    await (await openSqliteStore({ ...options, migrations: [...migrations(), ADDS_NOTES] })).close();
    const before = await readFile(options.path);

    const refused = openSqliteStore(options);

    expect(await rejection(refused)).toMatchObject({ code: "SCHEMA_TOO_NEW" });
    expect((await readFile(options.path)).equals(before)).toBe(true);
  });
});

describe("opening the kinds of providers, indexes, databases and tools (0008)", () => {
  const KEPT = ["llm_configs", "db_connections", "tools", "embedding_indexes", "vector_changes"];
  const content = (database: Database.Database) =>
    Object.fromEntries(KEPT.map((table) => [table, database.prepare(`select * from ${table}`).all()]));
  /** Where a table's foreign keys point and what its indexes are, by name. */
  const frame = (database: Database.Database, table: string) => ({
    references: (database.pragma(`foreign_key_list(${table})`) as { table: string; on_delete: string }[])
      .map(({ table: target, on_delete }) => `${target}, ${on_delete}`)
      .sort(),
    indexes: (database.pragma(`index_list(${table})`) as { name: string; unique: 0 | 1 }[])
      .map(({ name, unique }) => `${name}, ${unique}`)
      .sort(),
  });

  async function beforeIt(): Promise<{ options: SqliteStoreOptions; before: Database.Database }> {
    const options = await sqliteOptions();
    const older = migrations().filter(({ name }) => name < "0008");
    // Not as a store: today's code reads tables that come later.
    openMigrated(options, { ...options, migrations: older }).close();
    const before = new Database(options.path);
    before.exec(`
      insert into tenants (id, name, slug, embed_key, created_at) values ('ten_1', 'Old', 'old', 'pk_old', 1);
      insert into llm_configs values
        ('ten_1', 'llm_1', 'openai', 'http://models', 'sealed', 'gpt', 0.3, 800, 'Be kind.', 1, 2);
      insert into db_connections select id, 'dbc_1', 'ERP', 'postgres', 'db.corp', 5432, 'erp', 'reader', 'sealed', '{}', 1, 2
        from tenants;
      insert into tools select id, 'tol_1', 'stock', 'database-query', 'Stock', '{}', 'dbc_1', 1, 1, 2 from tenants;
      insert into embedding_indexes values
        (1, 'emb_1', 'local', 'mini', null, null, '', '', 384, 'retired', 0.7, 0.2, 1, 2, 7),
        (2, 'emb_2', 'ollama', 'nomic', 'http://models', 'sealed', 'q: ', 'p: ', 768, 'active', 0.7, 0.2, 1, 3, 9),
        (5, 'emb_5', 'local', 'gone', null, null, '', '', 384, 'removing', 0.7, 0.2, 1, null, 0);
      insert into vector_changes values (1, 7, 1, 4), (2, 8, 1, 5), (2, 9, 1, 6);
      delete from embedding_indexes where number = 5;`);
    return { options, before };
  }

  test("keeps every row, index and foreign key", async () => {
    const { options, before } = await beforeIt();
    const rows = content(before);
    const frames = KEPT.map((table) => frame(before, table));
    before.close();

    openMigrated(options, {
      ...options,
      migrations: migrations().filter(({ name }) => name < "0009"),
    }).close();

    const after = new Database(options.path);
    expect(content(after)).toEqual(rows);
    expect(KEPT.map((table) => frame(after, table))).toEqual(frames);
    expect(after.pragma("foreign_key_check")).toEqual([]);
    expect(after.pragma("integrity_check", { simple: true })).toBe("ok");
  });

  test("gives no index the number of one that is gone, whose table readers may still know", async () => {
    const { options, before } = await beforeIt();
    before.close();

    await (await openSqliteStore(options)).close();

    const { lastInsertRowid } = new Database(options.path)
      .prepare(
        `insert into embedding_indexes (id, source, name, dimension, state, related, unrelated, created_at)
         values ('emb_6', 'static', 'new', 320, 'building', 0.7, 0.2, 1)`,
      )
      .run();
    expect(lastInsertRowid).toBe(6);
  });

  test("lets a new kind in, and still refuses a state that there is not", async () => {
    const { options, before } = await beforeIt();
    before.close();
    // 0017 makes the tables of databases and tools anew.
    openMigrated(options, {
      ...options,
      migrations: migrations().filter(({ name }) => name < "0009"),
    }).close();
    const database = new Database(options.path);
    database.pragma("foreign_keys = on");

    database.exec(`
      update llm_configs set provider = 'bedrock';
      update db_connections set kind = 'mssql';
      update tools set kind = 'mcp';
      update embedding_indexes set source = 'static', base_url = null;`);

    expect(() => database.exec("update embedding_indexes set state = 'lost'")).toThrow("CHECK");
    expect(() => database.exec("update tools set connection_id = 'dbc_9'")).toThrow("FOREIGN KEY");
  });

  test("no table of the model says which kinds there are", async () => {
    const database = await migrated();
    const tables = database.prepare("select sql from sqlite_schema where type = 'table'").pluck().all();

    expect(tables.filter((sql) => /check \(\(?(kind|provider|source|format)\b/.test(String(sql)))).toEqual(
      [],
    );
  });
});

describe("a damaged database", () => {
  const DAMAGES: [string, (options: SqliteStoreOptions) => Promise<void>][] = [
    ["with a zeroed header", (options) => overwrite(options.path, 0, 100, 0)],
    ["with a page of garbage", (options) => overwrite(options.path, 4_096, 8_192, 0xa5)],
    ["cut off", (options) => truncate(options.path, 20_000)],
    [
      "that is a text file",
      (options) => writeFile(options.path, "not a database at all, but long enough to be one".repeat(50)),
    ],
    [
      "of something else",
      async (options) => void new Database(`${options.path}.other`).exec("create table t (x)"),
    ],
  ];

  for (const [how, damage] of DAMAGES) {
    test(`${how} is refused untouched, naming it and the newest backup`, async () => {
      const options = await withOneTenant();
      const upgraded = { ...options, migrations: [...migrations(), ADDS_NOTES] };
      await (await openSqliteStore(upgraded)).close();
      await damage(options);
      const path = how === "of something else" ? `${options.path}.other` : options.path;
      const before = await readFile(path);

      const opening = openSqliteStore({ ...upgraded, path });

      const thrown = await opening.catch((error: unknown) => error);
      expect(thrown).toMatchObject({ code: "DB_CORRUPT" });
      expect(String(thrown)).toContain(path);
      expect(String(thrown)).toContain("before-9001_notes.db");
      expect((await readFile(path)).equals(before)).toBe(true);
    });
  }
});

test("SQLite syncs every commit, enforces foreign keys and distrusts the file's schema", async () => {
  const options = await sqliteOptions();
  const client = openMigrated(options, options);

  const pragma = (name: string) => client.pragma(name, { simple: true });
  expect(
    ["journal_mode", "synchronous", "foreign_keys", "trusted_schema", "cell_size_check", "busy_timeout"].map(
      pragma,
    ),
  ).toEqual(["wal", 2, 1, 0, 1, 5_000]);
  expect(() => client.prepare("select load_extension('x')").get()).toThrow("not authorized");
});

test("the audit log can be added to and not changed, and each row's hash covers the one before", async () => {
  const options = await sqliteOptions();
  const store = await openSqliteStore(options);
  const entry = {
    at: 1,
    tenantId: null,
    actor: "system",
    address: null,
    requestId: null,
    target: null,
    changes: null,
  };
  await store.audit.append({ ...entry, action: "one.done" });
  await store.audit.append({ ...entry, action: "two.done" });
  await store.close();
  const database = new Database(options.path);

  expect(() => database.exec("update audit_log set actor = 'nobody'")).toThrow("append-only");
  expect(() => database.exec("delete from audit_log")).toThrow("append-only");
  const { chainHash } = await import("../../src/store/sqlite/audit.ts");
  const [first, second] = database
    .prepare("select hash from audit_log order by id")
    .pluck()
    .all() as string[];
  expect(first).toBe(chainHash("", { ...entry, action: "one.done" }));
  expect(second).toBe(chainHash(first as string, { ...entry, action: "two.done" }));
});

test("a full disk is STORAGE_FULL, and what was there can still be read", async () => {
  const options = await withOneTenant();
  const { openForWriting } = await import("../../src/store/sqlite/connection.ts");
  const { fromSqliteError } = await import("../../src/store/sqlite/constraint.ts");
  const client = openForWriting(options);
  client.pragma(`max_page_count = ${client.pragma("page_count", { simple: true })}`);

  const fill = () =>
    client.prepare("insert into instance (key, value) values ('big', ?)").run("x".repeat(1_000_000));

  expect(thrownBy(fill)).toMatchObject({ code: "SQLITE_FULL" });
  expect(fromSqliteError(thrownBy(fill), options.path)).toMatchObject({ code: "STORAGE_FULL" });
  expect(client.prepare("select count(*) from tenants").pluck().get()).toBe(1);
});

function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (thrown) {
    return thrown;
  }
}

async function migrated(): Promise<Database.Database> {
  const options = await sqliteOptions();
  await (await openSqliteStore(options)).close();
  return new Database(options.path, { readonly: true });
}

async function withOneTenant(): Promise<SqliteStoreOptions> {
  const options = await sqliteOptions();
  const store = await openSqliteStore(options);
  await store.instance.initialise(aFirstAdmin());
  await store.close();
  return options;
}

async function overwrite(path: string, from: number, to: number, value: number): Promise<void> {
  const bytes = await readFile(path);
  bytes.fill(value, from, to);
  await writeFile(path, bytes);
}

/** Runs `sql` in a process of its own and kills that inside the transaction. */
async function killedInside(path: string, sql: string): Promise<void> {
  const script = `
    const Database = require("better-sqlite3");
    const database = new Database(${JSON.stringify(path)});
    database.exec("begin immediate; ${sql}");
    console.log("inside");
    setInterval(() => {}, 1000);`;
  const child = Bun.spawn([process.execPath, "-e", script], { stdout: "pipe", cwd: import.meta.dir });
  const reader = child.stdout.getReader();
  await reader.read();
  child.kill("SIGKILL");
  await child.exited;
}

test("addresses of models are an operator's where nobody but operators could save them (0011)", async () => {
  const options = await sqliteOptions();
  openMigrated(options, {
    ...options,
    migrations: migrations().filter(({ name }) => name < "0011"),
  }).close();
  const before = new Database(options.path);
  const people = { op: 1, adm: 0, vie: 0 };
  for (const [id, operator] of Object.entries(people))
    before
      .prepare("insert into users values (?, ?, 'Person', 'hash', ?, 0, 0)")
      .run(id, `${id}@example.org`, operator);
  const tenants: [string, string | null, [keyof typeof people, string][]][] = [
    ["operators", "http://models", [["op", "owner"]]],
    [
      "watched",
      "http://models",
      [
        ["op", "owner"],
        ["vie", "viewer"],
      ],
    ],
    [
      "shared",
      "http://models",
      [
        ["op", "owner"],
        ["adm", "admin"],
      ],
    ],
    ["own", "http://models", [["adm", "owner"]]],
    ["none", null, [["op", "owner"]]],
  ];
  for (const [id, baseUrl, members] of tenants) {
    before
      .prepare("insert into tenants (id, name, slug, embed_key, created_at) values (?, ?, ?, ?, 0)")
      .run(id, id, id, id);
    before
      .prepare("insert into llm_configs values (?, 'llm_1', 'openai', ?, null, 'gpt', 0.3, 800, '', 1, 2)")
      .run(id, baseUrl);
    for (const [person, role] of members)
      before.prepare("insert into memberships values (?, ?, ?, 0)").run(person, id, role);
  }
  before.close();

  await (await openSqliteStore(options)).close();

  const after = new Database(options.path);
  const saved = after
    .prepare("select tenant_id from llm_configs where saved_by_operator = 1 order by tenant_id")
    .pluck();
  expect(saved.all()).toEqual(["operators", "watched"]);
  after.close();
});
