import { lock, type Rows } from './commit/index.ts';
import { newId } from './database/ids.ts';
import type { ProductCreated } from './catalog/index.ts';
import type { Event } from './journal/index.ts';
import type { OrderEvent } from './order/index.ts';
import { wallets } from './wallet/index.ts';

type OrderPaid = Extract<OrderEvent, { type: 'order.paid.v1' }>;

/** A product's name and a quantity. */
type SampleItem = readonly [name: string, quantity: number];

/** The sample customers who have bought already, and their orders. */
const BUYERS: Readonly<Record<string, readonly (readonly SampleItem[])[]>> = {
  'sample-minji': [
    [
      ['아메리카노', 6],
      ['소금빵', 5],
    ],
    [
      ['약과', 4],
      ['한정판 포토카드', 2],
    ],
    [['카페라떼', 4]],
  ],
  'sample-junho': [
    [
      ['아메리카노', 9],
      ['카페라떼', 5],
    ],
    [
      ['축제 입장권 1일권', 4],
      ['한정판 포토카드', 4],
    ],
  ],
  'sample-soyeon': [
    [
      ['소금빵', 7],
      ['유자차', 2],
    ],
    [
      ['모아 텀블러 500ml', 1],
      ['아메리카노', 4],
    ],
    [['무선 이어폰', 1]],
  ],
  'sample-alex': [
    [
      ['약과', 6],
      ['카페라떼', 5],
    ],
    [
      ['소금빵', 5],
      ['원두 200g 하우스 블렌드', 2],
      ['축제 입장권 1일권', 3],
    ],
  ],
};

const BUYER_IDS = Object.keys(BUYERS);
/** Charges are multiples of this amount. */
const CHARGE_STEP = 50_000;

export interface Sale {
  readonly userId: string;
  /** The balance before the orders. */
  readonly charge: number;
  readonly orders: readonly Omit<OrderPaid['data'], 'createdAt' | 'paidAt'>[];
}

/**
 * The orders of the sample customers for these new products, within the maximum balance: a customer
 * who could not pay all of them buys nothing.
 */
export const planSales = (
  products: readonly ProductCreated[],
  { currency, balanceMax }: { readonly currency: string; readonly balanceMax: number },
): readonly Sale[] => {
  const byName = new Map(products.map(({ data }) => [data.name, data]));
  const lineOf = ([name, quantity]: SampleItem) => {
    const product = byName.get(name);
    if (product === undefined) throw new Error(`no sample product is called ${name}`);
    const { productId, price: unitPrice } = product;
    return { productId, name, quantity, unitPrice, lineTotal: quantity * unitPrice };
  };
  const sales = BUYER_IDS.map((userId): Sale => {
    const orders = BUYERS[userId]!.map((order) => {
      const items = order.map(lineOf);
      return { orderId: newId(), userId, items, total: sum(items, 'lineTotal'), currency };
    });
    const charge = Math.ceil(sum(orders, 'total') / CHARGE_STEP) * CHARGE_STEP;
    return { userId, charge, orders };
  });
  return sales.filter(({ charge }) => charge <= balanceMax);
};

const sum = <Key extends string>(rows: readonly Readonly<Record<Key, number>>[], key: Key) =>
  rows.reduce((total, row) => total + row[key], 0);

/** The lock of the sample customers' wallets. */
export const lockBuyers = lock(wallets, BUYER_IDS);

/** The events of the sales at this time; a customer who has a wallet already buys nothing. */
export const eventsOfSales = (sales: readonly Sale[], rows: Rows, time: Date): Event[] => {
  const now = time.toISOString();
  return sales.flatMap(({ userId, charge, orders }): Event[] => {
    if (rows.get(wallets, userId) !== undefined) return [];
    return [
      ...openedWith(userId, charge),
      ...orders.map((order): OrderPaid => {
        const data = { ...order, createdAt: now, paidAt: now };
        return { type: 'order.paid.v1', subject: order.orderId, data };
      }),
    ];
  });
};

/** The events of a new wallet with this balance. */
export const openedWith = (userId: string, amount: number): Event[] => [
  { type: 'wallet.opened.v1', subject: userId, data: { userId } },
  {
    type: 'wallet.charged.v1',
    subject: userId,
    data: { userId, chargeId: newId(), amount, balance: amount },
  },
];
