import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createKeyFile, keyPathIn } from '../keys/key-file.ts';

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
  const path = pathIn(place.dataDirectory);
  await createKeyFile(path, createLogKey().export({ format: 'pem', type: 'pkcs8' }).toString());
  return read(path);
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

const pathIn = (dataDirectory: string): string => keyPathIn(dataDirectory, 'log-key.pem');

const read = async (path: string): Promise<KeyObject> => {
  const key = createPrivateKey(await readFile(path));
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`${path} has no Ed25519 key`);
  return key;
};
