/** What a role may read, for people who write queries. */
import type { DatabaseSchema, SchemaOutline, TableOutline } from "../../domain/connection.ts";
import type { Session } from "./session.ts";

/** A page of a browser with more tables helps nobody; one is found by its schema then. */
const MAX_TABLES = 2_000;

/** A row is a table, with its columns as JSON. An estimate of -1 says that nobody has counted. */
const TABLES_QUERY = `
select n.nspname, c.relname, pg_catalog.obj_description(c.oid, 'pg_class'),
  case when c.relkind in ('r', 'm') and c.reltuples >= 0 then c.reltuples::bigint end,
  (select pg_catalog.json_agg(pg_catalog.json_build_object(
      'name', a.attname,
      'type', pg_catalog.format_type(a.atttypid, a.atttypmod),
      'comment', pg_catalog.col_description(c.oid, a.attnum)
    ) order by a.attnum)
    from pg_catalog.pg_attribute a
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      and pg_catalog.has_column_privilege(c.oid, a.attnum, 'SELECT'))
from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition
  and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and pg_catalog.has_schema_privilege(n.oid, 'USAGE')
  and (pg_catalog.has_table_privilege(c.oid, 'SELECT') or pg_catalog.has_any_column_privilege(c.oid, 'SELECT'))
order by n.nspname, c.relname
limit ${MAX_TABLES}`;

export async function readSchema(session: Session, signal: AbortSignal): Promise<DatabaseSchema> {
  const { rows } = await session.simple(TABLES_QUERY, signal);
  const schemas = new Map<string, SchemaOutline>();
  for (const [schemaName, name, comment, estimate, columns] of rows) {
    const schema = schemas.get(schemaName ?? "") ?? { name: schemaName ?? "", tables: [] };
    schemas.set(schema.name, schema);
    schema.tables.push({
      name: name ?? "",
      comment: comment ?? null,
      rowEstimate: typeof estimate === "string" ? Number(estimate) : null,
      columns: columnsOf(columns),
    });
  }
  return { schemas: [...schemas.values()] };
}

/** The query above made it. */
function columnsOf(json: string | null | undefined): TableOutline["columns"] {
  return JSON.parse(json ?? "[]") as TableOutline["columns"];
}
