-- 0002 knowledge generation
--
-- Search workers hold a tenant's terms in memory. This number tells them, in the same snapshot as the rows
-- that they read, whether what they hold is what the database has: it rises with every commit that makes
-- chunks visible or invisible. One small write more for each of those; an older binary that opens the
-- database keeps the number right without knowing of it, because triggers count.

alter table tenants add column knowledge_generation integer not null default 0;

create trigger knowledge_sources_changed
after update of current_version, deleted_at on knowledge_sources
when old.current_version is not new.current_version or old.deleted_at is not new.deleted_at
begin
  update tenants set knowledge_generation = knowledge_generation + 1 where id = new.tenant_id;
end;

create trigger knowledge_sources_deleted
after delete on knowledge_sources
when old.current_version is not null
begin
  update tenants set knowledge_generation = knowledge_generation + 1 where id = old.tenant_id;
end;
