-- 0013 search in lists
--
-- A search through 100,000 conversations read and folded every title and message: up to a second, and two searches at
-- once held up everybody who had asked for a list. messages_fts tells which messages may hold a text, by runs of three
-- characters; what it tells is looked at before it is shown, so it may tell too many and never too few.
--
-- Each row is a message under its number, with the conversation's title where it is the first. Contentless and without
-- positions it is about as large as the texts themselves. Rows are folded by the application, in the writer, soon after
-- the commit that stores the message; until then, and while an answer is being written, the message's number stands in
-- messages_to_index and a search reads it. All that is there already waits there, too, and is taken in the background:
-- half a minute of a core for 200,000 messages, during which searches read everything, as before. It goes on where it
-- was after a crash, and begins anew with `parley index rebuild`.
--
-- Titles of sources are kept as they are compared, in one index with all that lists of sources are sorted and chosen by.
--
-- Rewrites a row for each source: about a second for 100,000. Messages are not touched. An older binary does not open
-- the database afterwards.

create virtual table messages_fts using fts5 (
  text,
  content = '',
  detail = none,
  tokenize = 'trigram case_sensitive 1'
);
-- As for chunks_fts: the application merges in small steps.
insert into messages_fts (messages_fts, rank) values ('automerge', 0);
insert into messages_fts (messages_fts, rank) values ('crisismerge', 500);
-- What is deleted is overwritten here, too, when it is deleted.
insert into messages_fts (messages_fts, rank) values ('secure-delete', 1);

-- Runs that begin with a text of one or two characters.
create virtual table messages_fts_runs using fts5vocab (messages_fts, instance);

-- Messages that are not in messages_fts.
create table messages_to_index (
  number integer primary key
) strict;
insert into messages_to_index (number) select number from messages;

create trigger messages_added after insert on messages
begin
  insert into messages_to_index (number) values (new.number);
end;

create trigger messages_changed after update of content on messages
when old.status <> 'streaming' and old.content is not new.content
begin
  insert or ignore into messages_to_index (number) values (new.number);
end;

create trigger messages_removed after delete on messages
begin
  delete from messages_to_index where number = old.number;
end;

create trigger conversations_title_changed after update of title on conversations
when old.title is not new.title
begin
  insert or ignore into messages_to_index (number)
  select number from messages where tenant_id = new.tenant_id and conversation_id = new.id order by number limit 1;
end;

-- How an answer ended is asked for seldom, and few may have ended so.
create index conversations_by_outcome on conversations (tenant_id, last_outcome, updated_at, id)
  where deleted_at is null and message_count > 0;

alter table knowledge_sources add column folded_title text not null default '';
update knowledge_sources set folded_title = folded(title);

create index knowledge_sources_by_title
  on knowledge_sources (tenant_id, folded_title, id, status, created_at, byte_size) where deleted_at is null;
create index knowledge_sources_by_size on knowledge_sources (tenant_id, byte_size, id) where deleted_at is null;
