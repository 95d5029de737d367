import { expect } from 'vitest';
import { v7 } from 'uuid';
import type { Answer } from './client.ts';
import { createProduct, registerUsers, tally, type Client } from './api-calls.ts';
import { withinTime } from './wait.ts';

/** A checkout; without an answer when the service stopped first. */
export interface Sent {
  readonly key: string;
  readonly body: object;
  readonly answer: Answer | undefined;
  /** The client's wait for the answer or for the end of the connection. */
  readonly tookMs: number;
}

/** A running load. */
export interface Load {
  readonly sent: readonly Sent[];
  /** Resolves when a number of orders have been paid since the load began. */
  readonly paid: (count: number) => Promise<void>;
  /** Resolves when a number of orders more have been paid. */
  readonly paidMore: (count: number) => Promise<void>;
  /** Stops new orders and waits for the last answers. */
  readonly stop: () => Promise<void>;
  /** Resolves when all buyers have stopped, or lost the service. */
  readonly ended: Promise<unknown>;
}

/** Of a busy shop; each sends one order at a time. */
export const BUYERS = 32;
const PRODUCTS = 8;
const PRICE = 10;

/**
 * Creates buyers and products with enough balance and stock; returns a function that starts a load.
 * With one product, every order locks the same row.
 */
export const openBusyShop = async (
  client: Client,
  productCount: number = PRODUCTS,
): Promise<(client: Client) => Load> => {
  const buyers = await registerUsers(client, BUYERS, 2_000_000);
  const products = await Promise.all(
    Array.from({ length: productCount }, () => createProduct(client, { price: PRICE, stock: 1e9 })),
  );
  let count = 0;
  const nextItems = () => [{ productId: products[count++ % productCount], quantity: 1 }];
  return (serving) =>
    startLoad(
      serving,
      buyers.map((userId) => () => ({ userId, items: nextItems() })),
    );
};

/** Buyers who order again after each answer, until stopped or until the service is gone. */
const startLoad = (client: Client, buyers: readonly (() => object)[]): Load => {
  const sent: Sent[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  let paidCount = 0;
  const stopping = new AbortController();

  const note = (order: Sent) => {
    sent.push(order);
    if (order.answer?.status === 201) paidCount++;
    for (const { count, resolve } of waiting) if (paidCount >= count) resolve();
  };
  const buyOnAndOn = async (nextBody: () => object): Promise<void> => {
    while (!stopping.signal.aborted) {
      const order = { key: v7(), body: nextBody() };
      const started = performance.now();
      const answer = await sendOrder(client, order);
      note({ ...order, answer, tookMs: performance.now() - started });
      if (answer === undefined) return;
    }
  };
  const ended = Promise.all(buyers.map(buyOnAndOn));
  const over = ended.then(() => {
    throw new Error(`the load ended after ${paidCount} orders`);
  });
  over.catch(() => undefined);

  const paid: Load['paid'] = (count) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.push({ count, resolve });
    return withinTime(Promise.race([promise, over]), `${count} paid orders`);
  };
  return {
    sent,
    paid,
    paidMore: (count) => paid(paidCount + count),
    stop: async () => {
      stopping.abort();
      await withinTime(ended, 'the last answers');
    },
    ended,
  };
};

const sendOrder = async (
  client: Client,
  { key, body }: Pick<Sent, 'key' | 'body'>,
): Promise<Answer | undefined> => {
  try {
    return await client.post('/v1/checkout', body, key);
  } catch (error) {
    // `fetch` throws a TypeError when a connection is refused or breaks before the whole answer.
    if (error instanceof TypeError) return undefined;
    throw error;
  }
};

/** The latency that 99 per cent of the orders do not exceed. */
export const p99Of = (sent: readonly Sent[]): number => {
  const sorted = sent.map(({ tookMs }) => tookMs).toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0;
};

export interface Settlement {
  readonly answered: number;
  /** Unanswered orders that turned out to have had their effect when retried. */
  readonly hadEffect: number;
  /** Unanswered orders that had no effect before the retry. */
  readonly hadNone: number;
}

/**
 * Checks what clients rely on after a crash: an answered order exists as answered; an order without
 * an answer, or with 503, can be retried and is then paid once.
 */
export const settle = async (client: Client, sent: readonly Sent[]): Promise<Settlement> => {
  const answered = sent.flatMap(({ answer }) => (answer?.status === 201 ? [answer] : []));
  await inTurns(answered, async ({ body: { balance: _, ...order } }) => {
    const found = await client.get(`/v1/orders/${String(order['orderId'])}`);
    expect([found.status, found.body]).toEqual([200, order]);
  });

  const open = sent.filter(({ answer }) => answer?.status !== 201);
  const answers = open.flatMap(({ answer }) => answer ?? []);
  expect(tally(answers)).toEqual(tally(answers.filter(({ status }) => status === 503)));
  let hadEffect = 0;
  await inTurns(open, async ({ key, body }) => {
    const first = await client.post('/v1/checkout', body, key);
    const second = await client.post('/v1/checkout', body, key);
    expect([first.status, second.status, second.text]).toEqual([201, 201, first.text]);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    if (first.headers.get('idempotency-replayed') === 'true') hadEffect++;
  });
  return { answered: answered.length, hadEffect, hadNone: open.length - hadEffect };
};

/** Concurrent requests: enough to be quick, without overloading the service. */
const AT_ONCE = 32;

const inTurns = async <Item>(
  items: readonly Item[],
  visit: (item: Item) => Promise<void>,
): Promise<void> => {
  const rest = items.values();
  const visitRest = async () => {
    for (const item of rest) await visit(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, visitRest));
};
