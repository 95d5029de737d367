/** Bytes that Web Crypto takes. */
export type Bytes = Uint8Array<ArrayBuffer>;

const encoder = new TextEncoder();
// A byte order mark is part of a text that was hashed.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The UTF-8 bytes of a text. */
export const toUtf8 = (text: string): Bytes => encoder.encode(text);

/** The text of UTF-8 bytes; invalid sequences become U+FFFD. */
export const fromUtf8 = (bytes: Uint8Array): string => decoder.decode(bytes);

/** All bytes, one after the other. */
export const concat = (...parts: readonly Uint8Array[]): Bytes => {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
};

/** Whether both have the same bytes. They are public, so the time may depend on them. */
export const isSame = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, at) => byte === other[at]);

/** Each byte as two hexadecimal digits. */
export const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** The bytes in base64 (RFC 4648 §4), for the few bytes of hashes and keys. */
export const toBase64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes));

/** The bytes of a text in base64 (RFC 4648 §4) with its padding; undefined for another text. */
export const decodeBase64 = (text: string): Bytes | undefined => {
  try {
    const decoded = atob(text);
    // `atob` also takes spaces, missing padding and unused bits.
    if (btoa(decoded) !== text) return undefined;
    return Uint8Array.from(decoded, (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
};
