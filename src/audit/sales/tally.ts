import type { RowOf } from '../../shop/index.ts';
import type { OrderStep } from '../order-steps.ts';
import { addRefund, addSale, createQuarters, type Quarter } from './quarters.ts';
import type { Bounds } from './recorded.ts';

type Order = RowOf<'orders'>;

/** What the journal says of a product, in units and in the currency's minor unit. */
export interface ProductFigures {
  readonly weight: number;
  /** Initial + adjustments - sold + restocked. */
  onHand: number;
  /** On pending orders. */
  reserved: number;
  /** Of the orders that were paid in the last 30 days, without what was refunded. */
  units: number;
  revenue: number;
  orders: number;
}

/** An event as far as its figures are concerned; the data are those of its type. */
interface CountedEvent {
  readonly type: string;
  readonly subject: string;
  readonly position: number;
  readonly time: Date;
  readonly data: unknown;
}

/** The figures of every product and of every quarter of an hour, from the journal. */
export interface Tally {
  /** Counts an event and the orders that it has changed. */
  readonly count: (event: CountedEvent, steps: readonly OrderStep[]) => void;
  readonly products: ReadonlyMap<string, ProductFigures>;
  /** The figures of the sales report, by the start in milliseconds since 1970. */
  readonly quarters: ReadonlyMap<number, Quarter>;
}

/** The data of the events that move units besides sales. */
interface Moved {
  readonly stock?: number;
  readonly delta?: number;
}

interface Refunded {
  readonly restock: boolean;
  readonly items: readonly {
    readonly productId: string;
    readonly quantity: number;
    readonly amount: number;
  }[];
}

/**
 * An empty tally. It counts units and sales from the orders and the events of the journal, without
 * the rules of the modules: a second count of what these rules write (S2, S3, B1, R1).
 */
export const createTally = (bounds: Bounds): Tally => {
  const products = new Map<string, ProductFigures>();
  const quarters = createQuarters(bounds);

  const figuresOf = (productId: string): ProductFigures => {
    const known = products.get(productId);
    if (known !== undefined) return known;
    const weight = bounds.weights.get(productId) ?? 0;
    const figures = { weight, onHand: 0, reserved: 0, units: 0, revenue: 0, orders: 0 };
    products.set(productId, figures);
    return figures;
  };

  /** Adds the figures of an order's lines, or takes them away; adds a new sale to its quarter. */
  const countOrder = (order: Order, sign: 1 | -1, quarter?: Quarter): void => {
    const isPending = order.status === 'pending';
    const { paidAt } = order;
    if (!isPending && paidAt === null) return;
    const isRecent = paidAt !== null && paidAt > bounds.since;
    for (const { productId, quantity, refundedQuantity, unitPrice } of order.lines) {
      const figures = figuresOf(productId);
      if (isPending) figures.reserved += sign * quantity;
      else figures.onHand -= sign * quantity;
      if (quarter !== undefined) {
        addSale(quarter, { weight: figures.weight, quantity, amount: quantity * unitPrice });
      }
      const sold = quantity - refundedQuantity;
      if (!isRecent || sold === 0) continue;
      figures.units += sign * sold;
      figures.revenue += sign * sold * unitPrice;
      figures.orders += sign;
    }
  };

  const countStep = (position: number, { before, after }: OrderStep): void => {
    if (before !== undefined) countOrder(before, -1);
    const isSale = after.paidAt !== null && (before === undefined || before.paidAt === null);
    const quarter = isSale ? quarters.quarterOf(position, after.paidAt) : undefined;
    if (quarter !== undefined) quarter.orders++;
    countOrder(after, 1, quarter);
  };

  const countRefund = ({ position, time, data }: CountedEvent): void => {
    const { restock, items } = data as Refunded;
    const quarter = quarters.quarterOf(position, time);
    for (const { productId, quantity, amount } of items) {
      const figures = figuresOf(productId);
      if (restock) figures.onHand += quantity;
      if (quarter !== undefined) addRefund(quarter, { weight: figures.weight, quantity, amount });
    }
  };

  return {
    products,
    quarters: quarters.all,

    count: (event, steps) => {
      for (const step of steps) countStep(event.position, step);
      const { type, subject, data } = event;
      if (type === 'order.refunded.v1') countRefund(event);
      else if (type === 'product.created.v1' || type === 'stock.adjusted.v1') {
        const { stock = 0, delta = stock } = data as Moved;
        figuresOf(subject).onHand += delta;
      }
    },
  };
};
