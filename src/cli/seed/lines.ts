import { descriptions, products, type Description, type Product } from '../../catalog/index.ts';
import type { RecordedEvent } from '../../journal/index.ts';
import { buyers, orders, type Buyer, type Order } from '../../order/index.ts';
import { transfers, wallets, type Transfer, type Wallet } from '../../wallet/index.ts';
import { jsonField, textField, timeField } from './copy.ts';

/** How COPY takes the rows of a table. Ids and words from a list need no care. */
interface LineFormat<Row> {
  readonly columns: string;
  readonly line: (row: Row) => string;
}

const walletLines: LineFormat<Wallet> = {
  columns: 'user_id, balance, entry_count, created_at, updated_at',
  line: (row) =>
    `${row.userId}\t${row.balance}\t${row.entryCount}\t${timeField(row.createdAt)}\t` +
    `${timeField(row.updatedAt)}\n`,
};

const transferLines: LineFormat<Transfer> = {
  columns: 'user_id, number, transfer_id, kind, amount, balance_after, reference, created_at',
  line: (row) =>
    `${row.userId}\t${row.number}\t${row.transferId}\t${row.kind}\t${row.amount}\t` +
    `${row.balanceAfter}\t${row.reference}\t${timeField(row.createdAt)}\n`,
};

const productLines: LineFormat<Product> = {
  columns: 'product_id, name, price, status, on_hand, reserved, created_at, updated_at',
  line: (row) =>
    `${row.productId}\t${textField(row.name)}\t${row.price}\t${row.status}\t${row.onHand}\t` +
    `${row.reserved}\t${timeField(row.createdAt)}\t${timeField(row.updatedAt)}\n`,
};

const descriptionLines: LineFormat<Description> = {
  columns: 'product_id, description, image_url',
  line: (row) =>
    `${row.productId}\t${textField(row.description)}\t` +
    `${row.imageUrl === null ? '\\N' : textField(row.imageUrl)}\n`,
};

const orderLines: LineFormat<Order> = {
  columns:
    'order_id, user_id, status, lines, total, refunded_total, created_at, expires_at, paid_at',
  line: (row) =>
    `${row.orderId}\t${row.userId}\t${row.status}\t${jsonField(row.lines)}\t${row.total}\t` +
    `${row.refundedTotal}\t${timeField(row.createdAt)}\t${timeField(row.expiresAt)}\t` +
    `${timeField(row.paidAt)}\n`,
};

const buyerLines: LineFormat<Buyer> = {
  columns: 'user_id, pending_orders',
  line: (row) => `${row.userId}\t${row.pendingOrders}\n`,
};

const eventLines: LineFormat<RecordedEvent> = {
  columns: 'event_id, type, subject, time, data',
  line: (row) =>
    `${row.eventId}\t${row.type}\t${row.subject}\t${timeField(row.time)}\t` +
    `${jsonField(row.data)}\n`,
};

/** The format of each table that a history fills, by the table's name. */
export const LINES: ReadonlyMap<string, LineFormat<never>> = new Map<string, LineFormat<never>>([
  [wallets.name, walletLines],
  [transfers.name, transferLines],
  [products.name, productLines],
  [descriptions.name, descriptionLines],
  [orders.name, orderLines],
  [buyers.name, buyerLines],
  ['journal.events', eventLines],
]);
