import { existsSync } from 'node:fs';
import { glob } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** The programs of the lab, by their paths. */
export interface Programs {
  readonly patroni: string;
  readonly etcd: string;
  readonly haproxy: string;
  /** The folder of PostgreSQL's programs. */
  readonly postgresFolder: string;
}

/** A program of the lab is not installed. */
export class ProgramMissing extends Error {
  override readonly name = 'ProgramMissing';
}

const FOLDERS = [
  ...(process.env['PATH'] ?? '').split(delimiter),
  '/usr/bin',
  '/usr/sbin',
  '/usr/local/bin',
  '/usr/local/sbin',
];
/** Where Debian has PostgreSQL's programs. */
const POSTGRES_FOLDERS = '/usr/lib/postgresql/*/bin';

const findIn = (folders: readonly string[], name: string): string | undefined =>
  folders.map((folder) => join(folder, name)).find((path) => existsSync(path));

/** Finds the programs; throws `ProgramMissing`, which says how Debian installs them. */
export const findPrograms = async (
  folders: readonly string[] = FOLDERS,
  postgresFolders = POSTGRES_FOLDERS,
): Promise<Programs> => {
  const versions = await Array.fromAsync(glob(postgresFolders));
  const byVersion = versions.toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }));
  const patroni = findIn(folders, 'patroni');
  const etcd = findIn(folders, 'etcd');
  const haproxy = findIn(folders, 'haproxy');
  const postgresFolder = byVersion.find((folder) => existsSync(join(folder, 'pg_basebackup')));
  if (patroni && etcd && haproxy && postgresFolder) {
    return { patroni, etcd, haproxy, postgresFolder };
  }
  const missing = Object.entries({ patroni, etcd, haproxy, PostgreSQL: postgresFolder })
    .filter(([, path]) => path === undefined)
    .map(([name]) => name);
  throw new ProgramMissing(
    `The lab needs ${missing.join(', ')}. On Debian: ` +
      'apt-get install --no-install-recommends patroni etcd-server haproxy postgresql',
  );
};
