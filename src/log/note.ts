import { decodeBase64 } from './base64.ts';
import { createPublicKey, hash, sign, verify, type KeyObject } from 'node:crypto';

/** The signature type of Ed25519 in signed notes. */
const ED25519 = Buffer.of(1);
const PUBLIC_KEY_BYTES = 32;
const KEY_ID_BYTES = 4;
/** Enough for 16 signatures, which every verifier accepts. */
const NOTE_LENGTH_MAX = 100_000;

/** Verifies notes of one key (c2sp.org/signed-note). */
export interface Verifier {
  /** The name of the key; the origin of a log. */
  readonly name: string;
  /** The key in text: name, key ID and public key. */
  readonly text: string;
  /** The text of a note with a valid signature of this key; undefined for every other note. */
  readonly open: (note: string) => string | undefined;
}

/** Signs notes with one key. */
export interface Signer {
  readonly verifier: Verifier;
  /** The text, which ends with a line feed, and its signature. */
  readonly sign: (text: string) => string;
}

const isName = (name: string): boolean => /^[^\s+]+$/u.test(name);

const keyIdOf = (name: string, publicKey: Buffer): Buffer =>
  hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), ED25519, publicKey]), 'buffer').subarray(
    0,
    KEY_ID_BYTES,
  );

const rawKeyOf = (key: KeyObject): Buffer =>
  Buffer.from(String(key.export({ format: 'jwk' }).x), 'base64url');

const verifierOf = (name: string, publicKey: Buffer): Verifier => {
  const id = keyIdOf(name, publicKey);
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: publicKey.toString('base64url') },
    format: 'jwk',
  });
  const prefix = `— ${name} `;
  return {
    name,
    text: `${name}+${id.toString('hex')}+${Buffer.concat([ED25519, publicKey]).toString('base64')}`,
    open: (note) => {
      const end = note.lastIndexOf('\n\n');
      if (end < 0 || note.length > NOTE_LENGTH_MAX || !note.endsWith('\n')) return undefined;
      const text = note.slice(0, end + 1);
      const signatures = note
        .slice(end + 2, -1)
        .split('\n')
        .filter((line) => line.startsWith(prefix))
        .map((line) => decodeBase64(line.slice(prefix.length)) ?? Buffer.alloc(0))
        .filter((signature) => signature.subarray(0, KEY_ID_BYTES).equals(id));
      // An invalid signature of a known key rejects the note.
      const isValid = (signature: Buffer): boolean =>
        verify(null, Buffer.from(text), key, signature.subarray(KEY_ID_BYTES));
      return signatures.length > 0 && signatures.every(isValid) ? text : undefined;
    },
  };
};

/** Signs as `name` with an Ed25519 key. Throws for a name with a space or a plus. */
export const createSigner = (name: string, privateKey: KeyObject): Signer => {
  if (!isName(name)) throw new Error(`"${name}" cannot name a key of signed notes`);
  const publicKey = rawKeyOf(createPublicKey(privateKey));
  const id = keyIdOf(name, publicKey);
  return {
    verifier: verifierOf(name, publicKey),
    sign: (text) => {
      const signature = Buffer.concat([id, sign(null, Buffer.from(text), privateKey)]);
      return `${text}\n— ${name} ${signature.toString('base64')}\n`;
    },
  };
};

/** Reads a verifier key, such as `shop.example+2f8a0e11+AYqt…`; undefined if it is not one. */
export const parseVerifierKey = (text: string): Verifier | undefined => {
  const [, name = '', id, encoded = ''] = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/u.exec(text) ?? [];
  const bytes = decodeBase64(encoded) ?? Buffer.alloc(0);
  const isEd25519 = bytes.subarray(0, 1).equals(ED25519);
  if (!isEd25519 || bytes.length !== ED25519.length + PUBLIC_KEY_BYTES) return undefined;
  const verifier = verifierOf(name, bytes.subarray(ED25519.length));
  // Also the key ID, so that a mistyped key is noticed.
  return verifier.text === `${name}+${id}+${encoded}` ? verifier : undefined;
};
