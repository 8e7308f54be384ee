import type { EgressStore, TenantStore, UserStore } from "../store.ts";
import { type ConnectionOptions, openForReading, toDrizzle } from "./connection.ts";
import { sqliteEgressStore } from "./egress.ts";
import { sqliteTenantStore } from "./tenants.ts";
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

/** What a database, which a running Parley may hold, says of what was called. */
export function readOnlyEgress(
  connection: ConnectionOptions,
): Pick<EgressStore, "allowed" | "uses"> & { tenants: TenantStore["list"]; close(): void } {
  const client = openForReading(connection);
  const { allowed, uses } = sqliteEgressStore(toDrizzle(client));
  const { list } = sqliteTenantStore(toDrizzle(client));
  return { allowed, uses, tenants: list, close: () => void client.close() };
}
