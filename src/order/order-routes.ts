import { lock, type GroupCommit } from '../commit/index.ts';
import {
  Uuid,
  createCommandRoutes,
  named,
  strictObject,
  type Caller,
  type Refusal,
  type Route,
} from '../contract/index.ts';
import { Type } from 'typebox';
import { newId } from '../database/ids.ts';
import type { Event } from '../journal/index.ts';
import { wallets } from '../wallet/index.ts';
import { decideCancellation } from './cancellation.ts';
import { refuseExcess } from './excess.ts';
import { locksOfOrder } from './locks.ts';
import { decidePayment } from './payment.ts';
import { mergeItems } from './quote.ts';
import { decideRefund } from './refund.ts';
import { Items, OrderView, PaidOrderView, Reason, RefundView } from './schemas.ts';
import { answerOrder, answerPaidOrder, answerRefund } from './view.ts';

const Params = strictObject({ orderId: Uuid });

/** The only user whose orders the caller may use; undefined for staff and services. */
const ownerOf = (caller: Caller | undefined): string | undefined =>
  caller?.role === 'customer' ? caller.userId : undefined;

/** Paying, cancelling and refunding orders. */
export const orderActionRoutes = (
  commit: GroupCommit<Event, Refusal>,
  { currency }: { readonly currency: string },
): Route[] => {
  const defineCommand = createCommandRoutes(commit);
  return [
    defineCommand({
      method: 'POST',
      path: '/v1/orders/:orderId/payment',
      operation: 'payOrder',
      summary: "Pay a pending order from its owner's balance",
      tag: 'Orders',
      access: ['customer', 'service'],
      keyed: true,
      params: Params,
      body: named('Payment', {}),
      answers: { 201: PaidOrderView },
      problems: ['order_not_found', 'order_not_pending', 'order_expired', 'insufficient_balance'],
      command: ({ params: { orderId }, caller }) => {
        const input = { orderId, owner: ownerOf(caller), currency };
        const locks = locksOfOrder(orderId);
        return {
          locks: [locks.order, lock(wallets, locks.owner), locks.buyer, locks.products],
          decide: (rows, time) => decidePayment(input, rows, time),
          answer: answerPaidOrder(orderId, currency),
        };
      },
    }),

    defineCommand({
      method: 'POST',
      path: '/v1/orders/:orderId/cancellation',
      operation: 'cancelOrder',
      summary: 'Cancel a pending order and release its stock',
      tag: 'Orders',
      access: ['customer', 'staff', 'service'],
      keyed: true,
      params: Params,
      body: named('Cancellation', { reason: Type.Optional(Reason) }),
      answers: { 201: OrderView },
      problems: ['order_not_found', 'order_not_pending', 'order_expired'],
      command: ({ params: { orderId }, body: { reason }, caller }) => {
        const input = { orderId, owner: ownerOf(caller), reason };
        const locks = locksOfOrder(orderId);
        return {
          locks: [locks.order, locks.buyer, locks.products],
          decide: (rows, time) => decideCancellation(input, rows, time),
          answer: answerOrder(orderId, currency),
        };
      },
    }),

    defineCommand({
      method: 'POST',
      path: '/v1/orders/:orderId/refunds',
      operation: 'refundOrder',
      summary: 'Refund all or a part of a paid order to the wallet',
      tag: 'Orders',
      access: ['staff', 'service'],
      keyed: true,
      params: Params,
      body: named('NewRefund', {
        items: Type.Optional(Items),
        restock: Type.Optional(
          Type.Boolean({ default: true, description: 'whether the units can be sold again' }),
        ),
        reason: Type.Optional(Reason),
      }),
      answers: { 201: RefundView },
      problems: [
        'order_not_found',
        'order_not_refundable',
        'refund_exceeds_order',
        'balance_limit_exceeded',
        'stock_limit_exceeded',
      ],
      command: ({ params: { orderId }, body: { items, restock = true, reason } }) => {
        const input = {
          orderId,
          owner: undefined,
          refundId: newId(),
          items: items && mergeItems(items),
          restock,
          reason,
        };
        const locks = locksOfOrder(orderId);
        return {
          locks: [locks.order, lock(wallets, locks.owner), locks.products],
          decide: (rows, time) => refuseExcess(items ?? []) ?? decideRefund(input, rows, time),
          answer: answerRefund,
        };
      },
    }),
  ];
};
