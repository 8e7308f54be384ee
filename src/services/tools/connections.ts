/** Connections to a tenant's own databases: added, tried, changed, removed, and looked into. */

import type { QueryResult } from "../../connectors/connector.ts";
import type { Deps } from "../../deps.ts";
import {
  type Connection,
  type ConnectionSettings,
  type DatabaseSchema,
  type MaskedColumn,
  PURGE_CONNECTION,
} from "../../domain/connection.ts";
import { type NewRole, roleCommands } from "../../domain/database-role.ts";
import { type ConnectionId, newId, type TenantId } from "../../domain/ids.ts";
import { type JobHandler, newJob, retryForEver, UNDO_MS } from "../../domain/job.ts";
import type { Page, PageRequest } from "../../domain/page.ts";
import { NO_SCHEMA_ACCESS } from "../../domain/schema-access.ts";
import { requireKeyNotLost } from "../../domain/secret.ts";
import { AppError } from "../../errors.ts";
import {
  type CheckResult,
  checkConnection,
  checkSettings,
  isAway,
  keepCheck,
  stateAfter,
} from "./connection-check.ts";
import { deadline } from "./deadline.ts";
import {
  accessAfter,
  requireRecent,
  requireSwitchable,
  type SchemaAccessChanges,
  withOutlines,
} from "./schema-access.ts";
import { toolUpkeepJob } from "./upkeep-job.ts";
import { usableConnector } from "./usable-connector.ts";

export type ConnectionDeps = Pick<Deps, "store" | "now" | "databases"> & { wakeQueue: () => void };

/** Nobody has more databases, and each may hold four sessions. */
export const MAX_CONNECTIONS = 50;
const SAMPLE_ROWS = 20;
const SAMPLE_BYTES = 64 * 1024;
const SAMPLE_MS = 5_000;
const OVERVIEW_MS = 10_000;

export type NewConnection = ConnectionSettings & { name: string };
export type ConnectionChanges = {
  [Key in keyof Omit<NewConnection, "type" | "tenantId">]?: NewConnection[Key] | undefined;
} & { masks?: MaskedColumn[] | undefined; schemaAccess?: SchemaAccessChanges | undefined };

/**
 * One that cannot be reached is kept unchecked, and no tool uses it.
 *
 * @throws AppError what speaks against it, such as CREDENTIAL_NOT_READONLY · AUTHENTICATION_FAILED · EGRESS_DENIED;
 *   CONFLICT · RESOURCE_LIMIT
 */
export async function addConnection(
  deps: ConnectionDeps,
  { name, ...settings }: NewConnection,
): Promise<Connection> {
  const { tenantId } = settings;
  const found = await checkedForSaving(deps, settings);
  const now = deps.now();
  const connection: Connection = {
    ...{ id: newId("connection"), name, ...settings, masks: [], schemaAccess: NO_SCHEMA_ACCESS },
    ...stateAfter(found, { state: "unchecked", serverVersion: null }),
    ...{ checkedAt: now, createdAt: now, updatedAt: now, deletedAt: null },
  };
  await deps.store.connections.create(connection, MAX_CONNECTIONS);
  await deps.store.jobs.createUnlessQueued(toolUpkeepJob(deps, tenantId));
  deps.wakeQueue();
  return connection;
}

export async function getConnection(
  { store }: Pick<Deps, "store">,
  tenantId: TenantId,
  connectionId: ConnectionId,
): Promise<Connection> {
  return store.connections.get(tenantId, connectionId);
}

export async function listConnections(
  { store }: Pick<Deps, "store">,
  tenantId: TenantId,
  page: PageRequest,
): Promise<Page<Connection>> {
  return store.connections.list(tenantId, page);
}

/**
 * A stored password goes only to the server that it was entered for. Opening it to statements of a model, or changing
 * what is open, takes a database that answers now and a role that can only read.
 *
 * @throws AppError as `addConnection` · CREDENTIAL_REENTRY_REQUIRED · CREDENTIAL_UNDECRYPTABLE · what a check says
 */
export async function updateConnection(
  deps: ConnectionDeps,
  tenantId: TenantId,
  connectionId: ConnectionId,
  changes: ConnectionChanges,
): Promise<Connection> {
  const before = await deps.store.connections.get(tenantId, connectionId);
  const changed = applyChanges(before, changes);
  const opens = changes.schemaAccess !== undefined && changed.schemaAccess.enabled;
  const found = opens
    ? await checkedForOpening(deps, before, changed)
    : await checkedIfMoved(deps, before, changed);
  const schemaAccess = opens ? await withOutlines(deps, changed) : changed.schemaAccess;
  const now = deps.now();
  const connection: Connection = {
    ...changed,
    schemaAccess,
    ...(found && { ...stateAfter(found, { state: "unchecked", serverVersion: null }), checkedAt: now }),
    // What is open is told apart by it.
    updatedAt: found ? Math.max(now, before.updatedAt + 1) : before.updatedAt,
  };
  await deps.store.connections.update(connection);
  if (found) await deps.databases.release(connectionId);
  return connection;
}

/** Hides it at once; `restoreConnection` brings it back for 30 s. @throws AppError CONFLICT while tools use it */
export async function removeConnection(
  deps: ConnectionDeps,
  tenantId: TenantId,
  connectionId: ConnectionId,
): Promise<void> {
  const now = deps.now();
  const purge = { ...newJob(now, tenantId, PURGE_CONNECTION, connectionId), runAt: now + UNDO_MS };
  await deps.store.connections.remove(tenantId, connectionId, now, purge);
  deps.wakeQueue();
  await deps.databases.release(connectionId);
}

export async function restoreConnection(
  { store, now }: Pick<Deps, "store" | "now">,
  tenantId: TenantId,
  connectionId: ConnectionId,
): Promise<Connection> {
  return store.connections.restore(tenantId, connectionId, now());
}

/** The job: deletes a removed connection for good. */
export const connectionPurge: JobHandler<Pick<Deps, "store">> = {
  priority: 0,
  shown: false,
  lane: "background",
  retryAt: retryForEver,
  async run({ store }, { tenantId, subject }) {
    await store.connections.purge(tenantId, subject as ConnectionId);
    return "done";
  },
};

/** Settings as they are entered; nothing is kept. */
export async function testSettings(deps: ConnectionDeps, settings: ConnectionSettings): Promise<CheckResult> {
  return checkSettings(deps, settings);
}

/**
 * A saved connection, as it is or as it would be after `changes`. What is found of it as it is, is kept.
 *
 * @throws AppError CREDENTIAL_REENTRY_REQUIRED · CREDENTIAL_UNDECRYPTABLE
 */
export async function testConnection(
  deps: ConnectionDeps,
  tenantId: TenantId,
  connectionId: ConnectionId,
  changes: ConnectionChanges,
): Promise<CheckResult> {
  const connection = await deps.store.connections.get(tenantId, connectionId);
  const changed = applyChanges(connection, changes);
  return isSameServer(connection, changed) ? checkConnection(deps, connection) : checkSettings(deps, changed);
}

/** @throws AppError TOOL_UNAVAILABLE */
export async function connectionSchema(
  deps: ConnectionDeps,
  tenantId: TenantId,
  connectionId: ConnectionId,
): Promise<DatabaseSchema> {
  const connector = await usableConnector(deps, tenantId, connectionId);
  return connector.schema(deadline(OVERVIEW_MS));
}

export type TableRows = QueryResult & { masked: string[] };

/** First rows of a table; columns that an admin masked say so and hold nothing. @throws AppError those of a query */
export async function tableRows(
  deps: ConnectionDeps,
  tenantId: TenantId,
  connectionId: ConnectionId,
  schema: string,
  table: string,
): Promise<TableRows> {
  const { masks } = await deps.store.connections.get(tenantId, connectionId);
  const connector = await usableConnector(deps, tenantId, connectionId);
  const limits = { rows: SAMPLE_ROWS, bytes: SAMPLE_BYTES, ms: SAMPLE_MS };
  const found = await connector.sample(schema, table, limits, deadline(OVERVIEW_MS));
  const masked = masks
    .filter((mask) => mask.schema === schema && mask.table === table)
    .map(({ column }) => column);
  const isMasked = found.columns.map(({ name }) => masked.includes(name));
  const rows = found.rows.map((row) => row.map((cell, index) => (isMasked[index] ? null : cell)));
  return { ...found, rows, masked };
}

/** A role that can only read, with a fresh password: what to run in the database, and what to enter here. */
export function newRole(
  { tokens }: Pick<Deps, "tokens">,
  role: Omit<NewRole, "password">,
): { username: string; password: string; commands: string } {
  const password = tokens.random("").slice(0, 32);
  return { username: role.username, password, commands: roleCommands({ ...role, password }) };
}

function checkedIfMoved(
  deps: ConnectionDeps,
  before: Connection,
  changed: Connection,
): Promise<CheckResult | null> {
  return isSameServer(before, changed) ? Promise.resolve(null) : checkedForSaving(deps, changed);
}

/** @throws AppError VALIDATION · what speaks against opening it to a model: everything that a check finds */
async function checkedForOpening(
  deps: ConnectionDeps,
  before: Connection,
  changed: Connection,
): Promise<CheckResult> {
  requireSwitchable(changed);
  const found = await checkSettings(deps, changed);
  if (found.problem) {
    const isUnfit = !isAway(found.problem) && isSameServer(before, changed);
    // No tool may use it then, either.
    if (isUnfit) await keepCheck(deps, before, found);
    throw found.problem;
  }
  requireRecent(changed, found.serverVersion);
  return found;
}

/** @throws AppError what speaks against saving; a database that is away does not */
async function checkedForSaving(deps: ConnectionDeps, settings: ConnectionSettings): Promise<CheckResult> {
  const found = await checkSettings(deps, settings);
  if (found.problem && !isAway(found.problem)) throw found.problem;
  return found;
}

function applyChanges(before: Connection, changes: ConnectionChanges): Connection {
  const { schemaAccess, ...others } = changes;
  const given = Object.fromEntries(
    Object.entries(others).filter(([, value]) => value !== undefined),
  ) as Partial<Connection>;
  const { keyLost, ...known } = before;
  const settings: Connection = { ...known, ...given };
  const changed = { ...settings, schemaAccess: accessAfter(before, settings, schemaAccess) };
  if (changes.password !== undefined || (before.password === null && !keyLost)) return changed;
  requireKeyNotLost(before, "database connection", "password");
  if (changed.host === before.host && changed.port === before.port) return changed;
  throw new AppError(
    "CREDENTIAL_REENTRY_REQUIRED",
    "The server changed, so the stored password will not be sent there. Enter the password for the new one.",
  );
}

const OF_THE_SERVER = ["host", "port", "database", "username", "password", "tls", "ca"] as const;

function isSameServer(before: Connection, after: Connection): boolean {
  return !before.keyLost && OF_THE_SERVER.every((field) => before[field] === after[field]);
}
