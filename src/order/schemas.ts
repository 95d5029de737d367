import { Type, type Static } from 'typebox';
import {
  Amount,
  Balance,
  OrderStatus,
  Metadata,
  Timestamp,
  UserId,
  Uuid,
  nullable,
  strictObject,
  text,
} from '../contract/index.ts';

const LINES_MAX = 100;
/** The maximum number of units of one product in an order, also in several lines. */
export const QUANTITY_MAX = 9_999;

export const Reason = text(1, 200);

export const Items = Type.Array(
  strictObject({ productId: Uuid, quantity: Type.Integer({ minimum: 1, maximum: QUANTITY_MAX }) }),
  { minItems: 1, maxItems: LINES_MAX },
);

/** The items of an order, or the whole cart. */
export const WishBody = Type.Object(
  {
    userId: UserId,
    items: Type.Optional(Items),
    cart: Type.Optional(Type.Literal(true)),
    expectedTotal: Type.Optional(Amount),
    metadata: Type.Optional(Metadata),
  },
  { additionalProperties: false, oneOf: [{ required: ['items'] }, { required: ['cart'] }] },
);
export type WishBody = Static<typeof WishBody>;

const ORDER = {
  orderId: Uuid,
  userId: UserId,
  status: OrderStatus,
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
  metadata: Metadata,
};

export const OrderView = strictObject(ORDER);
export const PaidOrderView = strictObject({ ...ORDER, balance: Balance });

export const RefundView = strictObject({
  refundId: Uuid,
  orderId: Uuid,
  amount: Amount,
  balance: Balance,
  items: Type.Array(
    strictObject({ productId: Uuid, quantity: Type.Integer({ minimum: 1 }), amount: Amount }),
  ),
  createdAt: Timestamp,
});
