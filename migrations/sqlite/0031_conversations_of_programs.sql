-- 0031 conversations of programs
--
-- A program that calls the assistant as a model has conversations like a visitor on a page; people who read them must
-- see which is which.
--
-- Adds a column with a constant default: instant on any size. An older binary does not open the database afterwards.

alter table conversations add column source text not null default 'widget';
