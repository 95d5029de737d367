import { Type } from 'typebox';
import { AMOUNT_MAX, named } from '../contract/index.ts';
import {
  CHECKPOINT_LENGTH_MAX,
  ENTRY_LENGTH_MAX,
  HASHES_MAX,
  HASH_PATTERN,
} from '../receipt/index.ts';

export const Hash = Type.String({
  pattern: HASH_PATTERN,
  description: 'a SHA-256 hash in base64',
});

export const LeafIndex = Type.Integer({
  minimum: 0,
  maximum: AMOUNT_MAX,
  description: 'the number of a leaf; the first is 0',
});

/** An event with the proof that the log has it: whoever has the log's key can check a receipt. */
export const Receipt = named('Receipt', {
  format: Type.Literal('moa.receipt.v1'),
  entry: Type.String({
    maxLength: ENTRY_LENGTH_MAX,
    description: 'the event `order.paid.v1` as the log records it: JSON, whose bytes are the leaf',
  }),
  leafIndex: LeafIndex,
  hashes: Type.Array(Hash, {
    maxItems: HASHES_MAX,
    description: 'the inclusion proof (RFC 9162 §2.1.3), from the leaf to the root',
  }),
  checkpoint: Type.String({
    maxLength: CHECKPOINT_LENGTH_MAX,
    description: 'the signed size and root of the tree (c2sp.org/tlog-checkpoint)',
  }),
});

export type Receipt = Type.Static<typeof Receipt>;

/** The receipt as a proof of c2sp.org/tlog-proof; the entry is its extra data. */
export const toTlogProof = ({ entry, leafIndex, hashes, checkpoint }: Receipt): string =>
  [
    'c2sp.org/tlog-proof@v1',
    `extra ${Buffer.from(entry).toString('base64')}`,
    `index ${leafIndex}`,
    ...hashes,
    '',
    checkpoint,
  ].join('\n');
