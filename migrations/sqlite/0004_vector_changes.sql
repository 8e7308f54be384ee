-- 0004 vector changes
--
-- A worker holds a sketch of each embedding index in use. The generation tells it, in the same snapshot as the
-- rows that it reads, whether the sketch is what the database has: it rises by one with every vector that is
-- written or removed, and vector_changes says which row that was, for the latest of them (the application keeps
-- some 20,000 and deletes older ones; a sketch that is further behind is made anew).
--
-- The tables with the vectors are virtual and take no triggers, so src/store/sqlite/vector-tables.ts, the only
-- one that writes to them, counts. Instant on any installation. An older binary does not open the database
-- afterwards.

alter table embedding_indexes add column vector_generation integer not null default 0;

create table vector_changes (
  index_number integer not null references embedding_indexes (number) on delete cascade,
  generation integer not null,
  tenant_number integer not null,
  -- Row id in document_chunks and in the index's table; whether it is there now, that table tells.
  chunk integer not null,
  primary key (index_number, generation)
) strict, without rowid;
