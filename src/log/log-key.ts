import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newId } from '../database/ids.ts';

/** Where the key is: a file of its own, or the data directory. */
export interface LogKeyPlace {
  /** A file with an Ed25519 key in PEM (PKCS #8, RFC 8410). */
  readonly file: string | undefined;
  readonly dataDirectory: string;
}

/** A key that exists only in this process. */
export const createLogKey = (): KeyObject => generateKeyPairSync('ed25519').privateKey;

/**
 * Loads the key that signs the log's checkpoints. Without a `file`, the first call creates the key in
 * the data directory, readable by the owner only; processes that start together get the same key.
 */
export const loadLogKey = async (place: LogKeyPlace): Promise<KeyObject> => {
  const found = await findLogKey(place);
  if (found !== undefined) return found;
  await create(place.dataDirectory);
  return read(pathIn(place.dataDirectory));
};

/** The same key if the file exists, or a service has created the key; creates none. */
export const findLogKey = ({
  file,
  dataDirectory,
}: LogKeyPlace): Promise<KeyObject | undefined> => {
  if (file !== undefined) return read(file);
  return read(pathIn(dataDirectory)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
};

const folderIn = (dataDirectory: string): string => join(dataDirectory, 'keys');
const pathIn = (dataDirectory: string): string => join(folderIn(dataDirectory), 'log-key.pem');

const read = async (path: string): Promise<KeyObject> => {
  const key = createPrivateKey(await readFile(path));
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`${path} has no Ed25519 key`);
  return key;
};

const create = async (dataDirectory: string): Promise<void> => {
  const folder = folderIn(dataDirectory);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = join(folder, `${newId()}.draft`);
  const pem = createLogKey().export({ format: 'pem', type: 'pkcs8' });
  await writeFile(draft, pem, { mode: 0o600 });
  // A link is atomic, and fails if another process was faster.
  await link(draft, pathIn(dataDirectory)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await unlink(draft);
};
