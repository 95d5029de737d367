import { decodeBase64 } from './base64.ts';
import { HASH_BYTES, type TreeHead } from './merkle.ts';
import type { Signer, Verifier } from './note.ts';

/** A tree head and the log that signed it. */
export interface Checkpoint extends TreeHead {
  readonly origin: string;
}

/** The signed checkpoint (c2sp.org/tlog-checkpoint) of a tree; the signer's name is its origin. */
export const signCheckpoint = ({ verifier, sign }: Signer, { size, root }: TreeHead): string =>
  sign(`${verifier.name}\n${size}\n${root.toString('base64')}\n`);

/**
 * Reads a checkpoint; undefined unless the verifier's key signed it as the origin that it names.
 * Extension lines are ignored.
 */
export const openCheckpoint = (note: string, verifier: Verifier): Checkpoint | undefined => {
  const text = verifier.open(note);
  if (text === undefined) return undefined;
  const [origin, size = '', encoded = ''] = text.split('\n');
  const root = decodeBase64(encoded);
  const isWhole =
    origin === verifier.name &&
    /^(?:0|[1-9][0-9]{0,15})$/.test(size) &&
    root?.length === HASH_BYTES;
  return isWhole && Number.isSafeInteger(Number(size))
    ? { origin, size: Number(size), root }
    : undefined;
};
