import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import type { Cluster } from './cluster.ts';
import type { Fault } from './faults.ts';
import { call, startLoad, type Paid, type Shop } from './load.ts';
import { effectOf, rateBetween, type Effect } from './measure.ts';

export interface Round extends Effect {
  readonly fault: string;
  readonly ordersPerSecond: number;
  readonly paid: number;
  /** Orders that were answered as paid and are not in the database. */
  readonly lost: number;
  /** Keys that had more than one effect. */
  readonly double: number;
  /** Answers that were not repeated byte for byte when their key was sent again. */
  readonly changed: number;
}

export interface RoundOptions {
  readonly cluster: Cluster;
  /** The lab's own way to the database, which follows the primary. */
  readonly databaseUrl: string;
  readonly shop: Shop;
  readonly crashService: () => Promise<void>;
  readonly beforeSeconds: number;
  readonly afterSeconds: number;
}

/** For the first orders, whose code is still being compiled. */
const WARM_UP_SECONDS = 3;
const HEALTHY_MAX_MS = 180_000;
/** Keys that are sent again after a round. */
const REPEATED = 200;
/** How long orders may be missing before the round counts as failed. */
const SELLS_AGAIN_MAX_MS = 120_000;

/** Causes a fault under full load and counts what was lost, doubled and missed. */
export const runRound = async (fault: Fault, options: RoundOptions): Promise<Round> => {
  const { cluster, databaseUrl, shop, crashService, beforeSeconds, afterSeconds } = options;
  if (!(await cluster.untilHealthy(HEALTHY_MAX_MS))) throw new Error('the cluster is not healthy');
  const primary = await cluster.findPrimary();
  if (primary === undefined) throw new Error('the cluster has no primary');
  const before = await orderIds(databaseUrl);
  const load = startLoad(shop);
  await delay((WARM_UP_SECONDS + beforeSeconds) * 1_000);

  const lab = { cluster, primary, crashService };
  const faultAt = performance.now();
  const rateBegin = faultAt - beforeSeconds * 1_000;
  const ordersPerSecond = rateBetween(timesOf(load.paid), rateBegin, faultAt);
  const sold = load.paid.length;
  await fault.cause(lab);
  const deadline = faultAt + SELLS_AGAIN_MAX_MS;
  // Orders that were on their way are answered at once; more than one of each buyer is a sale.
  while (load.paid.length < sold + SALES_AGAIN && performance.now() < deadline) await delay(100);
  await delay(afterSeconds * 1_000);
  const end = performance.now();
  await fault.heal(lab);
  await load.stop();
  if (!(await cluster.untilHealthy(HEALTHY_MAX_MS))) throw new Error('the cluster did not recover');

  const after = await orderIds(databaseUrl);
  const made = [...after].filter((id) => !before.has(id));
  const answered = new Set(load.paid.map(({ orderId }) => orderId));
  return {
    fault: fault.name,
    ordersPerSecond,
    paid: load.paid.length,
    lost: load.paid.filter(({ orderId }) => !after.has(orderId)).length,
    double: made.filter((id) => !answered.has(id)).length + load.paid.length - answered.size,
    changed: await countChanged(shop, load.paid),
    ...effectOf(timesOf(load.paid), faultAt, end, ordersPerSecond),
  };
};

/** More than the orders that can be on their way when a fault begins. */
const SALES_AGAIN = 1_000;

const timesOf = (paid: readonly Paid[]): number[] => paid.map(({ at }) => at);

const orderIds = async (url: string): Promise<Set<string>> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<{ id: string }>('select order_id as id from orders.orders');
  await client.end();
  return new Set(rows.map(({ id }) => id));
};

/** Sends some keys again, spread over the round, and counts other answers. */
const countChanged = async ({ token, urls }: Shop, paid: readonly Paid[]): Promise<number> => {
  const step = Math.max(1, Math.floor(paid.length / REPEATED));
  let changed = 0;
  for (const { key, body, text } of paid.filter((_, index) => index % step === 0)) {
    const [url = ''] = urls();
    const answer = await call(url, token, { method: 'POST', path: '/v1/checkout', body, key });
    const isRepeated = answer.headers.get('idempotency-replayed') === 'true';
    if ((await answer.text()) !== text || !isRepeated) changed += 1;
  }
  return changed;
};
