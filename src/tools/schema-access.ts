/** Databases that a model asks in its own words: one tool for each, with the tables that it may touch in its description. */
import type { QueryLimits, QueryResult } from "../connectors/connector.ts";
import type { Connection, DatabaseKind } from "../domain/connection.ts";
import type { TenantId } from "../domain/ids.ts";
import { type ReadableTable, readableTables } from "../domain/schema-access.ts";
import type { ToolParameter } from "../domain/tool.ts";
import { parametersSchema, parseArguments, validArguments } from "./arguments.ts";
import { mayUse } from "./catalogue.ts";
import { RESULT_BYTES, STATEMENT_MS } from "./database-query.ts";
import { tableOf } from "./table.ts";
import { tableText } from "./table-text.ts";
import type { Tool, Tools } from "./tool.ts";

/** As of a query of the catalogue at most. */
const LIMITS: QueryLimits = { rows: 200, bytes: RESULT_BYTES, ms: STATEMENT_MS };
/** Longer no question makes a statement. */
const MAX_STATEMENT = 4_000;
/** Of what a model is told of the tables, with every question. */
const MAX_DESCRIPTION = 12_000;

/** @throws AppError those of `Connector.select` · NOT_FOUND · TOOL_UNAVAILABLE where it is not open */
type SelectFrom = (
  connection: Connection,
  statement: string,
  limits: QueryLimits,
  signal: AbortSignal,
) => Promise<QueryResult>;

/** @param openTo the connections of a tenant that are open to statements of a model, and can be used now */
export function schemaAccessTools(
  openTo: (tenantId: TenantId) => Promise<Connection[]>,
  select: SelectFrom,
): Tools {
  return {
    async offered({ tenantId, visitor }) {
      const connections = await openTo(tenantId);
      const offered = connections.filter(({ schemaAccess }) =>
        mayUse({ audience: schemaAccess.audience, parameters: [STATEMENT] }, visitor),
      );
      return offered
        .map((connection) => ({ connection, tables: readableTables(connection) }))
        .filter(({ tables }) => tables.length > 0)
        .map(({ connection, tables }, index, all) => {
          const name = toolName(connection);
          const isTaken = all.slice(0, index).some((earlier) => toolName(earlier.connection) === name);
          return toTool(connection, tables, isTaken ? `${name}_${index + 1}` : name, select);
        });
    },
  };
}

function toTool(
  connection: Connection,
  tables: readonly ReadableTable[],
  name: string,
  select: SelectFrom,
): Tool {
  return {
    definition: {
      name,
      description: describe(connection, tables),
      parameters: parametersSchema([STATEMENT]),
    },
    label: connection.name,
    entry: null,
    async run(call, signal) {
      const { statement } = validArguments([STATEMENT], parseArguments(call), null);
      const written = String(statement).trim();
      const table = tableOf({ columns: [] }, await select(connection, written, LIMITS, signal));
      return { content: tableText(table), table, statement: written };
    },
  };
}

const STATEMENT: ToolParameter = {
  ...{ name: "statement", type: "text", description: "One SELECT statement.", required: true, default: null },
  ...{ values: [], valuesQuery: null, min: 1, max: MAX_STATEMENT, pattern: null, example: null },
  ...{ boundTo: null, in: null },
};

/** `query_` and what of the connection's name vendors take in the name of a tool. */
function toolName({ name }: Connection): string {
  const plain = name.normalize("NFKD").toLowerCase();
  const slug = plain.replace(/[^a-z0-9]+/g, "_").replace(/^_+|_+$/g, "");
  return `query_${slug.slice(0, 40) || "database"}`;
}

const DIALECTS: Record<DatabaseKind, string> = {
  postgres: "PostgreSQL. Write tables with their schemas, and names with capitals in double quotes.",
  mysql: `MySQL. Write tables without their database, names in backticks where they need it, texts in single quotes; no
comments, no backslashes, no double quotes, no variables, and WITH only at the beginning.`,
  mongodb: "",
};

function describe({ name, type, schemaAccess }: Connection, tables: readonly ReadableTable[]): string {
  const head = `Asks the database “${name}” with one SELECT statement that you write. Use it for questions that these tables answer and no other tool does. It is ${DIALECTS[type]} Only these tables may be read, with common functions; ask for few columns, aggregate in the database, and limit the rows. The visitor sees the statement.`;
  const isWhole = tables.length === schemaAccess.tables.length;
  return `${head}\n${isWhole ? "Tables:" : "Tables that may be read:"}\n${outlines(type, tables, MAX_DESCRIPTION - head.length)}`;
}

/** With as much of each table as there is room for: comments go first, then types, then columns. */
function outlines(type: DatabaseKind, tables: readonly ReadableTable[], room: number): string {
  const ways = [WITH_COMMENTS, WITH_TYPES, WITH_COLUMNS];
  const written = ways.map((way) => tables.map((table) => tableName(type, table) + way(table)).join("\n"));
  const fitting = written.find((text) => text.length <= room);
  if (fitting !== undefined) return fitting;
  const names = tables.map((table) => tableName(type, table)).join("\n");
  return names.length <= room ? names : `${names.slice(0, room)}\n(and more)`;
}

const inBrackets = (columns: readonly string[]) => ` (${columns.join(", ")})`;
const comment = (text: string | null) =>
  text === null ? "" : ` -- ${text.replace(/\s+/g, " ").slice(0, 200)}`;

const WITH_COMMENTS = (table: ReadableTable) =>
  `${comment(table.comment)}${table.columns.map((column) => `\n  ${column.name} ${column.type}${comment(column.comment)}`).join("")}`;
const WITH_TYPES = ({ columns }: ReadableTable) =>
  inBrackets(columns.map(({ name, type }) => `${name} ${type}`));
const WITH_COLUMNS = ({ columns }: ReadableTable) => inBrackets(columns.map(({ name }) => name));

function tableName(type: DatabaseKind, { schema, table }: ReadableTable): string {
  return type === "postgres" ? `${schema}.${table}` : table;
}
