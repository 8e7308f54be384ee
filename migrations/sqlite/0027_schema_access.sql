-- 0027 schema access
--
-- A connection may be opened for statements that a model writes over the tables that an admin ticked. Off for every
-- connection that is there. The outline of the tables is kept, so that a turn asks no database about them.
--
-- Instant: one column with a default. An older binary does not open the database afterwards.

alter table db_connections add column schema_access text not null
  default '{"enabled":false,"tables":[],"audience":"everyone"}' check (json_valid(schema_access));
