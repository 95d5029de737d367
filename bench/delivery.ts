import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startEmbedded } from '../src/postgres/index.ts';
import { issueToken, loadSigningKey } from '../src/identity/index.ts';
import { createDatabase } from './database.ts';
import { percentile, runLoad } from './load.ts';
import { createReceiver } from './receiver.ts';
import { expectOnly, openShop, type Shop } from './shop.ts';

export interface DeliveryOptions {
  readonly seconds: number;
  readonly rounds: number;
  /** The number of users and of products. */
  readonly size: number;
  /** A NATS server with JetStream; undefined skips this case. */
  readonly nats: string | undefined;
  readonly log: (message: string) => void;
}

/** A backlog that is sent while orders are placed. */
interface Drain {
  readonly events: number;
  readonly perSecond: number;
  /** Paid orders meanwhile. */
  readonly ordersPerSecond: number;
}

export interface DeliveryBench {
  /** Paid orders per second without a destination and with an unreachable one; medians. */
  readonly aloneOrders: number;
  readonly deadOrders: number;
  readonly webhook: Drain;
  readonly nats: Drain | undefined;
  /** From commit to receipt under full load of orders. */
  readonly live: { orders: number; ordersPerSecond: number; p50Ms: number; p99Ms: number };
}

const BUYERS = 256;
const SECRET = `whsec_${Buffer.alloc(32, 'bench').toString('base64')}`;
const LOOK_EVERY_MS = 50;
const PATIENCE_MS = 300_000;

/**
 * Measures delivery beside paid orders over HTTP, on an embedded PostgreSQL with durable commits:
 * the cost of an unreachable receiver, the rate of a backlog, and the latency of events. Throws
 * when an order is not paid or an event does not arrive.
 */
export const benchDelivery = async (options: DeliveryOptions): Promise<DeliveryBench> => {
  const directory = await mkdtemp(join(tmpdir(), 'moa-bench-'));
  const server = await startEmbedded({ directory, log: options.log });
  try {
    const databaseUrl = await createDatabase(server.superuserUrl, 'bench_delivery');
    const key = await loadSigningKey(directory);
    const issue = (role: 'service' | 'staff') =>
      issueToken(key, { role, userId: 'bench', expiresInSeconds: 86_400 });
    const shop = await openShop({
      databaseUrl,
      dataDirectory: directory,
      token: await issue('service'),
      lanes: 1,
      batch: 512,
      size: options.size,
    });
    try {
      return await measure(shop, createStaff(shop.url, await issue('staff')), options);
    } finally {
      await shop.stop();
    }
  } finally {
    await server.stop();
    await rm(directory, { recursive: true });
  }
};

const measure = async (shop: Shop, staff: Staff, options: DeliveryOptions) => {
  const { seconds, rounds, log } = options;
  const receiver = await createReceiver();
  const url = `http://127.0.0.1:${receiver.port}/events`;
  const webhook = await staff.add({ kind: 'webhook', url, secret: SECRET });
  const nats = options.nats && (await staff.add({ kind: 'nats', url: options.nats }));
  const sell = createSelling(shop);
  await sell(seconds / 2);

  const alone: number[] = [];
  const dead: number[] = [];
  for (let round = 0; round < rounds; round++) {
    log(`round ${round + 1}: no destination, then an unreachable webhook`);
    alone.push((await sell(seconds)).perSecond);
    await staff.set(webhook, 'active');
    dead.push((await sell(seconds)).perSecond);
    await staff.set(webhook, 'paused');
  }

  const drain = async (destination: string): Promise<Drain> => {
    const before = await staff.status(destination);
    await staff.set(destination, 'active');
    const started = performance.now();
    const selling = new AbortController();
    const sold = sell(PATIENCE_MS / 1_000, selling.signal);
    const gone = async () =>
      (await staff.status(destination)).delivered >= before.delivered + before.pending;
    await waitUntil(gone);
    const took = (performance.now() - started) / 1_000;
    selling.abort();
    const { perSecond: ordersPerSecond } = await sold;
    return { events: before.pending, perSecond: before.pending / took, ordersPerSecond };
  };
  log('backlog of a webhook');
  await receiver.listen();
  const webhookDrain = await drain(webhook);
  log('events as orders are paid');
  await waitUntil(async () => (await staff.status(webhook)).pending === 0);
  receiver.takeLatencies();
  const before = receiver.count();
  const { orders, perSecond } = await sell(seconds * rounds);
  await waitUntil(() => Promise.resolve(receiver.count() >= before + orders));
  const latencies = receiver.takeLatencies();
  await staff.set(webhook, 'paused');
  await receiver.close();
  log('backlog of NATS');
  const natsDrain = nats ? await drain(nats) : undefined;
  return {
    aloneOrders: percentile(alone, 50),
    deadOrders: percentile(dead, 50),
    webhook: webhookDrain,
    nats: natsDrain,
    live: {
      orders,
      ordersPerSecond: perSecond,
      p50Ms: percentile(latencies, 50),
      p99Ms: percentile(latencies, 99),
    },
  };
};

/** Places orders for a while, or until the signal; returns the number of paid orders. */
const createSelling = (shop: Shop) => {
  let count = 0;
  return async (seconds: number, signal?: AbortSignal) => {
    const end = performance.now() + seconds * 1_000;
    const next = () => {
      if (signal?.aborted === true || performance.now() > end) return undefined;
      count++;
      return shop.buy(count * 389, count * 617);
    };
    const result = await runLoad({ url: shop.url, connections: BUYERS, next });
    const orders = expectOnly(result, [201]).latenciesMs.length;
    return { orders, perSecond: orders / result.seconds };
  };
};

const waitUntil = async (condition: () => Promise<boolean>): Promise<void> => {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error('events did not arrive');
    await delay(LOOK_EVERY_MS);
  }
};

interface Staff {
  /** Sets up a paused destination. */
  readonly add: (body: object) => Promise<string>;
  readonly set: (destinationId: string, status: 'active' | 'paused') => Promise<void>;
  readonly status: (destinationId: string) => Promise<{ delivered: number; pending: number }>;
}

const createStaff = (url: string, token: string): Staff => {
  const call = async (method: string, path: string, body?: object): Promise<unknown> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const sent = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const response = await fetch(`${url}/v1/destinations${path}`, sent);
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
    return response.json();
  };
  return {
    add: async (body) => {
      const made = await call('POST', '', { name: 'bench', status: 'paused', ...body });
      return (made as { destinationId: string }).destinationId;
    },
    set: async (destinationId, status) => {
      await call('PATCH', `/${destinationId}`, { status });
    },
    status: async (destinationId) =>
      (await call('GET', `/${destinationId}/status`)) as { delivered: number; pending: number },
  };
};

/** The table that the bench prints. */
export const renderDelivery = (bench: DeliveryBench): string => {
  const { aloneOrders, deadOrders, webhook, nats, live } = bench;
  const count = (value: number) => Math.round(value).toLocaleString('en');
  const times = (value: number) => `${value.toFixed(2)} ×`;
  const drain = (name: string, { events, perSecond, ordersPerSecond }: Drain) =>
    `| ${name} receives ${count(events)} missed events | ${count(perSecond)} events/s | ` +
    `${times(perSecond / aloneOrders)} | ${count(ordersPerSecond)}/s |`;
  return [
    '| delivery | | against orders alone | paid orders meanwhile |',
    '|---|---:|---:|---:|',
    `| no destination | | | ${count(aloneOrders)}/s |`,
    `| an unreachable webhook | | ${times(deadOrders / aloneOrders)} | ${count(deadOrders)}/s |`,
    drain('a webhook', webhook),
    ...(nats === undefined ? [] : [drain('NATS', nats)]),
    `| a webhook receives ${count(live.orders)} orders when paid | p50 ${live.p50Ms} ms, ` +
      `p99 ${live.p99Ms} ms | ${times(live.ordersPerSecond / aloneOrders)} | ` +
      `${count(live.ordersPerSecond)}/s |`,
  ].join('\n');
};
