-- 0008 open kinds
--
-- Which vendors, sources of vectors, databases and tools there are, is said by the code alone from here on, as it is
-- for jobs since 0007. The checks made every new adapter or tool copy a table, though the value is validated where it
-- enters, in src/protocol. What a row of a newer Parley holds and this one does not know is refused in words by
-- whoever would have to use it. Checks of closed sets, such as states and roles, stay.
--
-- SQLite cannot drop a check, so four tables are made anew, and a fifth because it points at one of them. Foreign keys
-- are enforced meanwhile: what points is copied before what it points at is dropped, so that nothing cascades.
--
-- All of them are small, vector_changes with its 20,000 rows an index at most: a blink on any installation. An older
-- binary does not open the database afterwards.

create table llm_configs_of_any_provider (
  tenant_id text not null references tenants (id),
  id text not null,
  provider text not null,
  base_url text,
  -- Sealed; see src/secrets.
  api_key text,
  model text not null,
  temperature real not null check (temperature between 0 and 2),
  max_tokens integer not null check (max_tokens > 0),
  system_prompt text not null,
  is_default integer not null default 1 check (is_default in (0, 1)),
  updated_at integer not null,
  primary key (tenant_id, id)
) strict;
insert into llm_configs_of_any_provider select * from llm_configs;
drop table llm_configs;
alter table llm_configs_of_any_provider rename to llm_configs;
create unique index llm_configs_one_default on llm_configs (tenant_id) where is_default = 1;

create table db_connections_of_any_kind (
  tenant_id text not null references tenants (id),
  id text not null,
  name text not null,
  kind text not null,
  host text not null,
  port integer not null check (port between 1 and 65535),
  database_name text not null,
  username text,
  -- Sealed; see src/secrets.
  password text,
  options text not null default '{}' check (json_valid(options)),
  created_at integer not null,
  updated_at integer not null,
  primary key (tenant_id, id),
  unique (tenant_id, name)
) strict;
insert into db_connections_of_any_kind select * from db_connections;

-- Its foreign key follows when the table above gets its name.
create table tools_of_any_kind (
  tenant_id text not null references tenants (id),
  id text not null,
  name text not null,
  kind text not null,
  description text not null,
  definition text not null check (json_valid(definition)),
  connection_id text,
  enabled integer not null default 0 check (enabled in (0, 1)),
  created_at integer not null,
  updated_at integer not null,
  primary key (tenant_id, id),
  unique (tenant_id, name),
  foreign key (tenant_id, connection_id) references db_connections_of_any_kind (tenant_id, id)
) strict;
insert into tools_of_any_kind select * from tools;
drop table tools;
drop table db_connections;
alter table db_connections_of_any_kind rename to db_connections;
alter table tools_of_any_kind rename to tools;

create table embedding_indexes_of_any_source (
  -- Of the table with the vectors. Never used again, because readers may still know the old table.
  number integer primary key autoincrement,
  id text not null unique,
  source text not null,
  name text not null,
  -- Null for a model that is on this machine.
  base_url text,
  -- Sealed; see src/secrets.
  api_key text,
  query_prefix text not null default '',
  passage_prefix text not null default '',
  dimension integer not null check (dimension between 1 and 8192),
  -- `removing` is what a person has deleted and is cleared away in small steps.
  state text not null check (state in ('building', 'ready', 'active', 'retired', 'removing')),
  -- Cosines that this model gives related and unrelated texts.
  related real not null,
  unrelated real not null,
  created_at integer not null,
  activated_at integer,
  vector_generation integer not null default 0
) strict;
insert into embedding_indexes_of_any_source select * from embedding_indexes;
-- The highest number that was ever given, which is more than the highest one that is left.
delete from sqlite_sequence where name = 'embedding_indexes_of_any_source';
insert into sqlite_sequence (name, seq)
select 'embedding_indexes_of_any_source', seq from sqlite_sequence where name = 'embedding_indexes';

create table vector_changes_of_any_source (
  index_number integer not null references embedding_indexes_of_any_source (number) on delete cascade,
  generation integer not null,
  tenant_number integer not null,
  -- Row id in document_chunks and in the index's table; whether it is there now, that table tells.
  chunk integer not null,
  primary key (index_number, generation)
) strict, without rowid;
insert into vector_changes_of_any_source select * from vector_changes;
drop table vector_changes;
drop table embedding_indexes;
alter table embedding_indexes_of_any_source rename to embedding_indexes;
alter table vector_changes_of_any_source rename to vector_changes;
create unique index embedding_indexes_one_active on embedding_indexes (state) where state = 'active';
