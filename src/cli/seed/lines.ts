import { journal, type RecordedEvent } from '../../journal/index.ts';
import { TABLES_AND_LOGS, type RowOf, type TableName } from '../../shop/index.ts';
import { jsonField, textField, timeField } from './copy.ts';

/** COPY's format of the rows of a table. */
export interface LineFormat {
  /** The table and its columns, as SQL names them. */
  readonly target: string;
  readonly lineOf: (row: unknown) => string;
}

interface Format<Row> {
  readonly columns: string;
  readonly lineOf: (row: Row) => string;
}

/** A history has no carts and no SKUs. */
type Written = Exclude<TableName, 'carts' | 'skus'>;

/**
 * The format of each table that a history fills. Ids and words from a list need no escapes for
 * COPY.
 */
const FORMATS: { readonly [Name in Written]: Format<RowOf<Name>> } & {
  readonly journal: Format<RecordedEvent>;
} = {
  wallets: {
    columns: 'user_id, balance, entry_count, created_at, updated_at',
    lineOf: ({ userId, balance, entryCount, createdAt, updatedAt }) =>
      `${userId}\t${balance}\t${entryCount}\t${timeField(createdAt)}\t${timeField(updatedAt)}\n`,
  },
  transfers: {
    columns: 'user_id, number, transfer_id, kind, amount, balance_after, reference, created_at',
    lineOf: (row) =>
      `${row.userId}\t${row.number}\t${row.transferId}\t${row.kind}\t${row.amount}\t` +
      `${row.balanceAfter}\t${row.reference}\t${timeField(row.createdAt)}\n`,
  },
  products: {
    columns: 'product_id, name, price, status, on_hand, reserved, created_at, updated_at',
    lineOf: (row) =>
      `${row.productId}\t${textField(row.name)}\t${row.price}\t${row.status}\t${row.onHand}\t` +
      `${row.reserved}\t${timeField(row.createdAt)}\t${timeField(row.updatedAt)}\n`,
  },
  descriptions: {
    columns: 'product_id, description, image_url',
    lineOf: ({ productId, description, imageUrl }) =>
      `${productId}\t${textField(description)}\t${imageUrl === null ? '\\N' : textField(imageUrl)}\n`,
  },
  orders: {
    columns:
      'order_id, user_id, status, lines, total, refunded_total, created_at, expires_at, paid_at, ' +
      'metadata',
    lineOf: (row) =>
      `${row.orderId}\t${row.userId}\t${row.status}\t${jsonField(row.lines)}\t${row.total}\t` +
      `${row.refundedTotal}\t${timeField(row.createdAt)}\t${timeField(row.expiresAt)}\t` +
      `${timeField(row.paidAt)}\t${row.metadata === null ? '\\N' : jsonField(row.metadata)}\n`,
  },
  buyers: {
    columns: 'user_id, pending_orders',
    lineOf: ({ userId, pendingOrders }) => `${userId}\t${pendingOrders}\n`,
  },
  journal: {
    columns: 'event_id, type, subject, time, data',
    lineOf: ({ eventId, type, subject, time, data }) =>
      `${eventId}\t${type}\t${subject}\t${timeField(time)}\t${jsonField(data)}\n`,
  },
};

const NAMED: Readonly<Record<string, { readonly name: string }>> = { ...TABLES_AND_LOGS, journal };

/** The format of each table, by the table's name. */
export const LINES: ReadonlyMap<string, LineFormat> = new Map(
  Object.entries(FORMATS).map(([key, { columns, lineOf }]) => {
    const { name } = NAMED[key]!;
    return [name, { target: `${name} (${columns})`, lineOf: lineOf as LineFormat['lineOf'] }];
  }),
);
