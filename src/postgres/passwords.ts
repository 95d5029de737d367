import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SERVICE_ROLE, SUPERUSER } from './service-role.ts';

/** The password files in the data directory, readable only by their owner. */
const FILES = { [SUPERUSER]: 'postgres-password', [SERVICE_ROLE]: 'service-password' } as const;

type Role = keyof typeof FILES;

/** Writes a new password into the file of a role; returns the path. */
export const makePassword = async (directory: string, role: Role): Promise<string> => {
  const file = join(directory, FILES[role]);
  await writeFile(file, randomBytes(24).toString('base64url'), { mode: 0o600 });
  return file;
};

/** The password of a role; rejects without one. */
export const readPassword = (directory: string, role: Role): Promise<string> =>
  readFile(join(directory, FILES[role]), 'utf8');

/** The password of a role; undefined without one, or if a full disk left the file empty. */
export const findPassword = async (directory: string, role: Role): Promise<string | undefined> =>
  (await readPassword(directory, role).catch(() => '')) || undefined;
