-- 0007 analysis version
--
-- The terms of a chunk are made by code, and questions meet them only when both were made by the same code. Each
-- set of chunks now says which version of the analysis made its terms, so that a newer Parley finds those that it
-- has to make anew, which it does in the background.
--
-- The languages of a tenant's chunks are counted by triggers, so that a question does not add them up.
--
-- Making anew is a job. Which kinds of jobs there are is said by the code alone from here on: the check made
-- every new kind copy this table.
--
-- Columns are added without touching rows, jobs are few, and counting languages reads all sources once: a second for
-- 100,000 of them at most. An older binary does not open the database afterwards.

-- 0 is an analysis from before they were numbered. Terms that somebody has asked to make anew have -1 when one
-- tenant's were asked for, and -2 when everybody's were.
alter table chunk_versions add column analysis integer not null default 0;
-- While they are made anew: by which analysis, and how many chunks in document order have its terms already.
alter table chunk_versions add column reanalysed_by integer;
alter table chunk_versions add column reanalysed_chunks integer not null default 0;
create index chunk_versions_by_analysis on chunk_versions (tenant_id, analysis);

-- Terms that were made anew are no longer those that search workers hold in memory.
create trigger chunk_versions_reanalysed
after update of analysis on chunk_versions
when old.analysis is not new.analysis
begin
  update tenants set knowledge_generation = knowledge_generation + 1 where id = new.tenant_id;
end;

-- How many visible chunks of a tenant are in which language. Every question asks, and adding up all sources, which had to
-- be done after every change, held up the main thread for 30 ms with 20,000 of them.
create table tenant_languages (
  tenant_id text not null references tenants (id),
  language text not null,
  chunks integer not null,
  primary key (tenant_id, language)
) strict, without rowid;
insert into tenant_languages (tenant_id, language, chunks)
select source.tenant_id, counted.key, sum(counted.value)
from knowledge_sources as source, json_each(source.languages) as counted
where source.deleted_at is null
group by source.tenant_id, counted.key;

create trigger knowledge_sources_languages_changed
after update of languages, deleted_at on knowledge_sources
when old.languages is not new.languages or (old.deleted_at is null) <> (new.deleted_at is null)
begin
  update tenant_languages
  set chunks = chunks - (select value from json_each(old.languages) where key = tenant_languages.language)
  where tenant_id = old.tenant_id and old.deleted_at is null
    and language in (select key from json_each(old.languages));
  insert into tenant_languages (tenant_id, language, chunks)
  select new.tenant_id, key, value from json_each(new.languages) where new.deleted_at is null
  on conflict (tenant_id, language) do update set chunks = chunks + excluded.chunks;
end;

-- Windows that are over are cleared away, a few with each new one.
create index throttles_by_end on throttles (window_ends_at);

create table jobs_of_any_kind (
  number integer primary key autoincrement,
  id text not null unique,
  tenant_id text not null references tenants (id),
  kind text not null,
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
insert into jobs_of_any_kind select * from jobs;
drop table jobs;
alter table jobs_of_any_kind rename to jobs;
create index jobs_waiting on jobs (run_at) where state = 'queued';
create index jobs_running on jobs (lease_until) where state = 'running';
create index jobs_by_subject on jobs (tenant_id, subject);
-- For the latest work on something, whichever tenant it was queued under.
create index jobs_by_kind on jobs (subject, kind);
