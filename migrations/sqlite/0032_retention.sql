-- 0032 retention
--
-- How long a tenant keeps conversations, and how their answers came about. Without a row nothing is deleted for its age.
--
-- Adds an empty table: instant on any size. An older binary does not open the database afterwards.

create table retention (
  tenant_id text primary key references tenants (id),
  -- After the latest activity; null keeps them for ever.
  conversation_days integer check (conversation_days > 0),
  -- After the answer; null keeps them as long as the conversation.
  trace_days integer check (trace_days > 0),
  updated_at integer not null
) strict;
