import * as fc from 'fast-check';
import { v7 } from 'uuid';
import type { Client } from '../support/api-calls.ts';
import type { Answer } from '../support/client.ts';
import {
  adjustStock,
  cancel,
  charge,
  checkOut,
  pay,
  place,
  readOrder,
  readProduct,
  readWallet,
  refund,
  withOrder,
  withdraw,
  type KnownOrder,
  type Request,
} from './requests.ts';
import type { Operation } from './shop.ts';

/** How often clients want something. */
const KINDS = [
  { kind: 'charge', weight: 4 },
  { kind: 'withdraw', weight: 2 },
  { kind: 'readWallet', weight: 4 },
  { kind: 'adjustStock', weight: 2 },
  { kind: 'readProduct', weight: 4 },
  { kind: 'checkOut', weight: 4 },
  { kind: 'place', weight: 1 },
  { kind: 'pay', weight: 2 },
  { kind: 'cancel', weight: 1 },
  { kind: 'refund', weight: 2 },
  { kind: 'readOrder', weight: 2 },
] as const;

/** What a client does next. */
export const clientStep = fc.record({
  kind: fc.oneof(...KINDS.map(({ kind, weight }) => ({ weight, arbitrary: fc.constant(kind) }))),
  user: fc.nat(),
  product: fc.nat(),
  order: fc.nat(),
  quantity: fc.integer({ min: 1, max: 4 }),
  amount: fc.integer({ min: 1, max: 900 }),
  process: fc.nat({ max: 1 }),
  /** What follows a lost answer: the same request with the same key, or nothing. */
  isPatient: fc.oneof(
    { weight: 3, arbitrary: fc.constant(true) },
    { weight: 1, arbitrary: fc.constant(false) },
  ),
});
type ClientStep = typeof clientStep extends fc.Arbitrary<infer Value> ? Value : never;

export interface Setting {
  readonly users: readonly string[];
  readonly products: readonly string[];
  readonly balanceMax: number;
  /** The client of a process, which may have ended. */
  readonly clientOf: (process: number) => Client;
}

export interface Traffic {
  readonly history: readonly Operation[];
  readonly counts: {
    /** Requests without an answer. */
    lost: number;
    /** Requests that were answered when sent again. */
    repeated: number;
    /** Those of them that had taken effect before. */
    replayed: number;
  };
  /** Sends the request of a step and records it. */
  readonly send: (step: ClientStep) => Promise<void>;
}

/** The steps that use an existing order. */
const OF_ORDER = { pay, cancel, refund, readOrder } as const;

/** The orders that clients choose from: few, so that several clients choose the same. */
const ORDERS = 4;

/** Sends requests and records when they were called and answered, by a monotonic clock. */
export const createTraffic = ({ users, products, balanceMax, clientOf }: Setting): Traffic => {
  const history: Operation[] = [];
  const orders: KnownOrder[] = [];
  const counts = { lost: 0, repeated: 0, replayed: 0 };

  const requestOf = (step: ClientStep): Request => {
    const { kind, quantity, amount } = step;
    const userId = pick(users, step.user)!;
    const productId = pick(products, step.product)!;
    const item = { userId, productId, quantity };
    switch (kind) {
      case 'charge':
        return charge(userId, amount, balanceMax);
      case 'withdraw':
        return withdraw(userId, amount);
      case 'readWallet':
        return readWallet(userId);
      case 'adjustStock':
        return adjustStock(productId, amount % 2 === 0 ? quantity * 2 : -quantity);
      case 'readProduct':
        return readProduct(productId);
      case 'checkOut':
        return checkOut(item);
      case 'place':
        return place(item);
      case 'pay':
      case 'cancel':
      case 'refund':
      case 'readOrder': {
        const order = pick(orders.slice(-ORDERS), step.order);
        return order === undefined ? place(item) : OF_ORDER[kind](order);
      }
    }
  };

  /** The answer, also to the same request sent again; undefined when the client gave up. */
  const exchange = async (
    { method, path, body }: Request,
    { process, isPatient }: ClientStep,
  ): Promise<Answer | undefined> => {
    const key = v7();
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      const client = clientOf((process + attempt) % 2);
      const sent = method === 'GET' ? client.get(path) : client.post(path, body, key);
      const answer = await sent.catch(nothingWhenLost);
      if (answer !== undefined && answer.status !== UNKNOWN) {
        if (attempt > 0) counts.repeated++;
        if (attempt > 0 && answer.headers.has('idempotency-replayed')) counts.replayed++;
        return answer;
      }
      if (!isPatient) break;
    }
    counts.lost++;
    return undefined;
  };

  const send = async (step: ClientStep): Promise<void> => {
    let request = requestOf(step);
    const called = performance.now();
    const answer = await exchange(request, step);
    const answered = answer === undefined ? undefined : performance.now();
    const made = answer?.status === 201 ? request.makes : undefined;
    if (made !== undefined) {
      const { orderId, status } = answer!.body;
      orders.push({ ...made, orderId: String(orderId) });
      request = withOrder(request, String(orderId), String(status));
    }
    history.push({ called, answered, request, answer });
  };
  return { history, counts, send };
};

const pick = <Item>(items: readonly Item[], number: number): Item | undefined =>
  items[number % items.length];

/** The answer 503: the effect is unknown. */
const UNKNOWN = 503;
/** One process at a time is killed, so the other one answers. */
const ATTEMPTS_MAX = 1_000;

/** `fetch` throws a TypeError when a connection is refused or breaks before the whole answer. */
const nothingWhenLost = (error: unknown): undefined => {
  if (error instanceof TypeError) return undefined;
  throw error;
};
