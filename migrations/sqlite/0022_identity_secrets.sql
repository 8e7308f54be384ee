-- 0022 identity secrets
--
-- An intranet page says who its visitor is with a token that it signs with the tenant's secret. After a change the one
-- before stays valid for a day, so that pages can be changed one after the other; null is the present one.
--
-- Adds one empty table: instant on any size. An older binary does not open the database afterwards.

create table identity_secrets (
  tenant_id text not null references tenants (id),
  id text not null,
  -- Sealed; see src/secrets.
  secret text not null,
  created_at integer not null,
  valid_until integer,
  primary key (tenant_id, id)
) strict;
create unique index identity_secrets_one_present on identity_secrets (tenant_id) where valid_until is null;
