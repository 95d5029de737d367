import { chmod, mkdir, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { lockDirectory } from '../postgres/index.ts';
import { copyFile, flush } from './file.ts';
import { CLUSTER } from './left-out.ts';
import { COPY, readManifest, type Manifest } from './manifest.ts';
import { UnusableBackup } from './unusable.ts';

export interface RestoreOptions {
  /** The folder of the backup, which is only read. */
  readonly folder: string;
  /** Must be empty or absent. */
  readonly dataDirectory: string;
  /** The major version of this Moa's PostgreSQL. */
  readonly postgres: number;
  readonly onProgress: (done: number, total: number) => void;
  /** Ends the restore; the directory stays empty. */
  readonly signal: AbortSignal;
}

/**
 * Copies a backup into a data directory; the next start of PostgreSQL there recovers to the end of
 * the backup. Compares each file with the manifest. The directory gets everything, flushed, or
 * stays empty. Throws `UnusableBackup` with the first difference, `DirectoryInUse` beside a service.
 */
export const restoreBackup = async (
  options: RestoreOptions,
): Promise<Pick<Manifest, 'endedAt' | 'moa'> & { readonly bytes: number }> => {
  const folder = resolve(options.folder);
  const manifest = await readManifest(folder);
  if (manifest.postgres !== options.postgres) {
    throw new UnusableBackup(
      `The backup is of PostgreSQL ${manifest.postgres}, and this version of Moa has ` +
        `${options.postgres}. Restore it with version ${manifest.moa} of Moa.`,
    );
  }
  const directory = resolve(options.dataDirectory);
  const release = await claimDirectory(directory);
  const draft = join(directory, `restore.new-${process.pid}`);
  try {
    const bytes = await copyAll(join(folder, COPY), draft, manifest, options);
    await publish(draft, directory);
    return { endedAt: manifest.endedAt, moa: manifest.moa, bytes };
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  } finally {
    await release();
  }
};

/** Locks an empty directory; `release` leaves nothing of the lock, so that it stays empty. */
const claimDirectory = async (directory: string): Promise<() => Promise<void>> => {
  const isNew = (await mkdir(directory, { recursive: true, mode: 0o700 })) !== undefined;
  const names = await readdir(directory);
  const refusal = new UnusableBackup(
    `${directory} is not empty. Set MOA_DATA_DIR to a new directory.`,
  );
  if (names.length > 0 && !names.includes('lock')) throw refusal;
  // Throws beside a service, whose directory is never empty.
  const lock = lockDirectory(directory);
  const release = async (): Promise<void> => {
    lock.release();
    if (names.length > 0) return;
    for (const name of ['lock', 'owner.pid']) await rm(join(directory, name), { force: true });
    if (isNew) await rmdir(directory).catch(() => undefined);
  };
  if (names.length === 0) return release;
  await release();
  throw refusal;
};

/** Copies the files of a backup, flushed, and compares each; returns their bytes. */
const copyAll = async (
  from: string,
  to: string,
  { folders, files }: Manifest,
  { onProgress, signal }: Pick<RestoreOptions, 'onProgress' | 'signal'>,
): Promise<number> => {
  await mkdir(to, { mode: 0o700 });
  for (const { path, mode } of folders) {
    await mkdir(join(to, path));
    await chmod(join(to, path), Number.parseInt(mode, 8));
  }
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  for (const { path, mode, bytes, sha256 } of files) {
    signal.throwIfAborted();
    const copy = await copyFile(join(from, path), join(to, path), Number.parseInt(mode, 8));
    if (copy?.bytes !== bytes || copy.sha256 !== sha256) {
      throw new UnusableBackup(`${join(from, path)} was changed after the backup.`);
    }
    onProgress((done += bytes), total);
  }
  const paths = [...files, ...folders.toReversed()].map(({ path }) => path);
  for (const path of [...paths, '']) await flush(join(to, path));
  return total;
};

/** Moves everything from the draft to its place: the cluster last, without which no shop starts. */
const publish = async (draft: string, directory: string): Promise<void> => {
  const names = (await readdir(draft)).filter((name) => name !== CLUSTER);
  for (const name of [...names, CLUSTER]) await rename(join(draft, name), join(directory, name));
  await rm(draft, { recursive: true });
  await flush(directory);
};
