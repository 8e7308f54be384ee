-- 0023 reading version
--
-- What a document says is found by code, as its terms are: a newer Parley may read the same file better. Each document
-- now says which version of its format's parser read it last, with or without success, so that a newer Parley finds
-- those that it has to read anew, which it does in the background while the former passages serve.
--
-- Instant: a column without touching rows, and an index over documents of at most a second for 100,000 of them. An older
-- binary does not open the database afterwards.

-- 0 is a reading from before they were numbered.
alter table documents add column read_by integer not null default 0;
create index documents_by_reading on documents (tenant_id, format, read_by);
