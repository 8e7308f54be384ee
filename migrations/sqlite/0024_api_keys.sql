-- 0024 API keys
--
-- Programs call with a key of the tenant's, of which only the hash is kept. Each says what it opens.
--
-- Adds one empty table: instant on any size. An older binary does not open the database afterwards.

create table api_keys (
  tenant_id text not null references tenants (id),
  id text not null,
  name text not null,
  scopes text not null check (json_valid(scopes)),
  -- SHA-256, hex.
  key_hash text not null unique,
  last4 text not null,
  created_at integer not null,
  expires_at integer,
  last_used_at integer,
  primary key (tenant_id, id)
) strict;
