import { hkdfSync } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type CryptoKey,
  type JWK,
} from 'jose';
import { newId } from '../database/ids.ts';

export interface SigningKey {
  /** The key's thumbprint (RFC 7638). */
  readonly id: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

/**
 * Loads the key that signs Moa's own tokens (Ed25519, RFC 8037). The first call creates the key,
 * readable by the owner only. Processes that start together get the same key.
 */
export const loadSigningKey = async (directory: string): Promise<SigningKey> => {
  const { folder, path } = placeOf(directory);
  return keyOf((await read(path)) ?? (await create(folder, path)));
};

/** The same key if a service or an earlier call has created it; creates none. */
export const findSigningKey = async (directory: string): Promise<SigningKey | undefined> => {
  const stored = await read(placeOf(directory).path);
  return stored === undefined ? undefined : keyOf(stored);
};

const SECRET_BYTES = 32;

/**
 * A secret for one purpose that every process on the directory derives from the signing key (HKDF,
 * RFC 5869). Creates the key like `loadSigningKey`.
 */
export const deriveSecret = async (directory: string, purpose: string): Promise<string> => {
  const { folder, path } = placeOf(directory);
  const { d = '' } = (await read(path)) ?? (await create(folder, path));
  const key = Buffer.from(d, 'base64url');
  return Buffer.from(hkdfSync('sha256', key, '', purpose, SECRET_BYTES)).toString('base64url');
};

const placeOf = (directory: string): { folder: string; path: string } => {
  const folder = join(directory, 'keys');
  return { folder, path: join(folder, 'signing-key.json') };
};

const keyOf = async (stored: JWK): Promise<SigningKey> => {
  const { d: _, ...publicJwk } = stored;
  return {
    id: await calculateJwkThumbprint(publicJwk),
    privateKey: await importKey(stored),
    publicKey: await importKey(publicJwk),
  };
};

const read = async (path: string): Promise<JWK | undefined> => {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as JWK;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new Error(`cannot read the signing key ${path}`, { cause: error });
  }
};

const create = async (folder: string, path: string): Promise<JWK> => {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { privateKey } = await generateKeyPair('EdDSA', { extractable: true });
  const draft = join(folder, `${newId()}.draft`);
  await writeFile(draft, JSON.stringify(await exportJWK(privateKey)), { mode: 0o600 });
  // A link is atomic, and fails if another process was faster.
  await link(draft, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await unlink(draft);
  const stored = await read(path);
  if (stored === undefined) throw new Error(`the signing key ${path} was removed`);
  return stored;
};

const importKey = async (jwk: JWK): Promise<CryptoKey> => {
  const key = await importJWK(jwk, 'EdDSA');
  if (key instanceof Uint8Array) throw new Error('the signing key is not a key pair');
  return key;
};
