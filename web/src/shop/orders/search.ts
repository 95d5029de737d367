import type { OrderStatus } from '../../api/queries.ts';

/** The statuses that orders are filtered by, in the order of the page. */
export const ORDER_STATUSES = [
  'pending',
  'paid',
  'refunded',
  'cancelled',
  'expired',
] as const satisfies readonly OrderStatus[];

/** The status that the address names; anything else shows all orders. */
export const statusIn = (text: string | undefined): OrderStatus | undefined =>
  ORDER_STATUSES.find((each) => each === text);
