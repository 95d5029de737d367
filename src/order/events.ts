import type { Event } from '../journal/index.ts';
import type { OrderLine } from './tables.ts';

/** A line as it was ordered. */
export type OrderedItem = Omit<OrderLine, 'refundedQuantity'> & { readonly lineTotal: number };

/** A product and how much of it was given back. */
export interface RefundedItem {
  readonly productId: string;
  readonly quantity: number;
  readonly amount: number;
  /** Whether nothing of this product is left on the order. */
  readonly isWhole: boolean;
}

interface Ordered {
  readonly orderId: string;
  readonly userId: string;
  readonly items: readonly OrderedItem[];
  readonly total: number;
  readonly currency: string;
  readonly createdAt: string;
}

/** The stock is reserved until `expiresAt`. */
export type OrderPlaced = Event<'order.placed.v1', Ordered & { readonly expiresAt: string }>;

/** The order is paid from the wallet: in one step, or after it was placed. */
export type OrderPaid = Event<'order.paid.v1', Ordered & { readonly paidAt: string }>;

interface Ended {
  readonly orderId: string;
  readonly userId: string;
  readonly items: readonly Pick<OrderLine, 'productId' | 'quantity'>[];
  readonly total: number;
}

export type OrderCancelled = Event<'order.cancelled.v1', Ended & { readonly reason?: string }>;
export type OrderExpired = Event<'order.expired.v1', Ended>;

/** Money went back to the wallet; `paidAt` tells which sales it takes back. */
export type OrderRefunded = Event<
  'order.refunded.v1',
  {
    readonly refundId: string;
    readonly orderId: string;
    readonly userId: string;
    readonly items: readonly RefundedItem[];
    readonly amount: number;
    readonly restock: boolean;
    readonly reason?: string;
    readonly paidAt: string;
  }
>;

export type OrderEvent = OrderPlaced | OrderPaid | OrderCancelled | OrderExpired | OrderRefunded;
