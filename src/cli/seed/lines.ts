import { descriptions, products } from '../../catalog/index.ts';
import type { Log, Table } from '../../commit/index.ts';
import { journal } from '../../journal/index.ts';
import { buyers, orders } from '../../order/index.ts';
import { transfers, wallets } from '../../wallet/index.ts';
import { jsonField, textField, timeField } from './copy.ts';

/** How COPY takes the rows of a table. */
export interface LineFormat {
  /** The table and its columns, as SQL names them. */
  readonly target: string;
  readonly lineOf: (row: unknown) => string;
}

/** All rows of such a table have the type that its own module gives them. */
const format = <Row>(
  { name }: Table<Row> | Log<Row>,
  columns: string,
  lineOf: (row: Row) => string,
): [string, LineFormat] => [
  name,
  { target: `${name} (${columns})`, lineOf: lineOf as (row: unknown) => string },
];

/**
 * The format of each table that a history fills, by the table's name. Ids and words from a list
 * hold nothing that COPY reads as something else.
 */
export const LINES: ReadonlyMap<string, LineFormat> = new Map([
  format(
    wallets,
    'user_id, balance, entry_count, created_at, updated_at',
    ({ userId, balance, entryCount, createdAt, updatedAt }) =>
      `${userId}\t${balance}\t${entryCount}\t${timeField(createdAt)}\t${timeField(updatedAt)}\n`,
  ),
  format(
    transfers,
    'user_id, number, transfer_id, kind, amount, balance_after, reference, created_at',
    (row) =>
      `${row.userId}\t${row.number}\t${row.transferId}\t${row.kind}\t${row.amount}\t` +
      `${row.balanceAfter}\t${row.reference}\t${timeField(row.createdAt)}\n`,
  ),
  format(
    products,
    'product_id, name, price, status, on_hand, reserved, created_at, updated_at',
    (row) =>
      `${row.productId}\t${textField(row.name)}\t${row.price}\t${row.status}\t${row.onHand}\t` +
      `${row.reserved}\t${timeField(row.createdAt)}\t${timeField(row.updatedAt)}\n`,
  ),
  format(
    descriptions,
    'product_id, description, image_url',
    ({ productId, description, imageUrl }) =>
      `${productId}\t${textField(description)}\t${imageUrl === null ? '\\N' : textField(imageUrl)}\n`,
  ),
  format(
    orders,
    'order_id, user_id, status, lines, total, refunded_total, created_at, expires_at, paid_at',
    (row) =>
      `${row.orderId}\t${row.userId}\t${row.status}\t${jsonField(row.lines)}\t${row.total}\t` +
      `${row.refundedTotal}\t${timeField(row.createdAt)}\t${timeField(row.expiresAt)}\t` +
      `${timeField(row.paidAt)}\n`,
  ),
  format(
    buyers,
    'user_id, pending_orders',
    ({ userId, pendingOrders }) => `${userId}\t${pendingOrders}\n`,
  ),
  format(
    journal,
    'event_id, type, subject, time, data',
    ({ eventId, type, subject, time, data }) =>
      `${eventId}\t${type}\t${subject}\t${timeField(time)}\t${jsonField(data)}\n`,
  ),
]);
