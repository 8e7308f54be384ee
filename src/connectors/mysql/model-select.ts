/**
 * What stands between a statement that a model wrote and MySQL or MariaDB: it is read with a grammar that knows little,
 * and the tables are given to it by a WITH of Parley's own, each with the columns that may be read, while the session
 * stands in a database where no other table is. Below it are a user that can only read and a transaction that cannot
 * write, which trust nothing of this.
 */
import type { ReadableTable } from "../../domain/schema-access.ts";
import type { ModelSelect } from "../connector.ts";
import { notListed, refusedStatement } from "../model-select.ts";
import { outlineOf } from "./select-grammar.ts";

/**
 * The statement as it is to be run.
 *
 * @throws AppError UNSAFE_QUERY · TOOL_FORBIDDEN for a table that is not listed, with what to do instead
 */
export function guardedSelect({ statement, tables }: ModelSelect, database: string): string {
  const text = statement.trim().replace(/[;\s]+$/, "");
  const { tables: used, queries, aliases } = outlineOf(text);
  for (const name of [...queries, ...aliases])
    if (name.toLowerCase() === database.toLowerCase())
      throw refusedStatement(`“${name}” is the name of the database. Give it another name`);
  const listed = [...used].map((name) => {
    const table = tables.find((each) => each.table === name);
    if (table) return table;
    const names = tables.map((each) => each.table);
    throw notListed(name, names);
  });
  const isTable = (name: string) => listed.some(({ table }) => table.toLowerCase() === name.toLowerCase());
  const ambiguous = [...queries].find(isTable);
  if (ambiguous !== undefined)
    throw refusedStatement(`its WITH has the name of a table, “${ambiguous}”. Give it another name`);
  return withTables(text, listed);
}

/** The statement with its tables before it. */
function withTables(text: string, tables: readonly ReadableTable[]): string {
  if (tables.length === 0) return text;
  const given = tables.map(({ schema, table, columns }) => {
    const names = columns.map(({ name }) => quoted(name)).join(", ");
    return `${quoted(table)} as (select ${names} from ${quoted(schema)}.${quoted(table)})`;
  });
  const [begins = "", isRecursive] = /^with\s+(recursive\s+)?/i.exec(text) ?? [];
  const rest = begins === "" ? ` ${text}` : `, ${text.slice(begins.length)}`;
  return `with ${isRecursive ? "recursive " : ""}${given.join(", ")}${rest}`;
}

function quoted(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}
