import { createPrivateKey, hkdfSync, type JsonWebKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type CryptoKey,
  type JWK,
} from 'jose';
import { createKeyFile, keyPathIn } from '../keys/key-file.ts';

export interface SigningKey {
  /** The key's thumbprint (RFC 7638). */
  readonly id: string;
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

/** Where the key is: a file of its own, or the data directory. */
export interface SigningKeyPlace {
  readonly directory: string;
  /** A file with an Ed25519 key: in PEM (PKCS #8, RFC 8410), or as a JWK (RFC 8037). */
  readonly file?: string | undefined;
}

/**
 * Loads the key that signs Moa's own tokens (Ed25519, RFC 8037). Without a `file`, the first call
 * creates the key in the directory, readable by the owner only; processes that start together get
 * the same key. Rejects when a given file has no such key.
 */
export const loadSigningKey = async (place: string | SigningKeyPlace): Promise<SigningKey> =>
  keyOf(await load(placeOf(place)));

/** The same key if the file exists, or a service has created the key; creates none. */
export const findSigningKey = async (
  place: string | SigningKeyPlace,
): Promise<SigningKey | undefined> => {
  const stored = await read(placeOf(place).path);
  return stored === undefined ? undefined : keyOf(stored);
};

const SECRET_BYTES = 32;

/**
 * A secret for one purpose that every process with the same signing key derives from it (HKDF,
 * RFC 5869). Creates the key like `loadSigningKey`.
 */
export const deriveSecret = async (
  place: string | SigningKeyPlace,
  purpose: string,
): Promise<string> => {
  const { d = '' } = await load(placeOf(place));
  const key = Buffer.from(d, 'base64url');
  return Buffer.from(hkdfSync('sha256', key, '', purpose, SECRET_BYTES)).toString('base64url');
};

interface KeyFile {
  readonly path: string;
  /** Whether the file was named; such a file is not created. */
  readonly isNamed: boolean;
}

const placeOf = (place: string | SigningKeyPlace): KeyFile => {
  const { directory, file } = typeof place === 'string' ? { directory: place } : place;
  return { path: file ?? keyPathIn(directory, 'signing-key.json'), isNamed: file !== undefined };
};

const load = async ({ path, isNamed }: KeyFile): Promise<JWK> => {
  const stored = await read(path);
  if (stored !== undefined) return stored;
  if (isNamed) throw new Error(`there is no signing key ${path}`);
  return create(path);
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
    return parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new Error(`cannot read the signing key ${path}`, { cause: error });
  }
};

/** The key in PEM or as a JWK. */
const parse = (text: string): JWK => {
  const isJwk = text.trimStart().startsWith('{');
  const key = isJwk
    ? createPrivateKey({ key: JSON.parse(text) as JsonWebKey, format: 'jwk' })
    : createPrivateKey(text);
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('it has no Ed25519 key');
  return key.export({ format: 'jwk' });
};

const create = async (path: string): Promise<JWK> => {
  const { privateKey } = await generateKeyPair('EdDSA', { extractable: true });
  await createKeyFile(path, JSON.stringify(await exportJWK(privateKey)));
  const stored = await read(path);
  if (stored === undefined) throw new Error(`the signing key ${path} was removed`);
  return stored;
};

const importKey = async (jwk: JWK): Promise<CryptoKey> => {
  const key = await importJWK(jwk, 'EdDSA');
  if (key instanceof Uint8Array) throw new Error('the signing key is not a key pair');
  return key;
};
