import { hash, randomInt } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** Lets secret scanners find a key in a text. */
const MARK = 'moa_';
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 190 bits; without the characters that stay visible 166. */
const SECRET_LENGTH = 32;
/** Enough characters of the alphabet for 32 bits. */
const CHECKSUM_LENGTH = 6;
/** The mark and four characters: enough to recognize one of a shop's keys. */
const VISIBLE_LENGTH = 8;

const HEADER = new RegExp(
  `^bearer (${MARK}[0-9A-Za-z]{${SECRET_LENGTH}})([0-9A-Za-z]{${CHECKSUM_LENGTH}})$`,
  'i',
);

const checksumOf = (text: string): string => {
  let rest = crc32(text);
  let digits = '';
  while (digits.length < CHECKSUM_LENGTH) {
    digits = ALPHABET.charAt(rest % ALPHABET.length) + digits;
    rest = Math.floor(rest / ALPHABET.length);
  }
  return digits;
};

/** The SHA-256 of a key: what is stored and looked up. The key is too random to be guessed. */
const hashOf = (key: string): string => hash('sha256', key, 'base64url');

/** Makes a key: a mark, a random secret and a checksum, by which mistyped keys are rejected. */
export const createKey = () => {
  const digits = Array.from({ length: SECRET_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]);
  const text = MARK + digits.join('');
  const key = text + checksumOf(text);
  return { key, keyHash: hashOf(key), prefix: key.slice(0, VISIBLE_LENGTH) };
};

/** The hash of the key in an `Authorization` header; undefined for anything else than a key. */
export const keyHashIn = (authorization: string | undefined): string | undefined => {
  const [, text, checksum] = HEADER.exec(authorization ?? '') ?? [];
  if (text === undefined || checksum !== checksumOf(text)) return undefined;
  return hashOf(text + checksum);
};
