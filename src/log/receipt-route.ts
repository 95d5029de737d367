import {
  Uuid,
  defineRoute,
  isHidden,
  ok,
  problem,
  strictObject,
  type OrderStatus,
  type Reply,
  type Route,
} from '../contract/index.ts';
import type { Queryable } from '../database/statement.ts';
import type { JournalReader, Subscriber } from '../journal/index.ts';
import { inclusionSpans } from './merkle.ts';
import { findPaymentOf, isLogged, type LoggedPayment, type Payment } from './payment.ts';
import { findOrder, type FindCheckpointRow } from './queries.gen.ts';
import { readHashes } from './read-tiles.ts';
import { Receipt, toTlogProof } from './receipt.ts';

/** How long to wait for transactions that began before the call: longer than a healthy one. */
const TRANSACTIONS_MS = 300;
/** How long a receipt waits for its event to be appended: less than its caller waits. */
const APPENDING_MS = 3_000;
const TEXT = 'text/plain';

interface Receipts {
  readonly db: Queryable;
  readonly readCheckpoint: () => Promise<FindCheckpointRow>;
  readonly reader: Pick<JournalReader, 'findEnd'>;
  readonly appending: Pick<Subscriber, 'catchUp'>;
}

/** The payment with its leaf; appends a payment that was just made. Undefined after the wait. */
const findLogged = async (
  { db, reader, appending }: Receipts,
  payment: Payment,
): Promise<LoggedPayment | undefined> => {
  const found = await findPaymentOf(db, payment);
  if (isLogged(found)) return found;
  const end = await reader.findEnd({ patienceMs: TRANSACTIONS_MS });
  if (end === undefined || !(await appending.catchUp(end, APPENDING_MS))) return undefined;
  const appended = await findPaymentOf(db, payment);
  return isLogged(appended) ? appended : undefined;
};

/** A receipt of a paid order: the event of its payment and the proof that the log has the event. */
export const receiptRoute = (receipts: Receipts): Route =>
  defineRoute({
    method: 'GET',
    path: '/v1/orders/:orderId/receipt',
    operation: 'getReceipt',
    summary: 'Read the receipt of a paid order, which anybody with the key of the log can check',
    description:
      'The event of the payment, the proof that the transparency log has the event, and the ' +
      'signed checkpoint. As text it is a proof of c2sp.org/tlog-proof with the event as extra data.',
    tag: 'Orders',
    access: ['customer', 'staff', 'service'],
    params: strictObject({ orderId: Uuid }),
    answers: { 200: Receipt },
    mediaTypes: [TEXT],
    problems: ['order_not_found', 'order_not_paid'],
    handle: async ({ params: { orderId }, caller, mediaType }): Promise<Reply> => {
      const { db, readCheckpoint } = receipts;
      const order = await findOrder(db, { orderId });
      if (order === undefined || isHidden(caller, order.userId)) {
        return problem({ code: 'order_not_found' });
      }
      const { paidAt, status } = order;
      if (paidAt === null) {
        const orderStatus = status as OrderStatus;
        return problem({ code: 'order_not_paid', members: { orderStatus } });
      }
      const payment = await findLogged(receipts, { paidAt, subject: orderId });
      if (payment === undefined) return problem({ code: 'overloaded' });
      const { leafIndex, entry } = payment;
      const { treeSize, note: checkpoint } = await readCheckpoint();
      const hashes = await readHashes(db, inclusionSpans(leafIndex, treeSize));
      const receipt: Receipt = {
        format: 'moa.receipt.v1',
        entry,
        leafIndex,
        hashes: hashes.map((hash) => hash.toString('base64')),
        checkpoint,
      };
      if (mediaType !== TEXT) return ok(receipt);
      return { kind: 'answer', status: 200, body: toTlogProof(receipt), mediaType: TEXT };
    },
  });
