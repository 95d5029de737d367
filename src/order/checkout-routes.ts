import { carts } from '../cart/index.ts';
import { products } from '../catalog/index.ts';
import { create, lock, type GroupCommit, type Lock } from '../commit/index.ts';
import {
  createCommandRoutes,
  type ProblemCode,
  type Refusal,
  type Route,
} from '../contract/index.ts';
import { newId } from '../database/ids.ts';
import type { Event } from '../journal/index.ts';
import { wallets } from '../wallet/index.ts';
import { decideCheckout } from './checkout.ts';
import { decidePlacement } from './placement.ts';
import { refuseExcess } from './excess.ts';
import { mergeItems, type Item, type OrderRequest } from './quote.ts';
import { OrderRequestBody, OrderView, PaidOrderView } from './schemas.ts';
import { buyers, orders } from './tables.ts';
import { answerOrder, answerPaidOrder } from './view.ts';

export interface OrderSettings {
  readonly currency: string;
  /** How long a pending order reserves its stock. */
  readonly reservationMs: number;
  /** The maximum number of a user's pending orders. */
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

const itemsOf = (body: OrderRequestBody): readonly Item[] => ('items' in body ? body.items : []);

const requestOf = (body: OrderRequestBody): OrderRequest => ({
  userId: body.userId,
  items: 'items' in body ? mergeItems(body.items) : 'cart',
  expectedTotal: body.expectedTotal,
});

const locksOf = ({ userId, items }: OrderRequest): Lock[] =>
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

/** Ordering items or the cart: paid at once, or reserved for a while. */
export const checkoutRoutes = (
  commit: GroupCommit<Event, Refusal>,
  { currency, reservationMs, pendingMax }: OrderSettings,
): Route[] => {
  const defineCommand = createCommandRoutes(commit);
  return [
    defineCommand({
      method: 'POST',
      path: '/v1/checkout',
      operation: 'checkout',
      summary: 'Order and pay from the balance in one step, all or nothing',
      tag: 'Orders',
      access: ['customer', 'service'],
      owner: 'body',
      keyed: true,
      body: OrderRequestBody,
      answers: { 201: PaidOrderView },
      problems: [...QUOTE_PROBLEMS, 'insufficient_balance'],
      command: ({ body }) => {
        const orderId = newId();
        const request = requestOf(body);
        const input = { ...request, orderId, currency, metadata: body.metadata };
        return {
          locks: [...locksOf(request), create(orders, [orderId])],
          decide: (rows, time) => refuseExcess(itemsOf(body)) ?? decideCheckout(input, rows, time),
          answer: answerPaidOrder(orderId, currency),
        };
      },
    }),

    defineCommand({
      method: 'POST',
      path: '/v1/orders',
      operation: 'placeOrder',
      summary: 'Order without payment; the stock is reserved for a while',
      tag: 'Orders',
      access: ['customer', 'service'],
      owner: 'body',
      keyed: true,
      body: OrderRequestBody,
      answers: { 201: OrderView },
      problems: [...QUOTE_PROBLEMS, 'too_many_pending_orders'],
      command: ({ body }) => {
        const orderId = newId();
        const request = requestOf(body);
        const input = {
          ...request,
          orderId,
          currency,
          reservationMs,
          pendingMax,
          metadata: body.metadata,
        };
        return {
          locks: [...locksOf(request), lock(buyers, [request.userId]), create(orders, [orderId])],
          decide: (rows, time) => refuseExcess(itemsOf(body)) ?? decidePlacement(input, rows, time),
          answer: answerOrder(orderId, currency),
        };
      },
    }),
  ];
};
