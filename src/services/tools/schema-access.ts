/** Connections that are opened for statements which a model writes: switched on, kept up to date, asked. */
import type { QueryLimits, QueryResult } from "../../connectors/connector.ts";
import type { Deps } from "../../deps.ts";
import type { AccessTable, Connection, ConnectionSettings, SchemaAccess } from "../../domain/connection.ts";
import type { TenantId } from "../../domain/ids.ts";
import { KINDS_WITH_SCHEMA_ACCESS, readableTables } from "../../domain/schema-access.ts";
import { AppError } from "../../errors.ts";
import { deadline } from "./deadline.ts";
import { isUsable } from "./usable-connector.ts";

type TableName = Pick<AccessTable, "schema" | "table">;

export type SchemaAccessChanges = {
  enabled?: boolean | undefined;
  tables?: readonly TableName[] | undefined;
  audience?: SchemaAccess["audience"] | undefined;
};

const SCHEMA_MS = 10_000;
/** More than an organisation has. */
const MAX_CONNECTIONS = 200;

/**
 * What is to hold after a change, without the outlines of tables that are new. Another server or database turns it off:
 * what was ticked was ticked elsewhere.
 */
export function accessAfter(
  before: Connection,
  after: ConnectionSettings,
  changes: SchemaAccessChanges | undefined,
): SchemaAccess {
  const known = before.schemaAccess;
  const isElsewhere = (["host", "port", "database"] as const).some((field) => before[field] !== after[field]);
  const {
    enabled = isElsewhere ? false : known.enabled,
    tables = known.tables,
    audience = known.audience,
  } = changes ?? {};
  return { enabled, audience, tables: tables.map((name) => outlineOf(name, known.tables)) };
}

function outlineOf(name: TableName, known: readonly AccessTable[]): AccessTable {
  return known.find((each) => isSame(each, name)) ?? { ...name, comment: null, columns: [] };
}

const isSame = (left: TableName, right: TableName) =>
  left.schema === right.schema && left.table === right.table;

/** @throws AppError VALIDATION for what cannot be switched on */
export function requireSwitchable({ type, schemaAccess }: Connection): void {
  if (!KINDS_WITH_SCHEMA_ACCESS.has(type))
    throw invalid(
      "enabled",
      "No model writes queries for MongoDB. Write the queries of its catalogue under Tools.",
    );
  if (schemaAccess.tables.length === 0) throw invalid("tables", "Choose the tables that may be asked.");
}

/** Its tables are given to a statement by a WITH. @throws AppError VALIDATION for a server that knows none */
export function requireRecent({ type }: Connection, serverVersion: string | null): void {
  if (type === "mysql" && serverVersion?.startsWith("5."))
    throw invalid("enabled", "The server is too old for that: it takes MySQL 8 or MariaDB.");
}

/**
 * The chosen tables as the database tells of them now.
 *
 * @throws AppError VALIDATION for one that is not there, or that the role may not read · TOOL_UNAVAILABLE
 */
export async function withOutlines(
  { databases }: Pick<Deps, "databases">,
  connection: Connection,
): Promise<SchemaAccess> {
  const connector = databases.connect(connection);
  try {
    const { schemas } = await connector.schema(deadline(SCHEMA_MS));
    const found = outlinesIn(schemas);
    const tables = connection.schemaAccess.tables.map((listed) => {
      const outline = found.find((each) => isSame(each, listed));
      if (outline) return outline;
      throw invalid("tables", `There is no table ${listed.schema}.${listed.table} that the role may read.`);
    });
    return { ...connection.schemaAccess, tables };
  } finally {
    await connector.close();
  }
}

/** Keeps what the database tells of the tables now. One that is gone has no columns, and is not offered. */
export async function refreshOutlines(
  { store, databases }: Pick<Deps, "store" | "databases">,
  connection: Connection,
): Promise<void> {
  if (!connection.schemaAccess.enabled) return;
  const { schemas } = await databases.open(connection).schema(deadline(SCHEMA_MS));
  const found = outlinesIn(schemas);
  const tables = connection.schemaAccess.tables.map((listed) => outlineOf(listed, found));
  if (!Bun.deepEquals(tables, connection.schemaAccess.tables))
    await store.connections.replaceOutlines(connection, tables);
}

function outlinesIn(
  schemas: Awaited<ReturnType<ReturnType<Deps["databases"]["open"]>["schema"]>>["schemas"],
) {
  return schemas.flatMap(({ name: schema, tables }) =>
    tables.map(({ name: table, comment, columns }): AccessTable => ({ schema, table, comment, columns })),
  );
}

/** Those that a model may be offered. */
export async function openConnections(
  { store }: Pick<Deps, "store">,
  tenantId: TenantId,
): Promise<Connection[]> {
  const { items } = await store.connections.list(tenantId, { cursor: null, limit: MAX_CONNECTIONS });
  return items.filter((connection) => connection.schemaAccess.enabled && isUsable(connection));
}

/**
 * Runs a statement that a model wrote. The connection is looked at anew: it may have been closed since it was offered.
 *
 * @throws AppError those of `Connector.select` · NOT_FOUND · TOOL_UNAVAILABLE
 */
export async function selectFrom(
  deps: Pick<Deps, "store" | "databases" | "now">,
  { tenantId, id }: Connection,
  statement: string,
  limits: QueryLimits,
  signal: AbortSignal,
): Promise<QueryResult> {
  const connection = await deps.store.connections.get(tenantId, id);
  if (!connection.schemaAccess.enabled || !isUsable(connection))
    throw new AppError("TOOL_UNAVAILABLE", "the database may not be asked now. Answer without it.");
  const tables = readableTables(connection);
  try {
    return await deps.databases.open(connection).select({ statement, tables }, limits, signal);
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== "CREDENTIAL_NOT_READONLY") throw thrown;
    await closeFor(deps, connection, thrown);
    throw new AppError(
      "CREDENTIAL_NOT_READONLY",
      "the database may not be asked now: what Parley signs in with can do more than read. An administrator sees it under Connections. Answer without it.",
      { cause: thrown },
    );
  }
}

/** As the daily check would, so that no tool uses it any more. */
async function closeFor(
  { store, databases, now }: Pick<Deps, "store" | "databases" | "now">,
  connection: Connection,
  { message }: AppError,
): Promise<void> {
  const problem = { code: "CREDENTIAL_NOT_READONLY" as const, message };
  const { serverVersion } = connection;
  await store.connections.recordCheck(connection, {
    state: "failed",
    problem,
    serverVersion,
    checkedAt: now(),
  });
  await databases.release(connection.id);
}

function invalid(field: "enabled" | "tables", sentence: string): AppError {
  return new AppError("VALIDATION", sentence, {
    details: { fields: { [`schemaAccess.${field}`]: sentence } },
  });
}
