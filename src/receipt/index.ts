/**
 * Verifies receipts with Web Crypto alone. The command line and the pages of the shop use this same
 * code, so nothing here may import modules of Node.js.
 */
export { decodeBase64, isSame, type Bytes } from './bytes.ts';
export { openCheckpoint, parseCheckpoint } from './checkpoint.ts';
export { HASH_BYTES, hashLeaf } from './hashing.ts';
export { isOdd, rootOfInclusion, up, upToRight, type Nodes } from './inclusion.ts';
export {
  CHECKPOINT_LENGTH_MAX,
  ENTRY_LENGTH_MAX,
  HASHES_MAX,
  HASH_PATTERN,
  parseReceipt,
} from './parse.ts';
export {
  findMissing,
  keyIdSource,
  parseVerifierKey,
  taggedKey,
  type Verifier,
} from './verifier.ts';
export { verifyReceipt, type Fault, type Verdict } from './verify.ts';
