/** The other way to a database: a model writes one SELECT over the tables that an admin ticked. Off by default. */
import type { AccessTable, DatabaseKind, MaskedColumn, SchemaAccess } from "./connection.ts";

export const NO_SCHEMA_ACCESS: SchemaAccess = { enabled: false, tables: [], audience: "everyone" };

/** Those whose queries are text that can be read before it runs. MongoDB has the queries of the catalogue. */
export const KINDS_WITH_SCHEMA_ACCESS: ReadonlySet<DatabaseKind> = new Set(["postgres", "mysql"]);

/** A table of which only `columns` may be read. */
export type ReadableTable = AccessTable & {
  /** Whether there are columns that may not be read. */
  isMasked: boolean;
};

type Opened = { schemaAccess: SchemaAccess; masks: readonly MaskedColumn[] };

/** The tables without what an admin masked; one of which nothing is left is left out. */
export function readableTables({ schemaAccess, masks }: Opened): ReadableTable[] {
  return schemaAccess.tables.flatMap((listed) => {
    const masked = masks.filter(({ schema, table }) => schema === listed.schema && table === listed.table);
    // Some servers take names in other case for the same: too much masked is no harm.
    const names = new Set(masked.map(({ column }) => column.toLowerCase()));
    const columns = listed.columns.filter(({ name }) => !names.has(name.toLowerCase()));
    return columns.length === 0 ? [] : [{ ...listed, columns, isMasked: masked.length > 0 }];
  });
}
