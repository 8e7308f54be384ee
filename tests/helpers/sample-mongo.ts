/** The sample company in MongoDB, as an application would keep it, and the user who may read it. */
import { Decimal128, Int32 } from "mongodb";
import type { Doc } from "./mongo-documents.ts";
import { type MongoServer, READ_ACTIONS } from "./mongo-server.ts";
import { sampleCompany } from "./sample-company.ts";

const READER = { database: "company", username: "parley_reader", password: "a password for reading" };

/** Amounts are exact, days and times are dates. */
const DECIMALS: ReadonlySet<string> = new Set(["leave_left", "unit_price", "total"]);
const DATES: ReadonlySet<string> = new Set(["hired_on", "ordered_on", "expected_on", "opened_at"]);

/** What a connection of Parley's is given. */
export function fillMongo(server: MongoServer): typeof READER {
  for (const [collection, rows] of Object.entries(sampleCompany()))
    server.insert(
      READER.database,
      collection,
      rows.map((row) => toDocument(row)),
    );
  server.addUser({
    username: READER.username,
    password: READER.password,
    database: READER.database,
    privileges: [{ database: READER.database, actions: READ_ACTIONS }],
  });
  return READER;
}

function toDocument(row: Record<string, string | number | null>): Doc {
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [key, stored(key, value)]));
}

function stored(key: string, value: string | number | null): unknown {
  if (typeof value === "number") return new Int32(value);
  if (value !== null && DECIMALS.has(key)) return Decimal128.fromString(value);
  return value !== null && DATES.has(key) ? new Date(value) : value;
}
