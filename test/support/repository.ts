import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';

const ROOT = new URL('../../', import.meta.url).pathname;

/** A text file of the repository, by its path from the root. */
export interface RepositoryFile {
  readonly path: string;
  readonly content: string;
}

/** Not the folders of Git, npm, a build and a running service. */
const isOurs = (name: string): boolean =>
  name === '.ci' ||
  !(name.startsWith('.') || name === 'node_modules' || name === 'dist' || name.endsWith('.log'));

/** The paths of the repository's files below a folder, without folders. */
export const listFiles = async (folder = ''): Promise<string[]> => {
  const entries = await readdir(join(ROOT, folder), { withFileTypes: true });
  const found = entries
    .filter(({ name }) => isOurs(name))
    .map(async (entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      return entry.isDirectory() ? listFiles(path) : [path];
    });
  return (await Promise.all(found)).flat();
};

/** The files whose path matches, with their text. */
export const readFiles = async (pattern: RegExp): Promise<RepositoryFile[]> => {
  const paths = (await listFiles()).filter((path) => pattern.test(path)).toSorted();
  return Promise.all(
    paths.map(async (path) => ({ path, content: await readFile(join(ROOT, path), 'utf8') })),
  );
};

/** The text of one file. */
export const readText = (path: string): Promise<string> => readFile(join(ROOT, path), 'utf8');
