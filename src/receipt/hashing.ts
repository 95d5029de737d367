import { concat, type Bytes } from './bytes.ts';

/** The length of a SHA-256 hash. */
export const HASH_BYTES = 32;

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** The SHA-256 hash, by Web Crypto: Node.js and browsers have it, the latter on secure pages. */
export const sha256 = async (bytes: Bytes): Promise<Bytes> =>
  new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', bytes));

/** The hash of a leaf (RFC 9162 §2.1.1). */
export const hashLeaf = (entry: Uint8Array): Promise<Bytes> => sha256(concat(LEAF, entry));

/** The hash of a node with two children (RFC 9162 §2.1.1). */
export const hashNode = (left: Uint8Array, right: Uint8Array): Promise<Bytes> =>
  sha256(concat(NODE, left, right));
