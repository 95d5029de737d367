-- name: FindOthers :many
-- The programs that use this database, without this connection and PostgreSQL's own processes.
select distinct application_name as "name!"
from pg_stat_activity
where datname = current_database() and usename is not null and pid <> pg_backend_pid();
