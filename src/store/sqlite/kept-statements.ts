/**
 * Statements that are kept, for what every turn writes: building one with Drizzle takes longer than SQLite needs to run
 * it. The columns are still the schema's own, so one that is added there is written here.
 */
import { getTableColumns, getTableName, type InferInsertModel } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import type { SqliteClient } from "./connection.ts";

/** Inserts a row. What is left out gets the column's default. */
export function inserterInto<Table extends SQLiteTable>(
  client: SqliteClient,
  table: Table,
): (row: InferInsertModel<Table>) => void {
  const columns = Object.entries(getTableColumns(table));
  const names = columns.map(([, { name }]) => name).join(", ");
  const values = columns.map(() => "?").join(", ");
  const statement = client.prepare(`insert into ${getTableName(table)} (${names}) values (${values})`);
  return (row) => {
    const given = row as Readonly<Record<string, unknown>>;
    statement.run(
      columns.map(([key, column]) => {
        const value = given[key] === undefined ? column.default : given[key];
        return value === undefined || value === null ? null : column.mapToDriverValue(value);
      }),
    );
  };
}

/** What is given, as the columns of `table` keep it, by name, to be bound to a statement. */
export function encoderFor<Table extends SQLiteTable, Key extends keyof InferInsertModel<Table> & string>(
  table: Table,
  keys: readonly Key[],
): (row: Pick<InferInsertModel<Table>, Key>) => Record<Key, unknown> {
  const columns = getTableColumns(table);
  return (row) => {
    const values = keys.map((key) => {
      const value = row[key];
      const isNone = value === undefined || value === null;
      return [key, isNone ? null : columns[key]?.mapToDriverValue(value)] as const;
    });
    return Object.fromEntries(values) as Record<Key, unknown>;
  };
}
