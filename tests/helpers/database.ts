/** The database of a Parley, looked at from outside. */
import { Database } from "bun:sqlite";
import { join } from "node:path";
import { newId } from "../../src/domain/ids.ts";
import type { Role } from "../../src/domain/user.ts";
import { type AdminClient, adminClient, OWNER } from "./admin-client.ts";
import type { Parley } from "./parley.ts";

type Row = Record<string, string | number | null>;

export function rows(parley: Pick<Parley, "dataDirectory">, sql: string, ...values: string[]): Row[] {
  return withDatabase(parley, (database) => database.query<Row, string[]>(sql).all(...values));
}

export function count(parley: Pick<Parley, "dataDirectory">, table: string): number {
  return Number(rows(parley, `select count(*) as n from ${table}`)[0]?.n);
}

/** Both of SQLite's own checks, "ok" when nothing is wrong. */
export function integrity(parley: Pick<Parley, "dataDirectory">): unknown[] {
  return [
    ...rows(parley, "pragma integrity_check").map((row) => row.integrity_check),
    ...rows(parley, "pragma foreign_key_check").map((row) => JSON.stringify(row)),
  ];
}

export function withDatabase<Result>(
  { dataDirectory }: Pick<Parley, "dataDirectory">,
  use: (database: Database) => Result,
): Result {
  const database = new Database(join(dataDirectory, "parley.db"));
  try {
    database.run("pragma busy_timeout = 5000");
    return use(database);
  } finally {
    database.close();
  }
}

/**
 * Another person with the owner's password, signed in, who belongs to one tenant only. There is no page for
 * adding people yet, so this writes the rows.
 */
export async function addMember(parley: Parley, tenantId: string, role: Role): Promise<AdminClient> {
  const id = newId("user");
  const email = `${id.toLowerCase()}@example.org`;
  withDatabase(parley, (database) => {
    database.run(
      "insert into users select ?, ?, 'Member', password_hash, 0, 0, created_at from users limit 1",
      [id, email],
    );
    database.run("insert into memberships values (?, ?, ?, 0)", [id, tenantId, role]);
  });
  const member = adminClient(parley);
  await member.signIn(email, OWNER.password);
  return member;
}
