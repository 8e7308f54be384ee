-- 0026 tool uses
--
-- What each tool did: figures by day, which keep their size however often it is called, and the latest calls one by one.
-- Both are written in the commit of the turn that made the calls. And when an identity secret was last believed, so that
-- one sees whether some page still signs with the one before.
--
-- Adds two empty tables and a nullable column: instant on any size. An older binary does not open the database
-- afterwards.

create table tool_figures (
  tenant_id text not null,
  tool_id text not null,
  -- Days since 1970, UTC.
  day integer not null,
  used_by text not null check (used_by in ('visitor', 'program', 'person')),
  -- How long a call took, to a thirty-second part.
  ms integer not null,
  calls integer not null,
  failures integer not null,
  primary key (tenant_id, tool_id, day, used_by, ms)
) strict, without rowid;

create table tool_uses (
  number integer primary key,
  tenant_id text not null,
  tool_id text not null,
  used_by text not null check (used_by in ('visitor', 'program', 'person')),
  at integer not null,
  ms integer not null,
  -- Code of what went wrong.
  error text,
  -- The person or the API key.
  actor text,
  -- Of a turn: the answer in which it was called. They may be deleted by now.
  conversation_id text,
  message_id text
) strict;
create index tool_uses_by_tool on tool_uses (tenant_id, tool_id, used_by, number);

alter table identity_secrets add column last_used_at integer;
