import {
  availableOf,
  decideAdjustment,
  decideCreate,
  products,
  type Product,
} from '../../catalog/index.ts';
import type { Decision, WritableRows } from '../../commit/index.ts';
import type { Refusal } from '../../contract/index.ts';
import { createRecorder, type Event } from '../../journal/index.ts';
import {
  buyers,
  decideCancellation,
  decideCheckout,
  decideExpiry,
  decidePayment,
  decidePlacement,
  decideRefund,
  orders,
  type Item,
} from '../../order/index.ts';
import { RULES } from '../../shop/index.ts';
import type { SystemSettings } from '../../system.ts';
import { decideCharge, decideOpen, wallets, type Wallet } from '../../wallet/index.ts';

export interface ItemsOrderRequest {
  readonly userId: string;
  readonly items: readonly Item[];
}

export interface RefundRequest {
  readonly orderId: string;
  /** Undefined for a full refund. */
  readonly items: readonly Item[] | undefined;
  readonly restock: boolean;
  readonly reason: string;
}

const present = <Row>(row: Row | undefined, key: string): Row => {
  if (row === undefined) throw new Error(`${key} does not exist`);
  return row;
};

/**
 * The rules of the shop without HTTP and without a database, at given times. The caller must avoid
 * refusals: a refusal throws.
 */
export const createSimulation = (
  rows: WritableRows,
  settings: SystemSettings,
  idAt: (time: Date) => string,
) => {
  const { currency, balanceMax: limit } = settings;
  const record = createRecorder(RULES, idAt);
  const carryOut = (decision: Decision<Event, Refusal>, time: Date): void => {
    if (decision.kind === 'refused') throw new Error(JSON.stringify(decision.refusal));
    for (const event of decision.events) record(rows, event, time);
  };
  const product = (id: string): Product => present(rows.get(products, id), id);
  const wallet = (userId: string): Wallet => present(rows.get(wallets, userId), userId);
  const mine = (orderId: string) => ({ orderId, owner: undefined, currency });
  const checkoutAt = (request: ItemsOrderRequest, time: Date) => ({
    ...request,
    orderId: idAt(time),
    currency,
  });

  return {
    totalOf: ({ items }: ItemsOrderRequest): number =>
      items.reduce((sum, { productId, quantity }) => sum + quantity * product(productId).price, 0),
    balanceOf: (userId: string): number => wallet(userId).balance,
    availableOf: (productId: string): number => availableOf(product(productId)),
    pendingOrdersOf: (userId: string): number => rows.get(buyers, userId)?.pendingOrders ?? 0,
    order: (orderId: string) => present(rows.get(orders, orderId), orderId),

    create: (goods: { name: string; price: number; stock: number }, time: Date): string => {
      const productId = idAt(time);
      const page = { ...goods, productId, description: goods.name, imageUrl: null };
      carryOut(decideCreate(page, rows), time);
      return productId;
    },
    deliver: (productId: string, delta: number, time: Date): void =>
      carryOut(decideAdjustment({ productId, delta, reason: 'delivery' }, rows), time),
    open: (userId: string, time: Date): void => carryOut(decideOpen({ userId }, rows), time),
    charge: (userId: string, amount: number, time: Date): void =>
      carryOut(decideCharge({ userId, chargeId: idAt(time), amount, limit }, rows), time),

    checkout: (request: ItemsOrderRequest, time: Date): string => {
      const input = checkoutAt(request, time);
      carryOut(decideCheckout(input, rows, time), time);
      return input.orderId;
    },
    place: (request: ItemsOrderRequest, time: Date): string => {
      const input = { ...checkoutAt(request, time), ...settings };
      carryOut(decidePlacement(input, rows, time), time);
      return input.orderId;
    },
    pay: (orderId: string, time: Date): void =>
      carryOut(decidePayment(mine(orderId), rows, time), time),
    cancel: (orderId: string, time: Date): void =>
      carryOut(decideCancellation(mine(orderId), rows, time), time),
    expire: (orderId: string, time: Date): void =>
      carryOut(decideExpiry({ orderId }, rows, time), time),
    refund: (request: RefundRequest, time: Date): void => {
      const input = { ...mine(request.orderId), ...request, refundId: idAt(time) };
      carryOut(decideRefund(input, rows, time), time);
    },
  };
};

export type Simulation = ReturnType<typeof createSimulation>;
