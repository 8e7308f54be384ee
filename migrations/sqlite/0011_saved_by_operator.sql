-- 0011 saved by operator
--
-- With --offline or --restrict-egress a model's address that an operator saved is an entry of the list of what may be
-- called, and one that a tenant's admin saved is not. So it has to be known who it was.
--
-- Of addresses that are there already it is known only where nobody but operators could save one. All others count as
-- an admin's; they are called as before unless one of the two settings is on, and then until an operator enters them
-- again or lists them.
--
-- One row for each tenant: instant. An older binary does not open the database afterwards.

alter table llm_configs add column saved_by_operator integer not null default 0 check (saved_by_operator in (0, 1));

update llm_configs set saved_by_operator = 1
where base_url is not null and not exists (
  select 1 from memberships join users on users.id = memberships.user_id
  where memberships.tenant_id = llm_configs.tenant_id and memberships.role in ('owner', 'admin') and users.operator = 0
);
