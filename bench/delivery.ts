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
  /** Users and products. */
  readonly size: number;
  /** A NATS server with JetStream; without one it is not measured. */
  readonly nats: string | undefined;
  readonly log: (message: string) => void;
}

/** A backlog that is sent while orders go on. */
interface Drain {
  readonly events: number;
  readonly perSecond: number;
  /** Orders that were paid meanwhile. */
  readonly ordersPerSecond: number;
}

export interface DeliveryBench {
  /** Paid orders per second without a destination and with one that is away; medians. */
  readonly aloneOrders: number;
  readonly deadOrders: number;
  readonly webhook: Drain;
  readonly nats: Drain | undefined;
  /** From commit to receipt while orders are placed as fast as they can. */
  readonly live: { orders: number; ordersPerSecond: number; p50Ms: number; p99Ms: number };
}

const BUYERS = 256;
const SECRET = `whsec_${Buffer.alloc(32, 'bench').toString('base64')}`;
const LOOK_EVERY_MS = 50;
const PATIENCE_MS = 300_000;

/**
 * Delivery beside paid orders over HTTP, on an embedded PostgreSQL with durable commits: what a
 * receiver that is away costs, how fast it gets what it has missed, and how soon events arrive.
 * Throws when an order is not paid or an event does not arrive.
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
    log(`round ${round + 1}: no destination, then one that is away`);
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
  log('a webhook is back');
  await receiver.listen();
  const webhookDrain = await drain(webhook);
  log('events as they happen');
  await waitUntil(async () => (await staff.status(webhook)).pending === 0);
  receiver.takeLatencies();
  const before = receiver.count();
  const { orders, perSecond } = await sell(seconds * rounds);
  await waitUntil(() => Promise.resolve(receiver.count() >= before + orders));
  const latencies = receiver.takeLatencies();
  await staff.set(webhook, 'paused');
  await receiver.close();
  log('NATS is back');
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

/** Lets everybody buy for a while, or until the signal; answers how many orders were paid. */
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
  /** Sets up a destination that is paused. */
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
    `| ${name} gets ${count(events)} events it has missed | ${count(perSecond)} events/s | ` +
    `${times(perSecond / aloneOrders)} | ${count(ordersPerSecond)}/s |`;
  return [
    '| delivery | | against orders alone | paid orders meanwhile |',
    '|---|---:|---:|---:|',
    `| no destination | | | ${count(aloneOrders)}/s |`,
    `| a webhook that is away | | ${times(deadOrders / aloneOrders)} | ${count(deadOrders)}/s |`,
    drain('a webhook', webhook),
    ...(nats === undefined ? [] : [drain('NATS', nats)]),
    `| a webhook gets ${count(live.orders)} orders as they are paid | p50 ${live.p50Ms} ms, ` +
      `p99 ${live.p99Ms} ms | ${times(live.ordersPerSecond / aloneOrders)} | ` +
      `${count(live.ordersPerSecond)}/s |`,
  ].join('\n');
};
