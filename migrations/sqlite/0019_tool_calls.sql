-- 0019 tool calls
--
-- A tool that changes something waits for its visitor's word on exactly these arguments, and then runs once, whatever
-- happens to the server: before anything is sent its row says `started`, and a start that finds one says `unknown`
-- instead of sending it again. Arguments that are bound to the visitor's identity are not kept.
--
-- Adds a table only: instant on any size. An older binary does not open the database afterwards.

create table tool_calls (
  tenant_id text not null,
  id text not null,
  session_id text not null,
  conversation_id text not null,
  -- The answer in which it was asked for.
  message_id text not null,
  tool_id text not null,
  name text not null,
  label text not null,
  arguments text not null check (json_valid(arguments)),
  -- The arguments as people read them.
  words text not null check (json_valid(words)),
  language text not null,
  state text not null check (
    state in ('pending_confirmation', 'started', 'done', 'failed', 'unknown', 'declined')
  ),
  -- The message that says what became of it.
  outcome_id text,
  created_at integer not null,
  expires_at integer not null,
  started_at integer,
  ended_at integer,
  primary key (tenant_id, id),
  foreign key (tenant_id, message_id) references messages (tenant_id, id) on delete cascade
) strict;
create index tool_calls_by_conversation on tool_calls (tenant_id, conversation_id);
create index tool_calls_by_message on tool_calls (tenant_id, message_id);
-- What a start has to look at.
create index tool_calls_started on tool_calls (state) where state = 'started';
