-- 0018 egress ledger
--
-- Where Parley has called, or was refused to: one row for each destination, feature, tenant and outcome, with how often
-- and how much. It has no reference to tenants: what was called stays known when a tenant is gone. The tenant is '' for
-- what belongs to the whole installation.
--
-- Instant: a new table. An older binary does not open the database afterwards.

create table egress_ledger (
  destination text not null,
  purpose text not null,
  tenant_id text not null default '',
  outcome text not null check (outcome in ('allowed', 'refused')),
  calls integer not null,
  -- Of bodies, as far as they pass through Parley's hands; drivers of databases have connections of their own.
  sent_bytes integer not null,
  received_bytes integer not null,
  first_at integer not null,
  last_at integer not null,
  primary key (destination, purpose, tenant_id, outcome)
) strict;
create index egress_ledger_by_time on egress_ledger (last_at);
