/** The sample company in MariaDB, and the user who may read it. */
import type { MariaDb } from "./mariadb.ts";
import { SAMPLE_TABLES, sampleCompany } from "./sample-company.ts";

const ROWS_AT_ONCE = 2_000;
const READER = { database: "company", username: "parley_reader", password: "a password for reading" };

/** What a connection of Parley's is given. */
export async function fillMariaDb(server: MariaDb): Promise<typeof READER> {
  await server.run(
    `create database ${READER.database} character set utf8mb4`,
    `use ${READER.database}`,
    "set time_zone = '+00:00'",
    ...SAMPLE_TABLES,
  );
  for (const [table, rows] of Object.entries(sampleCompany())) {
    for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
      const values = rows
        .slice(at, at + ROWS_AT_ONCE)
        .map((row) => `(${Object.values(row).map(literal).join(", ")})`);
      await server.run(`insert into ${table} values ${values.join(", ")}`);
    }
  }
  await server.run(
    `create user ${READER.username} identified by '${READER.password}'`,
    `grant select, show view on ${READER.database}.* to ${READER.username}`,
  );
  return READER;
}

function literal(value: string | number | null): string {
  if (typeof value !== "string") return String(value);
  // A time of the company's is one in UTC, as the session is.
  const time = /^\d{4}-\d\d-\d\dT(.*)Z$/.test(value) ? value.replace("T", " ").slice(0, -1) : value;
  return `'${time.replaceAll("'", "''")}'`;
}
