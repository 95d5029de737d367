import type { StockAdjusted, ProductCreated } from '../catalog/index.ts';
import type { RecordedEvent } from '../journal/index.ts';
import type { OrderEvent } from '../order/index.ts';

/** The kinds of movements, by the event that moved the stock. */
export const MOVEMENT_KINDS = [
  'created',
  'adjusted',
  'reserved',
  'sold',
  'released',
  'expired',
  'restocked',
] as const;

/** How one event changed the figures of a product's stock. */
export interface Movement {
  readonly kind: (typeof MOVEMENT_KINDS)[number];
  /** The change of the units on hand. */
  readonly onHand: number;
  /** The change of the reserved units. */
  readonly reserved: number;
  /** The order, the refund or the adjustment; null for the creation. */
  readonly reference: string | null;
  readonly orderId: string | null;
  /** The reason that was given; null for none. */
  readonly reason: string | null;
}

/** An event that moves stock. */
export type MovingEvent = RecordedEvent<ProductCreated | StockAdjusted | OrderEvent>;

interface Counted {
  readonly productId: string;
  readonly quantity: number;
}

/**
 * Whether a sale may be that of a reservation of the same millisecond: its data does not say. Any
 * other reservation is older than the sale.
 */
export const isDoubtful = ({ type, data, time }: MovingEvent): boolean =>
  type === 'order.paid.v1' && data.createdAt === time.toISOString();

/**
 * The movement of a product by an event. `wasPlaced` tells whether the order of a doubtful sale had
 * been placed before. A refund must have put the units back on sale.
 */
export const movementOf = (
  event: MovingEvent,
  productId: string,
  wasPlaced: (orderId: string) => boolean,
): Movement => {
  const ofOrder = (items: readonly Counted[]) => ({
    quantity: items.find((item) => item.productId === productId)?.quantity ?? NaN,
    base: { reference: event.subject, orderId: event.subject, reason: null },
  });
  switch (event.type) {
    case 'product.created.v1': {
      const { stock: onHand } = event.data;
      const base = { reference: null, orderId: null, reason: null };
      return { ...base, kind: 'created', onHand, reserved: 0 };
    }
    case 'stock.adjusted.v1': {
      const { delta: onHand, reason } = event.data;
      const base = { reference: event.eventId, orderId: null, reason };
      return { ...base, kind: 'adjusted', onHand, reserved: 0 };
    }
    case 'order.placed.v1': {
      const { base, quantity } = ofOrder(event.data.items);
      return { ...base, kind: 'reserved', onHand: 0, reserved: quantity };
    }
    case 'order.paid.v1': {
      const { base, quantity } = ofOrder(event.data.items);
      const isReserved = !isDoubtful(event) || wasPlaced(event.subject);
      return { ...base, kind: 'sold', onHand: -quantity, reserved: isReserved ? -quantity : 0 };
    }
    case 'order.cancelled.v1': {
      const { base, quantity } = ofOrder(event.data.items);
      const { reason = null } = event.data;
      return { ...base, reason, kind: 'released', onHand: 0, reserved: -quantity };
    }
    case 'order.expired.v1': {
      const { base, quantity } = ofOrder(event.data.items);
      return { ...base, kind: 'expired', onHand: 0, reserved: -quantity };
    }
    case 'order.refunded.v1': {
      const { base, quantity } = ofOrder(event.data.items);
      const { refundId: reference, reason = null } = event.data;
      return { ...base, reference, reason, kind: 'restocked', onHand: quantity, reserved: 0 };
    }
  }
};
