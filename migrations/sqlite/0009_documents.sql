-- 0009 documents
--
-- A source is what somebody adds: a file, and later an archive, a mailbox, a site, a folder. What is read is a
-- document, and a source has as many of them as it has files or pages. Until here they were one row; from here on
-- knowledge_sources says what was added and documents what was read. Each source becomes one with one document.
-- Ids of sources and chunks stay what they are; a document's id is its source's under another prefix.
--
-- What lists show and sort by is counted on the source by triggers, in the commit that changes the document, so that
-- no list adds up documents. Which kinds of sources there are is said by the code alone.
--
-- Chunks, their terms and their vectors are not touched. Sources are copied twice, versions of chunks and jobs that
-- read a source are updated: about 4 s for 100,000 sources, whatever their size. An older binary does not open the
-- database afterwards.

-- The table is made anew, and chunk_versions refers to it meanwhile; what it refers to is back before the commit.
pragma defer_foreign_keys = on;

create table former_sources as select * from knowledge_sources;
drop table knowledge_sources;

create table knowledge_sources (
  tenant_id text not null references tenants (id),
  id text not null,
  kind text not null,
  -- Where it comes from: the name of the file, an address, a folder. Null for what has none.
  address text,
  -- When it is read again; null when nobody but a person asks for it.
  schedule text,
  title text not null,
  tags text not null default '[]' check (json_valid(tags)),
  -- Over its documents, by the triggers below.
  document_count integer not null default 0,
  queued_count integer not null default 0,
  processing_count integer not null default 0,
  failed_count integer not null default 0,
  chunk_count integer not null default 0,
  term_count integer not null default 0,
  byte_size integer not null default 0,
  status text not null generated always as (
    case
      when processing_count > 0 then 'processing'
      when queued_count > 0 then 'queued'
      when failed_count > 0 and failed_count = document_count then 'failed'
      else 'ready'
    end
  ) virtual,
  created_at integer not null,
  -- Of the source and of what was changed last in it.
  updated_at integer not null,
  deleted_at integer,
  primary key (tenant_id, id)
) strict;

create table documents (
  tenant_id text not null,
  id text not null unique,
  source_id text not null,
  title text not null,
  filename text not null,
  format text,
  status text not null check (status in ('queued', 'processing', 'ready', 'failed')),
  progress real check (progress between 0 and 1),
  stage text,
  error_code text,
  error_message text,
  warnings text not null default '[]' check (json_valid(warnings)),
  chunk_count integer not null default 0,
  -- Index terms of all current chunks: their mean length is part of every BM25 score.
  term_count integer not null default 0,
  -- How many current chunks are in which language.
  languages text not null default '{}' check (json_valid(languages)),
  page_count integer,
  byte_size integer not null check (byte_size >= 0),
  content_hash text,
  file_id text,
  -- The version whose chunks are visible; null before the first one is complete.
  current_version integer,
  created_at integer not null,
  updated_at integer not null,
  -- In this order, so that a source's documents are found together and as they were added.
  primary key (tenant_id, source_id, id),
  foreign key (tenant_id, source_id) references knowledge_sources (tenant_id, id)
) strict;

insert into knowledge_sources (tenant_id, id, kind, address, title, tags, document_count, queued_count,
  processing_count, failed_count, chunk_count, term_count, byte_size, created_at, updated_at, deleted_at)
select tenant_id, id, 'file', filename, title, tags, 1, status = 'queued', status = 'processing', status = 'failed',
  chunk_count, term_count, byte_size, created_at, updated_at, deleted_at
from former_sources;

insert into documents (tenant_id, id, source_id, title, filename, format, status, progress, stage, error_code,
  error_message, warnings, chunk_count, term_count, languages, page_count, byte_size, content_hash, file_id,
  current_version, created_at, updated_at)
select tenant_id, 'doc_' || substr(id, 5), id, title, filename, format, status, progress, stage, error_code,
  error_message, warnings, chunk_count, term_count, languages, page_count, byte_size, content_hash, file_id,
  current_version, created_at, updated_at
from former_sources;

drop table former_sources;

create index knowledge_sources_by_time on knowledge_sources (tenant_id, created_at, id) where deleted_at is null;
create index knowledge_sources_by_status on knowledge_sources (tenant_id, status, created_at, id)
  where deleted_at is null;
-- Few at any time: whether a chunk may be shown is asked of this one, and not of all sources.
create index knowledge_sources_removed on knowledge_sources (tenant_id, id) where deleted_at is not null;

create unique index documents_by_version on documents (current_version) where current_version is not null;
create index documents_by_hash on documents (tenant_id, content_hash) where content_hash is not null;
create index documents_by_file on documents (file_id) where file_id is not null;
-- For how far a source with many of them is.
create index documents_being_read on documents (tenant_id, source_id) where status = 'processing';

alter table chunk_versions add column document_id text references documents (id);
update chunk_versions set document_id = 'doc_' || substr(source_id, 5);
create index chunk_versions_by_document on chunk_versions (document_id);

-- Reading is about a document from here on. All of them, because undoing a deletion resumes the latest one.
update jobs set subject = 'doc_' || substr(subject, 5) where kind = 'ingest';

create trigger documents_added after insert on documents
begin
  update knowledge_sources set
    document_count = document_count + 1,
    queued_count = queued_count + (new.status = 'queued'),
    processing_count = processing_count + (new.status = 'processing'),
    failed_count = failed_count + (new.status = 'failed'),
    chunk_count = chunk_count + new.chunk_count,
    term_count = term_count + new.term_count,
    byte_size = byte_size + new.byte_size,
    updated_at = max(updated_at, new.updated_at)
  where tenant_id = new.tenant_id and id = new.source_id;
end;

create trigger documents_counted
after update of status, chunk_count, term_count, byte_size, updated_at on documents
begin
  update knowledge_sources set
    queued_count = queued_count + (new.status = 'queued') - (old.status = 'queued'),
    processing_count = processing_count + (new.status = 'processing') - (old.status = 'processing'),
    failed_count = failed_count + (new.status = 'failed') - (old.status = 'failed'),
    chunk_count = chunk_count + new.chunk_count - old.chunk_count,
    term_count = term_count + new.term_count - old.term_count,
    byte_size = byte_size + new.byte_size - old.byte_size,
    updated_at = max(updated_at, new.updated_at)
  where tenant_id = new.tenant_id and id = new.source_id;
end;

create trigger documents_removed after delete on documents
begin
  update knowledge_sources set
    document_count = document_count - 1,
    queued_count = queued_count - (old.status = 'queued'),
    processing_count = processing_count - (old.status = 'processing'),
    failed_count = failed_count - (old.status = 'failed'),
    chunk_count = chunk_count - old.chunk_count,
    term_count = term_count - old.term_count,
    byte_size = byte_size - old.byte_size
  where tenant_id = old.tenant_id and id = old.source_id;
end;

-- What 0002 says of the generation: it rises with every commit that makes chunks visible or invisible.
create trigger knowledge_sources_shown_or_hidden
after update of deleted_at on knowledge_sources
when old.deleted_at is not new.deleted_at
begin
  update tenants set knowledge_generation = knowledge_generation + 1 where id = new.tenant_id;
end;

create trigger documents_version_changed
after update of current_version on documents
when old.current_version is not new.current_version
begin
  update tenants set knowledge_generation = knowledge_generation + 1 where id = new.tenant_id;
end;

create trigger documents_version_removed
after delete on documents
when old.current_version is not null
begin
  update tenants set knowledge_generation = knowledge_generation + 1 where id = old.tenant_id;
end;

-- What 0007 says of languages: visible chunks are counted by them, so that no question adds them up.
create trigger documents_languages_changed
after update of languages on documents
when old.languages is not new.languages and exists (
  select 1 from knowledge_sources where tenant_id = new.tenant_id and id = new.source_id and deleted_at is null
)
begin
  update tenant_languages
  set chunks = chunks - (select value from json_each(old.languages) where key = tenant_languages.language)
  where tenant_id = old.tenant_id and language in (select key from json_each(old.languages));
  insert into tenant_languages (tenant_id, language, chunks)
  select new.tenant_id, key, value from json_each(new.languages) where true
  on conflict (tenant_id, language) do update set chunks = chunks + excluded.chunks;
end;

create trigger documents_languages_removed
after delete on documents
when exists (
  select 1 from knowledge_sources where tenant_id = old.tenant_id and id = old.source_id and deleted_at is null
)
begin
  update tenant_languages
  set chunks = chunks - (select value from json_each(old.languages) where key = tenant_languages.language)
  where tenant_id = old.tenant_id and language in (select key from json_each(old.languages));
end;

create trigger knowledge_sources_languages_shown_or_hidden
after update of deleted_at on knowledge_sources
when (old.deleted_at is null) <> (new.deleted_at is null)
begin
  insert into tenant_languages (tenant_id, language, chunks)
  select new.tenant_id, counted.key, sum(counted.value) * iif(new.deleted_at is null, 1, -1)
  from documents as document, json_each(document.languages) as counted
  where document.tenant_id = new.tenant_id and document.source_id = new.id
  group by counted.key
  on conflict (tenant_id, language) do update set chunks = chunks + excluded.chunks;
end;
