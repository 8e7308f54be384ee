-- 0007 analysis version
--
-- The terms of a chunk are made by code, and questions meet them only when both were made by the same code. Each
-- set of chunks now says which version of the analysis made its terms, so that a newer Parley finds those that it
-- has to make anew, which it does in the background.
--
-- Making anew is a job. Which kinds of jobs there are is said by the code alone from here on: the check made
-- every new kind copy this table.
--
-- Columns are added without touching rows, and jobs are few: instant on any installation. An older binary does
-- not open the database afterwards.

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
