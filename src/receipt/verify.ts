import { decodeBase64, isSame, toUtf8 } from './bytes.ts';
import { openCheckpoint } from './checkpoint.ts';
import { hashLeaf } from './hashing.ts';
import { rootOfInclusion } from './inclusion.ts';
import { parsePaidEvent, type PaidEvent } from './paid-event.ts';
import { parseReceipt } from './parse.ts';
import type { Verifier } from './verifier.ts';

/** Why a receipt is rejected, in the order of the checks. */
export type Fault = 'not_a_receipt' | 'not_signed' | 'not_included' | 'not_a_payment';

export type Verdict =
  | {
      readonly kind: 'genuine';
      readonly event: PaidEvent;
      readonly origin: string;
      readonly treeSize: number;
    }
  | { readonly kind: 'rejected'; readonly fault: Fault };

const rejected = (fault: Fault): Verdict => ({ kind: 'rejected', fault });

/**
 * Checks a receipt with nothing but the log's key, in a browser as on the command line. Faults in
 * order: no receipt, a checkpoint that the key has not signed, an event that the signed tree does
 * not have, an event of another type.
 */
export const verifyReceipt = async (file: string, verifier: Verifier): Promise<Verdict> => {
  const receipt = parseReceipt(file);
  if (receipt === undefined) return rejected('not_a_receipt');
  const checkpoint = await openCheckpoint(receipt.checkpoint, verifier);
  if (checkpoint === undefined) return rejected('not_signed');
  const hashes = receipt.hashes.map((text) => decodeBase64(text) ?? new Uint8Array());
  const place = { leaf: receipt.leafIndex, size: checkpoint.size };
  const root = await rootOfInclusion(place, await hashLeaf(toUtf8(receipt.entry)), hashes);
  if (root === undefined || !isSame(root, checkpoint.root)) return rejected('not_included');
  const event = parsePaidEvent(receipt.entry);
  if (event === undefined) return rejected('not_a_payment');
  return { kind: 'genuine', event, origin: checkpoint.origin, treeSize: checkpoint.size };
};
