-- 0005 reranker
--
-- A reranker reads the question together with each of the best passages and puts them in order. Which model does,
-- and what its scores mean, is a setting of the whole installation: one row, or none while it is off. A new table,
-- so instant on any installation. An older binary does not open the database afterwards.

create table active_reranker (
  only integer primary key check (only = 1),
  -- Its folder below models/.
  model text not null,
  -- Scores that it gives related and unrelated texts.
  related real not null,
  unrelated real not null,
  chosen_at integer not null
) strict;
