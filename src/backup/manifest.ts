import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Type, type Static } from 'typebox';
import { Check } from 'typebox/schema';
import { sha256Of, writeNewFile } from './file.ts';
import { listBelow } from './list.ts';
import { UnusableBackup } from './unusable.ts';

/** The folder of a backup that has the files of the data directory. */
export const COPY = 'data';
const MANIFEST = 'manifest.json';
/** The manifest's own SHA-256, in the form that `sha256sum --check` reads. */
const DIGEST = 'manifest.sha256';

/** A relative path without `.`, `..` and empty names: a restore writes only below its target. */
const Path = Type.String({
  maxLength: 4_096,
  pattern: String.raw`^(?!\.{1,2}(?:/|$))[^/\0]+(?:/(?!\.{1,2}(?:/|$))[^/\0]+)*$`,
});
const Mode = Type.String({ pattern: '^0[0-7]{3}$' });

const Manifest = Type.Object({
  /** The form of the backup. */
  format: Type.Literal(1),
  /** The version of Moa that made the backup. */
  moa: Type.String(),
  /** PostgreSQL's major version. */
  postgres: Type.Integer(),
  begunAt: Type.String(),
  endedAt: Type.String(),
  beginLsn: Type.String(),
  endLsn: Type.String(),
  folders: Type.Array(Type.Object({ path: Path, mode: Mode })),
  files: Type.Array(
    Type.Object({
      path: Path,
      mode: Mode,
      bytes: Type.Integer({ minimum: 0 }),
      sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    }),
  ),
});

/** What a complete backup has; paths are those in the data directory. */
export type Manifest = Static<typeof Manifest>;
export type ManifestFile = Manifest['files'][number];

/** Permissions as the manifest has them: `0600`. */
export const modeText = (mode: number): string => `0${mode.toString(8).padStart(3, '0')}`;

/** Writes the manifest and its digest into a backup's folder; returns their paths. */
export const writeManifest = async (folder: string, manifest: Manifest): Promise<string[]> => {
  const path = join(folder, MANIFEST);
  const digest = join(folder, DIGEST);
  const { sha256 } = await writeNewFile(path, `${JSON.stringify(manifest, undefined, 1)}\n`, 0o600);
  await writeNewFile(digest, `${sha256}  ${MANIFEST}\n`, 0o600);
  return [path, digest];
};

/**
 * Reads the manifest of a backup and compares the names of its files. Throws `UnusableBackup` when
 * the folder is no complete backup, a file is missing or too much, or the manifest was changed.
 */
export const readManifest = async (folder: string): Promise<Manifest> => {
  const read = (name: string): Promise<string> =>
    readFile(join(folder, name), 'utf8').catch((error: NodeJS.ErrnoException) => {
      throw new UnusableBackup(
        error.code === 'ENOENT' || error.code === 'ENOTDIR'
          ? `${folder} is not a complete backup: it has no ${name}.`
          : `${join(folder, name)} cannot be read: ${error.message}.`,
        { cause: error },
      );
    });
  const [text, digest] = [await read(MANIFEST), await read(DIGEST)];
  if (!digest.startsWith(sha256Of(text))) {
    throw new UnusableBackup(`${join(folder, MANIFEST)} was changed after the backup.`);
  }
  const manifest: unknown = JSON.parse(text);
  if (!Check(Manifest, manifest)) {
    throw new UnusableBackup(
      `${join(folder, MANIFEST)} is not in the format of this version of Moa.`,
    );
  }
  await compareNames(join(folder, COPY), manifest);
  return manifest;
};

const compareNames = async (root: string, manifest: Manifest): Promise<void> => {
  const listing = await listBelow(root, () => false);
  const [found, wanted] = [listing, manifest].map(
    ({ folders, files }) => new Set([...folders, ...files].map(({ path }) => path)),
  ) as [Set<string>, Set<string>];
  const [missing] = wanted.difference(found);
  if (missing !== undefined) {
    throw new UnusableBackup(`The backup is not complete: ${join(root, missing)} is missing.`);
  }
  const [extra] = found.difference(wanted);
  if (extra !== undefined) {
    throw new UnusableBackup(`${join(root, extra)} is not part of the backup.`);
  }
};
