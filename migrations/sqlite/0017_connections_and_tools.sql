-- 0017 connections and tools
--
-- The first Parley that has databases to ask and tools to ask them with. The two tables of 0001 were never written to,
-- so they are made anew as what they are used for: a connection with what its last check found, and a tool with
-- everything an admin wrote down. What is removed can be brought back for 30 seconds, so names are unique among what
-- is there.
--
-- Instant: both are empty. An older binary does not open the database afterwards.

drop table tools;
drop table db_connections;

create table db_connections (
  tenant_id text not null references tenants (id),
  id text not null,
  name text not null,
  kind text not null,
  host text not null,
  port integer not null check (port between 1 and 65535),
  database_name text not null,
  username text not null,
  -- Sealed; see src/secrets.
  password text,
  tls text not null check (tls in ('off', 'require', 'verify')),
  ca text,
  -- Columns whose values the schema browser never shows.
  masks text not null check (json_valid(masks)),
  state text not null check (state in ('ready', 'unchecked', 'failed')),
  -- Why the last check did not pass.
  problem text check (problem is null or json_valid(problem)),
  server_version text,
  checked_at integer,
  created_at integer not null,
  updated_at integer not null,
  deleted_at integer,
  primary key (tenant_id, id)
) strict;
create unique index db_connections_by_name on db_connections (tenant_id, name) where deleted_at is null;

create table tools (
  tenant_id text not null references tenants (id),
  id text not null,
  name text not null,
  kind text not null,
  -- What of the tool the store asks no questions about: parameters, columns, templates, what it does.
  definition text not null check (json_valid(definition)),
  -- Of a query of a database; no other tool has one.
  connection_id text,
  enabled integer not null check (enabled in (0, 1)),
  created_at integer not null,
  updated_at integer not null,
  deleted_at integer,
  primary key (tenant_id, id),
  foreign key (tenant_id, connection_id) references db_connections (tenant_id, id)
) strict;
create unique index tools_by_name on tools (tenant_id, name) where deleted_at is null;
create index tools_by_connection on tools (tenant_id, connection_id) where connection_id is not null;
