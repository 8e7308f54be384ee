-- 0012 empty sessions
--
-- Opening the chat makes a session, and most of those who open it ask nothing. Once such a session is over nobody can
-- use it any more, so it is removed. Which ones these are is written on their row, because looking through all sessions
-- and their conversations for it would take the longer the more there are.
--
-- One pass over the sessions, each with a look into an index: about a second for 100,000. An older binary does not open
-- the database afterwards.

-- Nobody asked anything in it, or all its conversations are deleted for good. By the triggers below.
alter table chat_sessions add column empty integer not null default 1 check (empty in (0, 1));

update chat_sessions set empty = 0
where exists (
  select 1 from conversations
  where conversations.tenant_id = chat_sessions.tenant_id and conversations.session_id = chat_sessions.id
    and message_count > 0
);

create index chat_sessions_empty on chat_sessions (tenant_id, created_at, expires_at) where empty = 1;

create trigger conversations_first_message
after update of message_count on conversations
when old.message_count = 0 and new.message_count > 0
begin
  update chat_sessions set empty = 0 where tenant_id = new.tenant_id and id = new.session_id;
end;

create trigger conversations_added_with_messages
after insert on conversations
when new.message_count > 0
begin
  update chat_sessions set empty = 0 where tenant_id = new.tenant_id and id = new.session_id;
end;

create trigger conversations_removed
after delete on conversations
when old.message_count > 0 and not exists (
  select 1 from conversations
  where tenant_id = old.tenant_id and session_id = old.session_id and message_count > 0
)
begin
  update chat_sessions set empty = 1 where tenant_id = old.tenant_id and id = old.session_id;
end;
