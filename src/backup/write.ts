import { rmSync } from 'node:fs';
import { mkdir, readdir, rename } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { claimFolder } from './claim.ts';
import { copyFile, flush, readSteadily, writeNewFile } from './file.ts';
import { CLUSTER, isLeftOut } from './left-out.ts';
import { listBelow, type Listed } from './list.ts';
import { COPY, modeText, writeManifest, type Manifest, type ManifestFile } from './manifest.ts';
import { withBackupSession, type BackupSession } from './session.ts';
import { UnusableBackup } from './unusable.ts';

export interface BackupOptions {
  readonly dataDirectory: string;
  /** The superuser of the PostgreSQL that runs on the data directory. */
  readonly superuserUrl: string;
  readonly folder: string;
  /** The version of Moa. */
  readonly version: string;
  readonly onProgress: (done: number, total: number) => void;
  /** Ends the backup; nothing of it stays. */
  readonly signal: AbortSignal;
}

/** The permissions that PostgreSQL gives its files and folders. */
const FILE = 0o600;
const FOLDER = 0o700;

/** Says where the WAL of a start begins; rewritten at each checkpoint, so copied last. */
const CONTROL = `${CLUSTER}/global/pg_control`;
const TABLESPACE = new RegExp(`^${CLUSTER}/pg_tblspc/`);

/**
 * Makes a base backup of a running cluster, and copies what else the data directory has. The folder
 * appears with all files, flushed, or not at all. It has every transaction that was committed
 * before the backup ended, so every one that was committed before this call. Throws
 * `UnusableBackup` for a folder that cannot be used.
 */
export const writeBackup = async (
  options: BackupOptions,
): Promise<{ readonly folder: string; readonly bytes: number }> => {
  const { dataDirectory, superuserUrl, signal } = options;
  const folder = await claimFolder(options.folder, dataDirectory);
  const draft = `${folder}.unfinished-${process.pid}`;
  await mkdir(draft, { mode: FOLDER });
  const discard = (): void => rmSync(draft, { recursive: true, force: true });
  // A command that has started PostgreSQL itself exits on a signal once PostgreSQL has stopped.
  process.once('exit', discard);
  try {
    const manifest = await withBackupSession(superuserUrl, (session) =>
      copyAll(draft, options, session),
    );
    const written = await writeManifest(draft, manifest);
    const folders = manifest.folders.map(({ path }) => path);
    const paths = [...manifest.files.map(({ path }) => path), ...folders.toReversed(), ''];
    for (const path of [...paths.map((each) => join(draft, COPY, each)), ...written, draft]) {
      signal.throwIfAborted();
      await flush(path);
    }
    await rename(draft, folder);
    await flush(dirname(folder));
    return { folder, bytes: manifest.files.reduce((sum, { bytes }) => sum + bytes, 0) };
  } catch (error) {
    discard();
    throw error;
  } finally {
    process.off('exit', discard);
  }
};

const copyAll = async (
  draft: string,
  { dataDirectory, version, onProgress, signal }: BackupOptions,
  session: BackupSession,
): Promise<Manifest> => {
  const begunAt = new Date().toISOString();
  const from = resolve(dataDirectory);
  const to = join(draft, COPY);
  const { folders, files } = await listBelow(from, isLeftOut);
  const tablespace = [...folders, ...files].find(({ path }) => TABLESPACE.test(path));
  if (tablespace !== undefined) {
    throw new UnusableBackup(`The cluster has a tablespace, ${tablespace.path}: it is not copied.`);
  }
  await mkdir(to, { mode: FOLDER });
  for (const { path, mode } of folders) await mkdir(join(to, path), { mode });

  const copying = createCopying(from, to, AbortSignal.any([signal, session.lost]));
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  for (const file of files) {
    if (file.path !== CONTROL) await copying.copy(file);
    onProgress((done += file.bytes), total);
  }
  await copying.write(CONTROL, await readSteadily(join(from, CONTROL)));
  const { label, endLsn, firstWal, lastWal } = await session.end();
  await copying.write(`${CLUSTER}/backup_label`, label);
  await copyWal(from, copying, firstWal, lastWal);
  return {
    format: 1,
    moa: version,
    postgres: session.postgres,
    begunAt,
    endedAt: new Date().toISOString(),
    beginLsn: session.beginLsn,
    endLsn,
    folders: folders.map(({ path, mode }) => ({ path, mode: modeText(mode) })),
    files: copying.copied,
  };
};

/** Copies files and collects what the manifest says of them. */
const createCopying = (from: string, to: string, signal: AbortSignal) => {
  const copied: ManifestFile[] = [];
  return {
    copied,
    /** Returns false when the file has vanished, which PostgreSQL allows. */
    copy: async ({ path, mode }: Pick<Listed, 'path' | 'mode'>): Promise<boolean> => {
      signal.throwIfAborted();
      const copy = await copyFile(join(from, path), join(to, path), mode);
      if (copy === undefined) return false;
      copied.push({ path, mode: modeText(mode), ...copy });
      return true;
    },
    write: async (path: string, content: Buffer | string): Promise<void> => {
      const written = await writeNewFile(join(to, path), content, FILE);
      copied.push({ path, mode: modeText(FILE), ...written });
    },
  };
};

/** Copies the WAL of the backup, in which no file may be missing. */
const copyWal = async (
  from: string,
  { copy }: Pick<ReturnType<typeof createCopying>, 'copy'>,
  firstWal: string,
  lastWal: string,
): Promise<void> => {
  const folder = `${CLUSTER}/pg_wal`;
  const between = (await readdir(join(from, folder)))
    .filter((name) => /^[0-9A-F]{24}$/.test(name) && name >= firstWal && name <= lastWal)
    .toSorted();
  for (const name of new Set([firstWal, ...between, lastWal])) {
    if (await copy({ path: `${folder}/${name}`, mode: FILE })) continue;
    throw new Error(`PostgreSQL has removed ${name}, which the backup needs`);
  }
};
