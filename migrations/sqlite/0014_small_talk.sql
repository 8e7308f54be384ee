-- 0014 small talk
--
-- A greeting or a "thanks" is no question. What kind it was stands on the visitor's message and on its answer, so that
-- figures leave both out; the outcome of a conversation stays that of its latest question. Answers that offer questions
-- to go on with keep them, so that they are there again after a reload.
--
-- How a person is reached, and what the assistant says in the tenant's own words, belong to the widget's settings.
--
-- Adds columns with constant defaults only: instant on any size. An older binary does not open the database afterwards.

alter table messages add column small_talk text;
alter table messages add column follow_ups text not null default '[]' check (json_valid(follow_ups));

alter table widget_configs add column contact text not null default '';
alter table widget_configs add column own_replies text not null default '[]' check (json_valid(own_replies));
