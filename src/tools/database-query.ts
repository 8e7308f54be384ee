/** Tools that are a query of a database. */
import type { BoundParameter, CatalogueQuery, Connector } from "../connectors/connector.ts";
import type { ConnectionId, TenantId } from "../domain/ids.ts";
import type { CatalogueTool, ToolArguments, ToolParameter } from "../domain/tool.ts";
import { AppError } from "../errors.ts";
import { validArguments } from "./arguments.ts";
import { requireKnownNames, requireSoundDefinition } from "./definition.ts";
import { resultColumns, tableOf } from "./table.ts";
import type { ToolContext, ToolRunner } from "./tool.ts";

/** What one statement may take. */
export const STATEMENT_MS = 5_000;
/** Of all values of one result. */
export const RESULT_BYTES = 64 * 1024;
/** More than these nobody chooses from, and no request to a model should hold. */
const MAX_ENUM_VALUES = 1_000;

type Asked = { connector: Connector; query: CatalogueQuery };

/** @param connectorOf throws AppError NOT_FOUND · TOOL_UNAVAILABLE for a connection that must not be used */
export function databaseQueries(
  connectorOf: (tenantId: TenantId, connectionId: ConnectionId) => Promise<Connector>,
): ToolRunner {
  async function asked(
    entry: CatalogueTool,
    given: Readonly<Record<string, unknown>>,
    { visitor }: ToolContext,
  ): Promise<Asked> {
    const { text, connection } = queryOf(entry);
    // Before anything of it gets near a database.
    const values = validArguments(entry.parameters, given, visitor);
    const connector = await connectorOf(entry.tenantId, connection);
    return { connector, query: { text, parameters: boundParameters(entry.parameters, values) } };
  }

  return {
    async prepare(entry, signal) {
      requireSoundDefinition(entry);
      const { text, connection } = queryOf(entry);
      const connector = await connectorOf(entry.tenantId, connection);
      const query = { text, parameters: entry.parameters.map(withoutValue) };
      const { columns } = await connector.prepare(query, signal);
      const parameters = await Promise.all(
        entry.parameters.map((parameter) => withValues(connector, parameter, signal)),
      );
      const prepared = { ...entry, parameters };
      requireSoundDefinition(prepared);
      requireKnownNames(prepared, columns);
      return { parameters, columns: resultColumns(entry, columns) };
    },

    async run(entry, given, context, signal) {
      const { connector, query } = await asked(entry, given, context);
      const limits = { rows: entry.rowLimit, bytes: RESULT_BYTES, ms: STATEMENT_MS };
      return tableOf(entry, await connector.run(query, limits, signal));
    },

    async explain(entry, given, context, signal) {
      const { connector, query } = await asked(entry, given, context);
      return connector.explain(query, signal);
    },
  };
}

function queryOf({ action }: CatalogueTool): { text: string; connection: ConnectionId } {
  if (action.type !== "db_query") throw new TypeError(`This is no query of a database but ${action.type}.`);
  return { text: action.query, connection: action.connection };
}

function boundParameters(parameters: readonly ToolParameter[], values: ToolArguments): BoundParameter[] {
  return parameters.map(({ name, type }) => ({ name, type, value: values[name] ?? null }));
}

/** As the server is asked whether it understands a query: of several texts it must know that they are. */
function withoutValue({ name, type, boundTo }: ToolParameter): BoundParameter {
  return { name, type, value: boundTo === "visitor.groups" ? [] : null };
}

/** An enum with the values that its query gives now. */
async function withValues(
  connector: Connector,
  parameter: ToolParameter,
  signal: AbortSignal,
): Promise<ToolParameter> {
  const { name, valuesQuery } = parameter;
  if (valuesQuery === null) return parameter;
  const query = { text: valuesQuery, parameters: [] };
  await connector.prepare(query, signal);
  const limits = { rows: MAX_ENUM_VALUES, bytes: RESULT_BYTES, ms: STATEMENT_MS };
  const { rows, truncated } = await connector.run(query, limits, signal);
  if (truncated) throw unusable(name, "gives more values than anybody could choose from");
  const given = new Map(
    rows.flatMap(([value = null, label = null]) => (value === null ? [] : [[String(value), label] as const])),
  );
  if (given.size === 0) throw unusable(name, "gives no value");
  const labels = [...given].flatMap(([value, label]) =>
    label === null || String(label) === value ? [] : [[value, String(label)] as const],
  );
  const { labels: _, ...unlabelled } = parameter;
  return {
    ...unlabelled,
    values: [...given.keys()],
    ...(labels.length > 0 && { labels: Object.fromEntries(labels) }),
  };
}

function unusable(name: string, what: string): AppError {
  const sentence = `The query for the values of “${name}” ${what}.`;
  return new AppError("VALIDATION", sentence, { details: { fields: { valuesQuery: sentence } } });
}
