import type { DatabaseSchema, TableOutline } from "../../domain/connection.ts";
import type { QueryResult } from "../connector.ts";
import type { WireValue } from "./values.ts";

type Ask = (sql: string, values: WireValue[]) => Promise<QueryResult>;

const TABLES = `select table_name, table_comment, table_type, table_rows from information_schema.tables
  where table_schema = ? order by table_name`;
const COLUMNS = `select table_name, column_name, column_type, column_comment from information_schema.columns
  where table_schema = ? order by table_name, ordinal_position`;

/** What the user may see of its database. */
export async function readSchema(database: string, ask: Ask): Promise<DatabaseSchema> {
  const tables = await ask(TABLES, [database]);
  const columns = await ask(COLUMNS, [database]);
  const columnsOf = Map.groupBy(columns.rows, ([table]) => String(table));
  const outlines = tables.rows.map(
    ([name, comment, type, rows]): TableOutline => ({
      name: String(name),
      // The comment of every view is VIEW.
      comment: type === "VIEW" ? null : textOrNull(comment),
      rowEstimate: rows === null ? null : Number(rows),
      columns: (columnsOf.get(String(name)) ?? []).map(([, column, kind, about]) => ({
        name: String(column),
        type: String(kind),
        comment: textOrNull(about),
      })),
    }),
  );
  return { schemas: [{ name: database, tables: outlines }] };
}

function textOrNull(value: unknown): string | null {
  return value === null || value === "" ? null : String(value);
}
