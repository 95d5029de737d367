import { Type } from 'typebox';
import { Value } from 'typebox/value';
import { AMOUNT_MAX, Timestamp, UserId, Uuid, named } from '../contract/index.ts';
import { decodeBase64 } from './base64.ts';
import { openCheckpoint } from './checkpoint.ts';
import { leafHash, rootOfInclusion } from './merkle.ts';
import type { Verifier } from './note.ts';

export const Hash = Type.String({
  pattern: '^[A-Za-z0-9+/]{43}=$',
  description: 'a SHA-256 hash in base64',
});

export const LeafIndex = Type.Integer({
  minimum: 0,
  maximum: AMOUNT_MAX,
  description: 'the number of a leaf; the first is 0',
});

/** A tree of the largest size has proofs of as many hashes. */
const HASHES_MAX = 53;
/** An event of an order with every line and every field of the longest length. */
const ENTRY_LENGTH_MAX = 4_000_000;
const CHECKPOINT_LENGTH_MAX = 100_000;

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

/** The members of the event that a receipt names; later versions may add some. */
const PaidEvent = Type.Object({
  id: Uuid,
  type: Type.Literal('order.paid.v1'),
  subject: Uuid,
  time: Timestamp,
  data: Type.Object({
    orderId: Uuid,
    userId: UserId,
    items: Type.Array(
      Type.Object({
        name: Type.String(),
        quantity: Type.Integer(),
        unitPrice: Type.Integer(),
        lineTotal: Type.Integer(),
      }),
    ),
    total: Type.Integer(),
    currency: Type.String(),
  }),
});

type PaidEvent = Type.Static<typeof PaidEvent>;

export type Verdict =
  | {
      readonly kind: 'genuine';
      readonly event: PaidEvent;
      readonly origin: string;
      readonly treeSize: number;
    }
  | { readonly kind: 'rejected'; readonly reason: string };

const rejected = (reason: string): Verdict => ({ kind: 'rejected', reason });

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const TLOG_PROOF =
  /^c2sp\.org\/tlog-proof@v1\nextra (\S+)\nindex (0|[1-9][0-9]{0,15})\n((?:\S+\n)*)\n([^]+)$/;

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

/** The receipt in a file, in either form; undefined if the file has none. */
export const parseReceipt = (file: string): Receipt | undefined => {
  const [, extra, index, hashes = '', checkpoint] = TLOG_PROOF.exec(file) ?? [];
  if (extra === undefined) {
    const parsed = parseJson(file);
    return Value.Check(Receipt, parsed) ? parsed : undefined;
  }
  const receipt = {
    format: 'moa.receipt.v1',
    entry: decodeBase64(extra)?.toString(),
    leafIndex: Number(index),
    hashes: hashes.split('\n').slice(0, -1),
    checkpoint,
  };
  return Value.Check(Receipt, receipt) ? receipt : undefined;
};

/**
 * Checks a receipt with nothing but the log's key. Reasons in order: no receipt, a checkpoint that
 * the key has not signed, an event that the signed tree does not have, an event of another type.
 */
export const verifyReceipt = (file: string, verifier: Verifier): Verdict => {
  const receipt = parseReceipt(file);
  if (receipt === undefined) return rejected('the file is not a receipt');
  const checkpoint = openCheckpoint(receipt.checkpoint, verifier);
  if (checkpoint === undefined) {
    return rejected(`the checkpoint is not signed by the key ${verifier.text}`);
  }
  const hashes = receipt.hashes.map((text) => decodeBase64(text) ?? Buffer.alloc(0));
  const place = { leaf: receipt.leafIndex, size: checkpoint.size };
  const root = rootOfInclusion(place, leafHash(Buffer.from(receipt.entry)), hashes);
  if (root?.equals(checkpoint.root) !== true) {
    return rejected('the signed log does not have this event at this place');
  }
  const event = parseJson(receipt.entry);
  if (!Value.Check(PaidEvent, event)) return rejected('the event is not the payment of an order');
  return { kind: 'genuine', event, origin: checkpoint.origin, treeSize: checkpoint.size };
};
