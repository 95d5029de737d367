import { carts } from '../cart/index.ts';
import { products } from '../catalog/index.ts';
import { create, lock, newId, type GroupCommit, type Lock } from '../commit/index.ts';
import {
  defineRoute,
  keyOf,
  replyTo,
  type ProblemCode,
  type Refusal,
  type Route,
} from '../contract/index.ts';
import type { Event } from '../journal/index.ts';
import { wallets } from '../wallet/index.ts';
import { decideCheckout, decidePlacement } from './checkout.ts';
import { mergeItems, type Wish } from './quote.ts';
import { OrderView, PaidOrderView, WishBody } from './schemas.ts';
import { buyers, orders } from './tables.ts';

export interface OrderSettings {
  readonly currency: string;
  /** How long a pending order reserves its stock. */
  readonly reservationMs: number;
  /** How many pending orders a user may have. */
  readonly pendingMax: number;
}

const QUOTE_PROBLEMS: readonly ProblemCode[] = [
  'user_not_found',
  'product_not_found',
  'cart_empty',
  'product_unavailable',
  'total_limit_exceeded',
  'total_changed',
  'insufficient_stock',
];

const wishOf = ({ userId, items, expectedTotal }: WishBody): Wish => ({
  userId,
  items: items === undefined ? 'cart' : mergeItems(items),
  expectedTotal,
});

/** The wish in one canonical order, for the key's fingerprint. */
const intentOf = ({ userId, items, expectedTotal }: Wish): readonly unknown[] => [
  userId,
  expectedTotal ?? null,
  items === 'cart' ? items : items.map(({ productId, quantity }) => [productId, quantity]),
];

const locksOf = ({ userId, items }: Wish): Lock[] =>
  items === 'cart'
    ? [
        lock(wallets, [userId]),
        lock(carts, [userId]),
        lock(
          products,
          (rows) => rows.get(carts, userId)?.lines.map(({ productId }) => productId) ?? [],
        ),
      ]
    : [
        lock(wallets, [userId]),
        lock(
          products,
          items.map(({ productId }) => productId),
        ),
      ];

/** Ordering what is named or what is in the cart: paid at once, or reserved for a while. */
export const checkoutRoutes = (
  commit: GroupCommit<Event, Refusal>,
  { currency, reservationMs, pendingMax }: OrderSettings,
): Route[] => [
  defineRoute({
    method: 'POST',
    path: '/v1/checkout',
    operation: 'checkout',
    summary: 'Order and pay from the balance, all or nothing',
    tag: 'Orders',
    access: ['customer', 'service'],
    keyed: true,
    body: WishBody,
    answers: { 201: PaidOrderView },
    problems: [...QUOTE_PROBLEMS, 'insufficient_balance'],
    handle: async (request) => {
      const wish = wishOf(request.body);
      const input = { ...wish, orderId: newId(), currency };
      const outcome = await commit.submit({
        operation: 'checkout',
        key: keyOf(request, ['checkout', ...intentOf(wish)]),
        locks: [...locksOf(wish), create(orders, [input.orderId])],
        decide: (rows, time) => decideCheckout(input, rows, time),
      });
      return replyTo(outcome);
    },
  }),

  defineRoute({
    method: 'POST',
    path: '/v1/orders',
    operation: 'placeOrder',
    summary: 'Order without paying yet: the stock is reserved for a while',
    tag: 'Orders',
    access: ['customer', 'service'],
    keyed: true,
    body: WishBody,
    answers: { 201: OrderView },
    problems: [...QUOTE_PROBLEMS, 'too_many_pending_orders'],
    handle: async (request) => {
      const wish = wishOf(request.body);
      const input = { ...wish, orderId: newId(), currency, reservationMs, pendingMax };
      const outcome = await commit.submit({
        operation: 'placeOrder',
        key: keyOf(request, ['placeOrder', ...intentOf(wish)]),
        locks: [...locksOf(wish), lock(buyers, [wish.userId]), create(orders, [input.orderId])],
        decide: (rows, time) => decidePlacement(input, rows, time),
      });
      return replyTo(outcome);
    },
  }),
];
