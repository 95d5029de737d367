import type { Metadata } from '../contract/index.ts';
import type { Event } from '../journal/index.ts';
import type { OrderLine } from './tables.ts';

/** A line at the time of the order. */
export type OrderedItem = Omit<OrderLine, 'refundedQuantity'> & { readonly lineTotal: number };

/** A product and its refunded quantity. */
export interface RefundedItem {
  readonly productId: string;
  readonly quantity: number;
  readonly amount: number;
  /** Whether all units of this product on the order are refunded. */
  readonly isWhole: boolean;
}

/** The client's metadata, if it gave any; events of earlier versions have none. */
interface Described {
  readonly metadata?: Metadata;
}

interface Ordered extends Described {
  readonly orderId: string;
  readonly userId: string;
  readonly items: readonly OrderedItem[];
  readonly total: number;
  readonly currency: string;
  readonly createdAt: string;
}

/** The stock is reserved until `expiresAt`. */
export type OrderPlaced = Event<'order.placed.v1', Ordered & { readonly expiresAt: string }>;

/** The order is paid from the wallet, at checkout or after placement. */
export type OrderPaid = Event<'order.paid.v1', Ordered & { readonly paidAt: string }>;

interface Ended extends Described {
  readonly orderId: string;
  readonly userId: string;
  readonly items: readonly Pick<OrderLine, 'productId' | 'quantity'>[];
  readonly total: number;
}

export type OrderCancelled = Event<'order.cancelled.v1', Ended & { readonly reason?: string }>;
export type OrderExpired = Event<'order.expired.v1', Ended>;

/** Money went back to the wallet; `paidAt` is the time of the sale that is reversed. */
export type OrderRefunded = Event<
  'order.refunded.v1',
  Described & {
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
