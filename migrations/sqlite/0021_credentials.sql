-- 0021 credentials
--
-- What APIs want to see before they answer: a token, a name and a password, a header, or a client that fetches tokens.
-- Tools name one by its id, and the secret is in no tool. What is removed can be brought back for 30 seconds, so names
-- are unique among what is there.
--
-- Adds a table only: instant on any size. An older binary does not open the database afterwards.

create table credentials (
  tenant_id text not null references tenants (id),
  id text not null,
  name text not null,
  -- The kind, and what of it is no secret.
  details text not null check (json_valid(details)),
  -- Where it may be sent: host:port, any that the operator lists when there are none.
  hosts text not null check (json_valid(hosts)),
  -- Sealed; see src/secrets.
  secret text not null,
  created_at integer not null,
  updated_at integer not null,
  deleted_at integer,
  primary key (tenant_id, id)
) strict, without rowid;
create unique index credentials_by_name on credentials (tenant_id, name) where deleted_at is null;
