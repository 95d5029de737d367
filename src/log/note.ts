import { createPublicKey, hash, sign, type KeyObject } from 'node:crypto';
import { keyIdSource, taggedKey, type Verifier } from '../receipt/index.ts';

const KEY_ID_BYTES = 4;

/** Signs notes with one key (c2sp.org/signed-note). */
export interface Signer {
  /** What verifies them: the name of the key, and the key in text. */
  readonly verifier: Pick<Verifier, 'name' | 'text'>;
  /** The text, which ends with a line feed, and its signature. */
  readonly sign: (text: string) => string;
}

const isName = (name: string): boolean => /^[^\s+]+$/u.test(name);

const rawKeyOf = (key: KeyObject): Buffer =>
  Buffer.from(String(key.export({ format: 'jwk' }).x), 'base64url');

/** Signs as `name` with an Ed25519 key. Throws for a name with a space or a plus. */
export const createSigner = (name: string, privateKey: KeyObject): Signer => {
  if (!isName(name)) throw new Error(`"${name}" cannot name a key of signed notes`);
  const publicKey = rawKeyOf(createPublicKey(privateKey));
  const id = hash('sha256', keyIdSource(name, publicKey), 'buffer').subarray(0, KEY_ID_BYTES);
  const encoded = Buffer.from(taggedKey(publicKey)).toString('base64');
  return {
    verifier: { name, text: `${name}+${id.toString('hex')}+${encoded}` },
    sign: (text) => {
      const signature = Buffer.concat([id, sign(null, Buffer.from(text), privateKey)]);
      return `${text}\n— ${name} ${signature.toString('base64')}\n`;
    },
  };
};
