import Type from 'typebox';
import { products } from '../catalog/index.ts';
import { lock, newId, type GroupCommit } from '../commit/index.ts';
import {
  Amount,
  Balance,
  Timestamp,
  UserId,
  Uuid,
  defineRoute,
  keyOf,
  nullable,
  ok,
  problem,
  replyTo,
  strictObject,
  type Refusal,
  type Route,
} from '../contract/index.ts';
import type { Queryable } from '../database/statement.ts';
import type { Event } from '../journal/index.ts';
import { wallets } from '../wallet/index.ts';
import { decideCheckout, mergeItems, viewOrder, type OrderStatus } from './order.ts';
import { findLines, findOrder } from './queries.gen.ts';

const LINES_MAX = 100;
const QUANTITY_MAX = 9_999;

const Quantity = Type.Integer({ minimum: 1, maximum: QUANTITY_MAX });
const OrderView = {
  orderId: Uuid,
  userId: UserId,
  status: Type.Enum(['pending', 'paid', 'cancelled', 'expired', 'refunded']),
  items: Type.Array(
    strictObject({
      productId: Uuid,
      name: Type.String(),
      quantity: Type.Integer({ minimum: 1 }),
      unitPrice: Amount,
      lineTotal: Amount,
      refundedQuantity: Type.Integer({ minimum: 0 }),
    }),
  ),
  total: Amount,
  refundedTotal: Balance,
  currency: Type.String(),
  createdAt: Timestamp,
  expiresAt: nullable(Timestamp),
  paidAt: nullable(Timestamp),
};

/** Ordering and paying in one step, and reading orders. */
export const orderRoutes = (
  commit: GroupCommit<Event, Refusal>,
  on: Queryable,
  { currency }: { readonly currency: string },
): Route[] => [
  defineRoute({
    method: 'POST',
    path: '/v1/checkout',
    operation: 'checkout',
    summary: 'Order and pay from the balance, all or nothing',
    tag: 'Orders',
    access: ['customer', 'service'],
    keyed: true,
    body: strictObject({
      userId: UserId,
      items: Type.Array(strictObject({ productId: Uuid, quantity: Quantity }), {
        minItems: 1,
        maxItems: LINES_MAX,
      }),
      expectedTotal: Type.Optional(Amount),
    }),
    answers: { 201: strictObject({ ...OrderView, balance: Balance }) },
    problems: [
      'user_not_found',
      'product_not_found',
      'product_unavailable',
      'total_limit_exceeded',
      'total_changed',
      'insufficient_stock',
      'insufficient_balance',
    ],
    handle: async (request) => {
      const { userId, expectedTotal } = request.body;
      const items = mergeItems(request.body.items);
      const productIds = items.map(({ productId }) => productId);
      const wanted = items.map(({ productId, quantity }) => [productId, quantity]);
      const input = { orderId: newId(), userId, items, expectedTotal, currency };
      const outcome = await commit.submit({
        operation: 'checkout',
        key: keyOf(request, ['checkout', userId, expectedTotal ?? null, wanted]),
        locks: [lock(wallets, [userId]), lock(products, productIds)],
        decide: (rows, time) => decideCheckout(input, rows, time),
      });
      return replyTo(outcome);
    },
  }),

  defineRoute({
    method: 'GET',
    path: '/v1/orders/:orderId',
    operation: 'getOrder',
    summary: 'Read an order',
    tag: 'Orders',
    access: ['customer', 'staff', 'service'],
    params: strictObject({ orderId: Uuid }),
    answers: { 200: strictObject(OrderView) },
    problems: ['order_not_found'],
    handle: async ({ params: { orderId }, caller }) => {
      const order = await findOrder(on, { orderId });
      const foreign = caller?.role === 'customer' && caller.userId !== order?.userId;
      if (order === undefined || foreign) return problem({ code: 'order_not_found' });
      const lines = await findLines(on, { orderIds: [orderId] });
      // The constraint status_is_known holds the column to these words.
      return ok(viewOrder({ ...order, lines, status: order.status as OrderStatus }, currency));
    },
  }),
];
