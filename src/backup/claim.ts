import { mkdir, realpath, rmdir } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { UnusableBackup } from './unusable.ts';

/** The path without links; a path that does not exist is that of its nearest existing parent. */
const withoutLinks = async (path: string): Promise<string> => {
  const found = await realpath(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return found ?? join(await withoutLinks(dirname(path)), basename(path));
};

/** Whether a path is a folder or in it. */
const isWithin = (path: string, folder: string): boolean =>
  !/^\.\.(?:\/|$)/.test(relative(folder, path));

/** Why the folder of a backup cannot be replaced, by the error of rmdir(2). */
const REASONS: Readonly<Record<string, string>> = {
  ENOTEMPTY: 'is not empty. Name a new folder for each backup.',
  EEXIST: 'is not empty. Name a new folder for each backup.',
  ENOTDIR: 'is not a folder.',
  EBUSY: 'is a mount point. Name a folder in it.',
};

/**
 * Checks the folder of a backup, removes it if it is empty, and makes its parent. Returns its
 * absolute path; throws `UnusableBackup` when it is in use or in the data directory.
 */
export const claimFolder = async (folder: string, dataDirectory: string): Promise<string> => {
  const wanted = await withoutLinks(resolve(folder));
  if (isWithin(wanted, await withoutLinks(resolve(dataDirectory)))) {
    throw new UnusableBackup(
      `${folder} is in the data directory ${resolve(dataDirectory)}. Name a folder outside of it.`,
    );
  }
  await rmdir(wanted).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return;
    const reason = REASONS[error.code ?? ''];
    throw reason === undefined
      ? error
      : new UnusableBackup(`${folder} ${reason}`, { cause: error });
  });
  await mkdir(dirname(wanted), { recursive: true });
  return wanted;
};
