-- name: FindOthers :many
-- The programs that work in this database: Moa's own, and others while they are not idle.
select distinct application_name as "name!"
from pg_stat_activity
where
  datname = current_database() and usename is not null and pid <> pg_backend_pid()
  and (state <> 'idle' or application_name like 'moa %');
