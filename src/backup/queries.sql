-- name: KeepWal :one
-- A temporary slot that ends with the connection: no checkpoint removes WAL that the backup needs.
-- It reserves the WAL at once (PostgreSQL documentation, 9.28.6), before the backup begins.
select slot_name::text as "slot!"
from pg_create_physical_replication_slot('moa_backup_' || pg_backend_pid(), true, true);

-- name: BeginBackup :one
-- `true` makes a checkpoint at once. A spread one would take up to `checkpoint_timeout`.
select
  pg_backup_start(:label, true)::text as "begin_lsn!",
  current_setting('server_version_num')::int / 10000 as "postgres!";

-- name: EndBackup :one
-- Does not wait for an archive of WAL, which the embedded database does not have. The WAL of the
-- backup ends with the byte before `end_lsn`; its first file is named in the label.
select
  lsn::text as "end_lsn!", pg_walfile_name(lsn - 1) as "last_wal!", labelfile as "label!"
from pg_backup_stop(false);
