-- 0016 synonyms
--
-- What a tenant says otherwise than its documents do: abbreviations and names of its own. They are read with every
-- question, so nothing is indexed anew when one changes. Both sides are lists of words, as JSON.
--
-- Adds a table only: instant on any size. An older binary does not open the database afterwards.

create table synonyms (
  tenant_id text not null references tenants (id),
  id text not null,
  asked text not null check (json_valid(asked)),
  written text not null check (json_valid(written)),
  both_ways integer not null check (both_ways in (0, 1)),
  created_at integer not null,
  updated_at integer not null,
  deleted_at integer,
  primary key (tenant_id, id)
) strict, without rowid;
