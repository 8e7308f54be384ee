/**
 * THE PORT to an organisation's own databases: read-only, typed, capped. One contract for all of them is proven by
 * tests/helpers/connector-contract.ts. What may be asked is written down by an admin; a connector adds the layers that
 * do not trust him: one statement, a read-only transaction, limits on time, rows and bytes.
 */
import type { Connection, ConnectionSettings, DatabaseSchema } from "../domain/connection.ts";
import type { ConnectionId } from "../domain/ids.ts";
import type { ReadableTable } from "../domain/schema-access.ts";
import type { ArgumentValue, CellValue, ColumnType, ParameterType } from "../domain/tool.ts";

/** A parameter with its value, in the form of `ToolArguments`. */
export type BoundParameter = { name: string; type: ParameterType; value: ArgumentValue };

/** A query of the catalogue as the admin wrote it, with `:name` where a parameter stands. */
export type CatalogueQuery = { text: string; parameters: readonly BoundParameter[] };

/** A statement that a model wrote, and the tables that it may touch. */
export type ModelSelect = { statement: string; tables: readonly ReadableTable[] };

export type QueryLimits = {
  rows: number;
  /** Of all values together, as they are answered. */
  bytes: number;
  ms: number;
};

export type QueryResult = {
  columns: { name: string; type: ColumnType }[];
  rows: CellValue[][];
  truncated: boolean;
};

/** What a check found of a server that could be reached. */
export type RoleCheck = {
  serverVersion: string;
  /** Null when the role can only read; otherwise what it can do, in words. */
  strength: string | null;
};

/** Holds at most four connections, opened when they are needed. Aborting `signal` ends what runs, on the server too. */
export interface Connector {
  /** @throws AppError with a ConnectionErrorCode, or EGRESS_DENIED */
  check(signal: AbortSignal): Promise<RoleCheck>;
  /** @throws as `check` · TOOL_UNAVAILABLE */
  schema(signal: AbortSignal): Promise<DatabaseSchema>;
  /**
   * Asks the server whether it understands the query, without running it, and what its columns are called.
   *
   * @throws AppError UNSAFE_QUERY · UNSAFE_PIPELINE with what is wrong and where · VALIDATION for a query that the server
   *   does not understand, in its words · TOOL_UNAVAILABLE
   */
  prepare(
    query: CatalogueQuery,
    signal: AbortSignal,
  ): Promise<{ columns: { name: string; type: ColumnType }[] }>;
  /**
   * Runs one query.
   *
   * @throws AppError QUERY_TIMEOUT · TOOL_FORBIDDEN for what the role may not do · INVALID_ARGUMENT for a value that the
   *   server does not take · TOOL_UNAVAILABLE within 5 s for a server that is not there · TOOL_FAILED for the rest
   */
  run(query: CatalogueQuery, limits: QueryLimits, signal: AbortSignal): Promise<QueryResult>;
  /**
   * Runs one SELECT that a model wrote, over the tables that it may touch: first it is read by Parley, and the role is
   * checked in the session in which it runs.
   *
   * @throws AppError UNSAFE_QUERY · TOOL_FORBIDDEN for another table, both with what to do instead · VALIDATION for what
   *   the server does not understand, in its words · CREDENTIAL_NOT_READONLY for a role that can do more than read ·
   *   as `run`
   */
  select(select: ModelSelect, limits: QueryLimits, signal: AbortSignal): Promise<QueryResult>;
  /** The server's plan, as text. @throws as `run` */
  explain(query: CatalogueQuery, signal: AbortSignal): Promise<string>;
  /** First rows of a table. @throws as `run` */
  sample(schema: string, table: string, limits: QueryLimits, signal: AbortSignal): Promise<QueryResult>;
  close(): Promise<void>;
}

/** Dials through src/egress, once for each connection. */
export type ConnectorFactory = (settings: ConnectionSettings) => Connector;

/** The databases of all tenants. */
export interface Databases {
  /** With settings that are not saved: whoever calls it closes it. */
  connect: ConnectorFactory;
  /** The connector of a saved connection, kept until its settings change. It opens nothing until it is asked something. */
  open(connection: Connection): Connector;
  /** For a connection that was changed or removed. */
  release(connectionId: ConnectionId): Promise<void>;
  close(): Promise<void>;
}
