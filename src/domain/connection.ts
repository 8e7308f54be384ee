/** An organisation's own databases, and what Parley knows of them. */
import type { ConnectionErrorCode } from "../errors.ts";
import type { ConnectionId, TenantId, UnixMs } from "./ids.ts";
import type { StoredKey } from "./secret.ts";
import type { ToolAudience } from "./tool.ts";

export const DATABASE_KINDS = ["postgres", "mysql", "mongodb"] as const;
/** MariaDB is `mysql`, which it speaks. */
export type DatabaseKind = (typeof DATABASE_KINDS)[number];

/** `require` encrypts and believes any certificate; `verify` wants the right one, from `ca` where that is given. */
export const TLS_MODES = ["off", "require", "verify"] as const;
export type TlsMode = (typeof TLS_MODES)[number];

/** Everything that is needed to connect. */
export type ConnectionSettings = {
  /** For whom it is dialled, as the ledger of egress has it. */
  tenantId: TenantId;
  type: DatabaseKind;
  host: string;
  port: number;
  database: string;
  username: string;
  /** Null for a role without one. */
  password: string | null;
  tls: TlsMode;
  /** Certificates of the authority that is trusted instead of the system's, PEM; null for the system's. */
  ca: string | null;
};

/** The job that deletes a removed connection for good. */
export const PURGE_CONNECTION = "purge-connection";

/** A column whose values the schema browser never shows, and that no statement of a model can read. */
export type MaskedColumn = { schema: string; table: string; column: string };

/** A table that may be asked, as its database told of it last: what a model is told of it needs no look there. */
export type AccessTable = { schema: string; table: string } & Pick<TableOutline, "comment" | "columns">;

/** Whether, over which tables and for whom a model may write a SELECT. */
export type SchemaAccess = { enabled: boolean; tables: AccessTable[]; audience: ToolAudience };

/** Why the last check did not pass. */
export type ConnectionProblem = {
  code: ConnectionErrorCode | "EGRESS_DENIED" | "UNSAFE_URL";
  message: string;
};

export type Connection = ConnectionSettings & {
  id: ConnectionId;
  name: string;
  masks: MaskedColumn[];
  schemaAccess: SchemaAccess;
  /** No tool uses one that is not `ready`: `unchecked` could not be reached yet, `failed` must not be used. */
  state: "ready" | "unchecked" | "failed";
  problem: ConnectionProblem | null;
  /** As the server says it; null until it was reached. */
  serverVersion: string | null;
  /** Of the last check, passed or not; null before the first. */
  checkedAt: UnixMs | null;
  createdAt: UnixMs;
  updatedAt: UnixMs;
  deletedAt: UnixMs | null;
} & Pick<StoredKey, "keyLost">;

export type DatabaseSchema = { schemas: SchemaOutline[] };
/** A MySQL or MongoDB database is one schema. */
export type SchemaOutline = { name: string; tables: TableOutline[] };
export type TableOutline = {
  name: string;
  comment: string | null;
  /** The server's own estimate; null where it has none. */
  rowEstimate: number | null;
  columns: { name: string; type: string; comment: string | null }[];
};
