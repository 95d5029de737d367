import { accept, refuse, type Decision, type Rows } from '../commit/index.ts';
import {
  availableOf,
  productNotFound,
  products,
  takeStock,
  type Product,
} from '../catalog/index.ts';
import { AMOUNT_MAX, type Refusal } from '../contract/index.ts';
import type { Event, Evolve, RecordedEvent } from '../journal/index.ts';
import { post, shortfall, userNotFound, wallets } from '../wallet/index.ts';
import { lines, orders } from './tables.ts';

export interface Order {
  readonly orderId: string;
  readonly userId: string;
  readonly status: OrderStatus;
  readonly lines: readonly OrderLine[];
  /** In the currency's minor unit. */
  readonly total: number;
  readonly refundedTotal: number;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly paidAt: Date | null;
}

export type OrderStatus = 'pending' | 'paid' | 'cancelled' | 'expired' | 'refunded';

/** One product on an order, at the price and under the name that it was ordered at. */
export interface OrderLine {
  readonly productId: string;
  readonly name: string;
  readonly quantity: number;
  readonly unitPrice: number;
  readonly refundedQuantity: number;
}

/** What is wanted of one product. */
export interface Item {
  readonly productId: string;
  readonly quantity: number;
}

type PaidLine = Omit<OrderLine, 'refundedQuantity'> & { readonly lineTotal: number };

export type OrderPaid = Event<
  'order.paid.v1',
  {
    orderId: string;
    userId: string;
    items: readonly PaidLine[];
    total: number;
    currency: string;
    createdAt: Date;
    paidAt: Date;
  }
>;

/** Lines with the same product become one, in order of first appearance. */
export const mergeItems = (items: readonly Item[]): Item[] => {
  const quantities = new Map<string, number>();
  for (const { productId, quantity } of items) {
    quantities.set(productId, (quantities.get(productId) ?? 0) + quantity);
  }
  return [...quantities].map(([productId, quantity]) => ({ productId, quantity }));
};

export interface CheckoutInput {
  readonly orderId: string;
  readonly userId: string;
  /** Merged. */
  readonly items: readonly Item[];
  /** The total that the buyer saw; a higher one is refused, a lower one is passed on. */
  readonly expectedTotal?: number | undefined;
  readonly currency: string;
}

/**
 * Order and payment in one step, all or nothing. Outcomes in order: `user_not_found`,
 * `product_not_found`, `product_unavailable`, `total_limit_exceeded`, `total_changed`,
 * `insufficient_stock`, `insufficient_balance`, paid.
 */
export const decideCheckout = (
  input: CheckoutInput,
  rows: Rows,
  time: Date,
): Decision<OrderPaid, Refusal> => {
  const { orderId, userId, items, currency } = input;
  const wallet = rows.get(wallets, userId);
  if (wallet === undefined) return refuse(userNotFound);

  const wanted = items.map((item) => ({ ...item, product: rows.get(products, item.productId) }));
  const missing = wanted.filter(({ product }) => product === undefined);
  if (missing.length > 0) return refuse(productNotFound(idsOf(missing)));
  const available = wanted as (Item & { product: Product })[];
  const archived = available.filter(({ product }) => product.status === 'archived');
  if (archived.length > 0) {
    return refuse({ code: 'product_unavailable', members: { productIds: idsOf(archived) } });
  }

  const priced = available.map(priceLine);
  const total = totalOf(priced);
  if (total === undefined) {
    return refuse({ code: 'total_limit_exceeded', members: { limit: AMOUNT_MAX } });
  }
  if (input.expectedTotal !== undefined && total > input.expectedTotal) {
    const { expectedTotal } = input;
    return refuse({ code: 'total_changed', members: { expectedTotal, total, items: priced } });
  }
  const short = available.filter(({ product, quantity }) => availableOf(product) < quantity);
  if (short.length > 0) {
    const shortItems = short.map(({ productId, quantity, product }) => ({
      productId,
      requested: quantity,
      available: availableOf(product),
    }));
    return refuse({ code: 'insufficient_stock', members: { items: shortItems } });
  }
  const unpaid = shortfall(wallet, total);
  if (unpaid !== undefined) return refuse(unpaid);

  const paid: OrderPaid = {
    type: 'order.paid.v1',
    subject: orderId,
    data: { orderId, userId, items: priced, total, currency, createdAt: time, paidAt: time },
  };
  return accept([paid], (after) => ({
    status: 201,
    body: JSON.stringify({
      ...viewOrder(paidOrder(paid, time), currency),
      balance: after.get(wallets, userId)?.balance,
    }),
  }));
};

const idsOf = (items: readonly Item[]): string[] => items.map(({ productId }) => productId);

const priceLine = ({ productId, quantity, product }: Item & { product: Product }): PaidLine => ({
  productId,
  name: product.name,
  quantity,
  unitPrice: product.price,
  lineTotal: quantity * product.price,
});

// Beyond the largest amount nothing is exact any more, so neither is any order.
const totalOf = (priced: readonly PaidLine[]): number | undefined => {
  const total = priced.reduce((sum, { lineTotal }) => sum + lineTotal, 0);
  return total <= AMOUNT_MAX ? total : undefined;
};

/** The order as the API shows it. */
export const viewOrder = (order: Order, currency: string): object => ({
  orderId: order.orderId,
  userId: order.userId,
  status: order.status,
  items: order.lines.map((line) => ({
    productId: line.productId,
    name: line.name,
    quantity: line.quantity,
    unitPrice: line.unitPrice,
    lineTotal: line.quantity * line.unitPrice,
    refundedQuantity: line.refundedQuantity,
  })),
  total: order.total,
  refundedTotal: order.refundedTotal,
  currency,
  createdAt: order.createdAt,
  expiresAt: order.expiresAt,
  paidAt: order.paidAt,
});

/** The order that was ordered and paid in one step. */
const paidOrder = ({ data }: OrderPaid, time: Date): Order => ({
  orderId: data.orderId,
  userId: data.userId,
  status: 'paid',
  lines: data.items.map(({ lineTotal: _, ...line }) => ({ ...line, refundedQuantity: 0 })),
  total: data.total,
  refundedTotal: 0,
  createdAt: time,
  expiresAt: null,
  paidAt: time,
});

/** What the events of an order do. */
export const evolveOrder = {
  'order.paid.v1': (rows, event) => {
    const paid = event as RecordedEvent & OrderPaid;
    const order = paidOrder(paid, event.time);
    for (const { productId, quantity } of order.lines) {
      takeStock(rows, { productId, quantity, time: event.time });
    }
    const { userId, orderId: reference, total } = order;
    post(rows, event, { userId, kind: 'payment', amount: -total, reference });
    rows.append(orders, order);
    for (const [index, line] of order.lines.entries()) {
      rows.append(lines, { ...line, orderId: order.orderId, line: index + 1 });
    }
  },
} satisfies Record<OrderPaid['type'], Evolve>;
