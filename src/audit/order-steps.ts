import type { RowOf } from '../shop/index.ts';

type Order = RowOf<'orders'>;
type Transfer = RowOf<'transfers'>;

/** The states of an order in which each event may follow; undefined is no order. */
const FOLLOWS: Readonly<Record<string, readonly (string | undefined)[]>> = {
  'order.placed.v1': [undefined],
  'order.paid.v1': [undefined, 'pending'],
  'order.cancelled.v1': ['pending'],
  'order.expired.v1': ['pending'],
  'order.refunded.v1': ['paid'],
};

/** Whether an event of this type is a step that an order in this state may take (O2). */
export const mayFollow = (type: string, status: string | undefined): boolean =>
  FOLLOWS[type]?.includes(status) === true;

/** What an event did to an order. */
export interface OrderStep {
  readonly before: Order | undefined;
  readonly after: Order;
}

const paidTotal = (order: Order | undefined): number | undefined =>
  order === undefined || order.paidAt === null ? undefined : order.total;

const sum = <Item>(items: readonly Item[], amountOf: (item: Item) => number): number =>
  items.reduce((total, item) => total + amountOf(item), 0);

/**
 * Whether the payments and refunds that an event made are those of an order's step (O1): one
 * payment of the total with the step to paid and none with another, and refunds of what the lines
 * say.
 */
const isPaidFor = ({ before, after }: OrderStep, made: readonly Transfer[]): boolean => {
  const own = made.filter(({ reference }) => reference === after.orderId);
  const payments = own.filter(({ kind }) => kind === 'payment');
  const refunds = own.filter(({ kind }) => kind === 'refund');
  const [was, is] = [paidTotal(before), paidTotal(after)];
  const isPaidOnce =
    was === undefined && is !== undefined
      ? payments.length === 1 && payments[0]?.amount === -is
      : payments.length === 0 && was === is;
  const { lines, total, refundedTotal } = after;
  return (
    isPaidOnce &&
    sum(refunds, ({ amount }) => amount) === refundedTotal - (before?.refundedTotal ?? 0) &&
    sum(lines, ({ quantity, unitPrice }) => quantity * unitPrice) === total &&
    sum(lines, (line) => line.refundedQuantity * line.unitPrice) === refundedTotal
  );
};

/**
 * Whether an event pays and refunds exactly what its orders' steps say (O1). If this holds for each
 * event of the journal, it holds for the folded orders.
 */
export const arePaidFor = (
  steps: readonly OrderStep[],
  transfers: readonly Transfer[],
): boolean => {
  const made = transfers.filter(({ kind }) => kind === 'payment' || kind === 'refund');
  return (
    steps.every((step) => isPaidFor(step, made)) &&
    made.every(({ reference }) => steps.some(({ after }) => after.orderId === reference))
  );
};
