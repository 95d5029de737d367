import { products, type Product } from '../../src/catalog/index.ts';
import { carts } from '../../src/cart/index.ts';
import type { Command, Decision } from '../../src/commit/index.ts';
import type { Event, Evolve } from '../../src/journal/index.ts';
import { wallets } from '../../src/wallet/index.ts';
import { buyers, orders, type Order } from '../../src/order/tables.ts';
import { createTestRows, type TestRows } from './rows.ts';

export const TIME = new Date('2026-11-23T10:00:00.000Z');
export const BEFORE = new Date('2026-11-22T10:00:00.000Z');
export const LATER = new Date('2026-11-23T11:00:00.000Z');

export const product = (productId: string, change: Partial<Product> = {}): Product => ({
  productId,
  name: `Product ${productId}`,
  sku: null,
  price: 100,
  status: 'active',
  onHand: 10,
  reserved: 0,
  createdAt: BEFORE,
  updatedAt: BEFORE,
  ...change,
});

/** The locked rows of a command about Alice, all missing. */
export const createNothing = (): TestRows =>
  createTestRows()
    .miss(wallets, 'alice')
    .miss(products, 'p1', 'p2')
    .miss(carts, 'alice')
    .miss(buyers, 'alice')
    .miss(orders, 'o1', 'o2');

/** Alice with a balance and optionally a cart; two products at 100, ten units each. */
export const rowsOfAlice = (
  balance: number,
  cart?: readonly { readonly productId: string; readonly quantity: number }[],
): TestRows => {
  const rows = createNothing()
    .hold(wallets, {
      userId: 'alice',
      balance,
      entryCount: 0,
      createdAt: BEFORE,
      updatedAt: BEFORE,
    })
    .hold(products, product('p1'), product('p2'));
  if (cart === undefined) return rows;
  const lines = cart.map((line) => ({ ...line, priceWhenAdded: 1, addedAt: BEFORE }));
  return rows.hold(carts, { userId: 'alice', version: 1, lines });
};

/** Alice's order of two p1 and one p2 for 300. */
export const order = (change: Partial<Order>): Order => ({
  orderId: 'o1',
  userId: 'alice',
  status: 'pending',
  lines: [
    { productId: 'p1', name: 'Product p1', quantity: 2, unitPrice: 100, refundedQuantity: 0 },
    { productId: 'p2', name: 'Product p2', quantity: 1, unitPrice: 100, refundedQuantity: 0 },
  ],
  total: 300,
  refundedTotal: 0,
  createdAt: BEFORE,
  expiresAt: LATER,
  paidAt: null,
  metadata: null,
  ...change,
});

export const paidOrder = (change: Partial<Order> = {}): Order =>
  order({ status: 'paid', expiresAt: null, paidAt: BEFORE, ...change });

/** The code of a refusal, or the types of the events. */
export const outcomeOf = (decision: Decision<Event, { readonly code: string }>): string =>
  decision.kind === 'refused'
    ? decision.refusal.code
    : decision.events.map(({ type }) => type).join(' ');

/** Applies the events of a decision like the journal, and returns the answer like the route. */
export const carryOut = <E extends Event>(
  decision: Decision<E, unknown>,
  rows: TestRows,
  evolve: Readonly<Record<string, Evolve>>,
  answer?: Command<E, unknown>['answer'],
): Record<string, unknown> => {
  if (decision.kind === 'refused') throw new Error(JSON.stringify(decision.refusal));
  const { events } = decision;
  for (const event of events) {
    const { type } = event;
    evolve[type]!(rows, { ...event, eventId: `event of ${type}`, time: TIME });
  }
  const body = answer?.({ events, rows, time: TIME }).body ?? {};
  return JSON.parse(JSON.stringify(body)) as Record<string, unknown>;
};
