import { randomUUID } from 'node:crypto';
import { link, mkdir, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The path of a key in a data directory. */
export const keyPathIn = (dataDirectory: string, name: string): string =>
  join(dataDirectory, 'keys', name);

/**
 * Creates the file of a key, readable by the owner only, with its folder. A file that exists stays
 * as it is, so processes that start together get the same key.
 */
export const createKeyFile = async (path: string, contents: string): Promise<void> => {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = join(folder, `${randomUUID()}.draft`);
  await writeFile(draft, contents, { mode: 0o600 });
  // A link is atomic, and fails if another process was faster.
  await link(draft, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await unlink(draft);
};
