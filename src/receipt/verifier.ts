import { concat, decodeBase64, isSame, toBase64, toHex, toUtf8, type Bytes } from './bytes.ts';
import { sha256 } from './hashing.ts';

/** The signature type of Ed25519 in signed notes. */
const ED25519 = Uint8Array.of(1);
const PUBLIC_KEY_BYTES = 32;
const KEY_ID_BYTES = 4;
/** The public key of the first example of RFC 8032 §7.1. */
const SAMPLE_KEY = '11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=';
/** Enough for 16 signatures, which every verifier accepts. */
const NOTE_LENGTH_MAX = 100_000;

/** Verifies notes of one key (c2sp.org/signed-note). */
export interface Verifier {
  /** The name of the key; the origin of a log. */
  readonly name: string;
  /** The key in text: name, key ID and public key. */
  readonly text: string;
  /** The SHA-256 hash of the public key in hexadecimal digits, to compare keys. */
  readonly fingerprint: string;
  /** The text of a note with a valid signature of this key; undefined for every other note. */
  readonly open: (note: string) => Promise<string | undefined>;
}

const importKey = (publicKey: Bytes) =>
  globalThis.crypto.subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify']);

/**
 * Whether receipts can be verified here: browsers have Web Crypto only on secure pages (W3C Secure
 * Contexts), and Ed25519 only in newer versions.
 */
export const findMissing = async (): Promise<'web_crypto' | 'ed25519' | undefined> => {
  // Typed as if it were always there.
  const subtle: object | undefined = globalThis.crypto.subtle;
  if (subtle === undefined) return 'web_crypto';
  return importKey(decodeBase64(SAMPLE_KEY) ?? new Uint8Array()).then(
    () => undefined,
    () => 'ed25519',
  );
};

/** The bytes of a key in text: its signature type and the public key. */
export const taggedKey = (publicKey: Uint8Array): Bytes => concat(ED25519, publicKey);

/** The bytes that are hashed for the key ID, which is the beginning of the hash. */
export const keyIdSource = (name: string, publicKey: Uint8Array): Bytes =>
  concat(toUtf8(`${name}\n`), taggedKey(publicKey));

const verifierOf = async (name: string, publicKey: Bytes): Promise<Verifier> => {
  const id = (await sha256(keyIdSource(name, publicKey))).subarray(0, KEY_ID_BYTES);
  const key = await importKey(publicKey);
  const prefix = `— ${name} `;
  return {
    name,
    text: `${name}+${toHex(id)}+${toBase64(taggedKey(publicKey))}`,
    fingerprint: toHex(await sha256(publicKey)),
    open: async (note) => {
      const end = note.lastIndexOf('\n\n');
      if (end < 0 || note.length > NOTE_LENGTH_MAX || !note.endsWith('\n')) return undefined;
      const text = note.slice(0, end + 1);
      const signatures = note
        .slice(end + 2, -1)
        .split('\n')
        .filter((line) => line.startsWith(prefix))
        .map((line) => decodeBase64(line.slice(prefix.length)) ?? new Uint8Array())
        .filter((signature) => isSame(signature.subarray(0, KEY_ID_BYTES), id));
      const verdicts = await Promise.all(
        signatures.map((signature) =>
          globalThis.crypto.subtle.verify(
            'Ed25519',
            key,
            signature.subarray(KEY_ID_BYTES),
            toUtf8(text),
          ),
        ),
      );
      // An invalid signature of a known key rejects the note.
      return verdicts.length > 0 && verdicts.every(Boolean) ? text : undefined;
    },
  };
};

/** Reads a verifier key, such as `shop.example+2f8a0e11+AYqt…`; undefined if it is not one. */
export const parseVerifierKey = async (text: string): Promise<Verifier | undefined> => {
  const [, name = '', id, encoded = ''] = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/u.exec(text) ?? [];
  const bytes = decodeBase64(encoded) ?? new Uint8Array();
  const isEd25519 = isSame(bytes.subarray(0, 1), ED25519);
  if (!isEd25519 || bytes.length !== ED25519.length + PUBLIC_KEY_BYTES) return undefined;
  const verifier = await verifierOf(name, bytes.slice(ED25519.length));
  // Also the key ID, so that a mistyped key is noticed.
  return verifier.text === `${name}+${id}+${encoded}` ? verifier : undefined;
};
