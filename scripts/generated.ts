import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A committed file that is generated from others. */
export interface GeneratedFile {
  /** From the root of the repository. */
  readonly path: string;
  readonly content: string;
}

/** Whether the file on disk differs from the generated content. */
export const isStale = async (root: string, { path, content }: GeneratedFile): Promise<boolean> =>
  (await readFile(join(root, path), 'utf8').catch(() => '')) !== content;

export const writeFileOf = async (
  root: string,
  { path, content }: GeneratedFile,
): Promise<void> => {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
};
