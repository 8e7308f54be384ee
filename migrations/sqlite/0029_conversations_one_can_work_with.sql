-- 0029 conversations one can work with
--
-- People flag a conversation with a reason, star it, leave a note, hold it against deletion, and look for those that
-- were rated, abstained, used tools, or were in a language or with a provider. What of that stands in messages and
-- traces is kept on the conversation as well, and all of it is in one index in the order of the list, so that any
-- choice of filters reads that index and no rows beside it.
--
-- Many conversations that are removed together share a deletion, and one job that is its purge.
--
-- Rewrites the row of each conversation that has an answer, with a look at its messages and what was billed for them:
-- about two seconds for 100,000. Tools are told by what answers cite and by calls that waited for their visitor:
-- reading all traces for the others would take minutes. Languages are known of messages from here on. An older binary
-- does not open the database afterwards.

-- ISO 639-3; null where it could not be told, and for messages from before.
alter table messages add column language text;

alter table conversations add column flagged integer not null default 0 check (flagged in (0, 1));
alter table conversations add column flag_reason text;
alter table conversations add column note text;
alter table conversations add column starred integer not null default 0 check (starred in (0, 1));
alter table conversations add column legal_hold integer not null default 0 check (legal_hold in (0, 1));
-- Whether any of its answers is rated so, found nothing, or called a tool.
alter table conversations add column helpful integer not null default 0 check (helpful in (0, 1));
alter table conversations add column unhelpful integer not null default 0 check (unhelpful in (0, 1));
alter table conversations add column abstained integer not null default 0 check (abstained in (0, 1));
alter table conversations add column tools integer not null default 0 check (tools in (0, 1));
-- Of its visitor's messages, and of its answers.
alter table conversations add column languages text not null default '[]' check (json_valid(languages));
alter table conversations add column providers text not null default '[]' check (json_valid(providers));
alter table conversations add column deletion text;

update conversations set
  helpful = told.helpful,
  unhelpful = told.unhelpful,
  abstained = told.abstained,
  tools = told.tools,
  providers = told.providers
from (
  select message.tenant_id, message.conversation_id,
    max(coalesce(message.rating = 'helpful', 0)) as helpful,
    max(coalesce(message.rating = 'unhelpful', 0)) as unhelpful,
    max(message.abstained) as abstained,
    max(instr(message.citations, '"kind":"tool"') > 0 or exists (
      select 1 from tool_calls where tool_calls.tenant_id = message.tenant_id and tool_calls.message_id = message.id
    )) as tools,
    json_group_array(distinct usage.provider) filter (
      where usage.provider is not null and message.small_talk is null
    ) as providers
  from messages as message
  left join usage on usage.tenant_id = message.tenant_id and usage.message_id = message.id
  where message.role = 'assistant'
  group by message.tenant_id, message.conversation_id
) as told
where conversations.tenant_id = told.tenant_id and conversations.id = told.conversation_id;

-- Has all that the former one had. With the two last ones all that is asked stands in it.
drop index conversations_by_activity;
create index conversations_by_activity on conversations (
  tenant_id, updated_at, id, flagged, starred, helpful, unhelpful, abstained, tools, languages, providers,
  last_outcome, legal_hold, deleted_at, message_count
) where deleted_at is null and message_count > 0;

create index conversations_by_deletion on conversations (tenant_id, deletion) where deletion is not null;
