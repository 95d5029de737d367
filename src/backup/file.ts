import { createHash } from 'node:crypto';
import { open, readFile, type FileHandle } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** What a copy has. */
export interface Copied {
  readonly bytes: number;
  /** SHA-256, hexadecimal. */
  readonly sha256: string;
}

/** Bounds the memory of a copy; larger reads are not faster. */
const CHUNK_BYTES = 1024 * 1024;

const withFile = async <Result>(
  file: FileHandle,
  use: (file: FileHandle) => Promise<Result>,
): Promise<Result> => {
  try {
    return await use(file);
  } finally {
    await file.close();
  }
};

/** Creates a file with exactly this mode; that of `open` alone is masked by the process's umask. */
const withNewFile = async <Result>(
  path: string,
  mode: number,
  use: (file: FileHandle) => Promise<Result>,
): Promise<Result> =>
  withFile(await open(path, 'wx', mode), async (file) => {
    await file.chmod(mode);
    return use(file);
  });

/**
 * Copies a file that may change meanwhile; undefined when it does not exist. Copies at most the
 * bytes that the file had at first, so that the copy of a growing file ends; a file that shrinks
 * gives a shorter copy. The copy is new and has exactly this mode; it is not yet flushed.
 */
export const copyFile = async (
  from: string,
  to: string,
  mode: number,
): Promise<Copied | undefined> => {
  const source = await open(from, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (source === undefined) return undefined;
  return withFile(source, () => withNewFile(to, mode, (target) => copyContent(source, target)));
};

const copyContent = async (source: FileHandle, target: FileHandle): Promise<Copied> => {
  const { size } = await source.stat();
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(Math.min(size, CHUNK_BYTES));
  let bytes = 0;
  while (bytes < size) {
    const wanted = Math.min(buffer.length, size - bytes);
    const { bytesRead } = await source.read(buffer, 0, wanted, bytes);
    if (bytesRead === 0) break;
    const chunk = buffer.subarray(0, bytesRead);
    hash.update(chunk);
    await target.writeFile(chunk);
    bytes += bytesRead;
  }
  return { bytes, sha256: hash.digest('hex') };
};

/** Writes a new file with exactly this content and mode; it is not yet flushed. */
export const writeNewFile = async (
  path: string,
  content: Buffer | string,
  mode: number,
): Promise<Copied> => {
  await withNewFile(path, mode, (file) => file.writeFile(content));
  return { bytes: Buffer.byteLength(content), sha256: sha256Of(content) };
};

/** SHA-256, hexadecimal. */
export const sha256Of = (content: Buffer | string): string =>
  createHash('sha256').update(content).digest('hex');

/** PostgreSQL rewrites the file at a checkpoint, in microseconds. */
const READ_AGAIN_MS = 10;
const READS = 100;

/**
 * Reads a file that another process rewrites in place: twice, until both are the same, so that it
 * is not read in the middle of a change.
 */
export const readSteadily = async (path: string): Promise<Buffer> => {
  let before = await readFile(path);
  for (let read = 1; read < READS; read++) {
    await delay(READ_AGAIN_MS);
    const now = await readFile(path);
    if (now.equals(before)) return now;
    before = now;
  }
  throw new Error(`${path} changed in each of ${READS} reads`);
};

/** Flushes a file, or the names in a folder, to the disk (fsync(2)). */
export const flush = async (path: string): Promise<void> =>
  withFile(await open(path, 'r'), (file) => file.sync());
