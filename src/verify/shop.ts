import type { Call, Calls } from './calls.ts';
import { VerifyFault } from './fault.ts';
import type { Ledger, OrderBody } from './ledger.ts';

export interface Item {
  readonly productId: string;
  readonly quantity: number;
}

export interface Product {
  readonly productId: string;
  readonly price: number;
  readonly stock: number;
}

/** The calls of the workloads, each with what it records in the client's ledger. */
export const createCallsOf = (ledger: Ledger) => ({
  charge: (key: string, userId: string, amount: number): Call => ({
    operation: 'charge',
    key,
    path: `/v1/users/${userId}/wallet/charges`,
    body: { amount },
    refusals: ['balance_limit_exceeded'],
    record: (body) => ledger.charged(key, body),
  }),
  withdraw: (key: string, userId: string, amount: number): Call => ({
    operation: 'withdrawal',
    key,
    path: `/v1/users/${userId}/wallet/withdrawals`,
    body: { amount },
    refusals: ['insufficient_balance'],
    record: (body) => ledger.withdrawn(key, body),
  }),
  checkOut: (key: string, userId: string, items: readonly Item[]): Call => ({
    operation: 'checkout',
    key,
    path: '/v1/checkout',
    body: { userId, items },
    refusals: ['insufficient_balance', 'insufficient_stock'],
    record: (body) => ledger.checkedOut(key, body),
  }),
  place: (key: string, userId: string, items: readonly Item[]): Call => ({
    operation: 'placement',
    key,
    path: '/v1/orders',
    body: { userId, items },
    refusals: ['insufficient_stock', 'too_many_pending_orders'],
    record: (body) => ledger.placed(key, body),
  }),
  pay: (key: string, { orderId }: Pick<OrderBody, 'orderId'>): Call => ({
    operation: 'payment',
    key,
    path: `/v1/orders/${orderId}/payment`,
    body: {},
    refusals: ['insufficient_balance', 'order_not_pending'],
    record: (body) => ledger.paid(key, body),
  }),
  cancel: (key: string, { orderId }: Pick<OrderBody, 'orderId'>): Call => ({
    operation: 'cancellation',
    key,
    path: `/v1/orders/${orderId}/cancellation`,
    body: {},
    // A payment whose answer was lost may come first.
    refusals: ['order_not_pending'],
    record: (body) => ledger.cancelled(key, body),
  }),
  /** At most once for each order, or another refund may exceed what is left. */
  refund: (
    key: string,
    { orderId, userId }: OrderBody,
    items: readonly Item[] | undefined,
    restock: boolean,
  ): Call => ({
    operation: 'refund',
    key,
    path: `/v1/orders/${orderId}/refunds`,
    body: { restock, ...(items === undefined ? {} : { items }) },
    refusals: [],
    record: (body) => ledger.refunded(key, userId, restock, body),
  }),
  create: (key: string, product: Omit<Product, 'productId'>): Call => ({
    operation: 'product',
    key,
    path: '/v1/products',
    body: { name: key, ...product },
    refusals: [],
    record: (body) => ledger.created(body),
  }),
});

export type CallsOf = ReturnType<typeof createCallsOf>;

/** Creates a product; throws `VerifyFault` if it is refused. */
export const createProduct = async (
  calls: Calls,
  callsOf: CallsOf,
  { key, price, stock }: { key: string; price: number; stock: number },
): Promise<Product> => {
  const created = await calls.settle(callsOf.create(key, { price, stock }));
  if (created.kind === 'refused') throw new VerifyFault(`a product is refused: ${created.code}`);
  return JSON.parse(created.text) as Product;
};

/** The customers whose money moves, and those who race for a product. */
export const CUSTOMERS = Array.from({ length: 12 }, (_, index) => `wallet-${index + 1}`);
export const RACERS = Array.from({ length: 16 }, (_, index) => `racer-${index + 1}`);

/** The prices of the products that never sell out. */
const PRICES = [10, 90, 250, 700, 1_300];
const PLENTY = 1_000_000_000;
/** Enough for a day of races. */
const RACER_BALANCE = 1_000_000_000;
const CUSTOMER_BALANCE = 20_000;

/** Registers and charges the customers and creates the products that never sell out. */
export const openShop = async (calls: Calls, callsOf: CallsOf): Promise<readonly Product[]> => {
  const open = async (userId: string, amount: number): Promise<void> => {
    await calls.register(userId);
    await calls.settle(callsOf.charge(`first-charge-${userId}`, userId, amount));
  };
  await Promise.all([
    ...CUSTOMERS.map((userId) => open(userId, CUSTOMER_BALANCE)),
    ...RACERS.map((userId) => open(userId, RACER_BALANCE)),
  ]);
  return Promise.all(
    PRICES.map((price, index) =>
      createProduct(calls, callsOf, { key: `shelf-${index + 1}`, price, stock: PLENTY }),
    ),
  );
};
