import type { PlacedQuery } from "./parameters.ts";

/**
 * A query as the source of another one, which takes so many rows of it. The limit is a value, so that there is one at
 * least: only then the server takes the text for one statement.
 *
 * @param values one for each parameter
 */
export function limitedQuery(
  { text }: PlacedQuery,
  values: readonly (string | null)[],
  rows: number,
  { columns, names }: { columns: string; names: string } = { columns: "*", names: "" },
): { text: string; values: (string | null)[] } {
  return {
    text: `select ${columns} from (\n${text}\n) as q${names} limit $${values.length + 1}::pg_catalog.int8`,
    values: [...values, String(rows)],
  };
}
