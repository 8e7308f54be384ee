/** Tells at start whether the key in use is the one that this database's secrets were sealed with. */
import { existsSync } from "node:fs";
import type { SecretPlace, Secrets } from "../../domain/secret.ts";
import { AppError } from "../../errors.ts";
import { type ConnectionOptions, openForReading, type SqliteClient } from "./connection.ts";

const KEY = "key-check";
const PLACE: SecretPlace = { tenantId: null, table: "instance", column: "value", rowId: KEY };
const KNOWN_TEXT = "parley";

/** Leaves a sealed value at the first start and opens it at every other. @throws KEY_INVALID */
export function checkKey(client: SqliteClient, secrets: Secrets): void {
  const sealed = findCheckValue(client);
  if (sealed === undefined) {
    client
      .prepare("insert into instance (key, value) values (?, ?)")
      .run(KEY, secrets.seal(PLACE, KNOWN_TEXT));
    return;
  }
  try {
    secrets.open(PLACE, sealed);
  } catch (thrown) {
    const message =
      "The master key is not the one this database was made with. Put back the right secret.key (or PARLEY_SECRET_KEY). Nothing was changed.";
    throw new AppError("KEY_INVALID", message, { cause: thrown });
  }
}

/**
 * Whether the database at `path` holds anything sealed, so that a missing key must not be replaced by a new
 * one. A file that cannot be read counts as one that does: refusing to start destroys nothing.
 */
export function hasSealedValues(options: ConnectionOptions): boolean {
  if (!existsSync(options.path)) return false;
  let client: SqliteClient | undefined;
  try {
    client = openForReading(options);
    const hasTable =
      client.prepare("select 1 from sqlite_schema where name = 'instance'").get() !== undefined;
    return hasTable && findCheckValue(client) !== undefined;
  } catch {
    return true;
  } finally {
    client?.close();
  }
}

function findCheckValue(client: SqliteClient): string | undefined {
  return client.prepare<[string], string>("select value from instance where key = ?").pluck().get(KEY);
}
