// Generated from queries.sql by "npm run generate". Do not edit.
import { one } from '../database/statement.ts';

export interface KeepWalRow {
  readonly slot: string;
}

/**
 * A temporary slot that ends with the connection: no checkpoint removes WAL that the backup needs.
 * It reserves the WAL at once (PostgreSQL documentation, 9.28.6), before the backup begins.
 */
export const keepWal = one<void, KeepWalRow>({
  name: 'backup.KeepWal',
  text: `select slot_name::text as "slot!"
from pg_create_physical_replication_slot('moa_backup_' || pg_backend_pid(), true, true)`,
  encode: () => [],
  decode: (r) => ({ slot: r[0]! }),
});

export interface BeginBackupRow {
  readonly beginLsn: string;
  readonly postgres: number;
}

/** `true` makes a checkpoint at once. A spread one would take up to `checkpoint_timeout`. */
export const beginBackup = one<{ readonly label: string }, BeginBackupRow>({
  name: 'backup.BeginBackup',
  text: `select
  pg_backup_start($1, true)::text as "begin_lsn!",
  current_setting('server_version_num')::int / 10000 as "postgres!"`,
  encode: (params) => [params.label],
  decode: (r) => ({ beginLsn: r[0]!, postgres: Number(r[1]!) }),
});

export interface EndBackupRow {
  readonly endLsn: string;
  readonly lastWal: string;
  readonly label: string;
}

/**
 * Does not wait for an archive of WAL, which the embedded database does not have. The WAL of the
 * backup ends with the byte before `end_lsn`; its first file is named in the label.
 */
export const endBackup = one<void, EndBackupRow>({
  name: 'backup.EndBackup',
  text: `select
  lsn::text as "end_lsn!", pg_walfile_name(lsn - 1) as "last_wal!", labelfile as "label!"
from pg_backup_stop(false)`,
  encode: () => [],
  decode: (r) => ({ endLsn: r[0]!, lastWal: r[1]!, label: r[2]! }),
});
