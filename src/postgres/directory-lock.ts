import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Another service runs on the same data directory. */
export class DirectoryInUse extends Error {
  override readonly name = 'DirectoryInUse';
}

/**
 * Locks a data directory for this process. The lock is SQLite's on an empty file: a lock of the
 * operating system on every platform, which ends with the process.
 */
export const lockDirectory = (directory: string): { readonly release: () => void } => {
  const owner = join(directory, 'owner.pid');
  const file = new DatabaseSync(join(directory, 'lock'));
  try {
    file.exec('pragma locking_mode = exclusive; begin exclusive');
  } catch {
    file.close();
    throw new DirectoryInUse(
      `Moa already runs on ${directory} (process ${readOwner(owner)}). ` +
        'Stop it first, or set MOA_DATA_DIR to another directory.',
    );
  }
  writeFileSync(owner, String(process.pid));
  return { release: () => file.close() };
};

const readOwner = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return 'unknown';
  }
};
