/** The sample company in PostgreSQL, and the role that may read it. */
import { SQL } from "bun";
import type { PostgresServer } from "./postgres.ts";
import { SUPERUSER } from "./postgres.ts";
import { SAMPLE_TABLES, sampleCompany } from "./sample-company.ts";

const ROWS_AT_ONCE = 5_000;
const READER = { database: "company", username: "parley_reader", password: "a password for reading" };

/** What a connection of Parley's is given. */
export async function fillPostgres(server: PostgresServer): Promise<typeof READER> {
  await server.createDatabase(READER.database);
  const { host: hostname, port } = server;
  const sql = new SQL({
    adapter: "postgres",
    hostname,
    port,
    database: READER.database,
    ...SUPERUSER,
    max: 1,
  });
  try {
    for (const table of SAMPLE_TABLES) await sql.unsafe(table);
    for (const [table, rows] of Object.entries(sampleCompany())) {
      for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
        const part = rows.slice(at, at + ROWS_AT_ONCE);
        await sql`insert into ${sql(table)} select * from jsonb_populate_recordset(null::${sql(table)}, ${part}::jsonb)`;
      }
    }
    await sql.unsafe(`create role ${READER.username} login password '${READER.password}';
      revoke all on schema public from public;
      revoke temporary on database ${READER.database} from public;
      grant usage on schema public to ${READER.username};
      grant select on all tables in schema public to ${READER.username}`);
  } finally {
    await sql.end();
  }
  return READER;
}
