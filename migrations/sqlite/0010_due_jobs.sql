-- 0010 due jobs
--
-- A lane asks for the next job of its own kinds, and which tenant it is the turn of. With 10,000 documents waiting that
-- read all of them in every lane; with this index a lane sees at once that nothing of its kinds is due, and reads one
-- entry for each waiting job of its own.
--
-- Only queued jobs are in it: instant on any installation. An older binary does not open the database afterwards.

create index jobs_waiting_by_kind on jobs (kind, tenant_id, run_at, created_at) where state = 'queued';
