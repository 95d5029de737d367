import { Client } from 'pg';
import { beginBackup, endBackup, keepWal } from './queries.gen.ts';

/** PostgreSQL in backup mode: whole pages are logged, and no WAL is removed. */
export interface BackupSession {
  readonly postgres: number;
  readonly beginLsn: string;
  /** Aborts with the reason when the connection is lost, which ends the backup. */
  readonly lost: AbortSignal;
  /** Ends the backup; returns the label, which must be stored as it is, and the WAL to copy. */
  readonly end: () => Promise<{
    readonly label: string;
    readonly endLsn: string;
    readonly firstWal: string;
    readonly lastWal: string;
  }>;
}

/** The first line of the label: `START WAL LOCATION: 0/4000028 (file 000000010000000000000004)`. */
const FIRST_WAL = /^START WAL LOCATION: \S+ \(file ([0-9A-F]{24})\)$/m;

/**
 * Runs `copy` between `pg_backup_start` and the end of the connection (PostgreSQL documentation,
 * "Making a Base Backup Using the Low Level API"). The slot keeps the WAL until `copy` has ended.
 */
export const withBackupSession = async <Result>(
  superuserUrl: string,
  copy: (session: BackupSession) => Promise<Result>,
): Promise<Result> => {
  const client = new Client({ connectionString: superuserUrl, application_name: 'moa backup' });
  const lost = new AbortController();
  client.on('error', (error) => lost.abort(error));
  await client.connect();
  try {
    await keepWal(client);
    const { beginLsn, postgres } = (await beginBackup(client, { label: 'moa' }))!;
    return await copy({
      postgres,
      beginLsn,
      lost: lost.signal,
      end: async () => {
        lost.signal.throwIfAborted();
        const { label, endLsn, lastWal } = (await endBackup(client))!;
        const firstWal = FIRST_WAL.exec(label)?.[1];
        if (firstWal === undefined) throw new Error(`the label names no WAL: ${label}`);
        return { label, endLsn, firstWal, lastWal };
      },
    });
  } finally {
    await client.end();
  }
};
