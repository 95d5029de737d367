import { lock, newId, type GroupCommit } from '../commit/index.ts';
import {
  Uuid,
  defineRoute,
  keyOf,
  replyTo,
  strictObject,
  type Caller,
  type Refusal,
  type Route,
} from '../contract/index.ts';
import { Type } from 'typebox';
import type { Event } from '../journal/index.ts';
import { wallets } from '../wallet/index.ts';
import { locksOfOrder } from './expiry.ts';
import { decideCancellation, decidePayment } from './payment.ts';
import { mergeItems } from './quote.ts';
import { decideRefund } from './refund.ts';
import { Items, OrderView, PaidOrderView, Reason, RefundView } from './schemas.ts';

const Params = strictObject({ orderId: Uuid });

/** Customers see their own orders only. */
export const ownerOf = (caller: Caller | undefined): string | undefined =>
  caller?.role === 'customer' ? caller.userId : undefined;

/** What can happen to an order after it was placed. */
export const orderActionRoutes = (
  commit: GroupCommit<Event, Refusal>,
  { currency }: { readonly currency: string },
): Route[] => [
  defineRoute({
    method: 'POST',
    path: '/v1/orders/:orderId/payment',
    operation: 'payOrder',
    summary: "Pay a pending order from its owner's balance",
    tag: 'Orders',
    access: ['customer', 'service'],
    keyed: true,
    params: Params,
    body: strictObject({}),
    answers: { 201: PaidOrderView },
    problems: ['order_not_found', 'order_not_pending', 'order_expired', 'insufficient_balance'],
    handle: async (request) => {
      const { orderId } = request.params;
      const input = { orderId, owner: ownerOf(request.caller), currency };
      const locks = locksOfOrder(orderId);
      const outcome = await commit.submit({
        operation: 'payOrder',
        key: keyOf(request, ['payOrder', orderId]),
        locks: [locks.order, lock(wallets, locks.owner), locks.buyer, locks.products],
        decide: (rows, time) => decidePayment(input, rows, time),
      });
      return replyTo(outcome);
    },
  }),

  defineRoute({
    method: 'POST',
    path: '/v1/orders/:orderId/cancellation',
    operation: 'cancelOrder',
    summary: 'Cancel a pending order and give its stock back',
    tag: 'Orders',
    access: ['customer', 'staff', 'service'],
    keyed: true,
    params: Params,
    body: strictObject({ reason: Type.Optional(Reason) }),
    answers: { 201: OrderView },
    problems: ['order_not_found', 'order_not_pending', 'order_expired'],
    handle: async (request) => {
      const { orderId } = request.params;
      const { reason } = request.body;
      const input = { orderId, owner: ownerOf(request.caller), reason, currency };
      const locks = locksOfOrder(orderId);
      const outcome = await commit.submit({
        operation: 'cancelOrder',
        key: keyOf(request, ['cancelOrder', orderId, reason ?? null]),
        locks: [locks.order, locks.buyer, locks.products],
        decide: (rows, time) => decideCancellation(input, rows, time),
      });
      return replyTo(outcome);
    },
  }),

  defineRoute({
    method: 'POST',
    path: '/v1/orders/:orderId/refunds',
    operation: 'refundOrder',
    summary: 'Pay all or a part of a paid order back to the wallet',
    tag: 'Orders',
    access: ['staff', 'service'],
    keyed: true,
    params: Params,
    body: strictObject({
      items: Type.Optional(Items),
      restock: Type.Optional(
        Type.Boolean({ description: 'whether the units go back on the shelf; they do by default' }),
      ),
      reason: Type.Optional(Reason),
    }),
    answers: { 201: RefundView },
    problems: ['order_not_found', 'order_not_refundable', 'refund_exceeds_order'],
    handle: async (request) => {
      const { orderId } = request.params;
      const { restock = true, reason } = request.body;
      const items = request.body.items && mergeItems(request.body.items);
      const wanted = items?.map(({ productId, quantity }) => [productId, quantity]) ?? null;
      const input = { orderId, owner: undefined, refundId: newId(), items, restock, reason };
      const locks = locksOfOrder(orderId);
      const outcome = await commit.submit({
        operation: 'refundOrder',
        key: keyOf(request, ['refundOrder', orderId, wanted, restock, reason ?? null]),
        locks: [locks.order, lock(wallets, locks.owner), locks.products],
        decide: (rows, time) => decideRefund(input, rows, time),
      });
      return replyTo(outcome);
    },
  }),
];
