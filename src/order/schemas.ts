import { Type, type Static } from 'typebox';
import {
  Amount,
  Balance,
  OrderStatus,
  Metadata,
  Timestamp,
  UserId,
  Uuid,
  named,
  nullable,
  text,
} from '../contract/index.ts';

const LINES_MAX = 100;
/** The maximum number of units of one product in an order, also in several lines. */
export const QUANTITY_MAX = 9_999;

export const Reason = text(1, 200);

export const Items = Type.Array(
  named('Item', {
    productId: Uuid,
    quantity: Type.Integer({ minimum: 1, maximum: QUANTITY_MAX }),
  }),
  { minItems: 1, maxItems: LINES_MAX },
);

const ExpectedTotal = Type.Optional({
  ...Amount,
  description: 'the total that the buyer saw; a higher total is refused',
});

/** The items of an order, or the whole cart. */
export const OrderRequestBody = Type.Union(
  [
    named('ItemsOrderRequest', {
      userId: UserId,
      items: Items,
      expectedTotal: ExpectedTotal,
      metadata: Type.Optional(Metadata),
    }),
    named('CartOrderRequest', {
      userId: UserId,
      cart: Type.Literal(true),
      expectedTotal: ExpectedTotal,
      metadata: Type.Optional(Metadata),
    }),
  ],
  { title: 'OrderRequest' },
);
export type OrderRequestBody = Static<typeof OrderRequestBody>;

const ORDER = {
  orderId: Uuid,
  userId: UserId,
  status: OrderStatus,
  items: Type.Array(
    named('OrderLine', {
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
  metadata: Metadata,
};

export const OrderView = named('Order', ORDER);
export const PaidOrderView = named('PaidOrder', {
  ...ORDER,
  balance: { ...Balance, description: "the wallet's balance after the payment" },
});

export const RefundView = named('Refund', {
  refundId: Uuid,
  orderId: Uuid,
  amount: Amount,
  balance: Balance,
  items: Type.Array(
    named('RefundedItem', {
      productId: Uuid,
      quantity: Type.Integer({ minimum: 1 }),
      amount: Amount,
    }),
  ),
  createdAt: Timestamp,
});
