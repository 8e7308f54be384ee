/** Whether a role can do more than read, and which server it is on. */
import type { ConnectionSettings } from "../../domain/connection.ts";
import type { RoleCheck } from "../connector.ts";
import { connectionError } from "../reach.ts";
import type { Session } from "./session.ts";

/** The oldest that the community has looked after in the last years; what Parley asks of a server is there. */
const OLDEST_VERSION = 120_000;
/** More would be no help. */
const MAX_TOLD = 3;

const VERSION_QUERY = `select current_setting('server_version_num'), current_setting('server_version')`;

/**
 * What the role may do beside reading, itself or as any role that it may become; a row each. PUBLIC may update
 * pg_settings, which is a way of writing SET and is left out, and may make temporary tables, which a transaction that
 * reads cannot.
 */
const STRENGTH_QUERY = `
with mine as (
  select oid, rolname, rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls
  from pg_catalog.pg_roles where pg_catalog.pg_has_role(current_user, oid, 'MEMBER')
), spaces as (
  select oid, nspname, nspowner from pg_catalog.pg_namespace
  where nspname !~ '^pg_(toast|temp)' and nspname not in ('pg_catalog', 'information_schema')
), relations as (
  select c.oid, c.relkind, c.relowner, n.nspname || '.' || c.relname as name
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and n.nspname !~ '^pg_(toast|temp)'
    and (n.nspname, c.relname) <> ('pg_catalog', 'pg_settings')
)
select 1 as rank, 'is a superuser' as strength from mine where rolsuper
union all select 2, 'may make roles' from mine where rolcreaterole
union all select 2, 'may make databases' from mine where rolcreatedb
union all select 2, 'may replicate' from mine where rolreplication
union all select 2, 'passes over row security' from mine where rolbypassrls
union all select 3, 'is a member of ' || rolname from mine where rolname in (
  'pg_write_all_data', 'pg_write_server_files', 'pg_read_server_files', 'pg_execute_server_program',
  'pg_signal_backend', 'pg_maintain', 'pg_checkpoint', 'pg_create_subscription', 'pg_database_owner')
union all select 4, 'owns the database' from pg_catalog.pg_database
  where datname = current_database() and datdba in (select oid from mine)
union all select 5, 'may make schemas in the database'
  where pg_catalog.has_database_privilege(current_database(), 'CREATE')
union all select 6, 'owns the schema ' || nspname from spaces where nspowner in (select oid from mine)
union all select 7, 'may make tables in the schema ' || nspname from spaces
  where exists (select from mine where pg_catalog.has_schema_privilege(mine.oid, spaces.oid, 'CREATE'))
union all select 8, 'owns ' || name from relations where relowner in (select oid from mine)
union all select 9, 'may write to ' || name from relations where relkind <> 'S' and exists (
  select from mine where pg_catalog.has_table_privilege(mine.oid, relations.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
    or pg_catalog.has_any_column_privilege(mine.oid, relations.oid, 'INSERT, UPDATE'))
union all select 10, 'may change the sequence ' || name from relations where relkind = 'S' and exists (
  select from mine where pg_catalog.has_sequence_privilege(mine.oid, relations.oid, 'USAGE, UPDATE'))
order by 1, 2 limit ${MAX_TOLD + 1}`;

/** @throws AppError SERVER_TOO_OLD */
export async function checkRole(
  session: Session,
  settings: ConnectionSettings,
  signal: AbortSignal,
): Promise<RoleCheck> {
  const { rows } = await session.simple(VERSION_QUERY, signal);
  const [number, version] = rows[0] ?? [];
  if (Number(number) < OLDEST_VERSION) throw connectionError("SERVER_TOO_OLD", settings);
  const found = await session.simple(STRENGTH_QUERY, signal);
  const strengths = found.rows.map(([, strength]) => strength ?? "");
  return { serverVersion: `PostgreSQL ${version}`, strength: inWords(strengths) };
}

function inWords(strengths: readonly string[]): string | null {
  if (strengths.length === 0) return null;
  const told = strengths.slice(0, MAX_TOLD).join(", ");
  return strengths.length > MAX_TOLD ? `${told} and more` : told;
}
