-- 0030 llm providers
--
-- A tenant has several language models: the default one, those that take over when it fails, in their order, and those
-- that wait for better days. What is removed can be brought back for 30 seconds. The system prompt stays with the
-- default, whichever that is: it is the tenant's.
--
-- Usage is counted by model instead of by answer alone, since one answer may have asked two of them, with what it cost
-- at the prices of that moment. The table is made anew for its primary key: a second for each million answers. An older
-- binary does not open the database afterwards.

alter table llm_configs add column name text not null default 'Default';
alter table llm_configs add column context_tokens integer check (context_tokens > 0);
-- For a million tokens, in the tenant's currency.
alter table llm_configs add column input_price real check (input_price >= 0);
alter table llm_configs add column output_price real check (output_price >= 0);
-- Certificates in PEM that are trusted in place of the system's.
alter table llm_configs add column ca text;
alter table llm_configs add column proxy text;
-- By name; the values are sealed, see src/secrets.
alter table llm_configs add column headers text not null default '{}' check (json_valid(headers));
-- What the last test found out.
alter table llm_configs add column capabilities text check (json_valid(capabilities));
alter table llm_configs add column tested_at integer;
-- Where it stands among those that take over, from 1; null when it does not.
alter table llm_configs add column chain_place integer;
alter table llm_configs add column deleted_at integer;

create table usage_by_model (
  tenant_id text not null references tenants (id),
  message_id text not null,
  -- Which of the tenant's models; empty for answers without one, and for those from before there were several.
  llm_config_id text not null,
  provider text not null,
  model text not null,
  input_tokens integer,
  output_tokens integer,
  -- Null where a price was missing.
  cost_micros integer,
  -- Whether the tokens were counted here, because the provider did not say.
  estimated integer not null check (estimated in (0, 1)),
  created_at integer not null,
  primary key (tenant_id, message_id, llm_config_id, model)
) strict;
insert into usage_by_model
select tenant_id, message_id, '', provider, model, input_tokens, output_tokens, null, 0, created_at from usage;
drop table usage;
alter table usage_by_model rename to usage;
create index usage_by_time on usage (tenant_id, created_at);
