import { dataOf, moa } from '../../../api/moa.ts';
import { inBrowser } from '../../../api/storage.ts';
import { checkFile, type Bought, type Outcome } from './check.ts';
import { keepKey } from './kept-key.ts';

/** Reads the receipt of an order and the log's key, and verifies the receipt in this browser. */
export const checkReceipt = async (order: Bought): Promise<Outcome> => {
  const path = { orderId: order.orderId };
  const [receipt, { verifierKey }] = await Promise.all([
    dataOf(moa.calls.get('/v1/orders/{orderId}/receipt', { path })),
    dataOf(moa.calls.get('/v1/log/key', {})),
  ]);
  const outcome = await checkFile(JSON.stringify(receipt, null, 2), verifierKey, order);
  // Only a key that has verified something is kept.
  if (outcome.kind !== 'proven') return outcome;
  return { ...outcome, kept: keepKey(inBrowser, verifierKey, new Date()) };
};
