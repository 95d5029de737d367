import * as fc from 'fast-check';
import type { Queryable } from '../../src/database/statement.ts';
import type { Sales } from '../../src/bestseller/window.ts';
import type { Subscriber } from '../../src/journal/subscriber.ts';
import { waitUntil } from './wait.ts';

const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
export const HISTORY_DAYS = 29;

interface Line {
  readonly productId: string;
  readonly quantity: number;
  readonly unitPrice: number;
}

interface Refund {
  readonly productId: string;
  readonly quantity: number;
  readonly amount: number;
  readonly isWhole: boolean;
}

/** A paid order and its partial refunds, if any; times are milliseconds. */
export interface PaidOrder {
  readonly orderId: string;
  readonly paidAt: number;
  readonly lines: readonly Line[];
  readonly refunds: readonly { readonly at: number; readonly items: readonly Refund[] }[];
}

/** Few products and prices, so that many of them sell equally well. */
const PRODUCTS = 12;
const PRICES = [500, 1_000];

const idOf = (kind: 8 | 9, number: number): string =>
  `00000000-0000-7000-${kind}000-${number.toString(16).padStart(12, '0')}`;

/** Times near the edges of windows and days. */
const nearDays = (days: readonly number[], besideMs: number): fc.Arbitrary<number> =>
  fc
    .tuple(fc.constantFrom(...days), fc.integer({ min: -besideMs, max: besideMs }))
    .map(([day, beside]) => Math.max(0, day * DAY_MS + beside));

const refundDraft = fc.record({
  afterMs: fc.oneof(
    fc.nat({ max: 1_000 }),
    fc.nat({ max: 20 * DAY_MS }),
    nearDays([1, 3], HOUR_MS / 2),
  ),
  quantities: fc.array(fc.nat({ max: 3 }), { minLength: 3, maxLength: 3 }),
});

const draft = fc.record({
  atMs: fc.oneof(
    { weight: 9, arbitrary: fc.nat({ max: HISTORY_DAYS * DAY_MS }) },
    { weight: 1, arbitrary: nearDays([1, 2, 5, 6, 10, 11, 20], 1) },
  ),
  /** The order is paid in the millisecond of the previous order, or a few later. */
  followsByMs: fc.oneof(
    { weight: 8, arbitrary: fc.constant(undefined) },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 2 }) },
  ),
  lines: fc.uniqueArray(
    fc.record({
      product: fc.nat({ max: PRODUCTS - 1 }),
      quantity: fc.integer({ min: 1, max: 3 }),
      unitPrice: fc.constantFrom(...PRICES),
    }),
    { minLength: 1, maxLength: 3, selector: ({ product }) => product },
  ),
  refunds: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(refundDraft, { minLength: 1, maxLength: 2 }) },
  ),
});

interface Draft {
  readonly lines: readonly { product: number; quantity: number; unitPrice: number }[];
  readonly refunds: readonly { afterMs: number; quantities: number[] }[];
}

/** Orders of the days from a time on. */
export const historyOf = (beginsAt: number, orders: number): fc.Arbitrary<PaidOrder[]> =>
  fc.array(draft, { minLength: orders, maxLength: orders }).map((drafts) => {
    let last = beginsAt;
    return drafts.map((each, index) => {
      last = each.followsByMs === undefined ? beginsAt + each.atMs : last + each.followsByMs;
      return orderOf(index, last, each);
    });
  });

const orderOf = (index: number, paidAt: number, { lines, refunds }: Draft): PaidOrder => {
  const left = lines.map(({ quantity }) => quantity);
  const refund = (quantities: readonly number[]): Refund[] =>
    lines.flatMap(({ product, unitPrice }, line) => {
      const quantity = Math.min(left[line]!, quantities[line]!);
      left[line]! -= quantity;
      const item = { productId: idOf(8, product), quantity, amount: quantity * unitPrice };
      return quantity === 0 ? [] : [{ ...item, isWhole: left[line] === 0 }];
    });
  return {
    orderId: idOf(9, index),
    paidAt,
    lines: lines.map(({ product, ...line }) => ({ ...line, productId: idOf(8, product) })),
    refunds: refunds
      .map(({ afterMs, quantities }) => ({ at: paidAt + afterMs, quantities }))
      .toSorted((a, b) => a.at - b.at)
      .map(({ at, quantities }) => ({ at, items: refund(quantities) }))
      .filter(({ items }) => items.length > 0),
  };
};

/** An event of the journal. */
export interface HistoryEvent {
  readonly type: string;
  readonly subject: string;
  readonly time: Date;
  readonly data: object;
}

/** The journal's events of these orders, in order of time. */
export const eventsOf = (orders: readonly PaidOrder[]): HistoryEvent[] =>
  orders
    .flatMap(({ orderId, paidAt, lines, refunds }) => {
      const paid = new Date(paidAt);
      const items = lines.map((line) => ({ ...line, lineTotal: line.quantity * line.unitPrice }));
      return [
        {
          type: 'order.paid.v1',
          subject: orderId,
          time: paid,
          data: { orderId, items, paidAt: paid },
        },
        ...refunds.map((refund) => ({
          type: 'order.refunded.v1',
          subject: orderId,
          time: new Date(refund.at),
          data: { orderId, items: refund.items, paidAt: paid },
        })),
      ];
    })
    .toSorted((a, b) => a.time.getTime() - b.time.getTime());

/** Writes events into the journal, in one transaction. */
export const writeEvents = async (
  db: Queryable,
  events: readonly HistoryEvent[],
): Promise<unknown> =>
  db.query({
    text: `insert into journal.events (event_id, type, subject, time, data)
      select gen_random_uuid(), e.type, e.subject, e.time, e.data
      from json_to_recordset($1) as e (type text, subject text, time timestamptz, data json)`,
    values: [JSON.stringify(events)],
  });

/**
 * Records all events of the journal. Waits while a transaction on the server delays the journal's
 * end; PostgreSQL's own autovacuum has such transactions.
 */
export const recordAll = (
  db: Queryable,
  recording: Pick<Subscriber, 'runOnce'>,
  cursor = 'best-sellers',
): Promise<void> =>
  waitUntil(async () => {
    while (await recording.runOnce());
    const { rowCount } = await db.query({
      text: `select from journal.cursors
        where
          name = $1
          and position >= (select coalesce(max(position), 0) from journal.events)`,
      values: [cursor],
    });
    return rowCount === 1;
  }, 'all events to be recorded');

/**
 * The best sellers by counting all orders paid in (`from`, `to`], minus their refunds until
 * `knownUntil`.
 */
export const countOrders = (
  orders: readonly PaidOrder[],
  { from, to, knownUntil }: { from: number; to: number; knownUntil: number },
): Sales[] => {
  const sums = new Map<string, { units: number; revenue: number; orders: number }>();
  for (const { paidAt, lines, refunds } of orders) {
    if (paidAt <= from || paidAt > to) continue;
    const refunded = refunds.flatMap(({ at, items }) => (at <= knownUntil ? items : []));
    for (const { productId, quantity, unitPrice } of lines) {
      const left = refunded
        .filter((item) => item.productId === productId)
        .reduce((units, item) => units - item.quantity, quantity);
      const sum = sums.get(productId) ?? { units: 0, revenue: 0, orders: 0 };
      sum.units += left;
      sum.revenue += left * unitPrice;
      sum.orders += left > 0 ? 1 : 0;
      sums.set(productId, sum);
    }
  }
  return [...sums]
    .filter(([, { units }]) => units > 0)
    .sort(
      ([idA, a], [idB, b]) => b.units - a.units || b.revenue - a.revenue || (idA < idB ? -1 : 1),
    )
    .map(([productId, sum]) => ({ ...sum, productId, revenue: BigInt(sum.revenue) }));
};
