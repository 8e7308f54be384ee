-- 0006 golden questions
--
-- Questions whose right answer a tenant knows, asked again and again to see whether the search still finds it.
-- What should be found is a source, because chunks do not survive reading a source anew; a text that the
-- passage must contain may narrow it down. A question without sources is one that nothing may answer.
--
-- Runs keep one row a question. Sources that are expected have no foreign key: a question outlives its source
-- and then says that it needs attention.
--
-- Removing a question for good and measuring are jobs, and jobs say which kinds there are, so that table is
-- made anew. It is small: instant on any installation. An older binary does not open the database afterwards.

create table golden_questions (
  tenant_id text not null references tenants (id),
  id text not null,
  text text not null,
  created_at integer not null,
  -- Also what outcomes are compared by: they count for the question as it was when it was asked.
  updated_at integer not null,
  deleted_at integer,
  primary key (tenant_id, id)
) strict;

create table golden_question_sources (
  tenant_id text not null,
  question_id text not null,
  source_id text not null,
  -- As it was when the question was saved, for the day that the source is gone.
  title text not null,
  -- The passage must contain this; null when any passage of the source will do.
  passage text,
  primary key (tenant_id, question_id, source_id),
  foreign key (tenant_id, question_id) references golden_questions (tenant_id, id) on delete cascade
) strict;

create table evaluation_runs (
  number integer primary key autoincrement,
  tenant_id text not null references tenants (id),
  id text not null,
  state text not null check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
  -- Questions in all, those that have an outcome, and those among them that had no source left to find.
  total integer not null,
  asked integer not null,
  skipped integer not null,
  -- What questions were searched with, and the numbers; null until there are any.
  active text,
  measures text,
  error_code text,
  error_message text,
  created_at integer not null,
  started_at integer,
  finished_at integer,
  unique (tenant_id, id)
) strict;
create unique index evaluation_runs_one_at_a_time on evaluation_runs (tenant_id) where state in ('queued', 'running');

create table evaluation_outcomes (
  tenant_id text not null,
  run_id text not null,
  question_id text not null,
  -- The question as it was: its text and its updated_at.
  text text not null,
  revision integer not null,
  verdict text not null check (
    verdict in ('first', 'lower', 'missed', 'refused', 'rightly-refused', 'wrongly-answered', 'skipped')
  ),
  -- Of right sources that there are, and the places of those that were found.
  expected integer not null,
  ranks text not null,
  refused integer not null check (refused in (0, 1)),
  relevance real not null,
  top text not null,
  ms real not null,
  primary key (tenant_id, run_id, question_id),
  foreign key (tenant_id, run_id) references evaluation_runs (tenant_id, id) on delete cascade
) strict, without rowid;

create table jobs_of_all_kinds (
  number integer primary key autoincrement,
  id text not null unique,
  tenant_id text not null references tenants (id),
  kind text not null check (
    kind in ('ingest', 'purge-source', 'purge-conversation', 'embed-index', 'purge-golden-question', 'evaluate')
  ),
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
