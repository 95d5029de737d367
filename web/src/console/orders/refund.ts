import type { Order, components } from '@moa-commerce/client';

type NewRefund = components['schemas']['NewRefund'];
type Line = Order['items'][number];

/** The units to refund by product. */
export type Chosen = Readonly<Record<string, number>>;

/** The units of a line that were not refunded yet. */
export const refundableOf = (line: Pick<Line, 'quantity' | 'refundedQuantity'>): number =>
  Math.max(0, line.quantity - line.refundedQuantity);

/** Whether anything of an order can be refunded. */
export const canRefund = (order: Pick<Order, 'status' | 'items'>): boolean =>
  order.status === 'paid' && order.items.some((line) => refundableOf(line) > 0);

/** Whether an order can be cancelled; Moa refuses it when the reservation has expired since. */
export const canCancel = ({ status }: Pick<Order, 'status'>): boolean => status === 'pending';

/** All that is left of an order. */
export const wholeOf = (lines: readonly Line[]): Chosen =>
  Object.fromEntries(lines.map((line) => [line.productId, refundableOf(line)]));

/** The units that can be refunded of those that were chosen: whole, and no more than are left. */
export const unitsOf = (line: Line, chosen: Chosen): number => {
  const wanted = chosen[line.productId] ?? 0;
  return Number.isInteger(wanted) ? Math.max(0, Math.min(wanted, refundableOf(line))) : 0;
};

/** Units and amount of a refund: a line gives back the price that was paid for it. */
export const refundOf = (
  lines: readonly Line[],
  chosen: Chosen,
): { readonly units: number; readonly amount: number } => ({
  units: lines.reduce((sum, line) => sum + unitsOf(line, chosen), 0),
  amount: lines.reduce((sum, line) => sum + unitsOf(line, chosen) * line.unitPrice, 0),
});

/**
 * The body of a refund. It names each line, also when all is refunded: what was confirmed is
 * refunded or nothing, even when somebody else refunded a part meanwhile.
 */
export const refundBody = (
  lines: readonly Line[],
  chosen: Chosen,
  { restock, reason }: { readonly restock: boolean; readonly reason: string },
): NewRefund => ({
  items: lines
    .map((line) => ({ productId: line.productId, quantity: unitsOf(line, chosen) }))
    .filter(({ quantity }) => quantity > 0),
  restock,
  ...(reason === '' ? {} : { reason }),
});
