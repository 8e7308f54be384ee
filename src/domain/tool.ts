import type { ConnectionId, CredentialId, McpServerId, TenantId, ToolId, UnixMs } from "./ids.ts";
import type { RemoteDefinition, RemoteTrouble } from "./mcp-server.ts";

/** What a model may use: its description, and its request to use it. */
export type ToolDefinition = {
  name: string;
  description: string;
  /** JSON Schema of an object. */
  parameters: Record<string, unknown>;
};

export type ToolCall = {
  id: string;
  name: string;
  /** JSON text as the model wrote it. */
  arguments: string;
};

export const PARAMETER_TYPES = ["text", "integer", "decimal", "date", "datetime", "boolean", "enum"] as const;
export type ParameterType = (typeof PARAMETER_TYPES)[number];

/** Where a parameter of an API goes. */
export const PARAMETER_PLACES = ["path", "query", "header", "body"] as const;

/** What a parameter may be bound to, of a visitor's verified identity. */
export const BINDINGS = ["visitor.email", "visitor.id", "visitor.groups"] as const;
export type Binding = (typeof BINDINGS)[number];

/**
 * A value that fits its parameter: a whole number beyond 2^53 and every decimal as canonical text, a date as
 * `2026-11-27`, a time as ISO 8601. Texts in a list come from `visitor.groups` alone.
 */
export type ArgumentValue = string | number | boolean | null | readonly string[];
export type ToolArguments = Readonly<Record<string, ArgumentValue>>;

export type ToolParameter = {
  name: string;
  type: ParameterType;
  description: string;
  required: boolean;
  /** Taken where none is given; null for none. */
  default: ArgumentValue;
  /** Of an enum, as the database has them. */
  values: string[];
  /** How people say one of these, by value, where that is something else. */
  labels?: Readonly<Record<string, string>> | undefined;
  /** A query of one column (or of values and labels) that gives an enum's values; null for none. */
  valuesQuery: string | null;
  /** Smallest and largest number; of a text, its length. */
  min: number | null;
  max: number | null;
  /** A regular expression that a text matches whole. */
  pattern: string | null;
  example: string | null;
  /** Such a parameter is seen and set by nobody but Parley. */
  boundTo: Binding | null;
  /** Of a REST call; null for other kinds. */
  in: (typeof PARAMETER_PLACES)[number] | null;
  /**
   * JSON Schema of a value that has parts of its own, as an MCP server takes it. The value is JSON text then, and the
   * type is `text`.
   */
  schema?: Record<string, unknown>;
};

/** A value of an enum as people say it. */
export function labelOf({ labels = {} }: Pick<ToolParameter, "labels">, value: string): string {
  return (Object.hasOwn(labels, value) ? labels[value] : null) ?? value;
}

/** Arguments as people say them. */
export function withLabels(parameters: readonly ToolParameter[], values: ToolArguments): ToolArguments {
  const said = Object.entries(values).map(([name, value]) => {
    const parameter = parameters.find((each) => each.name === name);
    return [name, parameter && typeof value === "string" ? labelOf(parameter, value) : value] as const;
  });
  return Object.fromEntries(said);
}

/** How a column of the result is told. `mask` shows `•••` instead of a value, to model and visitor alike. */
export type ToolColumn = { name: string; label: string | null; unit: string | null; mask: boolean };

/** Who may use it: `tags` are groups of the visitor's verified identity, one of which is enough. */
export type ToolAudience = "everyone" | "verified" | { tags: string[] };

export const REST_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] as const;

/** What it does, by kind. */
export type ToolAction =
  | {
      type: "db_query";
      connection: ConnectionId;
      /** SQL with `:parameters`, or MongoDB's find or aggregate as JSON text. */
      query: string;
    }
  | {
      type: "rest_api";
      method: (typeof REST_METHODS)[number];
      /** With `{parameters}` in path and query. */
      url: string;
      headers: Record<string, string>;
      credential: CredentialId | null;
      /** JSONPath (RFC 9535) of the rows; null for the whole answer. */
      responsePath: string | null;
    }
  | {
      type: "mcp";
      server: McpServerId;
      remoteName: string;
      /** Of what an admin looked at and allows; null in a draft that allows whatever the server says now. */
      fingerprint: string | null;
      /** What the server said of it when it was allowed; null in a draft. */
      allowed: RemoteDefinition | null;
      /** What the server was found to say since; null while it says the same. */
      trouble: RemoteTrouble | null;
    };

/** The job that deletes a removed tool for good. */
export const PURGE_TOOL = "purge-tool";

/** A tool as an admin wrote it down. */
export type CatalogueTool = {
  id: ToolId;
  tenantId: TenantId;
  /** `[a-z][a-z0-9_]{0,62}`, by which a model calls it. */
  name: string;
  /** What people read. */
  label: string;
  description: string;
  action: ToolAction;
  parameters: ToolParameter[];
  columns: ToolColumn[];
  rowLimit: number;
  /** `{names}` are columns first, then parameters; null for a sentence of Parley's own. */
  answerTemplate: string | null;
  emptyTemplate: string | null;
  exampleQuestions: string[];
  audience: ToolAudience;
  /** What writes runs only once the visitor has confirmed the exact arguments. */
  effect: "read" | "write";
  /** Offered to programs at /mcp as well. */
  sharedOverMcp: boolean;
  enabled: boolean;
  createdAt: UnixMs;
  updatedAt: UnixMs;
  deletedAt: UnixMs | null;
};

/** How a value of a column is to be read; `text` for whatever has no better word. */
export const COLUMN_TYPES = [
  "text",
  "integer",
  "decimal",
  "boolean",
  "date",
  "datetime",
  "time",
  "json",
  "bytes",
] as const;
export type ColumnType = (typeof COLUMN_TYPES)[number];

/** Whole numbers beyond 2^53, decimals and times are text; bytes are base64, JSON and arrays their JSON text. */
export type CellValue = string | number | boolean | null;

export type ResultColumn = { name: string; label: string; type: ColumnType; unit: string | null };

/** What a look-up gave. */
export type ToolTable = {
  columns: ResultColumn[];
  rows: CellValue[][];
  /** Of `rows`. */
  rowCount: number;
  /** There are more rows, or more of one, than the caps let through. */
  truncated: boolean;
};
