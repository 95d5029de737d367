import { decodeBase64, type Bytes } from './bytes.ts';
import { HASH_BYTES } from './hashing.ts';
import type { Verifier } from './verifier.ts';

/** A tree head and the log that signed it. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Bytes;
}

/** What a checkpoint's text says (c2sp.org/tlog-checkpoint); undefined for another text. */
export const parseCheckpoint = (text: string): Checkpoint | undefined => {
  const [origin = '', size = '', encoded = ''] = text.split('\n');
  const root = decodeBase64(encoded);
  if (origin === '' || !/^(?:0|[1-9][0-9]{0,15})$/.test(size)) return undefined;
  return root?.length === HASH_BYTES && Number.isSafeInteger(Number(size))
    ? { origin, size: Number(size), root }
    : undefined;
};

/**
 * Reads a checkpoint; undefined unless the verifier's key signed it as the origin that it names.
 * Extension lines are ignored.
 */
export const openCheckpoint = async (
  note: string,
  verifier: Verifier,
): Promise<Checkpoint | undefined> => {
  const text = await verifier.open(note);
  const checkpoint = text === undefined ? undefined : parseCheckpoint(text);
  return checkpoint?.origin === verifier.name ? checkpoint : undefined;
};
