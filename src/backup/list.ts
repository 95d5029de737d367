import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A file or folder, by its path from the root of the listing, with slashes. */
export interface Listed {
  readonly path: string;
  /** The permissions, such as 0o600. */
  readonly mode: number;
  readonly bytes: number;
}

/** What a folder contains; a folder comes before what is in it. */
export interface Listing {
  readonly folders: readonly Listed[];
  readonly files: readonly Listed[];
}

const PERMISSIONS = 0o777;

/** Undefined for a file that has vanished meanwhile. */
const orGone = <Result>(found: Promise<Result>): Promise<Result | undefined> =>
  found.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });

/**
 * Lists the files and folders below a root while they change; what vanishes is not listed. Other
 * kinds, such as sockets, are not listed; a link counts as what it leads to.
 */
export const listBelow = async (
  root: string,
  isLeftOut: (path: string) => boolean,
): Promise<Listing> => {
  const folders: Listed[] = [];
  const files: Listed[] = [];
  const walk = async (folder: string): Promise<void> => {
    const names = (await orGone(readdir(join(root, folder)))) ?? [];
    for (const name of names.toSorted()) {
      const path = folder === '' ? name : `${folder}/${name}`;
      const found = isLeftOut(path) ? undefined : await orGone(stat(join(root, path)));
      if (found === undefined) continue;
      const listed = { path, mode: found.mode & PERMISSIONS, bytes: found.size };
      if (found.isFile()) files.push(listed);
      else if (found.isDirectory()) {
        folders.push(listed);
        await walk(path);
      }
    }
  };
  await walk('');
  return { folders, files };
};
