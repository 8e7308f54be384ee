-- 0003 embedding indexes
--
-- Passages get vectors. Each model has an index of its own, so several can stand side by side: one is built
-- while another serves, and the former one is kept for the way back. The table of 0001 was never written to
-- and lacked what an index needs: where its model is reached, and what its similarities mean.
--
-- The vectors themselves are in one table per index, vectors_<number>, which is made with its index because
-- its width is the model's dimension. Its row ids are those of document_chunks.
--
-- Building an index is a job, and jobs say which kinds there are, so that table is made anew. It is small:
-- instant on any installation. An older binary does not open the database afterwards.

drop table embedding_indexes;

create table embedding_indexes (
  -- Of the table with the vectors. Never used again, because readers may still know the old table.
  number integer primary key autoincrement,
  id text not null unique,
  source text not null check (source in ('local', 'ollama', 'openai')),
  name text not null,
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
  check ((source = 'local') = (base_url is null))
) strict;
create unique index embedding_indexes_one_active on embedding_indexes (state) where state = 'active';

create table jobs_of_all_kinds (
  number integer primary key autoincrement,
  id text not null unique,
  tenant_id text not null references tenants (id),
  kind text not null check (kind in ('ingest', 'purge-source', 'purge-conversation', 'embed-index')),
  subject text not null,
  state text not null check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
  attempts integer not null default 0,
  progress real not null default 0 check (progress between 0 and 1),
  stage text,
  error_code text,
  error_message text,
  run_at integer not null,
  -- Until then the job belongs to whoever claimed it.
  lease_until integer,
  created_at integer not null,
  updated_at integer not null
) strict;
insert into jobs_of_all_kinds select * from jobs;
drop table jobs;
alter table jobs_of_all_kinds rename to jobs;
create index jobs_waiting on jobs (run_at) where state = 'queued';
create index jobs_running on jobs (lease_until) where state = 'running';
create index jobs_by_subject on jobs (tenant_id, subject);
-- For the latest work on an index, whichever tenant it was queued under.
create index jobs_by_kind on jobs (subject, kind);
