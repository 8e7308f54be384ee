import type { UserStore } from "../store.ts";
import { type ConnectionOptions, openForReading, toDrizzle } from "./connection.ts";
import { sqliteUserStore } from "./users.ts";

/**
 * The users of a database that a running Parley may hold, for commands beside it: nothing is migrated, locked or
 * written.
 */
export function readOnlyUsers(
  connection: ConnectionOptions,
): Pick<UserStore, "findByEmail"> & { close(): void } {
  const client = openForReading(connection);
  const { findByEmail } = sqliteUserStore(toDrizzle(client));
  return { findByEmail, close: () => void client.close() };
}
