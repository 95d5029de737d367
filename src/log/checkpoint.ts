import type { TreeHead } from './merkle.ts';
import type { Signer } from './note.ts';

/** The signed checkpoint (c2sp.org/tlog-checkpoint) of a tree; the signer's name is its origin. */
export const signCheckpoint = ({ verifier, sign }: Signer, { size, root }: TreeHead): string =>
  sign(`${verifier.name}\n${size}\n${Buffer.from(root).toString('base64')}\n`);
