-- 0020 look-ups
--
-- Without a model a look-up whose values are not all certain is asked for by a form in the chat: what it asks stands on
-- the answer, what was filled in on the visitor's next message, so that both are there again after a reload and after a
-- restart between question and answer.
--
-- Adds one column that is null everywhere: instant on any size. An older binary does not open the database afterwards.

alter table messages add column lookup text check (lookup is null or json_valid(lookup));
