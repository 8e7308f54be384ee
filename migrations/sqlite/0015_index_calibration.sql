-- 0015 index calibration
--
-- What a model's cosines mean is measured in the index itself, on its own passages: beside the two columns that
-- there are, how like each other texts are that have nothing in common, and how far both kinds scatter.
-- `calibrated_on` is how many passages the index had; null where it has not been measured, as in every index that
-- was made before. Those give nothing to an answer until their next filling, which a start queues.
--
-- Instant: a row for each index.

alter table embedding_indexes add column background real not null default 0;
alter table embedding_indexes add column deviation real not null default 0;
alter table embedding_indexes add column calibrated_on integer;
