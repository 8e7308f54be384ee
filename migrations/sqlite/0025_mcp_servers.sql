-- 0025 MCP servers
--
-- Servers of the Model Context Protocol whose tools an admin may allow one by one. Each has what its last look found;
-- the tools that were allowed stand in tools, with what the server said of them then.
--
-- Adds an empty table and a column without a value: instant on any size. An older binary does not open the database
-- afterwards.

create table mcp_servers (
  tenant_id text not null references tenants (id),
  id text not null,
  name text not null,
  url text not null,
  credential_id text,
  state text not null check (state in ('ready', 'unchecked', 'failed')),
  -- Why the last look found nothing.
  problem text check (problem is null or json_valid(problem)),
  server_version text,
  checked_at integer,
  created_at integer not null,
  updated_at integer not null,
  deleted_at integer,
  primary key (tenant_id, id)
) strict;
create unique index mcp_servers_by_name on mcp_servers (tenant_id, name) where deleted_at is null;

-- Of a tool of such a server; no other tool has one.
alter table tools add column mcp_server_id text;
create index tools_by_mcp_server on tools (tenant_id, mcp_server_id) where mcp_server_id is not null;
