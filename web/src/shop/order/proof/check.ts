import type { Order } from '@moa-commerce/client';
import {
  findMissing,
  parseVerifierKey,
  verifyReceipt,
  type Fault,
  type Verdict,
} from '../../../../../src/receipt/index.ts';
import type { KeptKey } from './kept-key.ts';

/** The members of an order that its receipt must have. */
export type Bought = Pick<Order, 'orderId' | 'userId' | 'total' | 'currency'>;

type Genuine = Verdict & { readonly kind: 'genuine' };

export type Outcome =
  | { readonly kind: 'missing'; readonly what: 'web_crypto' | 'ed25519' }
  | { readonly kind: 'rejected'; readonly fault: Fault | 'another_order' | 'unreadable_key' }
  | {
      readonly kind: 'proven';
      readonly verdict: Genuine;
      readonly file: string;
      readonly key: { readonly text: string; readonly fingerprint: string };
      readonly kept: KeptKey;
    };

/** Whether a receipt is that of the order that the page shows. */
const isOf = ({ event: { data } }: Genuine, order: Bought): boolean =>
  data.orderId === order.orderId &&
  data.userId === order.userId &&
  data.total === order.total &&
  data.currency === order.currency;

/** Verifies the receipt of an order, in a file, with a verifier key. */
export const checkFile = async (
  file: string,
  verifierKey: string,
  order: Bought,
): Promise<Exclude<Outcome, { kind: 'proven' }> | Omit<Outcome & { kind: 'proven' }, 'kept'>> => {
  const what = await findMissing();
  if (what !== undefined) return { kind: 'missing', what };
  const verifier = await parseVerifierKey(verifierKey);
  if (verifier === undefined) return { kind: 'rejected', fault: 'unreadable_key' };
  const verdict = await verifyReceipt(file, verifier);
  if (verdict.kind === 'rejected') return verdict;
  if (!isOf(verdict, order)) return { kind: 'rejected', fault: 'another_order' };
  const { text, fingerprint } = verifier;
  return { kind: 'proven', verdict, file, key: { text, fingerprint } };
};
